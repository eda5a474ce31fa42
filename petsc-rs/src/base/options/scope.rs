//! Options with a limited scope.

use std::cell::RefCell;
use std::ffi::{CStr, CString};
use std::rc::Rc;

use super::{Options, unused};
use crate::error::Result;
use crate::{call, ffi, get, runtime, sys};

/// The options as they were before the scope changed them.
#[derive(Debug, Default)]
pub(super) struct Journal(RefCell<Option<Vec<Before>>>);

#[derive(Debug)]
struct Before {
    name: CString,
    /// The previous value, and whether the option was used before; `None` if the option was not
    /// set.
    previous: Option<(Option<String>, bool)>,
}

/// Restores the options on drop.
struct Restore {
    options: Options,
    journal: Rc<Journal>,
}

impl Options {
    /// Runs `body` with a view of the options. Changes through this view are reverted afterwards,
    /// even if `body` fails or panics: options that `body` set are removed, and options that it
    /// replaced or cleared are restored.
    ///
    /// Options that were not used in `body` appear in the report of unused options.
    ///
    /// # Errors
    /// The errors of `body`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// let options = petsc.options();
    /// options.set("-ksp_type", "cg")?;
    /// let inside = options.scope(|o| {
    ///     o.insert_str("-ksp_type gmres -ksp_gmres_restart 5")?;
    ///     o.string("-ksp_type") // create and set up solvers here
    /// })?;
    /// assert_eq!(inside.as_deref(), Some("gmres"));
    /// assert_eq!(options.string("-ksp_type")?.as_deref(), Some("cg"));
    /// assert!(!options.has("-ksp_gmres_restart")?);
    /// # options.clear("-ksp_type")
    /// # })
    /// ```
    pub fn scope<T>(&self, body: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        let journal = Rc::new(Journal(RefCell::new(Some(Vec::new()))));
        // An outer scope does not record these changes: its state is restored when this scope ends.
        let view = Self { journal: Some(Rc::clone(&journal)), ..self.clone() };
        let mut restore = Restore { options: self.clone(), journal };
        let outcome = body(&view);
        let undone = restore.undo();
        drop(restore);
        outcome.and_then(|value| undone.map(|()| value))
    }

    /// Records the state of an option before it is changed, if this view belongs to a scope.
    pub(super) fn note(&self, name: &CStr) -> Result<()> {
        let Some(journal) = &self.journal else {
            return Ok(());
        };
        let open = journal.0.borrow().is_some();
        if !open {
            return Ok(());
        }
        // Before the look-up, which marks the option as used.
        let used = self.used(name)?;
        let previous = self.look_up(name)?.map(|value| (value, used));
        if let Some(entries) = journal.0.borrow_mut().as_mut() {
            entries.push(Before { name: name.to_owned(), previous });
        }
        Ok(())
    }

    /// Returns whether the option was used.
    fn used(&self, name: &CStr) -> Result<bool> {
        let bare = CString::from(name).into_bytes();
        let bare = ffi::c_string(String::from_utf8_lossy(&bare).trim_start_matches('-'))?;
        // SAFETY: a live database or NULL; a NUL-terminated name.
        unsafe { get!(PetscOptionsUsed(self.raw(), bare.as_ptr(), _)) }
    }
}

impl Restore {
    fn undo(&mut self) -> Result<()> {
        let entries = self.journal.0.borrow_mut().take().unwrap_or_default();
        let options = Options { journal: None, ..self.options.clone() };
        let mut outcome = Ok(());
        for Before { name, previous } in entries.into_iter().rev() {
            let one = match previous {
                Some((value, used)) => options.put(&name, value.as_deref()).and_then(|()| {
                    // Setting an option marks it as unused.
                    if used {
                        options.look_up(&name)?;
                    }
                    Ok(())
                }),
                None => remove(&options, &name),
            };
            outcome = outcome.and(one);
        }
        outcome
    }
}

fn remove(options: &Options, name: &CStr) -> Result<()> {
    if !options.used(name)? {
        if let Some(value) = options.look_up(name)? {
            unused::note_scoped(name.to_string_lossy().trim_start_matches('-'), value);
        }
    }
    // SAFETY: a live database or NULL; a NUL-terminated name.
    unsafe { call!(PetscOptionsClearValue(options.raw(), name.as_ptr())) }
}

impl Drop for Restore {
    fn drop(&mut self) {
        // Only after a panic is the state not restored yet. Not collective.
        if runtime::drop_mode() != runtime::DropMode::Skip {
            let _ = self.undo();
        }
    }
}
