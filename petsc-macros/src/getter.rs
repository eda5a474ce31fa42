//! `#[getter(…)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Ident, ReturnType, Type, Visibility, parse2};

use crate::arguments::Arguments;
use crate::call::Call;
use crate::declaration::Declaration;
use crate::{text, wraps};

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let mut arguments: Arguments = parse2(arguments)?;
    let mut declaration: Declaration = parse2(item)?;
    arguments.take(&mut declaration.attributes)?;
    let ReturnType::Type(_, value) = &declaration.signature.output else {
        let text = "a getter must return a value";
        return Err(syn::Error::new_spanned(&declaration.signature, text));
    };
    let call = Call::all(&arguments, &declaration.signature)?;
    let (mut lines, others) = text::documentation(&declaration.attributes);
    let examples = text::take_examples(&mut lines);
    lines.push(String::new());
    lines.push(" Not collective.".into());
    Ok(Getter {
        lines,
        examples,
        others,
        visibility: &declaration.visibility,
        getter: &declaration.signature.ident,
        values: values(value),
        call: &call,
        errors: arguments.errors.clone(),
    }
    .write())
}

/// Returns the types of a tuple, or the single type.
fn values(ty: &Type) -> Vec<&Type> {
    match ty {
        Type::Tuple(tuple) => tuple.elems.iter().collect(),
        other => vec![other],
    }
}

/// Data from which a getter is generated.
pub(crate) struct Getter<'a> {
    pub(crate) lines: Vec<String>,
    pub(crate) examples: Vec<String>,
    pub(crate) others: Vec<&'a Attribute>,
    pub(crate) visibility: &'a Visibility,
    pub(crate) getter: &'a Ident,
    pub(crate) values: Vec<&'a Type>,
    pub(crate) call: &'a Call<'a>,
    /// Description of the objects that are refused.
    pub(crate) errors: Option<String>,
}

impl Getter<'_> {
    pub(crate) fn write(&self) -> TokenStream {
        let Self { others, visibility, getter, values, call, .. } = self;
        let (text, examples) = (text::lines(&self.lines), text::lines(&self.examples));
        let (links, aliases) = (wraps::links(call.names), wraps::aliases(call.names));
        let errors = text::errors(call.arguments, call.names, false, self.errors.clone());
        let require = call.arguments.get_require.as_ref();
        let require = require.map(|ask| quote!(self.#ask()?;));
        let raw: Vec<_> = (0..values.len()).map(|i| format_ident!("raw_{i}")).collect();
        let call =
            call.write(getter, |function| quote!(#function(self.as_ptr(), #(&raw mut #raw),*)));
        // A tuple with one element is the value itself.
        let (ty, value) = match (&values[..], &raw[..]) {
            ([ty], [raw]) => {
                (quote!(#ty), quote!(<#ty as ::petsc_rs::internal::Value>::from_c(#raw)))
            }
            _ => (
                quote!((#(#values),*)),
                quote!(Ok((#(<#values as ::petsc_rs::internal::Value>::from_c(#raw)?),*))),
            ),
        };
        quote! {
            #text
            #links
            #errors
            #examples
            #aliases
            #(#others)*
            #visibility fn #getter(&self) -> ::petsc_rs::Result<#ty> {
                ::petsc_rs::not_collective!();
                #require
                #(let mut #raw = <#values as ::petsc_rs::internal::Value>::ZERO;)*
                #call
                #value
            }
        }
    }
}
