//! Look-up of options, and the record of names that were looked up.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ptr;

use super::Options;
use crate::error::Result;
use crate::{ffi, get, sys};

thread_local! {
    static ASKED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Returns the names that this program has looked up in this session, without `-`.
pub(super) fn asked() -> BTreeSet<String> {
    ASKED.with_borrow(BTreeSet::clone)
}

pub(super) fn forget() {
    ASKED.with_borrow_mut(BTreeSet::clear);
}

impl Options {
    /// Returns the value of an option; `Some(None)` for an option without a value. The option
    /// counts as used.
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

    /// Looks up an option as [`find`](Self::find) does, with its full name, which is not recorded.
    #[expect(clippy::option_option, reason = "absent, without value, with value")]
    pub(super) fn look_up(&self, name: &std::ffi::CStr) -> Result<Option<Option<String>>> {
        // SAFETY: a live database or NULL; a NUL-terminated name.
        let (value, set): (_, bool) =
            unsafe { get!(PetscOptionsFindPair(self.raw(), ptr::null(), name.as_ptr(), _, _)) }?;
        if !set {
            return Ok(None);
        }
        // SAFETY: NULL, or a string that lives until the option is changed, which happens later.
        let value = unsafe { ffi::str_from_ptr(value) };
        Ok(Some(value.filter(|v| !v.is_empty())))
    }
}
