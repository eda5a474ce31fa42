//! The subset of the Matlab language in case files: `mpc.name = number;`, `mpc.name = [ rows ];`,
//! comments, and cell arrays of strings, which are skipped.

use std::collections::BTreeMap;

/// One row of a matrix with its line number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) values: Vec<f64>,
}

/// A matrix with the number of its first line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Matrix {
    pub(super) line: usize,
    pub(super) rows: Vec<Row>,
}

/// The assignments of a file: matrices, and numbers as matrices with one entry.
#[derive(Clone, Debug, Default)]
pub(super) struct Sections {
    pub(super) matrices: BTreeMap<String, Matrix>,
    pub(super) last_line: usize,
}

type Mistake = (usize, String);

enum State {
    Outside,
    Matrix { name: String, matrix: Matrix, row: Row },
    Cells { begun: usize },
}

pub(super) fn sections(text: &str) -> Result<Sections, Mistake> {
    let mut sections = Sections::default();
    let mut state = State::Outside;
    for (number, line) in (1..).zip(text.lines()) {
        sections.last_line = number;
        let (code, continued) = strip(line);
        state = match state {
            State::Outside => outside(code, number, &mut sections)?,
            State::Cells { begun } if code.contains('}') => {
                let _ = begun;
                State::Outside
            }
            State::Cells { begun } => State::Cells { begun },
            State::Matrix { name, matrix, row } => {
                rows(name, matrix, row, code, number, continued, &mut sections)?
            }
        };
    }
    match state {
        State::Outside => Ok(sections),
        State::Matrix { name, matrix, .. } => {
            let text =
                format!("the file ends inside mpc.{name}, which starts on line {}", matrix.line);
            Err((sections.last_line, text))
        }
        State::Cells { begun } => {
            let text = format!("the file ends inside the cell array that starts on line {begun}");
            Err((sections.last_line, text))
        }
    }
}

/// Returns the code of a line without its comment, and whether it continues on the next line.
fn strip(line: &str) -> (&str, bool) {
    let mut quoted = false;
    let mut end = line.len();
    for (i, c) in line.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '%' if !quoted => {
                end = i;
                break;
            }
            _ => {}
        }
    }
    let code = line[..end].trim();
    match code.strip_suffix("...") {
        Some(code) => (code, true),
        None => (code, false),
    }
}

/// Parses a statement outside matrices.
fn outside(code: &str, number: usize, sections: &mut Sections) -> Result<State, Mistake> {
    let Some(rest) = code.strip_prefix("mpc.") else {
        return Ok(State::Outside);
    };
    let Some((name, value)) = rest.split_once('=') else {
        return Ok(State::Outside);
    };
    let (name, value) = (name.trim().to_owned(), value.trim());
    if name.contains('(') {
        let text = format!(
            "the statement `mpc.{name} = …` modifies the data: only cases without computations are supported"
        );
        return Err((number, text));
    }
    if let Some(value) = value.strip_prefix('[') {
        let matrix = Matrix { line: number, rows: Vec::new() };
        let row = Row { line: number, values: Vec::new() };
        return rows(name, matrix, row, value, number, false, sections);
    }
    if value.starts_with('{') {
        return Ok(if value.contains('}') {
            State::Outside
        } else {
            State::Cells { begun: number }
        });
    }
    if !value.starts_with('\'') {
        let value = value.trim_end_matches(';').trim();
        let row = Row { line: number, values: vec![parse_number(value, number)?] };
        sections.matrices.insert(name, Matrix { line: number, rows: vec![row] });
    }
    Ok(State::Outside)
}

/// Parses a line inside a matrix.
fn rows(
    name: String,
    mut matrix: Matrix,
    mut row: Row,
    code: &str,
    number: usize,
    continued: bool,
    sections: &mut Sections,
) -> Result<State, Mistake> {
    let (body, closed) = match code.split_once(']') {
        Some((body, _)) => (body, true),
        None => (code, false),
    };
    let mut parts = body.split(';').peekable();
    while let Some(part) = parts.next() {
        for word in part.split([' ', '\t', ',']).filter(|w| !w.is_empty()) {
            if row.values.is_empty() {
                row.line = number;
            }
            row.values.push(parse_number(word, number)?);
        }
        let ends = parts.peek().is_some() || closed || !continued;
        if ends && !row.values.is_empty() {
            let next = Row { line: number, values: Vec::new() };
            matrix.rows.push(std::mem::replace(&mut row, next));
        }
    }
    if closed {
        sections.matrices.insert(name, matrix);
        return Ok(State::Outside);
    }
    Ok(State::Matrix { name, matrix, row })
}

fn parse_number(word: &str, line: usize) -> Result<f64, Mistake> {
    match word.parse::<f64>() {
        Ok(value) => Ok(value),
        Err(_) => Err((line, format!("`{word}` is not a number"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_continuations_and_rows_are_read() {
        let s = sections(
            "function mpc = x\nmpc.version = '2'; % 'a'\nmpc.baseMVA = 100;\nmpc.bus = [ % c\n1 2, 3; 4 5 ...\n6\n\
             7 8 9 % no semicolon\n];\nmpc.bus_name = {\n'a; ]';\n};\nmpc.gen = [1 2];\n",
        )
        .unwrap();
        assert_eq!(s.matrices["baseMVA"].rows[0].values, [100.0]);
        let rows: Vec<_> =
            s.matrices["bus"].rows.iter().map(|r| (r.line, r.values.clone())).collect();
        assert_eq!(
            rows,
            [(5, vec![1.0, 2.0, 3.0]), (5, vec![4.0, 5.0, 6.0]), (7, vec![7.0, 8.0, 9.0])]
        );
        assert_eq!(s.matrices["gen"].rows[0].values, [1.0, 2.0]);
    }

    #[test]
    fn mistakes_name_their_line() {
        let mistake = |text: &str| sections(text).unwrap_err();
        assert_eq!(mistake("mpc.bus = [\n1 2\n3 x\n];").0, 3);
        assert!(mistake("mpc.bus = [\n1 2\n3").1.contains("ends inside mpc.bus"));
        assert_eq!(mistake("\nmpc.bus(:, 3) = 2 * mpc.bus(:, 3);").0, 2);
        assert!(mistake("mpc.names = {\n'a'\n").1.contains("cell array"));
    }
}
