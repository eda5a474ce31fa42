//! Options that hold for a while.

use std::cell::RefCell;
use std::ffi::{CStr, CString};
use std::rc::Rc;

use super::{Options, unused};
use crate::error::Result;
use crate::{call, ffi, runtime, sys};

/// What the options of one scope were before.
#[derive(Debug, Default)]
pub(super) struct Journal(RefCell<Option<Vec<Before>>>);

#[derive(Debug)]
struct Before {
    name: CString,
    /// Value, if the option was there, and whether somebody had used it.
    previous: Option<(Option<String>, bool)>,
}

/// Restores on every way out.
struct Restore {
    options: Options,
    journal: Rc<Journal>,
}

impl Options {
    /// Runs `body` with a view whose changes are undone afterwards, also if `body` fails or panics:
    /// what it set is removed, what it replaced or cleared comes back.
    ///
    /// An option that nobody asked for meanwhile appears in the report of unused options.
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
        // An outer scope need not know: its state is restored when this one ends.
        let view = Self {
            journal: Some(Rc::clone(&journal)),
            ..self.clone()
        };
        let mut restore = Restore {
            options: self.clone(),
            journal,
        };
        let outcome = body(&view);
        let undone = restore.undo();
        drop(restore);
        outcome.and_then(|value| undone.map(|()| value))
    }

    /// Keeps what an option is before it is changed, if this view belongs to a scope.
    pub(super) fn note(&self, name: &CStr) -> Result<()> {
        let Some(journal) = &self.journal else {
            return Ok(());
        };
        let open = journal.0.borrow().is_some();
        if !open {
            return Ok(());
        }
        // Before looking it up, which counts as use.
        let used = self.used(name)?;
        let previous = self.look_up(name)?.map(|value| (value, used));
        if let Some(entries) = journal.0.borrow_mut().as_mut() {
            entries.push(Before {
                name: name.to_owned(),
                previous,
            });
        }
        Ok(())
    }

    /// Whether somebody asked for the option.
    fn used(&self, name: &CStr) -> Result<bool> {
        let mut used = ffi::raw_bool(false);
        let bare = CString::from(name).into_bytes();
        let bare = ffi::c_string(String::from_utf8_lossy(&bare).trim_start_matches('-'))?;
        // SAFETY: a live database or NULL; a NUL-terminated name; a valid out-pointer.
        unsafe { call!(PetscOptionsUsed(self.raw(), bare.as_ptr(), &raw mut used)) }?;
        Ok(ffi::to_bool(used))
    }
}

impl Restore {
    fn undo(&mut self) -> Result<()> {
        let entries = self.journal.0.borrow_mut().take().unwrap_or_default();
        let options = Options {
            journal: None,
            ..self.options.clone()
        };
        let mut outcome = Ok(());
        for Before { name, previous } in entries.into_iter().rev() {
            let one = match previous {
                Some((value, used)) => options.put(&name, value.as_deref()).and_then(|()| {
                    // Setting an option makes it unused again.
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
        // Only after a panic is there something left to do. Not collective.
        if runtime::drop_mode() != runtime::DropMode::Skip {
            let _ = self.undo();
        }
    }
}
