//! The operators, which the solver object holds by itself: SLEPc gives none back that were changed, and forgets them
//! with a reset.

use std::ffi::CString;
use std::ptr;

use petsc_rs::matrix::MatrixRef;
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Int, Object, Result, call, ffi, internal};

use crate::sys;

fn name(i: usize) -> Result<CString> {
    ffi::c_string(&format!("petsc-rs.operator.{i}"))
}

/// Takes a reference of each, in place of those that were held before.
pub(crate) fn hold(solver: sys::PetscObject, operators: &[Option<&MatrixRef>]) -> Result<()> {
    forget(solver)?;
    for (i, matrix) in operators.iter().enumerate() {
        if let Some(matrix) = matrix {
            let name = name(i)?;
            // SAFETY: live objects; PETSc copies the name.
            unsafe {
                call!(PetscObjectCompose(
                    solver,
                    name.as_ptr(),
                    matrix.object_ptr()
                ))
            }?;
        }
    }
    Ok(())
}

/// Gives the references back.
pub(crate) fn forget(solver: sys::PetscObject) -> Result<()> {
    for i in 0.. {
        if raw(solver, i)?.is_null() {
            break;
        }
        let name = name(i)?;
        // SAFETY: a live object; NULL takes away what was composed.
        unsafe { call!(PetscObjectCompose(solver, name.as_ptr(), ptr::null_mut())) }?;
    }
    Ok(())
}

fn raw(solver: sys::PetscObject, i: usize) -> Result<sys::PetscObject> {
    let (name, mut raw) = (name(i)?, ptr::null_mut());
    // SAFETY: a live object, a NUL-terminated name, a valid out-pointer.
    unsafe { call!(PetscObjectQuery(solver, name.as_ptr(), &raw mut raw)) }?;
    Ok(raw)
}

/// Operator number `i`, which the solver keeps while it is borrowed: replacing it needs `&mut`.
pub(crate) fn held<S: Object>(solver: &S, i: usize) -> Result<Option<&MatrixRef>> {
    let raw = raw(solver.object_ptr(), i)?;
    // SAFETY: a live matrix, see above.
    Ok((!raw.is_null()).then(|| unsafe { MatrixRef::from_ptr(raw.cast()) }))
}

/// SLEPc copies the entries of vectors without asking for sizes; `fits` is the local and the global one.
pub(crate) fn check_fit<S: Object>(
    solver: &S,
    vectors: &[&VectorRef],
    fits: (usize, usize),
) -> Result<(Int, Vec<sys::Vec>)> {
    for vector in vectors {
        internal::check_same_ranks(solver.object_ptr(), vector.object_ptr())?;
        let found = (vector.local_len()?, vector.len()?);
        if found != fits {
            let text = format!(
                "the operators want vectors of {} entries ({} on this rank), got {} ({})",
                fits.1, fits.0, found.1, found.0
            );
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
    }
    let raw = vectors.iter().map(|v| v.as_ptr()).collect();
    Ok((ffi::petsc_int(vectors.len())?, raw))
}
