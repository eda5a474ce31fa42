//! Vector types of the operators.

use std::ptr;

use petsc_rs::matrix::MatrixRef;
use petsc_rs::{Object as _, Result, call, ffi};

use crate::sys;

/// Sets the vector type by name on matrices whose vectors have the standard type for this number of
/// ranks. SLEPc compares the names (observed in 3.26): the vector type of a `diagonal` matrix is
/// that of its vector (`seq`, `mpi`), and of other matrices `standard`.
pub(crate) fn standardize(matrices: &[&MatrixRef]) -> Result<()> {
    for &matrix in matrices {
        let mut raw = ptr::null();
        // SAFETY: a live matrix and a valid out-pointer.
        unsafe { call!(MatGetVecType(matrix.as_ptr(), &raw mut raw)) }?;
        let standard = if matrix.comm()?.size() == 1 { "seq" } else { "mpi" };
        // SAFETY: NULL or a NUL-terminated name that the matrix keeps.
        let name = unsafe { ffi::str_from_ptr(raw) };
        if name.as_deref() != Some(standard) {
            continue;
        }
        // SAFETY: a live matrix and a NUL-terminated name, with which it creates the same vectors
        // as before.
        unsafe { call!(MatSetVecType(matrix.as_ptr(), c"standard".as_ptr())) }?;
    }
    Ok(())
}
