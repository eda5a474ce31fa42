//! Generates the call of the C function that belongs to the type of the object.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Signature};

use crate::arguments::Arguments;

/// C functions, one of which is called.
pub(crate) struct Call<'a> {
    pub(crate) arguments: &'a Arguments,
    functions: Vec<&'a Ident>,
    /// Their names in the manual.
    pub(crate) names: &'a [String],
}

impl<'a> Call<'a> {
    /// For a getter: all functions, one for each type.
    pub(crate) fn all(arguments: &'a Arguments, place: &Signature) -> syn::Result<Self> {
        let functions = arguments.functions.iter().collect();
        Self::new(arguments, functions, &arguments.names, place)
    }

    /// The setters, and the getters if there are any: one pair for each type.
    pub(crate) fn pairs(
        arguments: &'a Arguments,
        place: &Signature,
    ) -> syn::Result<(Self, Option<Self>)> {
        let half = arguments.setters();
        let (setters, getters) = arguments.functions.split_at(half);
        let (set, get) = arguments.names.split_at(half);
        let setter = Self::new(arguments, setters.iter().collect(), set, place)?;
        if getters.is_empty() {
            return Ok((setter, None));
        }
        let getter = Self::new(arguments, getters.iter().collect(), get, place)?;
        Ok((setter, Some(getter)))
    }

    fn new(
        arguments: &'a Arguments,
        functions: Vec<&'a Ident>,
        names: &'a [String],
        place: &Signature,
    ) -> syn::Result<Self> {
        if functions.is_empty()
            || !(functions.len() == 1 || functions.len() == arguments.types.len())
        {
            let text = "expected one C function, or one for each of the types";
            return Err(syn::Error::new_spanned(place, text));
        }
        Ok(Self { arguments, functions, names })
    }

    /// Generates the check of the type, and the call of a function, which `call` generates, in the
    /// method `method`. A message about the type names the public method of a `raw_` getter.
    pub(crate) fn write(
        &self,
        method: &Ident,
        call: impl Fn(&Ident) -> TokenStream,
    ) -> TokenStream {
        let method = method.to_string();
        let method = method.strip_prefix("raw_").unwrap_or(&method);
        let (types, name) = (&self.arguments.types, &self.names[0]);
        let call = |function: &Ident| {
            let call = call(function);
            quote! {
                // SAFETY: a live object of a type that has this setting (above), or whose functions
                // C looks up; C writes to a valid out-pointer, or takes a plain value.
                unsafe { ::petsc_rs::call!(#call) }?;
            }
        };
        let first = call(self.functions[0]);
        let composed = self
            .arguments
            .composed
            .then(|| quote!(::petsc_rs::internal::check_composed(self, #name, #method)?;));
        if types.is_empty() {
            return quote!(#composed #first);
        }
        let ask = quote!(::petsc_rs::internal::type_among(self, &[#(#types),*], #method)?);
        if self.functions.len() == 1 {
            return quote!(#ask; #first);
        }
        let (others, numbers) = (&self.functions[1..], 1_usize..);
        let arms = others.iter().zip(numbers).map(|(function, number)| {
            let call = call(function);
            quote!(#number => { #call })
        });
        quote!(match #ask { #(#arms)* _ => { #first } })
    }
}
