//! MATPOWER case files (version 2): the reader, and the network that they describe.

mod case;
mod text;

use std::fmt;
use std::path::{Path, PathBuf};

pub use case::{Branch, Bus, BusKind, Case, DcLine, Generator};

/// An error in a case file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseError {
    /// The file.
    pub path: PathBuf,
    /// The line, starting at 1; 0 stands for the whole file.
    pub line: usize,
    /// The description.
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

/// Returns the path of the file, or of the file with that name among the cases of this package.
#[must_use]
pub fn find(path: &Path) -> PathBuf {
    let data = std::env::var_os("PETSC_RS_DATA").map(PathBuf::from);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut candidates = vec![path.to_owned()];
    for root in data.into_iter().chain([own]) {
        candidates.push(root.join("powergrid").join(path));
        candidates.push(root.join("powergrid").join(path).with_extension("m"));
    }
    candidates.into_iter().find(|p| p.is_file()).unwrap_or_else(|| path.to_owned())
}

/// Reads a case file.
///
/// # Errors
/// The first error, with its line.
pub fn read(path: &Path) -> Result<Case, CaseError> {
    let fail = |line, message| CaseError { path: path.to_owned(), line, message };
    let text = crate::app::read_text(path).map_err(|e| fail(0, e))?;
    parse(&text).map_err(|(line, message)| fail(line, message))
}

/// Parses the text of a case file.
///
/// # Errors
/// The line and the description of the first error.
pub fn parse(text: &str) -> Result<Case, (usize, String)> {
    Case::from_sections(&text::sections(text)?)
}
