//! `cargo xtask docs --lookups SEED`: prints randomly drawn C functions with a manual page, to be
//! looked up in the map in ARCHITECTURE.md, and the files that contain their methods.

use std::fmt;
use std::path::Path;

use super::aliases::{self, read};
use super::draw::draw;

/// The number of functions in a sample.
const COUNT: usize = 20;

/// A function with a manual page.
pub(super) struct Lookup {
    /// The section of the manual.
    section: String,
    name: String,
    /// The files with a method that has the function as its alias.
    pub(super) files: Vec<String>,
}

impl Lookup {
    /// Returns what the function is looked up by.
    pub(super) fn question(&self) -> String {
        format!("{}/{}", self.section, self.name)
    }
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.files.join(", "))
    }
}

/// Returns the sample of a seed, and the number of all functions.
pub(super) fn sample(root: &Path, seed: u64) -> Result<(Vec<Lookup>, usize), String> {
    let all = all(root)?;
    let count = all.len();
    Ok((draw(all, COUNT, seed), count))
}

/// Returns the functions that have a manual page and a method.
pub(super) fn all(root: &Path) -> Result<Vec<Lookup>, String> {
    let methods = aliases::methods(root)?;
    let mut all = Vec::new();
    for list in ["petsc.txt", "slepc.txt"] {
        let text = read(&root.join("petsc-macros/manual").join(list))?;
        for (section, names) in text.lines().filter_map(|line| line.split_once(": ")) {
            for name in names.split(' ') {
                if let Some(files) = methods.get(name) {
                    all.push(Lookup {
                        section: section.to_owned(),
                        name: name.to_owned(),
                        files: files.iter().cloned().collect(),
                    });
                }
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;

    #[test]
    fn a_lookup_names_a_file_that_exists() {
        let root = run::workspace();
        let (drawn, all) = sample(&root, 1).unwrap();
        assert!(all > 1500, "{all}");
        for lookup in drawn {
            let text = read(&root.join(&lookup.files[0])).unwrap();
            assert!(text.contains(&lookup.name), "{lookup}");
        }
    }
}
