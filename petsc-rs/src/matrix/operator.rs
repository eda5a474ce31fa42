//! The matrices of solvers.

use super::{Matrix, MatrixRef};
use crate::error::Result;
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
        let plain = |kind: &str| PLAIN.iter().any(|end| kind.ends_with(end));
        if kind.as_deref().is_none_or(plain) {
            // SAFETY: by contract.
            unsafe { Self::retain(raw) }
        } else {
            // SAFETY: by contract.
            unsafe { Self::part_of(solver, raw) }
        }
    }
}
