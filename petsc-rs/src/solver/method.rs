//! Objects that belong to the method of a solver and become invalid when the method changes.

use crate::error::{Error, ErrorCode, Result};
use crate::matrix::link;
use crate::object::Object;
use crate::{ffi, options, runtime};

/// Called before the method (type) of `solver` is set to `next`. Invalidates operators that point
/// to the current method.
///
/// # Errors
/// `ARG_WRONGSTATE` while a handle exists to a solver that the current method created.
pub fn leave_method<S: Object + ?Sized>(solver: &S, next: &str) -> Result<()> {
    if solver.is_type(next)? {
        return Ok(());
    }
    check_parts_of_method(solver)?;
    cut_operators(solver)
}

/// Called before a solver reads options. `option` is the name of the option that sets the method,
/// such as `-pep_type`. See [`leave_method`].
///
/// # Errors
/// The errors of [`leave_method`].
pub fn leave_method_by<S: Object + ?Sized>(solver: &S, option: &str) -> Result<()> {
    let option = ffi::c_string(option)?;
    let next = options::of_object(solver.options_prefix()?, &option)?;
    next.map_or(Ok(()), |next| leave_method(solver, &next))
}

/// Checks that no handle exists to a solver that the method created, because such a solver calls
/// the method.
pub(crate) fn check_parts_of_method<S: Object + ?Sized>(solver: &S) -> Result<()> {
    if runtime::has_parts_of_method(solver.object_ptr()) {
        let text = "a handle to a solver inside the current method exists: drop it before setting another method";
        return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
    }
    Ok(())
}

/// Called before matrices that `solver` computed from its operators are destroyed. Afterwards,
/// operators in C that point to these matrices return errors.
///
/// # Errors
/// The errors of `PetscObjectCompose`.
pub fn cut_operators<S: Object + ?Sized>(solver: &S) -> Result<()> {
    link::cut(solver, None)
}
