//! The tables of the chapters "From C" and "From petsc4py": every method they name exists, and has the
//! name of C that its row gives as an alias.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use petsc_rs::prelude::*;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Each method of the sources as `Type::method`, and with each of its aliases before it.
fn methods(folder: &Path, found: &mut BTreeSet<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("the sources are there").path();
        if path.is_dir() {
            methods(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            methods_of(
                &fs::read_to_string(path).expect("the sources are there"),
                found,
            );
        }
    }
}

fn methods_of(text: &str, found: &mut BTreeSet<(String, String)>) {
    let (mut class, mut aliases) = (String::new(), Vec::new());
    for line in text.lines() {
        let word = line.trim_start();
        if let Some(rest) = ["impl", "trait ", "pub trait "]
            .iter()
            .find_map(|k| line.strip_prefix(k))
        {
            // Past generics and past the trait of `impl Trait for Type`.
            let rest = if rest.starts_with('<') {
                rest.split_once("> ").map_or(rest, |(_, r)| r)
            } else {
                rest
            };
            let rest = rest
                .split_once(" for ")
                .map_or(rest, |(_, r)| r)
                .trim_start();
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            class = name.strip_suffix("Ref").unwrap_or(&name).to_owned();
        } else if let Some(alias) = word.strip_prefix("#[doc(alias = \"") {
            aliases.push(alias.trim_end_matches("\")]").to_owned());
        } else if let Some(rest) = ["pub fn ", "pub const fn ", "fn "]
            .iter()
            .find_map(|k| word.strip_prefix(k))
        {
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let method = format!("{class}::{name}");
            found.insert((method.clone(), String::new()));
            found.extend(aliases.drain(..).map(|alias| (method.clone(), alias)));
        } else if let Some((name, _)) = word.split_once("Ref, \"") {
            // The class of `prefixes!`, and below its methods.
            class = name.to_owned();
        } else if let Some(name) = written_by_prefixes(word) {
            let method = format!("{class}::{name}");
            found.insert((method.clone(), String::new()));
            found.extend(aliases.drain(..).map(|alias| (method.clone(), alias)));
        } else if word.starts_with("pub ") || word.starts_with('}') {
            aliases.clear();
        }
    }
}

/// The method that the macro `prefixes!` writes for a function of C.
fn written_by_prefixes(word: &str) -> Option<&'static str> {
    let name = word.trim_end_matches(',');
    if !name.chars().all(char::is_alphanumeric) {
        return None;
    }
    if name.ends_with("SetOptionsPrefix") {
        Some("set_options_prefix")
    } else {
        name.ends_with("AppendOptionsPrefix")
            .then_some("append_options_prefix")
    }
}

/// The rows of a chapter's tables that name methods: the first cell, and each method.
fn rows(chapter: &str) -> Vec<(String, String)> {
    let text =
        fs::read_to_string(root().join("docs/src").join(chapter)).expect("the sources are there");
    let mut rows = Vec::new();
    // The first table is of habits, not of methods; classes have headings.
    for line in text.lines().skip_while(|line| !line.starts_with("## ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", name, methods, ""] = cells[..] else {
            continue;
        };
        for method in methods.split(", ").filter(|m| m.contains("::")) {
            rows.push((
                name.trim_matches('`').to_owned(),
                method.trim_matches('`').to_owned(),
            ));
        }
    }
    rows
}

#[petsc_test::test]
fn every_method_of_the_tables_exists(_petsc: &Petsc) -> Result<()> {
    let mut found = BTreeSet::new();
    for package in ["petsc-rs", "slepc-rs"] {
        methods(&root().join(package).join("src"), &mut found);
    }
    let (of_c, of_python) = (rows("from-c.md"), rows("from-petsc4py.md"));
    assert!(
        of_c.len() > 700 && of_python.len() > 400,
        "{} {}",
        of_c.len(),
        of_python.len()
    );
    let python = of_python
        .into_iter()
        .map(|(_, method)| (method, String::new()));
    let all = of_c
        .into_iter()
        .map(|(name, method)| (method, name))
        .chain(python);
    let missing: Vec<_> = all.filter(|row| !found.contains(row)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(!found.contains(&("Vector::axpy".to_owned(), "VecAYPX".to_owned())));
    Ok(())
}
