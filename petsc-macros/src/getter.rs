//! `#[getter(…)]`.

use proc_macro2::TokenStream;
use quote::quote;
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
        let text = "a getter returns a value";
        return Err(syn::Error::new_spanned(&declaration.signature, text));
    };
    let call = Call::all(&arguments, &declaration.signature)?;
    let (mut lines, others) = text::documentation(&declaration.attributes);
    lines.push(String::new());
    lines.push(" Not collective.".into());
    Ok(Getter {
        lines,
        others,
        visibility: &declaration.visibility,
        getter: &declaration.signature.ident,
        value,
        call,
    }
    .write())
}

/// What a getter is written from.
pub(crate) struct Getter<'a> {
    pub(crate) lines: Vec<String>,
    pub(crate) others: Vec<&'a Attribute>,
    pub(crate) visibility: &'a Visibility,
    pub(crate) getter: &'a Ident,
    pub(crate) value: &'a Type,
    pub(crate) call: Call<'a>,
}

impl Getter<'_> {
    pub(crate) fn write(&self) -> TokenStream {
        let Self {
            others,
            visibility,
            getter,
            value,
            call,
            ..
        } = self;
        let text = text::lines(&self.lines);
        let (links, aliases) = (wraps::links(call.names), wraps::aliases(call.names));
        let errors = text::errors(call.arguments, call.names, false);
        let require = call.arguments.get_require.as_ref();
        let require = require.map(|ask| quote!(self.#ask()?;));
        let call = call.write(
            getter,
            |function| quote!(#function(self.as_ptr(), &raw mut raw)),
        );
        quote! {
            #text
            #links
            #errors
            #aliases
            #(#others)*
            #visibility fn #getter(&self) -> ::petsc_rs::Result<#value> {
                ::petsc_rs::not_collective!();
                #require
                let mut raw = <#value as ::petsc_rs::internal::Value>::ZERO;
                #call
                <#value as ::petsc_rs::internal::Value>::from_c(raw)
            }
        }
    }
}
