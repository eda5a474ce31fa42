//! Checks that every C function called by the safe crates is in the search index: a public method
//! must have the C name as `#[doc(alias)]`.
//!
//! The attributes `wraps`, `setting` and `getter` of petsc-macros write the alias for the functions
//! that they name. Other macros take the alias as a literal next to the function, or within
//! `#[doc(alias = "…")]`, because rustc does not expand macros inside attributes. This check
//! therefore accepts names in all attributes, and in literals in macros that write items.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::functions;
use super::links::files;

/// The crates with their raw bindings.
const CRATES: &[(&str, &str)] = &[("petsc-rs", "petsc-sys"), ("slepc-rs", "slepc-sys")];

/// Functions that are steps of many methods, of the session, or of closures, and have no method.
const STEPS: &str = include_str!("steps.txt");

/// The names in the sources.
#[derive(Debug, Default)]
struct Names {
    /// The C functions, each with a file that uses it.
    used: BTreeMap<String, String>,
    /// The aliases, each with the files that have it.
    aliases: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    fn add(&mut self, aliases: impl IntoIterator<Item = String>, file: &str) {
        for alias in aliases {
            self.aliases.entry(alias).or_default().insert(file.to_owned());
        }
    }
}

/// The functions without an alias, and the number of checked functions.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) problems: Vec<String>,
    pub(super) functions: usize,
}

/// Compares the calls of both crates with their aliases.
pub(super) fn check(root: &Path) -> Result<Checked, String> {
    let names = names(root)?;
    let steps = STEPS.lines().filter(|line| !line.starts_with('#'));
    let steps: BTreeSet<&str> = steps.flat_map(str::split_whitespace).collect();
    let mut problems = Vec::new();
    for (name, file) in &names.used {
        let ends_a_life = name.ends_with("Destroy") || name.contains("Restore");
        if !ends_a_life && !names.aliases.contains_key(name) && !steps.contains(name.as_str()) {
            problems.push(format!("{file}: no method has the alias {name}"));
        }
    }
    for step in steps {
        if names.aliases.contains_key(step) || !names.used.contains_key(step) {
            problems.push(format!("steps.txt: {step} is unused or has an alias"));
        }
    }
    Ok(Checked { problems, functions: names.used.len() })
}

/// Returns the C functions that have a method, each with the files of its methods.
pub(super) fn methods(root: &Path) -> Result<BTreeMap<String, BTreeSet<String>>, String> {
    Ok(names(root)?.aliases)
}

fn names(root: &Path) -> Result<Names, String> {
    let functions = functions_of_c(root)?;
    let mut names = Names::default();
    for (package, _) in CRATES {
        for file in sources(&root.join(package).join("src"))? {
            let place = file.strip_prefix(root).unwrap_or(&file).display();
            let tokens = functions::parse(&file)?;
            collect(tokens, true, &functions, &place.to_string(), &mut names);
        }
    }
    Ok(names)
}

/// Returns the Rust files of a directory and its subdirectories.
pub(crate) fn sources(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = files(folder, "rs")?;
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries.flatten().filter(|e| e.path().is_dir()) {
        found.extend(sources(&entry.path())?);
    }
    found.sort();
    Ok(found)
}

pub(crate) fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// Returns the C functions by the names under which they are called. A function of the shim stands
/// for a C function, or is omitted.
fn functions_of_c(root: &Path) -> Result<BTreeMap<String, String>, String> {
    let (mut all, mut shim) = (BTreeSet::new(), BTreeSet::new());
    for (_, package) in CRATES {
        let bindings = read(&root.join(package).join("bindings/docsrs.rs"))?;
        for rest in bindings.split("pub fn ").skip(1) {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            let name = &rest[..end.unwrap_or(rest.len())];
            match name.strip_prefix("PetscRs") {
                Some(own) => shim.insert(own.to_owned()),
                None => all.insert(name.to_owned()),
            };
        }
        let by_value = read(&root.join(package).join("shim/by_value.txt"))?;
        all.extend(by_value.lines().map(|line| line.trim().to_owned()));
    }
    let mut found: BTreeMap<_, _> = all.iter().map(|n| (n.clone(), n.clone())).collect();
    for own in shim {
        for name in [own.clone(), format!("Petsc{own}")] {
            if all.contains(&name) {
                found.insert(format!("PetscRs{own}"), name);
            }
        }
    }
    Ok(found)
}

/// Visits tokens; `items` is true outside functions.
fn collect(
    tokens: TokenStream,
    items: bool,
    functions: &BTreeMap<String, String>,
    file: &str,
    names: &mut Names,
) {
    let (mut items, outer) = (items, items);
    let mut last = String::new();
    for token in tokens {
        let word = match &token {
            TokenTree::Group(_) => String::new(),
            other => other.to_string(),
        };
        match token {
            TokenTree::Group(group) => {
                let body = group.delimiter() == Delimiter::Brace;
                if last == "#" {
                    let (aliases, used) = attribute(group.stream());
                    names.add(aliases, file);
                    for name in used.iter().filter_map(|name| functions.get(name)) {
                        let place = names.used.entry(name.clone());
                        place.or_insert_with(|| file.to_owned());
                        names.add([name.clone()], file);
                    }
                } else if items && last == "!" {
                    names.add(literals(group.stream()), file);
                    collect(group.stream(), true, functions, file, names);
                } else {
                    collect(group.stream(), items && body, functions, file, names);
                }
                if body {
                    items = outer;
                }
            }
            TokenTree::Ident(_) => {
                if word == "fn" || word == "macro_rules" {
                    items = false;
                }
                if let Some(name) = functions.get(&word) {
                    let place = names.used.entry(name.clone());
                    place.or_insert_with(|| file.to_owned());
                }
            }
            _ if word == ";" => items = outer,
            _ => {}
        }
        last = word;
    }
}

/// Returns the aliases that an attribute writes, and the words that may be functions that it calls.
fn attribute(tokens: TokenStream) -> (Vec<String>, Vec<String>) {
    let mut tokens = tokens.into_iter();
    let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(group))) =
        (tokens.next(), tokens.next())
    else {
        return Default::default();
    };
    match name.to_string().as_str() {
        "doc" => (literals(group.stream()), Vec::new()),
        "wraps" => (identifiers(group.stream()), Vec::new()),
        "setting" | "getter" => (Vec::new(), identifiers(group.stream())),
        _ => Default::default(),
    }
}

fn identifiers(tokens: TokenStream) -> Vec<String> {
    let words = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    words.collect()
}

/// Returns all string literals.
pub(super) fn literals(tokens: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => found.extend(literals(group.stream())),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let text = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
                found.extend(text.map(str::to_owned));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;

    fn names(text: &str) -> Names {
        let functions = ["VecSum", "VecDot", "VecNorm"].map(|n| (n.to_owned(), n.to_owned()));
        let mut names = Names::default();
        let tokens = text.parse().unwrap();
        collect(tokens, true, &functions.into(), "here", &mut names);
        names
    }

    #[test]
    fn calls_and_aliases_of_methods_are_found() {
        let found = names(
            "impl V { #[doc(alias = \"VecSum\")] pub fn sum(&self) { call!(VecSum(x)); check(\"VecDot\", y) } }",
        );
        assert!(found.used.keys().eq(["VecSum"]));
        assert!(found.aliases.keys().eq(["VecSum"]));
    }

    #[test]
    fn attributes_write_aliases() {
        let found = names(
            "impl V { #[wraps(VecSum)] pub fn sum(&self) { call!(VecSum(x)) } \
             #[setting(VecDot, VecNorm, check = positive)] pub fn set_dot(dot: Real); }",
        );
        assert!(found.used.keys().eq(["VecDot", "VecNorm", "VecSum"]));
        assert!(found.aliases.keys().eq(["VecDot", "VecNorm", "VecSum"]));
    }

    #[test]
    fn macros_name_functions_by_literals() {
        let found = names(
            "solver::sums! { V, VecSum \"VecSum\"; #[doc(alias = \"VecDot\")] VecDot; VecNorm }",
        );
        assert!(found.used.keys().eq(["VecDot", "VecNorm", "VecSum"]));
        assert!(found.aliases.keys().eq(["VecDot", "VecSum"]));
        let defined =
            names("macro_rules! a { () => { b! { \"VecDot\" } } } fn f() { g!(\"VecNorm\") }");
        assert!(defined.aliases.is_empty(), "{defined:?}");
    }

    #[test]
    fn every_function_that_is_called_has_an_alias() {
        let checked = check(&run::workspace()).unwrap();
        assert!(checked.problems.is_empty(), "{:#?}", checked.problems);
        assert!(checked.functions > 1500, "{checked:?}");
    }
}
