//! A function without a body, in an `impl` block.

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
        Ok(Self {
            attributes,
            visibility,
            signature,
        })
    }
}

impl Declaration {
    /// Name and type of the one argument.
    pub(crate) fn argument(&self) -> syn::Result<(&Ident, &Type)> {
        let mut inputs = self.signature.inputs.iter();
        if let (Some(FnArg::Typed(argument)), None) = (inputs.next(), inputs.next()) {
            if let Pat::Ident(name) = &*argument.pat {
                return Ok((&name.ident, &argument.ty));
            }
        }
        let text = "a setting has one argument, with the name of its getter";
        Err(syn::Error::new_spanned(&self.signature, text))
    }
}
