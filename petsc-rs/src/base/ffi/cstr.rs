//! Conversion of strings to and from C.

use std::ffi::{CStr, CString, c_char};

use crate::error::{Error, Result};

/// Returns a NUL-terminated copy.
///
/// # Errors
/// `ARG_WRONG` if the text contains a NUL character.
pub fn c_string(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Error::argument(format!("the text {text:?} contains a NUL")))
}

/// Returns the string at `text`, or `None` for NULL; bytes that are not valid UTF-8 are replaced.
///
/// # Safety
/// `text` is NULL or points to a NUL-terminated string.
pub unsafe fn str_from_ptr(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    #[expect(clippy::disallowed_methods, reason = "the only call; NULL was checked above")]
    // SAFETY: not NULL (above) and NUL-terminated by contract.
    let text = unsafe { CStr::from_ptr(text) };
    Some(text.to_string_lossy().into_owned())
}
