//! Parser of the `/*TEST … TEST*/` blocks at the end of PETSc's tutorials: `key: value` lines, in
//! which indentation groups tests into sets.

use std::collections::BTreeMap;

/// Fields whose values are concatenated, over lines and from a set to its tests. Other fields are
/// replaced.
const APPENDED: &[&str] = &["args", "diff_args", "requires", "comments", "env"];

/// All fields of a test.
const FIELDS: &[&str] = &[
    "nsize",
    "requires",
    "command",
    "suffix",
    "diff_args",
    "args",
    "filter",
    "filter_output",
    "localrunfiles",
    "comments",
    "TODO",
    "SKIP",
    "output_file",
    "timeoutfactor",
    "env",
    "temporaries",
];

/// `key: value` lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Returns the value of a field, empty if it is absent.
    pub(crate) fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// Returns whether the field exists, even if it is empty.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Replaces a field.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }

    /// Appends to a field, separated by a blank.
    pub(crate) fn append(&mut self, key: &str, value: &str) {
        let field = self.0.entry(key.into()).or_default();
        if !field.is_empty() && !value.is_empty() {
            field.push(' ');
        }
        field.push_str(value);
    }

    /// Returns these fields, combined with those of a test in the set.
    pub(crate) fn with(&self, inner: &Fields) -> Fields {
        let mut all = self.clone();
        for (key, value) in &inner.0 {
            if APPENDED.contains(&key.as_str()) {
                all.append(key, value);
            } else {
                all.set(key, value.clone());
            }
        }
        all
    }
}

/// One `test:` or `testset:` with its tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// The fields of the block.
    pub(crate) fields: Fields,
    /// The fields of each `test:` in the set.
    pub(crate) tests: Vec<Fields>,
}

/// All tests of a source file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Blocks {
    /// `build:`
    pub(crate) build: Fields,
    /// The blocks, in order.
    pub(crate) blocks: Vec<Block>,
}

/// Parses the blocks of a C source.
pub(crate) fn parse(source: &str) -> Result<Blocks, String> {
    let mut all = Blocks::default();
    for part in source.replace("\r\n", "\n").split("/*TEST\n").skip(1) {
        let text = part.split("TEST*/").next().unwrap_or(part);
        parse_text(text, &mut all)?;
    }
    Ok(all)
}

fn parse_text(text: &str, all: &mut Blocks) -> Result<(), String> {
    let lines = logical_lines(text);
    let Some(base) = lines.first().map(|l| indent(l)) else {
        return Ok(());
    };
    // The indentation of the fields of the current entry; a line with larger indentation belongs to
    // a test of the set.
    let mut level = None;
    let mut in_build = false;
    for line in &lines {
        let (key, value) = line
            .split_once(':')
            .map(|(k, v)| (k.trim(), v.trim()))
            .ok_or_else(|| format!("the line `{}` contains no `:`", line.trim()))?;
        if indent(line) <= base {
            level = None;
            in_build = key == "build";
            match key {
                "test" | "testset" => all.blocks.push(Block::default()),
                "build" => {}
                _ => {
                    return Err(format!("found `{key}:`, expected test:, testset: or build:"));
                }
            }
            continue;
        }
        if in_build {
            if !["requires", "TODO", "SKIP", "depends"].contains(&key) {
                return Err(format!("`{key}` is not a field of build:"));
            }
            all.build.append(key, value);
            continue;
        }
        let block = all.blocks.last_mut().ok_or("there is a field before the first test:")?;
        let own = *level.get_or_insert(indent(line));
        if key == "test" && indent(line) == own {
            block.tests.push(Fields::default());
            continue;
        }
        if !FIELDS.contains(&key) {
            return Err(format!("`{key}` is not a field of a test"));
        }
        if indent(line) > own {
            block
                .tests
                .last_mut()
                .ok_or(format!("`{key}` is indented too far"))?
                .append(key, value);
        } else if block.fields.has(key) && !APPENDED.contains(&key) {
            return Err(format!("`{key}` occurs twice in a test"));
        } else {
            block.fields.append(key, value);
        }
    }
    Ok(())
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Returns the lines without comments and blank lines. Lines that end with a backslash or inside
/// quotation marks are joined with the next line.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut open: Option<String> = None;
    for raw in text.lines() {
        let line = match open.take() {
            Some(begun) => begun + raw.trim_end(),
            None if raw.trim().is_empty() || raw.trim_start().starts_with('#') => continue,
            None => raw.trim_end().to_owned(),
        };
        if let Some(begun) = line.strip_suffix('\\') {
            open = Some(format!("{begun} "));
        } else if in_quotes(&line) {
            open = Some(line + "\n");
        } else {
            let line = line.split('#').next().unwrap_or("").trim_end();
            if !line.trim().is_empty() {
                lines.push(line.to_owned());
            }
        }
    }
    lines.extend(open);
    lines
}

/// Returns whether a quotation mark at the start of a word is open at the end. Marks inside a word
/// (`don't`, `s'a'b'`) do not count.
fn in_quotes(line: &str) -> bool {
    let mut quote = None;
    let mut before = ' ';
    for c in line.chars() {
        match quote {
            Some(q) if c == q => quote = None,
            None if before.is_whitespace() && (c == '"' || c == '\'') => quote = Some(c),
            _ => {}
        }
        before = c;
    }
    quote.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_add_up_and_tests_nest() {
        let text = "int x;\n/*TEST\n\n  build:\n    requires: !single # why\n\n  testset:\n    nsize: 2\n    \
                    args: -a 1\n    args: -b\n    test:\n      suffix: one\n      args: -c\n    # skip\n    \
                    test:\n      output_file: output/x.out\n\n  test:\n\nTEST*/\n";
        let all = parse(text).unwrap();
        assert_eq!(all.build.get("requires"), "!single");
        assert_eq!(all.blocks.len(), 2);
        let set = &all.blocks[0];
        assert_eq!((set.fields.get("nsize"), set.fields.get("args")), ("2", "-a 1 -b"));
        assert_eq!(set.tests.len(), 2);
        let one = set.fields.with(&set.tests[0]);
        assert_eq!(
            (one.get("args"), one.get("suffix"), one.get("nsize")),
            ("-a 1 -b -c", "one", "2")
        );
        assert_eq!(all.blocks[1], Block::default());
    }

    #[test]
    fn lines_continue_by_backslash_and_quotes() {
        let text = "/*TEST\n test:\n   args: -a \\\n     -b\n   filter: grep -v \"x\n y\"\nTEST*/";
        let all = parse(text).unwrap();
        let fields = &all.blocks[0].fields;
        assert_eq!(fields.get("args").split_whitespace().collect::<Vec<_>>(), ["-a", "-b"]);
        assert_eq!(fields.get("filter"), "grep -v \"x\n y\"");
    }

    #[test]
    fn mistakes_are_named() {
        let error = |body: &str| parse(&format!("/*TEST\n{body}TEST*/")).unwrap_err();
        assert!(error(" test:\n  colour: red\n").contains("colour"));
        assert!(error(" test:\n  nsize: 1\n  nsize: 2\n").contains("twice"));
        assert!(error(" args: -a\n").contains("args"));
    }
}
