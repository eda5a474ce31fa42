//! The attribute macro of petsc-test; use it as `#[petsc_test::test]`.

use proc_macro::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, ItemFn, Token, parse_macro_input};

/// `name = value` or a bare `name`.
struct Setting {
    name: Ident,
    value: Option<Expr>,
}

impl Parse for Setting {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        Ok(Self { name, value })
    }
}

/// Registers a function `fn(&Petsc) -> Result<(), E>` as a test under mpiexec. `E` must convert to
/// `petsc_rs::Error`.
///
/// The file must be a test target with `harness = false`; otherwise the test fails, and its message
/// shows the necessary lines of `Cargo.toml`.
///
/// | setting | meaning | default |
/// |---|---|---|
/// | `ranks = [1, 2, 3]` | numbers of processes | `[1, 2, 3]` |
/// | `timeout = 60` | seconds after which a test counts as hanging | 60 |
/// | `expect = "text"` | the job must fail, and print this text once | success |
/// | `should_fail` | the job must fail, with any output | success |
/// | `args = ["-ksp_type", "cg"]` | PETSc's command line | none |
/// | `isolated` | a separate job | shared with other tests |
/// | `needs = path` | a `fn() -> Result<(), String>`; the test is ignored if it fails | always runs |
#[proc_macro_attribute]
pub fn test(settings: TokenStream, item: TokenStream) -> TokenStream {
    let settings =
        parse_macro_input!(settings with Punctuated::<Setting, Token![,]>::parse_terminated);
    let function = parse_macro_input!(item as ItemFn);
    let name = &function.sig.ident;
    let mut fields = Vec::new();
    for setting in &settings {
        let Setting { name: key, value } = setting;
        let field = match (key.to_string().as_str(), value) {
            ("ranks", Some(v)) => quote!(ranks: &#v),
            ("timeout", Some(v)) => quote!(timeout: #v),
            ("expect", Some(v)) => quote!(expect: ::core::option::Option::Some(#v)),
            ("should_fail", None) => quote!(should_fail: true),
            ("args", Some(v)) => quote!(args: &#v),
            ("isolated", None) => quote!(isolated: true),
            ("needs", Some(v)) => quote!(needs: ::core::option::Option::Some(#v)),
            _ => {
                let text = "unknown setting: expected ranks, timeout, expect, should_fail, args, isolated \
                            or needs";
                return syn::Error::new_spanned(key, text).to_compile_error().into();
            }
        };
        fields.push(field);
    }
    // Code that is not compiled cannot be registered.
    let conditions: Vec<_> = function.attrs.iter().filter(|a| a.path().is_ident("cfg")).collect();
    let reminder = format_ident!("{name}_needs_harness_false", span = name.span());
    quote! {
        #function

        // rustc removes this function unless its harness is enabled, which would run no other test.
        #(#conditions)*
        #[::core::prelude::v1::test]
        fn #reminder() {
            ::core::panic!("{}", ::petsc_test::WITHOUT_HARNESS);
        }

        #(#conditions)*
        ::petsc_test::inventory::submit! {
            ::petsc_test::Case {
                #(#fields,)*
                ..::petsc_test::Case::new(
                    concat!(module_path!(), "::", stringify!(#name)),
                    |petsc| #name(petsc).map_err(::core::convert::Into::into),
                )
            }
        }
    }
    .into()
}
