//! `cargo xtask docs --sentences SEED`: prints randomly drawn sentences, to judge their clarity,
//! from everything that users read: documentation of the crates, messages, `--help`, the book and
//! the Markdown files.

use std::fmt;
use std::path::{Path, PathBuf};

use super::aliases::{read, sources};
use super::draw::draw;
use super::links::files;

/// The number of sentences in a sample.
const COUNT: usize = 200;

/// Shorter texts are names and headings.
const WORDS: usize = 4;

/// The starts of items that are not public.
const PRIVATE: &[&str] = &[
    "pub(",
    "fn ",
    "unsafe ",
    "struct ",
    "enum ",
    "const ",
    "static ",
    "mod ",
    "trait ",
    "type ",
    "impl",
    "macro_rules",
];

/// A sentence with the place where it begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sentence {
    file: PathBuf,
    line: usize,
    text: String,
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.text)
    }
}

/// Returns the sample of a seed, and the number of all sentences.
pub(super) fn sample(root: &Path, seed: u64) -> Result<(Vec<Sentence>, usize), String> {
    let mut all = Vec::new();
    for folder in ["", "docs/src"] {
        for path in files(&root.join(folder), "md")? {
            let text = read(&path)?;
            let lines: Vec<_> = text.lines().enumerate().collect();
            push(&mut all, root, &path, markdown(&lines));
        }
    }
    let entries = std::fs::read_dir(root).map_err(|e| format!("{}: {e}", root.display()))?;
    let mut crates: Vec<_> = entries.flatten().map(|e| e.path().join("src")).collect();
    crates.retain(|folder| folder.is_dir() && !folder.ends_with("docs/src"));
    crates.sort();
    for folder in crates {
        for path in sources(&folder)? {
            let text = read(&path)?;
            let tests = text.find("\n#[cfg(test)]").unwrap_or(text.len());
            let lines: Vec<_> = text[..tests].lines().enumerate().collect();
            push(&mut all, root, &path, comments(&lines));
            push(&mut all, root, &path, messages(&lines));
        }
    }
    let count = all.len();
    Ok((draw(all, COUNT, seed), count))
}

fn push(all: &mut Vec<Sentence>, root: &Path, path: &Path, found: Vec<(usize, String)>) {
    let file = path.strip_prefix(root).unwrap_or(path);
    all.extend(found.into_iter().map(|(line, text)| Sentence {
        file: file.to_owned(),
        line: line + 1,
        text,
    }));
}

/// Returns the sentences of the documentation of public items.
fn comments(lines: &[(usize, &str)]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut block = Vec::new();
    for &(number, line) in lines {
        let line = line.trim_start();
        let comment = line.strip_prefix("///").or(line.strip_prefix("//!"));
        if let Some(text) = comment.filter(|text| !text.starts_with('/')) {
            block.push((number, text));
        } else if !line.starts_with("#[") && !block.is_empty() {
            if !PRIVATE.iter().any(|start| line.starts_with(start)) {
                found.extend(markdown(&block));
            }
            block.clear();
        }
    }
    found
}

/// Returns the sentences of the string literals.
fn messages(lines: &[(usize, &str)]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for &(number, line) in lines {
        if open.is_none() && line.trim_start().starts_with("//") {
            continue;
        }
        let mut characters = line.trim_start().chars();
        while let Some(character) = characters.next() {
            match (character, &mut open) {
                ('"', None) => open = Some((number, String::new())),
                ('"', Some(_)) => {
                    let (start, text) = open.take().unwrap_or_default();
                    found.extend(sentences(&[(start, &text)]));
                }
                ('\\', Some((_, text))) => text.extend(characters.next().map(|_| ' ')),
                (other, Some((_, text))) => text.push(other),
                ('\'', None) if line.contains("'\"'") => break,
                _ => {}
            }
        }
    }
    found
}

/// Returns the sentences of paragraphs, items and cells; code blocks and headings have none.
fn markdown(lines: &[(usize, &str)]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut paragraph: Vec<(usize, &str)> = Vec::new();
    let mut fenced = false;
    for &(number, line) in lines {
        let line = line.trim();
        let fence = line.starts_with("```");
        fenced ^= fence;
        let alone = fenced || fence || line.is_empty() || line.starts_with(['#', '<', '|']);
        if alone || line.starts_with("- ") || line.starts_with("* ") {
            found.extend(sentences(&paragraph));
            paragraph.clear();
        }
        if line.starts_with('|') && !fenced {
            for cell in line.split(" | ") {
                found.extend(sentences(&[(number, cell.trim_matches(['|', ' ']))]));
            }
        } else if !alone {
            paragraph.push((number, line));
        }
    }
    found.extend(sentences(&paragraph));
    found
}

/// Splits lines at the ends of sentences.
fn sentences(lines: &[(usize, &str)]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut start, mut text) = (0, String::new());
    let words = lines
        .iter()
        .flat_map(|(number, line)| line.split_whitespace().map(move |word| (*number, word)));
    let mut words = words.peekable();
    while let Some((number, word)) = words.next() {
        if text.is_empty() {
            start = number;
        } else {
            text.push(' ');
        }
        text += word;
        let next = words.peek().and_then(|(_, next)| next.chars().next());
        let begins = next.is_none_or(|c| !c.is_lowercase() && !",;)".contains(c));
        let code = text.matches('`').count() % 2 == 1;
        let ends = word.trim_end_matches(['*', ')', '"']).ends_with(['.', '?', '!']);
        if next.is_none() || ends && begins && !code && !word.ends_with(".g.") {
            let sentence = std::mem::take(&mut text);
            if sentence.split(' ').filter(|word| is_word(word)).count() >= WORDS {
                found.push((start, sentence));
            }
        }
    }
    found
}

fn is_word(text: &str) -> bool {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    !text.is_empty() && text.chars().all(|c| c.is_alphabetic() || "-'".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(text: &str) -> Vec<(usize, &str)> {
        text.lines().enumerate().collect()
    }

    fn is(text: &str, line: usize) -> (usize, String) {
        (line, text.to_owned())
    }

    #[test]
    fn paragraphs_items_and_cells_have_sentences() {
        let text = "# A heading of many words\nThe first one goes on\nhere. The second `f. G` one is short.\n\
                    - an item of some words\n```text\nno words in the code\n```\n| `x` | a cell with four words |\n";
        let expected = [
            is("The first one goes on here.", 1),
            is("The second `f. G` one is short.", 2),
            is("- an item of some words", 3),
            is("a cell with four words", 7),
        ];
        assert_eq!(markdown(&numbered(text)), expected);
    }

    #[test]
    fn public_items_and_messages_have_sentences() {
        let text = "/// This one is public documentation.\n#[inline]\npub fn f() {}\n\
                    /// This one is private documentation.\nfn g() {}\n\
                    // a \"remark is not a message\"\nh(\"the first line \\\n   and the second\", \"no sentence\");\n";
        assert_eq!(comments(&numbered(text)), [is("This one is public documentation.", 0)]);
        assert_eq!(messages(&numbered(text)), [is("the first line and the second", 6)]);
    }
}
