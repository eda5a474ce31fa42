//! MATPOWER case files (version 2): reading, and the network that they describe.

mod case;
mod text;

use std::fmt;
use std::path::{Path, PathBuf};

pub use case::{Branch, Bus, BusKind, Case, DcLine, Generator};

/// What is wrong with a case file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseError {
    /// The file.
    pub path: PathBuf,
    /// Line, from 1; 0 if the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if self.line > 0 {
            write!(f, "{}:", self.line)?;
        }
        write!(f, " {}", self.message)
    }
}

impl std::error::Error for CaseError {}

/// The file itself, or one of that name among the cases that come with the program.
#[must_use]
pub fn find(path: &Path) -> PathBuf {
    let data = std::env::var_os("PETSC_RS_DATA").map(PathBuf::from);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut candidates = vec![path.to_owned()];
    for root in data.into_iter().chain([own]) {
        candidates.push(root.join("powergrid").join(path));
        candidates.push(root.join("powergrid").join(path).with_extension("m"));
    }
    candidates
        .into_iter()
        .find(|p| p.is_file())
        .unwrap_or_else(|| path.to_owned())
}

/// Reads a case file.
///
/// # Errors
/// The first mistake, with its line.
pub fn read(path: &Path) -> Result<Case, CaseError> {
    let fail = |line, message| CaseError {
        path: path.to_owned(),
        line,
        message,
    };
    let text = crate::app::read_text(path).map_err(|e| fail(0, e))?;
    parse(&text).map_err(|(line, message)| fail(line, message))
}

/// Reads a case from a text.
///
/// # Errors
/// Line and description of the first mistake.
pub fn parse(text: &str) -> Result<Case, (usize, String)> {
    Case::from_sections(&text::sections(text)?)
}
