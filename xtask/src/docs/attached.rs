//! Checks the keys of `attached!`, under which C objects own Rust values: each key has a unique
//! name, because the name determines the type of the value.

use std::collections::BTreeMap;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use super::aliases::sources;
use super::collective::CRATES;
use super::functions;

/// Returns the names of keys that occur more than once in the sources.
pub(super) fn check(root: &Path) -> Result<Vec<String>, String> {
    let (mut keys, mut uses) = (Vec::new(), BTreeMap::new());
    for package in CRATES {
        for file in sources(&root.join(package).join("src"))? {
            let tokens = functions::parse(&file)?;
            keys_of(tokens.clone(), &mut keys);
            names(tokens, &mut |name| *uses.entry(name).or_insert(0) += 1);
        }
    }
    if keys.is_empty() {
        return Err("no key of attached! was found".into());
    }
    let shared = keys.into_iter().filter(|key| uses.get(key) != Some(&1));
    Ok(shared
        .map(|key| format!("{key} is the name of a key of attached!, and occurs elsewhere too"))
        .collect())
}

/// Collects the names in `attached! { … }`.
fn keys_of(tokens: TokenStream, keys: &mut Vec<String>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (i, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else {
            continue;
        };
        let is_macro =
            i > 1 && trees[i - 2].to_string() == "attached" && trees[i - 1].to_string() == "!";
        if is_macro {
            names(group.stream(), &mut |name| keys.push(name));
        } else {
            keys_of(group.stream(), keys);
        }
    }
}

/// Visits the C strings that begin with the prefix of petsc-rs.
fn names(tokens: TokenStream, found: &mut impl FnMut(String)) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => names(group.stream(), found),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.starts_with("c\"petsc-rs.") {
                    found(text);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;

    #[test]
    fn keys_are_found() {
        let text =
            "crate::attached! { const A: u8 = c\"petsc-rs.a\"; const B: () = c\"petsc-rs.b\"; }
            fn f() { compose(x, c\"petsc-rs.c\") }";
        let (mut keys, mut all) = (Vec::new(), Vec::new());
        keys_of(text.parse().unwrap(), &mut keys);
        names(text.parse().unwrap(), &mut |name| all.push(name));
        assert_eq!(keys, ["c\"petsc-rs.a\"", "c\"petsc-rs.b\""]);
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn each_key_has_a_name_of_its_own() {
        assert_eq!(check(&run::workspace()).unwrap(), Vec::<String>::new());
    }
}
