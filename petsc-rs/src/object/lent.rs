//! Checks of the borrow table before an object of any class is read.

use super::Object;
use crate::error::Result;
use crate::ffi;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;

/// Checks the memory of a vector, or of a matrix with its parts; for other classes, the object
/// itself.
///
/// # Errors
/// `ARG_WRONGSTATE` while a guard that writes exists.
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
