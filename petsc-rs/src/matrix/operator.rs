//! Matrices that call others, and those that have their entries themselves.

use super::{Matrix, MatrixRef};
use crate::callback;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;
use crate::sys;

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
    /// For methods that replace what a matrix consists of. Inside of a callback, the product of a matrix that calls others
    /// may be what runs; products hold no reference, as they are to cost nothing.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` inside of a callback, for types that call others.
    pub(super) fn check_rebuild(&self) -> Result<()> {
        let kind = self.type_name()?.unwrap_or_default();
        if !callback::is_inside() || is_plain(&kind) {
            return Ok(());
        }
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
        let kind = self.type_name()?.unwrap_or_default();
        if is_plain(&kind) {
            return Ok(());
        }
        let text =
            format!("{what} has entries of its own; a matrix of type {kind} may call others");
        Err(Error::collective(ErrorCode::SUP, text))
    }
}

fn is_plain(kind: &str) -> bool {
    PLAIN.iter().any(|end| kind.ends_with(end))
}

impl Matrix {
    /// A handle to an operator of a solver. Some operators call the solver, without counting it: those whose entries
    /// are functions. Handles to these keep the solver.
    ///
    /// # Safety
    /// As [`retain`](Self::retain).
    ///
    /// # Errors
    /// What `PetscObjectReference` returns.
    #[doc(hidden)]
    #[track_caller]
    pub unsafe fn operator_of<S: Object>(solver: &S, raw: sys::Mat) -> Result<Self> {
        // SAFETY: live (by contract).
        let kind = unsafe { MatrixRef::from_ptr(raw) }.type_name()?;
        if kind.as_deref().is_none_or(is_plain) {
            // SAFETY: by contract.
            unsafe { Self::retain(raw) }
        } else {
            // SAFETY: by contract.
            unsafe { Self::part_of(solver, raw) }
        }
    }
}
