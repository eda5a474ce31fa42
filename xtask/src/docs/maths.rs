//! A preprocessor of mdBook that converts formulas to MathML, which browsers display without
//! scripts and network.
//!
//! `\\( … \\)` and `\\[ … \\]` in prose are TeX; code is not changed.

use std::io::Read as _;

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, push_mathml};
use serde_json::Value;

/// Implements mdBook's protocol: reads `[context, book]` and writes the book. With `supports html`,
/// only succeeds.
pub(super) fn preprocess(words: &[String]) -> Result<(), String> {
    if let [first, renderer, ..] = words {
        return match (first.as_str(), renderer.as_str()) {
            ("supports", "html") => Ok(()),
            _ => Err(format!("the renderer {renderer} is not supported")),
        };
    }
    let mut text = String::new();
    let mut input = std::io::stdin();
    input.read_to_string(&mut text).map_err(|e| e.to_string())?;
    let both: Value =
        serde_json::from_str(&text).map_err(|e| format!("the input is not a book: {e}"))?;
    let mut book = both.get(1).cloned().ok_or("the input contains no book after the context")?;
    each_chapter(&mut book)?;
    println!("{book}");
    Ok(())
}

/// Visits all values with a `content`, which are the chapters.
fn each_chapter(value: &mut Value) -> Result<(), String> {
    match value {
        Value::Array(list) => list.iter_mut().try_for_each(each_chapter),
        Value::Object(fields) => {
            let name = fields.get("name").map(Value::to_string);
            if let Some(Value::String(text)) = fields.get_mut("content") {
                *text = formulas(text)
                    .map_err(|e| format!("{}: {e}", name.as_deref().unwrap_or("a chapter")))?;
            }
            fields.values_mut().try_for_each(each_chapter)
        }
        _ => Ok(()),
    }
}

/// Returns a text with its formulas as MathML.
pub(super) fn formulas(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut prose = String::new();
    let mut fence = None;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|m| start.starts_with(m));
        if fence.is_none() && mark.is_none() {
            prose += line;
            continue;
        }
        out += &of_prose(&std::mem::take(&mut prose))?;
        out += line;
        fence = match (fence, mark) {
            (None, mark) => mark,
            (Some(open), Some(mark)) if open == mark => None,
            (open, _) => open,
        };
    }
    Ok(out + &of_prose(&prose)?)
}

fn of_prose(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = ["`", r"\\(", r"\\["].iter().filter_map(|m| rest.find(m)).min() {
        out += &rest[..at];
        rest = &rest[at..];
        if rest.starts_with('`') {
            // Code ends with the same number of marks as it starts.
            let marks = rest.len() - rest.trim_start_matches('`').len();
            let (open, behind) = rest.split_at(marks);
            let end = behind.find(open).map_or(rest.len(), |end| end + 2 * marks);
            out += &rest[..end];
            rest = &rest[end..];
            continue;
        }
        let (close, mode) = match rest.starts_with(r"\\(") {
            true => (r"\\)", DisplayMode::Inline),
            false => (r"\\]", DisplayMode::Block),
        };
        let end = rest.find(close).ok_or_else(|| {
            format!("the formula `{}` is not closed", rest.lines().next().unwrap_or_default())
        })?;
        out += &mathml(&rest[3..end], mode)?;
        rest = &rest[end + 3..];
    }
    Ok(out + rest)
}

/// Returns the MathML of a formula, without characters that Markdown would interpret.
fn mathml(tex: &str, display_mode: DisplayMode) -> Result<String, String> {
    let storage = Storage::new();
    let events: Result<Vec<_>, _> = Parser::new(tex, &storage).collect();
    let events = events.map_err(|e| format!("`{tex}`: {e}"))?;
    let mut out = String::new();
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let events = events.into_iter().map(Ok::<_, std::convert::Infallible>);
    push_mathml(&mut out, events, config).map_err(|e| format!("`{tex}`: {e}"))?;
    let mut inside = false;
    let mut quiet = String::with_capacity(out.len());
    for c in out.chars() {
        match c {
            '\n' => quiet.push(' '),
            '*' | '_' | '\\' | '[' | ']' | '|' | '~' | '`' | '!' if !inside => {
                quiet += &format!("&#{};", u32::from(c));
            }
            _ => quiet.push(c),
        }
        inside = (inside || c == '<') && c != '>';
    }
    Ok(quiet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_mathml_and_code_stays() {
        let text = "a \\\\(x_1 | y\\\\) b `\\\\(z\\\\)`\n```text\n\\\\(w\\\\)\n```\n\\\\[ \\frac12 \\\\]\n";
        let out = formulas(text).unwrap();
        assert!(out.contains("<msub>") && out.contains("<mfrac>"), "{out}");
        assert!(out.contains("`\\\\(z\\\\)`") && out.contains("\n\\\\(w\\\\)\n"), "{out}");
        assert!(!out.contains("x_1") && out.contains("&#124;"), "{out}");
    }

    #[test]
    fn what_is_no_formula_is_an_error() {
        assert!(formulas("\\\\(x").unwrap_err().contains("not closed"));
        assert!(formulas("\\\\(\\frac{1\\\\)").is_err());
        assert!(formulas("\\\\(\\nosuchword\\\\)").is_err());
    }

    #[test]
    fn formulas_in_the_chapters_of_a_book_become_mathml() {
        let mut book: Value = serde_json::from_str(
            r#"{"items":[{"Chapter":{"name":"A","content":"\\\\(x\\\\)","sub_items":[]}},"Separator"]}"#,
        )
        .unwrap();
        each_chapter(&mut book).unwrap();
        assert!(book.to_string().contains("<math"), "{book}");
    }

    #[test]
    fn every_formula_of_the_book_can_be_drawn() {
        let folder = crate::run::workspace().join("docs/src");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "md") {
                let text = std::fs::read_to_string(&path).unwrap();
                let out = formulas(&text).expect("a chapter whose formulas can be drawn");
                count += out.matches("<math").count();
            }
        }
        assert!(count > 100, "{count}");
    }
}
