//! The types of the vectors that go with the operators.

use std::ptr;

use petsc_rs::matrix::MatrixRef;
use petsc_rs::{Object as _, Result, call, ffi};

use crate::sys;

/// Gives matrices whose vectors are of the standard type on this many ranks that type by name. SLEPc
/// compares names (seen in 3.26), and a matrix of type `diagonal` has that of its vector (`seq`, `mpi`), others `standard`.
pub(crate) fn standardize(matrices: &[&MatrixRef]) -> Result<()> {
    for &matrix in matrices {
        let mut raw = ptr::null();
        // SAFETY: a live matrix and a valid out-pointer.
        unsafe { call!(MatGetVecType(matrix.as_ptr(), &raw mut raw)) }?;
        let standard = if matrix.comm()?.size() == 1 {
            "seq"
        } else {
            "mpi"
        };
        // SAFETY: NULL or a NUL-terminated name that the matrix keeps.
        let name = unsafe { ffi::str_from_ptr(raw) };
        if name.as_deref() != Some(standard) {
            continue;
        }
        // SAFETY: a live matrix and a NUL-terminated name, under which it makes the same vectors as before.
        unsafe { call!(MatSetVecType(matrix.as_ptr(), c"standard".as_ptr())) }?;
    }
    Ok(())
}
