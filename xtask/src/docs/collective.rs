//! A method that is documented "Not collective" declares it by `not_collective!()` in its first line, and no other does:
//! then an error of it does not change how handles are destroyed.

use std::path::Path;

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

use super::aliases::{literals, read, sources};

const CRATES: &[&str] = &["petsc-rs", "slepc-rs", "petsc-fft"];

/// Functions where the documentation and the declaration differ, and how many are documented so.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) problems: Vec<String>,
    pub(super) functions: usize,
}

/// Compares the documentation of the crates with their declarations.
pub(super) fn check(root: &Path) -> Result<Checked, String> {
    let mut checked = Checked::default();
    for package in CRATES {
        for file in sources(&root.join(package).join("src"))? {
            let place = file
                .strip_prefix(root)
                .unwrap_or(&file)
                .display()
                .to_string();
            let tokens: TokenStream = read(&file)?
                .parse()
                .map_err(|error| format!("{place}: {error}"))?;
            walk(tokens, &place, &mut checked);
        }
    }
    Ok(checked)
}

/// Walks through items, those within macros too.
fn walk(tokens: TokenStream, file: &str, checked: &mut Checked) {
    let mut tokens = tokens.into_iter().peekable();
    let mut documentation = Vec::new();
    let mut last = String::new();
    while let Some(token) = tokens.next() {
        match &token {
            TokenTree::Group(group) if last == "#" => {
                let attribute = group.stream().to_string();
                if attribute.starts_with("doc =") {
                    documentation.extend(literals(group.stream()));
                }
            }
            TokenTree::Group(group) => {
                walk(group.stream(), file, checked);
                if group.delimiter() == Delimiter::Brace {
                    documentation.clear();
                }
            }
            TokenTree::Ident(word) if word == "fn" => {
                let signature = until_body(&mut tokens);
                if let (signature, Some(body)) = signature {
                    judge(&documentation, &signature, &body, checked, |name, what| {
                        format!("{file}: {name} {what}")
                    });
                    walk(body.stream(), file, checked);
                }
                documentation.clear();
            }
            TokenTree::Punct(mark) if mark.as_char() == ';' => documentation.clear(),
            _ => {}
        }
        last = token.to_string();
    }
}

/// What stands between `fn` and the body, and the body: a declaration, and the type of a function, has none.
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

fn judge(
    documentation: &[String],
    signature: &[TokenTree],
    body: &Group,
    checked: &mut Checked,
    problem: impl Fn(&str, &str) -> String,
) {
    let words: Vec<_> = documentation
        .iter()
        .flat_map(|line| line.split_whitespace())
        .collect();
    let documented = words
        .windows(2)
        .any(|pair| pair[0] == "Not" && pair[1].starts_with("collective"));
    let declared = body
        .stream()
        .into_iter()
        .take_while(|token| !matches!(token, TokenTree::Punct(p) if p.as_char() == ';'))
        .any(|token| token.to_string() == "not_collective");
    checked.functions += usize::from(documented);
    let name = signature
        .iter()
        .find(|token| matches!(token, TokenTree::Ident(_)));
    let name = name.map(ToString::to_string).unwrap_or_default();
    match (documented, declared) {
        (true, false) if fails(signature) => checked.problems.push(problem(
            &name,
            "is documented \"Not collective\", and its first line is not `not_collective!();`",
        )),
        (false, true) => checked.problems.push(problem(
            &name,
            "begins with `not_collective!();`, and is not documented \"Not collective\"",
        )),
        _ => {}
    }
}

/// Whether the function returns a `Result`. One with a handle that is lent is left out.
fn fails(signature: &[TokenTree]) -> bool {
    let arrow = signature.windows(2).rposition(|pair| match pair {
        [TokenTree::Punct(a), TokenTree::Punct(b)] => {
            a.as_char() == '-' && a.spacing() == Spacing::Joint && b.as_char() == '>'
        }
        _ => false,
    });
    let returned: String = signature[arrow.map_or(signature.len(), |i| i + 2)..]
        .iter()
        .map(ToString::to_string)
        .collect();
    let lends = returned.contains('&') && (returned.contains("Ref") || returned.contains("Self"));
    returned.contains("Result") && !lends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;

    fn problems(text: &str) -> usize {
        let mut checked = Checked::default();
        walk(text.parse().unwrap(), "here", &mut checked);
        checked.problems.len()
    }

    #[test]
    fn documentation_and_declaration_go_together() {
        let with = |doc: &str, first: &str| {
            problems(&format!(
                "impl V {{ {doc} pub fn f(&self) -> Result<()> {{ {first} g() }} }}"
            ))
        };
        let line = "crate::not_collective!();";
        assert_eq!(with("/// Adds. Not\n/// collective; alone.\n", line), 0);
        assert_eq!(with("/// Adds. Not collective.\n", ""), 1);
        assert_eq!(with("/// Adds. Collective.\n", line), 1);
        assert_eq!(with("/// Adds. Collective.\n", ""), 0);
        assert_eq!(
            with("#[doc = concat!(\"Adds \", $a, \". Not collective.\")]", ""),
            1
        );
        // The line counts where it is the first.
        assert_eq!(
            with("/// Not collective.\n", "h(); crate::not_collective!();"),
            1
        );
    }

    #[test]
    fn functions_that_do_not_fail_need_no_declaration() {
        assert_eq!(
            problems("/// Not collective.\npub fn f() -> usize { 1 }"),
            0
        );
        assert_eq!(
            problems("/// Not collective.\npub fn f(&self) -> Result<&PcRef> { g() }"),
            0
        );
        assert_eq!(
            problems(
                "macro_rules! a { () => { /// Not collective.\nfn $f() -> Result<Int> { g() } } }"
            ),
            1
        );
    }

    #[test]
    fn the_workspace_declares_what_it_documents() {
        let checked = check(&run::workspace()).unwrap();
        assert!(checked.functions > 300, "{}", checked.functions);
        assert!(checked.problems.is_empty(), "{:#?}", checked.problems);
    }
}
