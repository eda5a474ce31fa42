//! Parsing of Markdown for the link checker: links, and the anchors of headings.

use std::collections::BTreeMap;

/// A link and its line number, starting at 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) line: usize,
    pub(super) target: String,
}

/// Returns a text without its code: lines in fences are empty, `code` is blank. Line numbers do not
/// change.
fn prose(text: &str) -> Vec<String> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let start = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|m| start.starts_with(m));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => {
                lines.push(without_code(line));
                continue;
            }
            _ => {}
        }
        lines.push(String::new());
    }
    lines
}

fn without_code(line: &str) -> String {
    let parts: Vec<_> = line.split('`').collect();
    // If the number of marks is odd, the last one opens nothing.
    let closed = parts.len() % 2 == 1;
    let mut out = String::new();
    for (i, part) in parts.iter().enumerate() {
        let code = i % 2 == 1 && (closed || i + 1 < parts.len());
        out += if code { "code" } else { part };
    }
    out
}

/// Returns all links: `[text](target)`, images, `[name]: target` and `<https://…>`.
pub(super) fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    for (number, line) in prose(text).iter().enumerate() {
        let mut add = |target: &str| {
            found.push(Link { line: number + 1, target: target.to_owned() });
        };
        for (at, _) in line.match_indices("](") {
            // A target may contain one pair of parentheses, as in some manuals.
            let rest = &line[at + 2..];
            let mut depth = 0;
            let end = rest.find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth < 0
            });
            let target = end.map_or(rest, |end| &rest[..end]);
            add(target.split_whitespace().next().unwrap_or_default());
        }
        if let Some((name, target)) = line.split_once("]: ") {
            if name.starts_with('[') && !name.contains("](") {
                add(target.trim());
            }
        }
        for (at, _) in line.match_indices("<http") {
            let rest = &line[at + 1..];
            add(rest.split('>').next().unwrap_or_default());
        }
    }
    found
}

/// Returns the anchors that mdBook and GitHub create for the headings.
pub(super) fn anchors(text: &str) -> Vec<String> {
    let mut seen = BTreeMap::<String, usize>::new();
    let mut anchors = Vec::new();
    // Words in `code` are part of an anchor, so lines come from the text; the prose determines
    // which lines are headings.
    for (line, prose) in text.lines().zip(prose(text)) {
        let level = prose.chars().take_while(|c| *c == '#').count();
        if !(1..=6).contains(&level) || !prose[level..].starts_with(' ') {
            continue;
        }
        let name: String = line[level..]
            .trim()
            .chars()
            .filter_map(|c| match c {
                ' ' => Some('-'),
                '-' | '_' => Some(c),
                _ => c.is_alphanumeric().then(|| c.to_ascii_lowercase()),
            })
            .collect();
        let count = seen.entry(name.clone()).or_default();
        anchors.push(match *count {
            0 => name,
            n => format!("{name}-{n}"),
        });
        *count += 1;
    }
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_outside_of_code() {
        let text = "see [one](a.md), ![two](b/c.png \"title\") and `[no](x.md)`\n```\n[no](y.md)\n```\n\
                    <https://example.org> [manual](https://e.org/f(x)) end\n[name]: d.md#there\n";
        let found: Vec<_> = links(text).into_iter().map(|l| (l.line, l.target)).collect();
        let expected = [
            (1, "a.md"),
            (1, "b/c.png"),
            (5, "https://e.org/f(x)"),
            (5, "https://example.org"),
            (6, "d.md#there"),
        ];
        assert_eq!(found, expected.map(|(line, target)| (line, target.to_owned())));
    }

    #[test]
    fn headings_become_anchors() {
        let text = "# On a cluster\n## `gwas`, again & again\n```text\n# no heading\n```\n## Same\n## Same\n#no\n";
        assert_eq!(anchors(text), ["on-a-cluster", "gwas-again--again", "same", "same-1"]);
    }
}
