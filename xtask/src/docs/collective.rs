//! Checks that exactly the methods documented as "Not collective" begin with `not_collective!()`,
//! unless `#[wraps(…, not_collective)]` writes both. Errors of methods with this statement do not
//! change how handles are destroyed.

use std::path::Path;

use proc_macro2::TokenTree;

use super::aliases::sources;
use super::functions::{self, Function};

/// The crates whose functions are checked.
pub(super) const CRATES: &[&str] = &["petsc-rs", "slepc-rs", "petsc-fft"];

/// The functions whose documentation and declaration differ, and the number of functions documented
/// as not collective.
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
            let place = file.strip_prefix(root).unwrap_or(&file).display().to_string();
            let tokens = functions::parse(&file)?;
            functions::walk(tokens, &mut |function| {
                judge(function, &place, &mut checked);
            });
        }
    }
    Ok(checked)
}

fn judge(function: &Function<'_>, file: &str, checked: &mut Checked) {
    let words: Vec<_> =
        function.documentation.iter().flat_map(|line| line.split_whitespace()).collect();
    let documented =
        words.windows(2).any(|pair| pair[0] == "Not" && pair[1].starts_with("collective"));
    let declared = function
        .body
        .stream()
        .into_iter()
        .take_while(|token| !matches!(token, TokenTree::Punct(p) if p.as_char() == ';'))
        .any(|token| token.to_string() == "not_collective");
    checked.functions += usize::from(documented || function.wrapped);
    let problem = match (documented, declared) {
        _ if function.wrapped && (documented || declared) => {
            "states twice that it is not collective: `#[wraps]` does this already"
        }
        (true, false) if fails(function) => {
            "is documented \"Not collective\", but does not begin with `not_collective!();`"
        }
        (false, true) => {
            "begins with `not_collective!();`, but is not documented \"Not collective\""
        }
        _ => return,
    };
    let name = function.name();
    checked.problems.push(format!("{file}: {name} {problem}"));
}

/// Returns whether the function returns a `Result`. Functions that return a borrowed handle are
/// excluded.
fn fails(function: &Function<'_>) -> bool {
    function.returned().contains("Result") && !function.lends()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;

    fn problems(text: &str) -> usize {
        let mut checked = Checked::default();
        functions::walk(text.parse().unwrap(), &mut |function| {
            judge(function, "here", &mut checked);
        });
        checked.problems.len()
    }

    #[test]
    fn documentation_and_declaration_go_together() {
        let with = |doc: &str, first: &str| {
            problems(&format!("impl V {{ {doc} pub fn f(&self) -> Result<()> {{ {first} g() }} }}"))
        };
        let line = "crate::not_collective!();";
        assert_eq!(with("/// Adds. Not\n/// collective; alone.\n", line), 0);
        assert_eq!(with("/// Adds. Not collective.\n", ""), 1);
        assert_eq!(with("/// Adds. Collective.\n", line), 1);
        assert_eq!(with("/// Adds. Collective.\n", ""), 0);
        assert_eq!(with("#[doc = concat!(\"Adds \", $a, \". Not collective.\")]", ""), 1);
        let wraps = "#[wraps(VecAdd, not_collective)]";
        assert_eq!(with(&format!("/// Adds.\n{wraps}"), ""), 0);
        assert_eq!(with(&format!("/// Adds.\n{wraps}"), line), 1);
        assert_eq!(with(&format!("/// Adds. Not collective.\n{wraps}"), ""), 1);
        // The line counts only if it is the first one.
        assert_eq!(with("/// Not collective.\n", "h(); crate::not_collective!();"), 1);
    }

    #[test]
    fn functions_that_do_not_fail_need_no_declaration() {
        assert_eq!(problems("/// Not collective.\npub fn f() -> usize { 1 }"), 0);
        assert_eq!(problems("/// Not collective.\npub fn f(&self) -> Result<&PcRef> { g() }"), 0);
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
