//! The functions in a source file, including those within macros.

use std::path::Path;

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

use super::aliases::{literals, read};

/// A function with a body.
#[derive(Debug)]
pub(super) struct Function<'a> {
    /// Whether the function is `pub` without a restriction.
    pub(super) public: bool,
    pub(super) documentation: &'a [String],
    /// Whether `#[wraps]` declares and documents it as not collective.
    pub(super) wrapped: bool,
    signature: &'a [TokenTree],
    pub(super) body: &'a Group,
}

impl Function<'_> {
    pub(super) fn name(&self) -> String {
        let mut words = self.signature.iter();
        words
            .find(|token| matches!(token, TokenTree::Ident(_)))
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    /// Returns the return type without spaces.
    pub(super) fn returned(&self) -> String {
        let arrow = self.signature.windows(2).rposition(|pair| match pair {
            [TokenTree::Punct(a), TokenTree::Punct(b)] => {
                a.as_char() == '-' && a.spacing() == Spacing::Joint && b.as_char() == '>'
            }
            _ => false,
        });
        let start = arrow.map_or(self.signature.len(), |i| i + 2);
        self.signature[start..].iter().map(|token| token.to_string().replace(' ', "")).collect()
    }

    /// Returns whether the function returns a borrowed handle.
    pub(super) fn lends(&self) -> bool {
        let returned = self.returned();
        let mut parts = returned.split('&').skip(1);
        parts.any(|part| {
            let end = part.find([',', '>', ')']).unwrap_or(part.len());
            part[..end].ends_with("Ref") || part[..end].ends_with("Self") || part.contains('$')
        })
    }
}

/// Returns the tokens of a file.
pub(super) fn parse(file: &Path) -> Result<TokenStream, String> {
    read(file)?.parse().map_err(|error| format!("{}: {error}", file.display()))
}

/// Calls `visit` for each function.
pub(super) fn walk(tokens: TokenStream, visit: &mut impl FnMut(&Function<'_>)) {
    let mut tokens = tokens.into_iter().peekable();
    let (mut documentation, mut public) = (Vec::new(), false);
    let mut wrapped = false;
    let mut last = String::new();
    while let Some(token) = tokens.next() {
        match &token {
            TokenTree::Group(group) if last == "#" => {
                let attribute = group.stream().to_string();
                if attribute.starts_with("doc =") {
                    documentation.extend(literals(group.stream()));
                }
                wrapped |= attribute.starts_with("wraps") && attribute.contains("not_collective");
            }
            TokenTree::Group(group) => {
                walk(group.stream(), visit);
                public &= last != "pub";
                if group.delimiter() == Delimiter::Brace {
                    documentation.clear();
                    (public, wrapped) = (false, false);
                }
            }
            TokenTree::Ident(word) if word == "pub" => public = true,
            TokenTree::Ident(word) if word == "fn" => {
                if let (signature, Some(body)) = until_body(&mut tokens) {
                    visit(&Function {
                        public,
                        documentation: &documentation,
                        wrapped,
                        signature: &signature,
                        body: &body,
                    });
                    walk(body.stream(), visit);
                }
                documentation.clear();
                (public, wrapped) = (false, false);
            }
            TokenTree::Punct(mark) if mark.as_char() == ';' => {
                documentation.clear();
                (public, wrapped) = (false, false);
            }
            _ => {}
        }
        last = token.to_string();
    }
}

/// Returns the tokens between `fn` and the body, and the body. Declarations and function types have
/// no body.
fn until_body(tokens: &mut impl Iterator<Item = TokenTree>) -> (Vec<TokenTree>, Option<Group>) {
    let mut signature = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
                return (signature, Some(body));
            }
            TokenTree::Punct(end) if end.as_char() == ';' => break,
            other => signature.push(other),
        }
    }
    (signature, None)
}
