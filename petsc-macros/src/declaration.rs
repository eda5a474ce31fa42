//! Parses a function without a body, in an `impl` block.

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Ident, Pat, Signature, Token, Type, Visibility};

/// `/// Text.  pub fn name(argument: Type);`
pub(crate) struct Declaration {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
}

impl Parse for Declaration {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let signature = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self { attributes, visibility, signature })
    }
}

impl Declaration {
    /// Returns names and types of the arguments.
    pub(crate) fn arguments(&self) -> syn::Result<Vec<(&Ident, &Type)>> {
        let mut arguments = Vec::new();
        for input in &self.signature.inputs {
            match input {
                FnArg::Typed(argument) => match &*argument.pat {
                    Pat::Ident(name) => arguments.push((&name.ident, &*argument.ty)),
                    other => return Err(syn::Error::new_spanned(other, "expected a name")),
                },
                FnArg::Receiver(receiver) => {
                    return Err(syn::Error::new_spanned(
                        receiver,
                        "`self` is added automatically: remove it",
                    ));
                }
            }
        }
        if arguments.is_empty() {
            let text = "a setting needs an argument, with the name of its getter";
            return Err(syn::Error::new_spanned(&self.signature, text));
        }
        Ok(arguments)
    }
}
