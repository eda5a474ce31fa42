//! Parser of the Matrix Market format.

use std::fmt;
use std::path::Path;

use super::{index, scalar};
use crate::error::ErrorCode;
use crate::{Int, Scalar, ScalarExt as _};

/// Entries of a file, with both triangles of a symmetric matrix. Indices count from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entries {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// Row of each entry.
    pub row: Vec<Int>,
    /// Column of each entry.
    pub column: Vec<Int>,
    /// Value of each entry.
    pub value: Vec<Scalar>,
}

/// Error that occurred while reading a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The file cannot be opened.
    Open(String),
    /// A line is wrong: its number, counting from 1, and the reason.
    Line(u64, String),
}

impl Failure {
    pub(super) fn describe(&self, path: &Path) -> String {
        match self {
            Self::Open(reason) => format!("{}: {reason}", path.display()),
            Self::Line(line, what) => format!("{}:{line}: {what}", path.display()),
        }
    }

    pub(super) fn code(&self) -> ErrorCode {
        match self {
            Self::Open(_) => ErrorCode::FILE_OPEN,
            Self::Line(..) => ErrorCode::FILE_UNEXPECTED,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(reason) => f.write_str(reason),
            Self::Line(line, what) => write!(f, "line {line}: {what}"),
        }
    }
}

impl std::error::Error for Failure {}

#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Coordinate,
    Array,
}

#[derive(Clone, Copy, PartialEq)]
enum Field {
    Real,
    Complex,
    Pattern,
}

#[derive(Clone, Copy, PartialEq)]
enum Symmetry {
    General,
    Symmetric,
    Skew,
    Hermitian,
}

/// Lines with data, and their numbers.
struct Lines<I> {
    lines: I,
    number: u64,
}

impl<I: Iterator<Item = std::io::Result<String>>> Lines<I> {
    fn raw(&mut self) -> Result<Option<String>, Failure> {
        match self.lines.next() {
            None => Ok(None),
            Some(Ok(line)) => {
                self.number += 1;
                Ok(Some(line))
            }
            Some(Err(error)) => {
                self.number += 1;
                Err(self.wrong(error.to_string()))
            }
        }
    }

    fn data(&mut self, expected: &str) -> Result<String, Failure> {
        while let Some(line) = self.raw()? {
            let text = line.trim();
            if !text.is_empty() && !text.starts_with('%') {
                return Ok(line);
            }
        }
        let at = self.number;
        Err(Failure::Line(at, format!("the file ends before {expected}")))
    }

    fn wrong(&self, what: impl Into<String>) -> Failure {
        Failure::Line(self.number, what.into())
    }
}

pub(super) fn parse(
    lines: impl Iterator<Item = std::io::Result<String>>,
) -> Result<Entries, Failure> {
    let mut lines = Lines { lines, number: 0 };
    let Some(banner) = lines.raw()? else {
        return Err(Failure::Line(1, "the file is empty".into()));
    };
    let (layout, field, symmetry) = parse_banner(&banner).map_err(|e| lines.wrong(e))?;
    let sizes = lines.data("the size line")?;
    let sizes: Vec<u64> = sizes
        .split_ascii_whitespace()
        .map(|word| word.parse().map_err(|_| lines.wrong(format!("{word:?} is not a size"))))
        .collect::<Result<_, _>>()?;
    let (rows, columns, count) = match (layout, sizes.as_slice()) {
        (Layout::Coordinate, &[rows, columns, count]) => (rows, columns, count),
        (Layout::Array, &[rows, columns]) => (rows, columns, 0),
        (Layout::Coordinate, _) => {
            return Err(lines.wrong("expected three sizes: rows, columns and entries"));
        }
        (Layout::Array, _) => return Err(lines.wrong("expected two sizes: rows and columns")),
    };
    let (Some(m), Some(n)) = (index(rows), index(columns)) else {
        return Err(lines.wrong("the sizes do not fit into PetscInt"));
    };
    if symmetry != Symmetry::General && m != n {
        return Err(lines.wrong("a symmetric matrix must be square"));
    }
    let mut entries = Entries {
        rows: usize::try_from(rows).unwrap_or(usize::MAX),
        columns: usize::try_from(columns).unwrap_or(usize::MAX),
        ..Entries::default()
    };
    match layout {
        Layout::Coordinate => {
            for k in 0..count {
                let line = lines.data(&format!("entry {} of {count}", k + 1))?;
                let (i, j, value) = coordinate(&line, field, m, n).map_err(|e| lines.wrong(e))?;
                entries.push(i, j, value, symmetry).map_err(|e| lines.wrong(e))?;
            }
        }
        Layout::Array => {
            for j in 0..n {
                let first = match symmetry {
                    Symmetry::General => 0,
                    Symmetry::Skew => j + 1,
                    Symmetry::Symmetric | Symmetry::Hermitian => j,
                };
                for i in first..m {
                    let line = lines.data(&format!("entry ({}, {})", i + 1, j + 1))?;
                    let mut words = line.split_ascii_whitespace();
                    let value = number(&mut words, field).map_err(|e| lines.wrong(e))?;
                    rest(words).map_err(|e| lines.wrong(e))?;
                    entries.push(i, j, value, symmetry).map_err(|e| lines.wrong(e))?;
                }
            }
        }
    }
    while let Some(line) = lines.raw()? {
        let text = line.trim();
        if !text.is_empty() && !text.starts_with('%') {
            return Err(lines.wrong("there are more entries than the size line states"));
        }
    }
    Ok(entries)
}

fn parse_banner(banner: &str) -> Result<(Layout, Field, Symmetry), String> {
    let banner = banner.to_ascii_lowercase();
    let words: Vec<&str> = banner.split_ascii_whitespace().collect();
    let &["%%matrixmarket", "matrix", layout, field, symmetry] = words.as_slice() else {
        return Err(
            "expected a first line such as `%%MatrixMarket matrix coordinate real general`".into(),
        );
    };
    let layout = match layout {
        "coordinate" => Layout::Coordinate,
        "array" => Layout::Array,
        other => return Err(format!("unknown layout {other:?}")),
    };
    let field = match field {
        "real" | "double" | "integer" | "unsigned-integer" => Field::Real,
        "complex" => Field::Complex,
        "pattern" if layout == Layout::Coordinate => Field::Pattern,
        other => return Err(format!("unknown field {other:?}")),
    };
    let symmetry = match symmetry {
        "general" => Symmetry::General,
        "symmetric" => Symmetry::Symmetric,
        "skew-symmetric" => Symmetry::Skew,
        "hermitian" => Symmetry::Hermitian,
        other => return Err(format!("unknown symmetry {other:?}")),
    };
    Ok((layout, field, symmetry))
}

fn coordinate(line: &str, field: Field, m: Int, n: Int) -> Result<(Int, Int, Scalar), String> {
    let mut words = line.split_ascii_whitespace();
    let i = place(words.next(), "row", m)?;
    let j = place(words.next(), "column", n)?;
    let value = number(&mut words, field)?;
    rest(words)?;
    Ok((i, j, value))
}

fn place(word: Option<&str>, what: &str, limit: Int) -> Result<Int, String> {
    let Some(word) = word else {
        return Err(format!("the {what} is missing"));
    };
    let i: Int = word.parse().map_err(|_| format!("the {what} {word:?} is not a number"))?;
    if i < 1 || i > limit {
        return Err(format!("the {what} {i} is outside 1..={limit}"));
    }
    Ok(i - 1)
}

fn number<'a>(words: &mut impl Iterator<Item = &'a str>, field: Field) -> Result<Scalar, String> {
    let mut part = |what: &str| -> Result<f64, String> {
        let word = words.next().ok_or_else(|| format!("the {what} is missing"))?;
        let value: f64 =
            word.parse().map_err(|_| format!("the {what} {word:?} is not a number"))?;
        if value.is_finite() { Ok(value) } else { Err(format!("the {what} {value} is not finite")) }
    };
    let (re, im) = match field {
        Field::Pattern => (1.0, 0.0),
        Field::Real => (part("value")?, 0.0),
        Field::Complex => (part("real part")?, part("imaginary part")?),
    };
    scalar(re, im)
        .ok_or_else(|| "the value is complex, but PETSc was built with real scalars".to_owned())
}

fn rest<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<(), String> {
    match words.next() {
        None => Ok(()),
        Some(word) => Err(format!("unexpected word {word:?} at the end of the line")),
    }
}

impl Entries {
    fn push(&mut self, i: Int, j: Int, value: Scalar, symmetry: Symmetry) -> Result<(), String> {
        let mirrored = match symmetry {
            Symmetry::General => None,
            Symmetry::Skew if i == j => {
                return Err("a skew-symmetric matrix has no entries on the diagonal".into());
            }
            _ if i == j => None,
            Symmetry::Symmetric => Some(value),
            Symmetry::Skew => Some(-value),
            Symmetry::Hermitian => Some(value.conjugate()),
        };
        self.row.push(i);
        self.column.push(j);
        self.value.push(value);
        if let Some(mirrored) = mirrored {
            self.row.push(j);
            self.column.push(i);
            self.value.push(mirrored);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Entries, Failure> {
        parse(text.lines().map(|l| Ok(l.to_owned())))
    }

    #[test]
    fn errors_name_the_line() {
        let line = |text: &str| match of(text) {
            Err(Failure::Line(n, what)) => (n, what),
            other => (0, format!("{other:?}")),
        };
        let head = "%%MatrixMarket matrix coordinate real general\n% remark\n";
        assert_eq!(line("").0, 1);
        assert_eq!(line("hello\n").0, 1);
        assert_eq!(line(&format!("{head}2 2\n")).0, 3);
        assert_eq!(line(&format!("{head}2 2 -1\n")).0, 3);
        assert_eq!(line(&format!("{head}2 2 1\n3 1 1.0\n")).0, 4);
        assert_eq!(line(&format!("{head}2 2 1\n0 1 1.0\n")).0, 4);
        assert_eq!(line(&format!("{head}2 2 1\n1 1 x\n")).0, 4);
        assert_eq!(line(&format!("{head}2 2 1\n1 1 nan\n")).0, 4);
        assert_eq!(line(&format!("{head}2 2 1\n1 1 1 1\n")).0, 4);
        assert_eq!(line(&format!("{head}2 2 2\n1 1 1\n")).0, 4);
        assert_eq!(line(&format!("{head}2 2 1\n1 1 1\n1 2 1\n")).0, 5);
        assert_eq!(line("%%MatrixMarket matrix array real symmetric\n2 3\n").0, 2);
    }

    #[test]
    fn symmetric_halves_are_mirrored() {
        let e = of("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 1 3.5\n");
        let e = e.expect("a correct file");
        assert_eq!((e.row, e.column), (vec![1, 0], vec![0, 1]));
        assert_eq!(e.value[1].real(), -3.5);
        let e = of("%%MatrixMarket matrix array integer symmetric\n2 2\n1\n2\n3\n");
        let e = e.expect("a correct file");
        assert_eq!(e.row, vec![0, 1, 0, 1]);
        assert_eq!(e.value.iter().map(|v| v.real()).collect::<Vec<_>>(), [1.0, 2.0, 2.0, 3.0]);
    }
}
