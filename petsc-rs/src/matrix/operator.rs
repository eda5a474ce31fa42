//! Distinguishes matrices that store their entries from matrices that call other objects.

use super::MatrixRef;
use crate::callback;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;

/// Suffixes of the types that store their entries and refer to no other object.
const PLAIN: [&str; 8] =
    ["aij", "baij", "sbaij", "sell", "dense", "elemental", "diagonal", "scalapack"];

impl MatrixRef {
    /// Returns whether the matrix stores its entries and refers to no other object. Returns true
    /// for a matrix without a type.
    pub(super) fn has_entries(&self) -> Result<bool> {
        let kind = self.type_name()?;
        Ok(kind.is_none_or(|kind| PLAIN.iter().any(|end| kind.ends_with(end))))
    }

    /// Called by methods that replace the parts of a matrix: inside a callback, a product with a
    /// matrix that calls other matrices may be in progress, and a product holds no reference to
    /// them.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` inside a callback, for types that call other matrices.
    pub(super) fn check_rebuild(&self) -> Result<()> {
        if !callback::is_inside() || self.has_entries()? {
            return Ok(());
        }
        let kind = self.type_name()?.unwrap_or_default();
        let text = format!(
            "the parts of a matrix of type {kind} cannot be replaced inside a callback, because the matrix may be in use"
        );
        Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// For a matrix that another matrix keeps and calls: if it called other matrices, it could call
    /// the first one, and the recursion would not end.
    ///
    /// # Errors
    /// `SUP` for types that call other matrices; the message begins with `what`.
    pub(super) fn check_plain(&self, what: &str) -> Result<()> {
        if self.has_entries()? {
            return Ok(());
        }
        let kind = self.type_name()?.unwrap_or_default();
        let text = format!(
            "{what} must store its entries; a matrix of type {kind} may call other matrices"
        );
        Err(Error::collective(ErrorCode::SUP, text))
    }
}
