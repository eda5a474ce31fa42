//! Checks the links of the book and of the Markdown files in the root directory. Files and anchors
//! must exist, external links must be well-formed, every chapter must be in the book, and every
//! figure must be in a chapter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Component, Path, PathBuf};

use super::markdown::{self, Link};

/// The directory of the book, relative to the root.
const BOOK: &str = "docs/src";

/// The numbers of checked items, and the errors.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) files: usize,
    pub(super) links: usize,
    pub(super) problems: Vec<Problem>,
}

/// An error in a line of a file.
#[derive(Debug)]
pub(super) struct Problem {
    file: PathBuf,
    line: usize,
    text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.text)
    }
}

/// Checks the Markdown files of a workspace.
pub(super) fn check(root: &Path) -> Result<Checked, String> {
    let mut texts = BTreeMap::new();
    for folder in ["", BOOK] {
        for path in files(&root.join(folder), "md")? {
            let text =
                std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let name = path.strip_prefix(root).unwrap_or(&path).to_owned();
            texts.insert(name, text);
        }
    }
    let mut checked = Checked { files: texts.len(), ..Checked::default() };
    let mut used = BTreeSet::new();
    for (file, text) in &texts {
        for link in markdown::links(text) {
            checked.links += 1;
            match follow(root, &texts, file, &link) {
                Ok(target) => used.extend(target.map(|t| (file.ends_with("SUMMARY.md"), t))),
                Err(text) => {
                    checked.problems.push(Problem { file: file.clone(), line: link.line, text });
                }
            }
        }
    }
    let mut unused = |file: PathBuf, text: &str| {
        let text = text.to_owned();
        checked.problems.push(Problem { file, line: 1, text });
    };
    for file in texts.keys().filter(|f| f.starts_with(BOOK)) {
        if !file.ends_with("SUMMARY.md") && !used.contains(&(true, file.clone())) {
            unused(file.clone(), "this chapter is not in SUMMARY.md");
        }
    }
    for picture in files(&root.join(BOOK).join("pictures"), "png")? {
        let picture = picture.strip_prefix(root).unwrap_or(&picture).to_owned();
        if !used.contains(&(false, picture.clone())) {
            unused(picture, "no chapter contains this figure");
        }
    }
    Ok(checked)
}

/// Returns the file to which a link leads; `None` for an external link.
fn follow(
    root: &Path,
    texts: &BTreeMap<PathBuf, String>,
    file: &Path,
    link: &Link,
) -> Result<Option<PathBuf>, String> {
    let target = link.target.as_str();
    if let Some((scheme, rest)) = target.split_once("://") {
        let host = rest.split('/').next().unwrap_or_default();
        let good = scheme == "https" && host.contains('.') && !target.contains(char::is_whitespace);
        return good
            .then_some(None)
            .ok_or_else(|| format!("`{target}` is not a well-formed https address"));
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if path.is_empty() {
        file.to_owned()
    } else {
        normal(&file.parent().unwrap_or(Path::new("")).join(path))
            .ok_or_else(|| format!("`{target}` is outside the workspace"))?
    };
    if !root.join(&path).exists() {
        return Err(format!("`{target}` does not exist"));
    }
    if file.starts_with(BOOK) && !path.starts_with(BOOK) {
        return Err(format!("`{target}` is outside the book"));
    }
    if !anchor.is_empty() {
        let text =
            texts.get(&path).ok_or_else(|| format!("`{target}`: the file has no headings"))?;
        if !markdown::anchors(text).iter().any(|a| a == anchor) {
            return Err(format!("`{target}`: there is no such heading"));
        }
    }
    Ok(Some(path))
}

/// Returns a relative path without `.` and `..`, if it stays below its root.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() {
                    return None;
                }
            }
            Component::Normal(name) => out.push(name),
            _ => return None,
        }
    }
    Some(out)
}

/// Returns the files in a directory with an extension; empty if there is no such directory.
pub(super) fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let paths = entries.flatten().map(|e| e.path());
    Ok(paths.filter(|p| p.extension().is_some_and(|e| e == extension)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks each link of a chapter next to another one, and returns the errors.
    fn problems(chapter: &str) -> Vec<String> {
        let root = std::env::temp_dir().join(format!(
            "petsc-rs-links-{}-{:?}",
            std::process::id(),
            std::thread::current().id()
        ));
        let book = root.join(BOOK);
        std::fs::create_dir_all(&book).unwrap();
        let write = |name: &str, text: &str| std::fs::write(book.join(name), text).unwrap();
        write("SUMMARY.md", "- [a](a.md)\n- [b](b.md)\n");
        write("b.md", "# There\n");
        write("a.md", chapter);
        std::fs::write(root.join("README.md"), "[book](docs/src/a.md)").unwrap();
        let checked = check(&root).unwrap();
        std::fs::remove_dir_all(&root).unwrap();
        checked.problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn living_links_are_silent() {
        let chapter = "# Here\n[x](b.md#there) [y](#here) <https://petsc.org> [z](./b.md)\n";
        assert_eq!(problems(chapter), [""; 0]);
    }

    #[test]
    fn dead_links_are_named_with_their_line() {
        let chapter = "\n[x](c.md)\n[y](b.md#where)\n[z](../../README.md)\n<http://petsc.org>\n[w](../../../x)\n";
        let found = problems(chapter);
        let said = [
            (2, "`c.md` does not exist"),
            (3, "no such heading"),
            (4, "is outside the book"),
            (6, "is outside the workspace"),
        ];
        for (line, text) in said {
            let place = format!("docs/src/a.md:{line}: ");
            assert!(found.iter().any(|f| f.starts_with(&place) && f.contains(text)), "{found:?}");
        }
        assert!(found.iter().any(|f| f.contains("not a well-formed")), "{found:?}");
        assert_eq!(found.len(), 5);
    }
}
