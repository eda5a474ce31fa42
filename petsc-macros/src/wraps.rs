//! `#[wraps(…)]`.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Ident, Path, Token};

use crate::{manual, text};

/// Adds aliases to an item, and links before the first section of its documentation. A function that
/// returns a `Result` gets a section on errors if it has none. With `not_collective` among the names,
/// it is documented and declared as not collective.
pub(crate) fn expand(names: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let entries = Punctuated::<Entry, Token![,]>::parse_terminated.parse2(names)?;
    let (mut names, mut alone, mut like) = (Vec::new(), false, None);
    for entry in entries {
        match entry {
            Entry::Name(name) if name == "not_collective" => alone = true,
            Entry::Name(name) => names.push(name.to_string()),
            Entry::ErrorsOf(method) => like = Some(method),
        }
    }
    let (attributes, rest) = split(item);
    let rest = if alone { declared(rest) } else { rest };
    let sentence = alone.then(|| quote!(#[doc = ""] #[doc = " Not collective."]));
    let headings: Vec<_> = attributes.iter().map(heading).collect();
    let first = headings.iter().position(Option::is_some);
    let (text, sections) = attributes.split_at(first.unwrap_or(attributes.len()));
    let (links, aliases) = (links(&names), aliases(&names));
    let described = headings.iter().flatten().any(|text| text == "Errors");
    let errors = match fallible(&rest) {
        Some(place) if !described => Some(match &like {
            Some(method) => text::errors_like(method, place),
            None => text::errors_of(&names, place),
        }),
        _ if like.is_some() => {
            let text = "`errors` requires a function that returns a `Result` and has no section `# Errors`";
            return Err(syn::Error::new_spanned(&like, text));
        }
        _ => None,
    };
    let gap = first.map(|_| quote!(#[doc = ""]));
    Ok(quote!(#(#text)* #sentence #links #errors #gap #(#sections)* #aliases #rest))
}

/// An argument of the attribute.
enum Entry {
    Name(Ident),
    /// `errors = method`
    ErrorsOf(Path),
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = input.parse()?;
        if name != "errors" {
            return Ok(Self::Name(name));
        }
        input.parse::<Token![=]>()?;
        input.parse().map(Self::ErrorsOf)
    }
}

/// Inserts `not_collective!();` as the first statement of a function.
fn declared(function: TokenStream) -> TokenStream {
    let mut tokens: Vec<_> = function.into_iter().collect();
    if let Some(TokenTree::Group(body)) = tokens.pop() {
        let statements = body.stream();
        let line = quote!({ ::petsc_rs::not_collective!(); #statements });
        tokens.extend(line);
    }
    tokens.into_iter().collect()
}

/// Generates a line with links to the manual pages of these functions, if they exist.
pub(crate) fn links(names: &[String]) -> TokenStream {
    let links: Vec<_> = names.iter().filter_map(|name| link(name)).collect();
    if links.is_empty() {
        return TokenStream::new();
    }
    let line = format!(" Manual page: {}.", links.join(", "));
    quote!(#[doc = ""] #[doc = #line])
}

/// Generates the aliases under which rustdoc finds an item.
pub(crate) fn aliases(names: &[String]) -> TokenStream {
    quote!(#(#[doc(alias = #names)])*)
}

fn link(name: &str) -> Option<String> {
    manual::page(name).map(|address| format!("[`{name}`]({address})"))
}

/// Splits the attributes from the item.
fn split(item: TokenStream) -> (Vec<TokenStream>, TokenStream) {
    let mut tokens = item.into_iter().peekable();
    let mut attributes = Vec::new();
    while matches!(tokens.peek(), Some(TokenTree::Punct(mark)) if mark.as_char() == '#') {
        attributes.push(tokens.by_ref().take(2).collect());
    }
    (attributes, tokens.collect())
}

/// Returns the heading, if an attribute is a line of documentation with one.
fn heading(attribute: &TokenStream) -> Option<String> {
    let TokenTree::Group(group) = attribute.clone().into_iter().nth(1)? else {
        return None;
    };
    let words: Vec<_> = group.stream().into_iter().collect();
    match &words[..] {
        [TokenTree::Ident(name), _, TokenTree::Literal(text)]
            if group.delimiter() == Delimiter::Bracket && name == "doc" =>
        {
            let text = text.to_string();
            let text = text.trim_matches(['r', '#', '"']).trim_start();
            text.strip_prefix("# ").map(str::to_owned)
        }
        _ => None,
    }
}

/// Returns the place of an item if it is a function that returns a `Result`.
fn fallible(item: &TokenStream) -> Option<Span> {
    let is = |token: &TokenTree, text: &str| token.to_string() == text;
    let mut tokens = item.clone().into_iter();
    let place = tokens.find(|token| is(token, "fn"))?.span();
    let fails = tokens.any(|token| is(&token, ">")) && tokens.any(|token| is(&token, "Result"));
    fails.then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stand_before_the_first_section_and_aliases_at_the_end() {
        let item = quote!(
            /// Text.
            ///
            /// # Errors
            /// None.
            #[track_caller]
            pub fn set_type(&mut self) {}
        );
        let found = expand(quote!(KSPSetType, KSPNoSuchFunction), item).unwrap();
        let link =
            " Manual page: [`KSPSetType`](https://petsc.org/release/manualpages/KSP/KSPSetType/).";
        let expected = quote!(
            /// Text.
            ///
            #[doc = ""]
            #[doc = #link]
            #[doc = ""]
            /// # Errors
            /// None.
            #[track_caller]
            #[doc(alias = "KSPSetType")]
            #[doc(alias = "KSPNoSuchFunction")]
            pub fn set_type(&mut self) {}
        );
        assert_eq!(found.to_string(), expected.to_string());
    }

    #[test]
    fn a_function_that_may_fail_gets_a_section_on_errors() {
        let item = quote!(
            #[doc = " Text."]
            #[doc = " # Examples"]
            pub fn set_up(&mut self) -> Result<()> {}
        );
        let found = expand(quote!(NoSuchSetUp, NoSuchReset), item).unwrap();
        let expected = quote!(
            #[doc = " Text."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = " The errors of `NoSuchSetUp` or `NoSuchReset`."]
            #[doc = ""]
            #[doc = " # Examples"]
            #[doc(alias = "NoSuchSetUp")]
            #[doc(alias = "NoSuchReset")]
            pub fn set_up(&mut self) -> Result<()> {}
        );
        assert_eq!(found.to_string(), expected.to_string());
        let item = quote!(
            #[doc = " # Errors"]
            pub fn set_up(&mut self) -> Result<()> {}
        );
        let found = expand(quote!(NoSuchSetUp), item).unwrap().to_string();
        assert!(!found.contains("The errors of"), "{found}");
    }

    #[test]
    fn errors_may_be_those_of_another_method() {
        let item = quote!(
            #[doc = " Text."]
            pub fn mult_add(&self) -> Result<()> {}
        );
        for (method, link) in [
            (quote!(mult), "[`mult`](Self::mult)"),
            (quote!(MatrixRef::mult), "[`MatrixRef::mult`]"),
        ] {
            let found = expand(quote!(NoSuchMult, errors = #method), item.clone()).unwrap();
            let line = format!(" The errors of {link}.");
            let expected = quote!(
                #[doc = " Text."]
                #[doc = ""]
                #[doc = " # Errors"]
                #[doc = #line]
                #[doc(alias = "NoSuchMult")]
                pub fn mult_add(&self) -> Result<()> {}
            );
            assert_eq!(found.to_string(), expected.to_string());
        }
        let twice = quote!(
            #[doc = " # Errors"]
            pub fn mult_add(&self) -> Result<()> {}
        );
        let error = expand(quote!(NoSuchMult, errors = mult), twice).unwrap_err();
        assert!(error.to_string().contains("has no section"), "{error}");
    }

    #[test]
    fn a_function_is_declared_as_not_collective() {
        let item = quote!(
            #[doc = " Text."]
            pub fn len(&self) -> usize {
                0
            }
        );
        let found = expand(quote!(NoSuchLen, not_collective), item).unwrap();
        let expected = quote!(
            #[doc = " Text."]
            #[doc = ""]
            #[doc = " Not collective."]
            #[doc(alias = "NoSuchLen")]
            pub fn len(&self) -> usize {
                ::petsc_rs::not_collective!();
                0
            }
        );
        assert_eq!(found.to_string(), expected.to_string());
    }

    #[test]
    fn without_a_section_links_are_the_end() {
        let found = expand(
            quote!(KSP),
            quote!(
                #[doc = " A solver."]
                pub struct Ksp;
            ),
        )
        .unwrap();
        let link = " Manual page: [`KSP`](https://petsc.org/release/manualpages/KSP/KSP/).";
        let expected = quote!(
            #[doc = " A solver."]
            #[doc = ""]
            #[doc = #link]
            #[doc(alias = "KSP")]
            pub struct Ksp;
        );
        assert_eq!(found.to_string(), expected.to_string());
    }
}
