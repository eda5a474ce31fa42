//! References to the operators, composed with the solver. They are necessary because SLEPc does not
//! return operators whose values were changed, and releases the operators in a reset.

use std::ffi::CString;
use std::ptr;

use petsc_rs::Matrix;
use petsc_rs::matrix::{MatrixRef, Structure};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Int, Object, Result, call, ffi, internal};

use crate::sys;

/// Composed objects of a solver, by the prefix of their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Composed {
    Operator,
    /// The functions of a nonlinear problem in split form.
    Function,
    /// The derivative of a nonlinear problem.
    Jacobian,
}

fn name(what: Composed, i: usize) -> Result<CString> {
    let what = match what {
        Composed::Operator => "operator",
        Composed::Function => "function",
        Composed::Jacobian => "jacobian",
    };
    ffi::c_string(&format!("petsc-rs.{what}.{i}"))
}

/// Composes references to the operators, in place of the previous ones.
pub(crate) fn hold(solver: sys::PetscObject, operators: &[Option<&MatrixRef>]) -> Result<()> {
    let objects: Vec<_> = operators.iter().map_while(|m| m.map(|m| m.object_ptr())).collect();
    hold_as(solver, Composed::Operator, &objects)
}

/// Composes references to other objects than operators.
pub(crate) fn hold_as(
    solver: sys::PetscObject,
    what: Composed,
    objects: &[sys::PetscObject],
) -> Result<()> {
    forget_as(solver, what)?;
    for (i, object) in objects.iter().enumerate() {
        let name = name(what, i)?;
        // SAFETY: live objects; PETSc copies the name.
        unsafe { call!(PetscObjectCompose(solver, name.as_ptr(), *object)) }?;
    }
    Ok(())
}

/// Drops the references.
pub(crate) fn forget(solver: sys::PetscObject) -> Result<()> {
    [Composed::Operator, Composed::Function, Composed::Jacobian]
        .into_iter()
        .try_for_each(|what| forget_as(solver, what))
}

fn forget_as(solver: sys::PetscObject, what: Composed) -> Result<()> {
    for i in 0.. {
        if object_held(solver, what, i)?.is_null() {
            break;
        }
        let name = name(what, i)?;
        // SAFETY: a live object; NULL removes the composed object.
        unsafe { call!(PetscObjectCompose(solver, name.as_ptr(), ptr::null_mut())) }?;
    }
    Ok(())
}

/// Returns a composed object, NULL if there is none.
pub(crate) fn object_held(
    solver: sys::PetscObject,
    what: Composed,
    i: usize,
) -> Result<sys::PetscObject> {
    // SAFETY: a live object.
    unsafe { petsc_rs::callback::composed(solver, &name(what, i)?) }
}

/// Returns operator number `i`.
#[track_caller]
pub(crate) fn held<S: Object>(solver: &S, i: usize) -> Result<Option<Matrix>> {
    held_as(solver, Composed::Operator, i)
}

/// Returns another composed matrix.
#[track_caller]
pub(crate) fn held_as<S: Object>(solver: &S, what: Composed, i: usize) -> Result<Option<Matrix>> {
    debug_assert_ne!(what, Composed::Function, "not a matrix");
    let raw = object_held(solver.object_ptr(), what, i)?;
    // SAFETY: NULL, or a matrix composed by `hold_as`.
    unsafe { Matrix::retain_nullable(raw.cast()) }
}

/// Called before a solver gets the operators `next`: products of the previous ones become invalid.
pub(crate) fn before<S: Object>(solver: &S, next: &[Option<&MatrixRef>]) -> Result<()> {
    for (i, next) in next.iter().enumerate() {
        let now = held(solver, i)?;
        if now.as_ref().map(|m| m.as_ptr()) != next.map(MatrixRef::as_ptr) {
            return internal::cut_operators(solver);
        }
    }
    Ok(())
}

/// Converts a nonzero structure for C.
pub(crate) fn raw_structure(structure: Structure) -> sys::MatStructure {
    match structure {
        Structure::Unknown => sys::UNKNOWN_NONZERO_PATTERN,
        Structure::Subset => sys::SUBSET_NONZERO_PATTERN,
        Structure::Different => sys::DIFFERENT_NONZERO_PATTERN,
    }
}

/// Checks that the initial vectors of a solver have the sizes of an operator. The operator is not
/// needed if there are no vectors.
pub(crate) fn check_space<S: Object>(
    solver: &S,
    vectors: &[&VectorRef],
    operator: impl FnOnce() -> Result<Matrix>,
) -> Result<(Int, Vec<sys::Vec>)> {
    if vectors.is_empty() {
        return Ok((0, Vec::new()));
    }
    let a = operator()?;
    check_fit(solver, vectors, (a.local_size()?.0, a.size()?.0))
}

/// Checks the vectors whose entries SLEPc copies without a check of sizes; `fits` contains the
/// local and the global size.
pub(crate) fn check_fit<S: Object>(
    solver: &S,
    vectors: &[&VectorRef],
    fits: (usize, usize),
) -> Result<(Int, Vec<sys::Vec>)> {
    for vector in vectors {
        internal::check_same_ranks(solver.object_ptr(), vector.object_ptr())?;
        if vector.is_type("nest")? {
            // `VecMAXPY_Nest` and similar functions cast the private data of a basis' columns.
            let text =
                "a basis does not support nested vectors: copy the entries to a standard vector";
            return Err(Error::new(ErrorCode::ARG_NOTSAMETYPE, text));
        }
        let found = (vector.local_len()?, vector.len()?);
        if found != fits {
            let text = format!(
                "the operators require vectors of {} entries ({} on this rank), got {} ({})",
                fits.1, fits.0, found.1, found.0
            );
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
    }
    let raw = vectors.iter().map(|v| v.as_ptr()).collect();
    Ok((ffi::petsc_int(vectors.len())?, raw))
}
