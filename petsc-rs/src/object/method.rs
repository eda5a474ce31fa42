//! What is made for the method of a solver, and must not outlive it.

use super::Object;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::link;
use crate::{call, ffi, options, runtime, sys};

/// Which of these types `object` has. `what` requires one of them.
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

/// Whether the type of `object` has an implementation of `function`, which C looks up as `function_C`. `what` needs it.
///
/// # Errors
/// `ARG_WRONG` if it has none.
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

/// The type of `object`, for a message.
fn type_of<O: Object + ?Sized>(object: &O) -> Result<String> {
    let found = object.type_name()?;
    Ok(found.map_or_else(
        || "this object has no type yet".into(),
        |kind| format!("this object has type {kind}"),
    ))
}

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
/// The errors of [`leave_method`].
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
/// The errors of `PetscObjectCompose`.
pub fn cut_operators<S: Object + ?Sized>(solver: &S) -> Result<()> {
    link::cut(solver, None)
}
