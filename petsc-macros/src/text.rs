//! Generated sentences of the documentation.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Path};

use crate::arguments::Arguments;

/// Returns the lines of the documentation, and the other attributes.
pub(crate) fn documentation(attributes: &[Attribute]) -> (Vec<String>, Vec<&Attribute>) {
    let (mut lines, mut others) = (Vec::new(), Vec::new());
    for attribute in attributes {
        match line(attribute) {
            Some(line) => lines.push(line),
            None => others.push(attribute),
        }
    }
    (lines, others)
}

fn line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if pair.path.is_ident("doc") => {
            Some(text.value())
        }
        _ => None,
    }
}

/// Removes the examples, the last section, from the lines, and returns them. The generated sections
/// stand before them.
pub(crate) fn take_examples(lines: &mut Vec<String>) -> Vec<String> {
    let Some(heading) = lines.iter().position(|line| line.trim() == "# Examples") else {
        return Vec::new();
    };
    let mut examples = lines.split_off(heading);
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    examples.insert(0, String::new());
    examples
}

/// Generates documentation attributes for these lines.
pub(crate) fn lines(lines: &[String]) -> TokenStream {
    quote!(#(#[doc = #lines])*)
}

/// Converts "Whether x" to " Sets whether x". A first word in capitals, or in backticks, is not
/// changed.
pub(crate) fn sets(first: &str) -> String {
    let text = first.trim_start();
    let word = text.split_whitespace().next().unwrap_or_default();
    let is_word = word.chars().skip(1).all(|c| c.is_lowercase());
    let mut letters = text.chars();
    match letters.next() {
        Some(letter) if is_word => format!(" Sets {}{}", letter.to_lowercase(), letters.as_str()),
        _ => format!(" Sets {text}"),
    }
}

/// Generates the section on errors. `refused` describes the values, or the objects, that are
/// refused.
pub(crate) fn errors(
    arguments: &Arguments,
    names: &[String],
    sets: bool,
    refused: Option<String>,
) -> TokenStream {
    let mut errors = Vec::new();
    if !arguments.types.is_empty() {
        let types: Vec<_> = arguments.types.iter().map(|ty| format!("`{}`", ty.value())).collect();
        errors.push(format!("`ARG_WRONG` unless the type is {}", any_of(&types)));
    }
    if arguments.composed {
        errors.push("`ARG_WRONG` if the type of the object has no such setting".into());
    }
    errors.extend(refused);
    if sets && !arguments.running {
        errors
            .push("`ARG_WRONGSTATE` in a callback, if a running solver may use the object".into());
    }
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let the = if errors.is_empty() { "The" } else { "the" };
    errors.push(format!("{the} errors of {}", any_of(&names)));
    let text = format!(" {}.", errors.join("; "));
    lines(&[String::new(), " # Errors".into(), text])
}

/// Generates the section on errors of a function that returns the errors of these C functions. The
/// section has the span of the function, because clippy's lint on such sections requires it.
pub(crate) fn errors_of(names: &[String], place: Span) -> TokenStream {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    section(&any_of(&names), place)
}

/// Generates the section on errors of a function that returns the errors of another method. A
/// method without a path belongs to the same type.
pub(crate) fn errors_like(method: &Path, place: Span) -> TokenStream {
    let names: Vec<_> = method.segments.iter().map(|s| s.ident.to_string()).collect();
    let name = names.join("::");
    let target = if names.len() == 1 { format!("(Self::{name})") } else { String::new() };
    section(&format!("[`{name}`]{target}"), place)
}

fn section(of: &str, place: Span) -> TokenStream {
    let text = format!(" The errors of {of}.");
    quote_spanned!(place=> #[doc = ""] #[doc = " # Errors"] #[doc = #text])
}

/// Returns a description of the values that a setter refuses.
pub(crate) fn refused(arguments: &Arguments) -> Option<String> {
    if arguments.errors.is_some() {
        return arguments.errors.clone();
    }
    let check = arguments.check.as_ref().or(arguments.check_all.as_ref());
    let name = &check?.segments.last()?.ident;
    let values = match name.to_string().as_str() {
        "at_least_one" => "for 0",
        "positive" => "unless it is positive",
        "not_negative" => "for a negative number",
        "finite_positive" => "unless it is positive and finite",
        "finite_not_negative" => "for a negative or infinite number",
        "restart_fraction" => "unless it lies between 0.1 and 0.9",
        "not_nan" => "for NaN",
        "increasing" => "unless the first number is less than the second",
        _ => "for a value out of range",
    };
    Some(format!("`ARG_OUTOFRANGE` {values}"))
}

/// "a", "a or b", "a, b or c".
pub(crate) fn any_of(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_phrase_becomes_what_the_setter_does() {
        assert_eq!(sets(" Whether it is."), " Sets whether it is.");
        assert_eq!(sets(" The restart."), " Sets the restart.");
        assert_eq!(sets(" QR or SVD."), " Sets QR or SVD.");
        assert_eq!(sets(" `ℓ` of it."), " Sets `ℓ` of it.");
    }

    #[test]
    fn examples_are_taken_off_the_end() {
        let text = [" Text.", "", " # Examples", " ```", " ```"].map(String::from);
        let mut lines = text.to_vec();
        assert_eq!(take_examples(&mut lines), ["", " # Examples", " ```", " ```"]);
        assert_eq!(lines, [" Text."]);
        assert!(take_examples(&mut lines).is_empty());
    }

    #[test]
    fn words_are_joined() {
        let words = ["a", "b", "c"].map(String::from);
        assert_eq!(any_of(&words[..1]), "a");
        assert_eq!(any_of(&words[..2]), "a or b");
        assert_eq!(any_of(&words), "a, b or c");
    }
}
