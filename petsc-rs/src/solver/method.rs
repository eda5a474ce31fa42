//! What a solver made for its method, and must not outlive it.

use crate::error::{Error, ErrorCode, Result};
use crate::matrix::link;
use crate::object::Object;
use crate::{ffi, options, runtime};

/// Called before `solver` gets the method `next`. Cuts off the operators that point to the method of now.
///
/// # Errors
/// `ARG_WRONGSTATE` while there are handles to solvers that the method of now made.
pub fn leave_method<S: Object + ?Sized>(solver: &S, next: &str) -> Result<()> {
    if solver.is_type(next)? {
        return Ok(());
    }
    check_parts_of_method(solver)?;
    cut_operators(solver)
}

/// The same where the options may name the method that comes next: `option` is the name, such as `-pep_type`.
///
/// # Errors
/// As [`leave_method`].
pub fn leave_method_by<S: Object + ?Sized>(solver: &S, option: &str) -> Result<()> {
    let option = ffi::c_string(option)?;
    let next = options::of_object(solver.options_prefix()?, &option)?;
    next.map_or(Ok(()), |next| leave_method(solver, &next))
}

/// A solver that the method made calls it.
pub(crate) fn check_parts_of_method<S: Object + ?Sized>(solver: &S) -> Result<()> {
    if runtime::has_parts_of_method(solver.object_ptr()) {
        let text = "a solver within the method has a handle of its own: drop it before another method takes its place";
        return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
    }
    Ok(())
}

/// What `solver` made of its operators is about to go: products of operators that point there are errors from here on.
///
/// # Errors
/// What `PetscObjectCompose` returns.
pub fn cut_operators<S: Object + ?Sized>(solver: &S) -> Result<()> {
    link::cut(solver, None)
}
