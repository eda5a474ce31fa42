//! The options database: what `-ksp_type gmres` on the command line means to the program.

mod lookup;
mod scope;
mod suggest;
mod unused;
mod value;

use std::ffi::{CStr, CString};
use std::fmt;
use std::path::Path;
use std::ptr;
use std::rc::Rc;

use petsc_macros::wraps;

pub use unused::{Hint, UnusedOption};
pub(crate) use unused::{conclude, forget};
pub(crate) use value::of_object;

use crate::comm::Comm;
use crate::error::{Error, Result};
use crate::runtime::{self, DropMode};
use crate::{Petsc, call, ffi, file, sys};
use scope::Journal;

/// A view of an options database, perhaps under a prefix.
///
/// The database itself is shared: [`Petsc::options`] leads to the one of the whole program, which
/// PETSc filled from the command line, and all handles to it see each other's changes, which is why
/// the methods that change it take `&self`. [`Options::new`] makes one of its own.
///
/// Names are given with or without the leading `-`. Asking for an option counts as using it.
///
/// # Examples
/// ```
/// # petsc_rs::doctest_session(|petsc| {
/// let options = petsc.options();
/// options.set("-inner_tolerance", 1e-3)?;
/// let inner = options.with_prefix("inner_");
/// assert_eq!(inner.real("-tolerance")?, Some(1e-3));
/// assert_eq!(inner.int("-iterations")?.unwrap_or(20), 20);
/// options.clear("-inner_tolerance")?;
/// # Ok(()) })
/// ```
#[wraps(PetscOptions)]
#[derive(Clone)]
pub struct Options {
    database: Rc<Database>,
    prefix: String,
    journal: Option<Rc<Journal>>,
}

/// NULL stands for the database of the program. The session ends after the database.
struct Database(sys::PetscOptions, runtime::Hold);

impl Database {
    fn new(raw: sys::PetscOptions) -> Rc<Self> {
        Rc::new(Self(raw, runtime::Hold::new()))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !self.0.is_null() && runtime::drop_mode() != DropMode::Skip {
            // SAFETY: created by `Options::new` and owned by this value; not collective.
            let code = unsafe { sys::PetscOptionsDestroy(&raw mut self.0) };
            runtime::record_drop("PetscOptionsDestroy", code);
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("global", &self.database.0.is_null())
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl Petsc {
    /// The options database of the program.
    #[must_use]
    pub fn options(&self) -> Options {
        Options::of_program()
    }
}

impl Options {
    /// An empty database of its own. The session is proof that PETSc runs.
    ///
    /// # Errors
    /// The errors of `PetscOptionsCreate`.
    #[wraps(PetscOptionsCreate)]
    pub fn new(_session: &Petsc) -> Result<Self> {
        Self::create()
    }

    fn create() -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: PETSc is initialized; a valid out-pointer.
        unsafe { call!(PetscOptionsCreate(&raw mut raw)) }?;
        Ok(Self {
            database: Database::new(raw),
            prefix: String::new(),
            journal: None,
        })
    }

    /// While PETSc runs.
    pub(crate) fn of_program() -> Self {
        Self {
            database: Database::new(ptr::null_mut()),
            prefix: String::new(),
            journal: None,
        }
    }

    pub(crate) fn raw(&self) -> sys::PetscOptions {
        self.database.0
    }

    /// The same database with `prefix` before every name, after the prefix that this view has.
    #[must_use]
    pub fn with_prefix(&self, prefix: &str) -> Self {
        let mut view = self.clone();
        view.prefix.push_str(prefix.trim_start_matches('-'));
        view
    }

    /// The prefix of this view, empty for the whole database.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// `-prefixname` for PETSc.
    pub(crate) fn full_name(&self, name: &str) -> Result<CString> {
        let name = format!("-{}{}", self.prefix, name.trim_start_matches('-'));
        let mut rest = name.chars().skip(1);
        if !rest.next().is_some_and(|c| c.is_ascii_alphabetic())
            || rest.any(|c| c.is_whitespace() || c.is_control())
        {
            return Err(Error::argument(format!(
                "{name:?} is no name of an option: it needs a letter first, and no spaces"
            )));
        }
        ffi::c_string(&name)
    }

    /// Whether the option is there, with a value or without. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for a name that no option can have.
    #[wraps(PetscOptionsHasName)]
    pub fn has(&self, name: &str) -> Result<bool> {
        crate::not_collective!();
        Ok(self.find(name)?.is_some())
    }

    /// Sets an option, over one of the same name. Not collective, but do the same on all ranks.
    ///
    /// # Errors
    /// `ARG_WRONG` for a name that no option can have, or a value with a NUL.
    #[wraps(PetscOptionsSetValue)]
    pub fn set(&self, name: &str, value: impl fmt::Display) -> Result<()> {
        crate::not_collective!();
        self.put(&self.full_name(name)?, Some(&value.to_string()))
    }

    /// Sets an option without a value. Not collective, but do the same on all ranks.
    ///
    /// # Errors
    /// `ARG_WRONG` for a name that no option can have.
    #[wraps(PetscOptionsSetValue)]
    pub fn set_flag(&self, name: &str) -> Result<()> {
        crate::not_collective!();
        self.put(&self.full_name(name)?, None)
    }

    fn put(&self, name: &CStr, value: Option<&str>) -> Result<()> {
        self.note(name)?;
        let value = value.map(ffi::c_string).transpose()?;
        let value = value.as_ref().map_or(ptr::null(), |v| v.as_ptr());
        // SAFETY: a live database or NULL; NUL-terminated texts, which PETSc copies.
        unsafe { call!(PetscOptionsSetValue(self.raw(), name.as_ptr(), value)) }
    }

    /// Removes an option, if it is there. Not collective, but do the same on all ranks.
    ///
    /// # Errors
    /// `ARG_WRONG` for a name that no option can have.
    #[wraps(PetscOptionsClearValue)]
    pub fn clear(&self, name: &str) -> Result<()> {
        crate::not_collective!();
        let name = self.full_name(name)?;
        self.note(&name)?;
        // SAFETY: a live database or NULL; a NUL-terminated name.
        unsafe { call!(PetscOptionsClearValue(self.raw(), name.as_ptr())) }
    }

    /// Adds options as a command line has them: `-ksp_type cg -pc_type none`.
    ///
    /// # Errors
    /// What `PetscOptionsInsertString` returns; a text with a NUL.
    #[wraps(PetscOptionsInsertString)]
    pub fn insert_str(&self, text: &str) -> Result<()> {
        let text = ffi::c_string(text)?;
        self.merge(|raw| {
            // SAFETY: a live database or NULL; a NUL-terminated text.
            unsafe { call!(PetscOptionsInsertString(raw, text.as_ptr())) }
        })
    }

    /// Adds options written as YAML, where nested names are joined.
    ///
    /// # Errors
    /// What `PetscOptionsInsertStringYAML` returns: wrong syntax; a text with a NUL.
    #[wraps(PetscOptionsInsertStringYAML)]
    pub fn insert_yaml(&self, text: &str) -> Result<()> {
        let text = ffi::c_string(text)?;
        self.merge(|raw| {
            // SAFETY: a live database or NULL; a NUL-terminated text.
            unsafe { call!(PetscOptionsInsertStringYAML(raw, text.as_ptr())) }
        })
    }

    /// Adds the options in a file, as YAML if its name ends in `.yml` or `.yaml`. Rank 0 reads.
    ///
    /// Collective.
    ///
    /// # Errors
    /// `FILE_OPEN` on all ranks if the file cannot be read; wrong syntax.
    #[wraps(PetscOptionsInsertFile, PetscOptionsInsertFileYAML)]
    pub fn insert_file(&self, comm: &Comm, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        file::check(comm, path, file::Access::Read)?;
        let yaml = path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("yml") || e.eq_ignore_ascii_case("yaml"));
        let path = ffi::c_string(&path.to_string_lossy())?;
        let (comm, path, require) = (comm.as_raw(), path.as_ptr(), ffi::raw_bool(true));
        self.merge(|raw| {
            if yaml {
                // SAFETY: a live communicator, a live database or NULL, a NUL-terminated path.
                unsafe { call!(PetscOptionsInsertFileYAML(comm, raw, path, require)) }
            } else {
                // SAFETY: as above.
                unsafe { call!(PetscOptionsInsertFile(comm, raw, path, require)) }
            }
        })
    }

    /// Lets `insert` fill the database; if the names must be known or changed, by way of an empty
    /// one, all of whose options PETSc lists as unused.
    fn merge(&self, insert: impl FnOnce(sys::PetscOptions) -> Result<()>) -> Result<()> {
        if self.journal.is_none() && self.prefix.is_empty() {
            return insert(self.raw());
        }
        let draft = Self::create()?;
        insert(draft.raw())?;
        for (name, value) in draft.left()? {
            self.put(&self.full_name(&name)?, value.as_deref())?;
        }
        Ok(())
    }

    /// All options, sorted by name, as far as they begin with this view's prefix (which is left on).
    ///
    /// A value that contains ` -` and a letter is taken for the next option, because PETSc gives
    /// all of them as one text.
    ///
    /// # Errors
    /// The errors of `PetscOptionsGetAll`.
    #[wraps(PetscOptionsGetAll, PetscOptionsView)]
    pub fn all(&self) -> Result<Vec<(String, Option<String>)>> {
        let mut all = split_all(&self.text()?);
        all.retain(|(name, _)| name.starts_with(&self.prefix));
        Ok(all)
    }

    /// The whole database as PETSc writes it.
    pub(crate) fn text(&self) -> Result<String> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live database or NULL; a valid out-pointer.
        unsafe { call!(PetscOptionsGetAll(self.raw(), &raw mut raw)) }?;
        // SAFETY: a NUL-terminated text of PETSc's, or NULL.
        let text = unsafe { ffi::str_from_ptr(raw) }.unwrap_or_default();
        // SAFETY: PETSc handed the text over, and nobody has it any more.
        unsafe { call!(PetscRsFree(raw.cast())) }?;
        Ok(text)
    }

    /// Runs `body` with this database in the place of the program's: objects that it creates and
    /// sets from options read here.
    ///
    /// # Errors
    /// `ARG_WRONG` for the program's own database; the errors of `body`.
    #[wraps(PetscOptionsPush, PetscOptionsPop)]
    pub fn activate<T>(&self, body: impl FnOnce() -> Result<T>) -> Result<T> {
        struct Pop;
        impl Drop for Pop {
            fn drop(&mut self) {
                // SAFETY: the push of this scope is on top, since inner ones have ended.
                let code = unsafe { sys::PetscOptionsPop() };
                runtime::record_drop("PetscOptionsPop", code);
            }
        }
        if self.raw().is_null() {
            return Err(Error::argument(
                "the program's options database is in its place already",
            ));
        }
        // SAFETY: a live database, which `self` keeps until after the pop.
        unsafe { call!(PetscOptionsPush(self.raw())) }?;
        let _pop = Pop;
        body()
    }
}

/// Takes apart `-name value -name -name value `.
fn split_all(text: &str) -> Vec<(String, Option<String>)> {
    let starts: Vec<usize> = text
        .char_indices()
        .filter(|&(i, c)| {
            c == '-'
                && (i == 0 || text[..i].ends_with(' '))
                && text[i + 1..].starts_with(|c: char| c.is_ascii_alphabetic())
        })
        .map(|(i, _)| i)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut all: Vec<_> = starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| {
            let one = text[start + 1..end].trim_end();
            match one.split_once(' ') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (one.to_owned(), None),
            }
        })
        .collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::split_all;

    #[test]
    fn takes_the_text_of_all_options_apart() {
        let text = "-n 3 -flag -x -1.5,2 -file a b ";
        let expected = [
            ("file", Some("a b")),
            ("flag", None),
            ("n", Some("3")),
            ("x", Some("-1.5,2")),
        ];
        let expected: Vec<(String, Option<String>)> = expected
            .iter()
            .map(|(n, v)| ((*n).to_owned(), v.map(str::to_owned)))
            .collect();
        assert_eq!(split_all(text), expected);
        assert!(split_all("").is_empty());
    }
}
