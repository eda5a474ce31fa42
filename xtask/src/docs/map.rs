//! Checks the map of files in ARCHITECTURE.md: it names every file with methods that have a
//! manual page, and every file that it names exists.

use std::collections::BTreeSet;
use std::path::Path;

use super::aliases::read;
use super::lookups;

/// Files of one line of folders: `eps/ svd/`, and the names in the indented lines after it.
struct Entry<'a> {
    folders: Vec<&'a str>,
    names: BTreeSet<&'a str>,
}

/// Returns files without a name in the map, and names without a file.
pub(super) fn check(root: &Path) -> Result<Vec<String>, String> {
    let text = read(&root.join("ARCHITECTURE.md"))?;
    let lookups = lookups::all(root)?;
    let files: BTreeSet<&String> = lookups.iter().flat_map(|found| &found.files).collect();
    let mut problems = Vec::new();
    for package in ["petsc-rs", "slepc-rs"] {
        let source = root.join(package).join("src");
        let mut named = BTreeSet::new();
        for entry in entries(&text, package)? {
            for name in &entry.names {
                let places = entry.folders.iter().map(|folder| format!("{folder}{name}"));
                let places: Vec<_> = places.filter(|p| source.join(p).is_file()).collect();
                if places.is_empty() {
                    problems.push(format!("ARCHITECTURE.md: {name} is in none of its folders"));
                }
                named.extend(places);
            }
        }
        let prefix = format!("{package}/src/");
        let inside = files.iter().filter_map(|file| file.strip_prefix(&prefix));
        problems.extend(
            inside
                .filter(|file| !named.contains(*file))
                .map(|file| format!("{prefix}{file} is not in the map in ARCHITECTURE.md")),
        );
    }
    Ok(problems)
}

/// Returns the entries of the map of a crate. The folder `src/` contains the others.
fn entries<'a>(text: &'a str, package: &str) -> Result<Vec<Entry<'a>>, String> {
    let mark = format!("<!-- map of {package} -->\n```\n");
    let map = text.split_once(&mark).and_then(|(_, rest)| {
        let (map, _) = rest.split_once("```")?;
        Some(map)
    });
    let map = map.ok_or_else(|| format!("ARCHITECTURE.md has no map of {package}"))?;
    let mut found: Vec<Entry<'a>> = Vec::new();
    for line in map.lines() {
        let words = line.split_whitespace();
        if !line.starts_with(' ') {
            let folders = words.map(|folder| if folder == "src/" { "" } else { folder });
            found.push(Entry { folders: folders.collect(), names: BTreeSet::new() });
        } else if let Some(entry) = found.last_mut() {
            let names = words.map(|word| word.trim_end_matches(')'));
            entry.names.extend(names.filter(|name| name.ends_with(".rs")));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;

    #[test]
    fn names_belong_to_the_folders_before_them() {
        let text = "<!-- map of a -->\n```\nsrc/\n  one.rs  first\nb/ c/\n  two.rs three.rs  (c: four.rs)\n```\n";
        let found = entries(text, "a").unwrap();
        assert_eq!(found[0].folders, [""]);
        assert!(found[0].names.iter().eq(&["one.rs"]));
        assert_eq!(found[1].folders, ["b/", "c/"]);
        assert!(found[1].names.iter().eq(&["four.rs", "three.rs", "two.rs"]));
        assert!(entries(text, "b").is_err());
    }

    #[test]
    fn the_map_names_every_file_with_methods() {
        assert_eq!(check(&run::workspace()).unwrap(), Vec::<String>::new());
    }
}
