//! Checks the layers of the safe crates: a folder must not use a folder that follows it in
//! `layers.txt`.

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use super::aliases::sources;
use super::functions;

/// The order of the folders for each crate, and the exceptions with their reasons.
const TABLE: &str = include_str!("layers.txt");

/// Returns uses of a later folder, folders without a layer, and unused exceptions.
pub(super) fn check(root: &Path) -> Result<Vec<String>, String> {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let (exceptions, crates): (Vec<_>, Vec<_>) =
        rows.filter_map(|row| row.split_once(": ")).partition(|(name, _)| name.contains('/'));
    let mut unused: BTreeSet<&str> = exceptions.iter().map(|(place, _)| *place).collect();
    let mut problems = Vec::new();
    for (package, order) in crates {
        let order: Vec<&str> = order.split(' ').collect();
        let source = root.join(package).join("src");
        for file in sources(&source)? {
            let inside = file.strip_prefix(&source).unwrap_or(&file);
            let Some(folder) = folder(inside) else {
                continue;
            };
            let Some(own) = order.iter().position(|layer| *layer == folder) else {
                problems.push(format!("{package}: layers.txt does not name {folder}"));
                continue;
            };
            for used in uses(functions::parse(&file)?) {
                let later = order[own + 1..].contains(&used.as_str());
                let place = format!("{package}/src/{} {used}", inside.display());
                if later && !unused.remove(place.as_str()) {
                    problems.push(format!("{place}: {folder} comes before {used} (layers.txt)"));
                }
            }
        }
    }
    problems.extend(
        unused.iter().map(|place| format!("layers.txt: nothing needs the exception {place}")),
    );
    Ok(problems)
}

/// Returns the folder of `src` that contains a file, or the name of a file directly in `src`;
/// `None` for `lib.rs`.
fn folder(file: &Path) -> Option<String> {
    let first = file.components().next()?.as_os_str().to_string_lossy();
    let name = first.trim_end_matches(".rs");
    (name != "lib").then(|| name.to_owned())
}

/// Returns the modules of the crate root that the tokens name: `crate::a`, `crate::{a::B, c}`.
/// Names in macros, which begin with `$crate`, are not included.
fn uses(tokens: TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (i, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => found.extend(uses(group.stream())),
            TokenTree::Ident(name) if name == "crate" && !follows_dollar(&trees[..i]) => {
                match trees.get(i + 3) {
                    Some(TokenTree::Ident(module)) => {
                        found.insert(module.to_string());
                    }
                    Some(TokenTree::Group(list)) => found.extend(first_names(list.stream())),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    found
}

fn follows_dollar(before: &[TokenTree]) -> bool {
    matches!(before.last(), Some(TokenTree::Punct(mark)) if mark.as_char() == '$')
}

/// Returns the first name of each path in a list of imports.
fn first_names(list: TokenStream) -> Vec<String> {
    let trees: Vec<TokenTree> = list.into_iter().collect();
    let is_comma =
        |tree: &TokenTree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ',');
    let paths = trees.split(is_comma);
    paths.filter_map(|path| path.first().map(ToString::to_string)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;

    #[test]
    fn paths_from_the_crate_root_are_uses() {
        let text = "use crate::matrix::{Matrix, link}; use crate::{Int, dm::{Dm, DmRef}, sys};
            fn f() { crate::ksp::g() } macro_rules! m { () => { $crate::tao::h() } }";
        let found: Vec<String> = uses(text.parse().unwrap()).into_iter().collect();
        assert_eq!(found, ["Int", "dm", "ksp", "matrix", "sys"]);
    }

    #[test]
    fn no_folder_uses_a_later_one() {
        assert_eq!(check(&run::workspace()).unwrap(), Vec::<String>::new());
    }
}
