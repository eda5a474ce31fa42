//! Looking an option up, and remembering which names were looked up.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ptr;

use super::Options;
use crate::error::Result;
use crate::{call, ffi, sys};

thread_local! {
    static ASKED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// The names that this program asked for in this session, without `-`.
pub(super) fn asked() -> BTreeSet<String> {
    ASKED.with_borrow(BTreeSet::clone)
}

pub(super) fn forget() {
    ASKED.with_borrow_mut(BTreeSet::clear);
}

impl Options {
    /// The option's value; `Some(None)` if it has none. Counts as use.
    #[expect(clippy::option_option, reason = "absent, without value, with value")]
    pub(super) fn find(&self, name: &str) -> Result<Option<Option<String>>> {
        let name = self.full_name(name)?;
        ASKED.with_borrow_mut(|asked| {
            let text = name.to_string_lossy();
            let text = text.trim_start_matches('-');
            if !asked.contains(text) {
                asked.insert(text.to_owned());
            }
        });
        self.look_up(&name)
    }

    /// As [`find`](Self::find), for a full name, which is not remembered.
    #[expect(clippy::option_option, reason = "absent, without value, with value")]
    pub(super) fn look_up(&self, name: &std::ffi::CStr) -> Result<Option<Option<String>>> {
        let (mut value, mut set) = (ptr::null(), ffi::raw_bool(false));
        // SAFETY: a live database or NULL; a NUL-terminated name; valid out-pointers.
        unsafe {
            call!(PetscOptionsFindPair(
                self.raw(),
                ptr::null(),
                name.as_ptr(),
                &raw mut value,
                &raw mut set
            ))
        }?;
        if !ffi::to_bool(set) {
            return Ok(None);
        }
        // SAFETY: NULL, or a text that lives until the option is changed, which is later.
        let value = unsafe { ffi::str_from_ptr(value) };
        Ok(Some(value.filter(|v| !v.is_empty())))
    }
}
