//! Suggestions for unused options: the names that PETSc reads, and the distance between names.
//!
//! PETSc has no list of the options it reads. Each name is a string in PETSc's library, so the
//! names are read from the library file. The list is complete for this build.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// First words of the options of PETSc's and SLEPc's classes: the part of a name before such a word
/// is a prefix of the user, such as `inner_` in `-inner_ksp_type`.
const CLASSES: &[&str] = &[
    "ksp", "pc", "snes", "ts", "tao", "mat", "vec", "dm", "is", "sf", "eps", "svd", "pep", "nep",
    "mfn", "lme", "st", "bv", "ds", "rg", "fn",
];

/// Returns the options whose names are strings in the loaded libraries of PETSc and SLEPc.
pub(super) fn known() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for library in libraries() {
        if let Ok(bytes) = fs::read(library) {
            collect(&bytes, &mut names);
        }
    }
    names
}

/// Returns the PETSc libraries of this process, or the program itself if they are linked
/// statically.
fn libraries() -> Vec<PathBuf> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let mut found: Vec<PathBuf> = maps
        .lines()
        .filter_map(|line| line.find('/').map(|i| PathBuf::from(&line[i..])))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("libpetsc") || name.starts_with("libslepc")
        })
        .collect();
    found.sort();
    found.dedup();
    if found.is_empty() {
        found.extend(std::env::current_exe());
    }
    found
}

/// Collects every NUL-terminated string of the form `-name`.
fn collect(bytes: &[u8], names: &mut BTreeSet<String>) {
    let mut start = 0;
    while let Some(i) = bytes[start..].iter().position(|&b| b == b'-') {
        let dash = start + i;
        let name = &bytes[dash + 1..];
        let length =
            name.iter().take(80).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        start = dash + 1 + length;
        let name = &name[..length];
        let whole = dash == 0 || bytes[dash - 1] == 0;
        if length > 1
            && bytes.get(start) == Some(&0)
            && name[0].is_ascii_lowercase()
            && (whole || name.contains(&b'_'))
        {
            names.insert(String::from_utf8_lossy(name).into_owned());
        }
    }
}

/// Splits a name after the prefix of the user: `("inner_", "ksp_type")`.
pub(super) fn strip_prefix(name: &str) -> Option<(&str, &str)> {
    name.match_indices('_').find_map(|(i, _)| {
        let rest = &name[i + 1..];
        let class = rest.split('_').next().unwrap_or_default();
        (CLASSES.contains(&class) && rest.len() > class.len()).then(|| (&name[..=i], rest))
    })
}

/// Returns the candidates closest to `name`: at most three, and only if the distance is small.
pub(super) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = match name.len() {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let mut best = limit;
    let mut near: Vec<&str> = Vec::new();
    for candidate in candidates {
        if candidate.len().abs_diff(name.len()) > best {
            continue;
        }
        let d = distance(name.as_bytes(), candidate.as_bytes());
        if d < best {
            best = d;
            near.clear();
        }
        if d == best {
            near.push(candidate);
        }
    }
    near.truncate(3);
    near
}

/// Returns the edit distance: insertions, deletions, replacements, and swaps of neighboring
/// characters.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1; b.len() + 1];
        for j in 0..b.len() {
            let replace = last[j] + usize::from(!a[i].eq_ignore_ascii_case(&b[j]));
            row[j + 1] = replace.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        for (a, b, d) in [
            ("ksp_rtol", "ksp_rtol", 0),
            ("ksp_rtl", "ksp_rtol", 1),
            ("ksp_tyep", "ksp_type", 1),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), d, "{a} {b}");
        }
    }

    #[test]
    fn nearest_gives_the_best_only() {
        let names = ["ksp_rtol", "ksp_atol", "ksp_view", "pc_type"];
        assert_eq!(nearest("ksp_rtl", names.into_iter()), ["ksp_rtol"]);
        assert!(nearest("something_else", names.into_iter()).is_empty());
    }

    #[test]
    fn option_names_are_found_in_the_bytes_of_a_library() {
        let mut names = BTreeSet::new();
        collect(b"\0-ksp_rtol\0-x \0-12\0foo-bar\0foo-pc_type\0-n\0-mm", &mut names);
        assert_eq!(Vec::from_iter(names), ["ksp_rtol", "pc_type"]);
    }

    #[test]
    fn a_prefix_is_split_from_a_known_option() {
        assert_eq!(strip_prefix("inner_ksp_rtl"), Some(("inner_", "ksp_rtl")));
        assert_eq!(strip_prefix("ksp_rtol"), None);
        assert_eq!(strip_prefix("mg_levels_1_pc_type"), Some(("mg_levels_1_", "pc_type")));
    }
}
