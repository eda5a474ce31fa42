//! The type of an object, for settings that only some types have.

use super::Object;
use crate::error::{Error, ErrorCode, Result};
use crate::{call, ffi};

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

/// Checks that the type of `object` implements `function`, that is, that `function_C` is composed
/// with the object. `what` names the method in the message.
///
/// # Errors
/// `ARG_WRONG` if the type does not implement the function.
pub fn check_composed<O>(object: &O, function: &str, what: &str) -> Result<()>
where
    O: Object + ?Sized,
{
    let (name, mut found) = (ffi::c_string(&format!("{function}_C"))?, None);
    let out = (&raw mut found).cast();
    // SAFETY: a live object, a NUL-terminated name, and a valid out-pointer to a function.
    unsafe { call!(PetscObjectQueryFunction_Private(object.object_ptr(), name.as_ptr(), out)) }?;
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
