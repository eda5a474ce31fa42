//! Checks of types, and objects that belong to the method of a solver and must not outlive it.

use super::Object;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::link;
use crate::{call, ffi, options, runtime, sys};

/// Returns the index of the type of `object` in `types`. `what` names the setting in the message.
///
/// # Errors
/// `ARG_WRONG` for another type.
pub fn type_among<O>(object: &O, types: &[&str], what: &str) -> Result<usize>
where
    O: Object + ?Sized,
{
    for (number, kind) in types.iter().enumerate() {
        if object.is_type(kind)? {
            return Ok(number);
        }
    }
    let (last, most) = types.split_last().unwrap_or((&"", &[]));
    let types = match most {
        [] => (*last).to_owned(),
        _ => format!("{} or {last}", most.join(", ")),
    };
    let text = format!("{what} requires type {types}; {}", type_of(object)?);
    Err(Error::new(ErrorCode::ARG_WRONG, text))
}

/// Checks that the type of `object` implements `function`, which C looks up as `function_C`. `what`
/// names the method in the message.
///
/// # Errors
/// `ARG_WRONG` if it does not.
pub fn check_composed<O>(object: &O, function: &str, what: &str) -> Result<()>
where
    O: Object + ?Sized,
{
    let (name, mut found) = (ffi::c_string(&format!("{function}_C"))?, None);
    let out = (&raw mut found).cast();
    // SAFETY: a live object, a NUL-terminated name, and a valid out-pointer to a function.
    unsafe {
        call!(PetscObjectQueryFunction_Private(
            object.object_ptr(),
            name.as_ptr(),
            out
        ))
    }?;
    let found: Option<unsafe extern "C" fn()> = found;
    if found.is_some() {
        return Ok(());
    }
    let text = format!("{what} does not apply; {}", type_of(object)?);
    Err(Error::new(ErrorCode::ARG_WRONG, text))
}

/// Returns the type of `object` for a message.
fn type_of<O: Object + ?Sized>(object: &O) -> Result<String> {
    let found = object.type_name()?;
    Ok(found.map_or_else(
        || "this object has no type yet".into(),
        |kind| format!("this object has type {kind}"),
    ))
}

/// Called before the method (type) of `solver` is set to `next`. Invalidates operators that point
/// to the current method.
///
/// # Errors
/// `ARG_WRONGSTATE` while handles to solvers that the current method created exist.
pub fn leave_method<S: Object + ?Sized>(solver: &S, next: &str) -> Result<()> {
    if solver.is_type(next)? {
        return Ok(());
    }
    check_parts_of_method(solver)?;
    cut_operators(solver)
}

/// Called before options are read that may set the method: `option` is the name, such as
/// `-pep_type`. See [`leave_method`].
///
/// # Errors
/// The errors of [`leave_method`].
pub fn leave_method_by<S: Object + ?Sized>(solver: &S, option: &str) -> Result<()> {
    let option = ffi::c_string(option)?;
    let next = options::of_object(solver.options_prefix()?, &option)?;
    next.map_or(Ok(()), |next| leave_method(solver, &next))
}

/// Checks that no handle exists to a solver that the method created, because it calls the method.
pub(crate) fn check_parts_of_method<S: Object + ?Sized>(solver: &S) -> Result<()> {
    if runtime::has_parts_of_method(solver.object_ptr()) {
        let text = "a handle to a solver inside the current method exists: drop it before setting another method";
        return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
    }
    Ok(())
}

/// Called before the products of `solver` from its operators are destroyed: products with operators
/// that point to them return errors afterwards.
///
/// # Errors
/// The errors of `PetscObjectCompose`.
pub fn cut_operators<S: Object + ?Sized>(solver: &S) -> Result<()> {
    link::cut(solver, None)
}
