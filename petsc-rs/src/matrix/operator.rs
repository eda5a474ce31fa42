//! Matrices that have their entries themselves, and those that call others.

use super::MatrixRef;
use crate::callback;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;

/// Ends of the names of types that have entries of their own and point to nobody.
const PLAIN: [&str; 8] = [
    "aij",
    "baij",
    "sbaij",
    "sell",
    "dense",
    "elemental",
    "diagonal",
    "scalapack",
];

impl MatrixRef {
    /// Whether the matrix has entries of its own and points to nobody, as one without a type does.
    pub(super) fn has_entries(&self) -> Result<bool> {
        let kind = self.type_name()?;
        Ok(kind.is_none_or(|kind| PLAIN.iter().any(|end| kind.ends_with(end))))
    }

    /// For methods that replace what a matrix consists of. Inside of a callback, the product of a matrix that calls others
    /// may be what runs; products hold no reference, as they are to cost nothing.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` inside of a callback, for types that call others.
    pub(super) fn check_rebuild(&self) -> Result<()> {
        if !callback::is_inside() || self.has_entries()? {
            return Ok(());
        }
        let kind = self.type_name()?.unwrap_or_default();
        let text = format!(
            "inside of a callback, a matrix of type {kind} keeps its parts: it may be in use"
        );
        Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// For what another matrix keeps and calls: one that calls others may lead back to it, and the product would not end.
    ///
    /// # Errors
    /// `SUP` for types that call others; the text starts with `what`.
    pub(super) fn check_plain(&self, what: &str) -> Result<()> {
        if self.has_entries()? {
            return Ok(());
        }
        let kind = self.type_name()?.unwrap_or_default();
        let text =
            format!("{what} has entries of its own; a matrix of type {kind} may call others");
        Err(Error::collective(ErrorCode::SUP, text))
    }
}
