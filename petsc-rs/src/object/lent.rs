//! What the borrow table is asked before an object of any class is read.

use super::Object;
use crate::error::Result;
use crate::ffi;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;

/// Asks for the memory of a vector or a matrix with its parts, for the object itself of other classes.
///
/// # Errors
/// `ARG_WRONGSTATE` if a guard that writes is in the way.
pub(super) fn check_readable<O: Object + ?Sized>(object: &O) -> Result<()> {
    if !ffi::any_borrow() {
        return Ok(());
    }
    let raw = object.object_ptr();
    match object.class_name()?.as_str() {
        // SAFETY: a live object of this class.
        "Vec" => unsafe { VectorRef::from_ptr(raw.cast()) }.check_readable(),
        // SAFETY: a live object of this class.
        "Mat" => unsafe { MatrixRef::from_ptr(raw.cast()) }.check_readable(),
        _ => ffi::check_readable(raw),
    }
}
