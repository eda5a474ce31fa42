//! The options database, which contains options such as `-ksp_type gmres` from the command line.

mod lookup;
mod scope;
mod suggest;
mod unused;
mod value;

use std::ffi::{CStr, CString, c_char};
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
use crate::{Petsc, call, ffi, file, get, sys};
use scope::Journal;

/// A view of an options database, optionally with a prefix.
///
/// The database is shared: [`Petsc::options`] returns a view of the global database, which PETSc
/// fills from the command line. All views see each other's changes, so the methods that change it
/// take `&self`. [`Options::new`] creates a separate database.
///
/// Names are given with or without the leading `-`. An option that was looked up counts as used.
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

/// NULL stands for the global database. The session ends after the database.
struct Database(sys::PetscOptions, runtime::Hold);

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
    /// Returns the global options database.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// petsc.options().set("-n", 20)?; // as from the command line
    /// assert_eq!(petsc.options().int("-n")?, Some(20));
    /// # Ok(()) })
    /// ```
    #[must_use]
    pub fn options(&self) -> Options {
        Options::of_program()
    }
}

impl Options {
    /// Creates an empty, separate database. The argument guarantees that PETSc is initialized.
    #[wraps(PetscOptionsCreate)]
    pub fn new(_session: &Petsc) -> Result<Self> {
        Self::create()
    }

    fn create() -> Result<Self> {
        // SAFETY: PETSc is initialized.
        let raw = unsafe { get!(PetscOptionsCreate(_)) }?;
        Ok(Self::over(raw))
    }

    /// Returns the global database. PETSc must be initialized.
    pub(crate) fn of_program() -> Self {
        Self::over(ptr::null_mut())
    }

    fn over(raw: sys::PetscOptions) -> Self {
        Self {
            database: Rc::new(Database(raw, runtime::Hold::new())),
            prefix: String::new(),
            journal: None,
        }
    }

    pub(crate) fn raw(&self) -> sys::PetscOptions {
        self.database.0
    }

    /// Returns a view of the same database that adds the prefix of this view and then `prefix`
    /// before every name.
    #[must_use]
    pub fn with_prefix(&self, prefix: &str) -> Self {
        let mut view = self.clone();
        view.prefix.push_str(prefix.trim_start_matches('-'));
        view
    }

    /// Returns the prefix of this view. It is empty for a view of the whole database.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Returns `-prefixname` for PETSc.
    pub(crate) fn full_name(&self, name: &str) -> Result<CString> {
        let name = format!("-{}{}", self.prefix, name.trim_start_matches('-'));
        let mut rest = name.chars().skip(1);
        if !rest.next().is_some_and(|c| c.is_ascii_alphabetic())
            || rest.any(|c| c.is_whitespace() || c.is_control())
        {
            return Err(Error::argument(format!(
                "{name:?} is not a valid option name: it must start with a letter and contain no spaces"
            )));
        }
        ffi::c_string(&name)
    }

    /// Returns whether the option is set, with or without a value.
    ///
    /// # Errors
    /// `ARG_WRONG` for an invalid name.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// petsc.options().insert_str("-verbose -n 5")?;
    /// assert!(petsc.options().has("-verbose")? && petsc.options().has("-n")?);
    /// assert!(!petsc.options().has("-quiet")?);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscOptionsHasName, not_collective)]
    pub fn has(&self, name: &str) -> Result<bool> {
        Ok(self.find(name)?.is_some())
    }

    /// Sets an option, replacing its value if it exists. Not collective; all ranks must make the
    /// same call.
    ///
    /// # Errors
    /// `ARG_WRONG` for an invalid name, or if the value contains a NUL character.
    ///
    /// # Examples
    /// See [`Options`].
    #[wraps(PetscOptionsSetValue)]
    pub fn set(&self, name: &str, value: impl fmt::Display) -> Result<()> {
        crate::not_collective!();
        self.put(&self.full_name(name)?, Some(&value.to_string()))
    }

    /// Sets an option without a value. Not collective; all ranks must make the same call.
    ///
    /// # Errors
    /// `ARG_WRONG` for an invalid name.
    #[wraps(PetscOptionsSetValue)]
    pub fn set_flag(&self, name: &str) -> Result<()> {
        crate::not_collective!();
        self.put(&self.full_name(name)?, None)
    }

    fn put(&self, name: &CStr, value: Option<&str>) -> Result<()> {
        self.note(name)?;
        let value = value.map(ffi::c_string).transpose()?;
        let value = value.as_ref().map_or(ptr::null(), |v| v.as_ptr());
        // SAFETY: a live database or NULL; NUL-terminated strings, which PETSc copies.
        unsafe { call!(PetscOptionsSetValue(self.raw(), name.as_ptr(), value)) }
    }

    /// Removes an option if it is set. Not collective; all ranks must make the same call.
    ///
    /// # Errors
    /// `ARG_WRONG` for an invalid name.
    #[wraps(PetscOptionsClearValue)]
    pub fn clear(&self, name: &str) -> Result<()> {
        crate::not_collective!();
        let name = self.full_name(name)?;
        self.note(&name)?;
        // SAFETY: a live database or NULL; a NUL-terminated name.
        unsafe { call!(PetscOptionsClearValue(self.raw(), name.as_ptr())) }
    }

    /// Removes all options of this view, and, in a view without a prefix, all aliases. Not collective;
    /// all ranks must make the same call.
    #[wraps(PetscOptionsClear)]
    pub fn clear_all(&self) -> Result<()> {
        crate::not_collective!();
        if self.journal.is_none() && self.prefix.is_empty() {
            // SAFETY: a live database or NULL.
            return unsafe { call!(PetscOptionsClear(self.raw())) };
        }
        for (name, _) in self.all()? {
            self.clear(&name[self.prefix.len()..])?;
        }
        Ok(())
    }

    /// Gives an option another name: a value that is set for `alias` is the value of `name`. Not
    /// collective; all ranks must make the same call. The end of a [`scope`](Self::scope) does not
    /// remove aliases.
    ///
    /// # Errors
    /// `ARG_WRONG` for an invalid name; `MEM` for more aliases than PETSc supports.
    #[wraps(PetscOptionsSetAlias)]
    pub fn set_alias(&self, alias: &str, name: &str) -> Result<()> {
        crate::not_collective!();
        let (alias, name) = (self.full_name(alias)?, self.full_name(name)?);
        // SAFETY: a live database or NULL; NUL-terminated names, which PETSc copies.
        unsafe { call!(PetscOptionsSetAlias(self.raw(), alias.as_ptr(), name.as_ptr())) }
    }

    /// Adds options in the format of a command line: `-ksp_type cg -pc_type none`.
    ///
    /// # Errors
    /// The errors of `PetscOptionsInsertString`; `ARG_WRONG` if the text contains a NUL character.
    #[wraps(PetscOptionsInsertString)]
    pub fn insert_str(&self, text: &str) -> Result<()> {
        let text = ffi::c_string(text)?;
        self.merge(|raw| {
            // SAFETY: a live database or NULL; a NUL-terminated text.
            unsafe { call!(PetscOptionsInsertString(raw, text.as_ptr())) }
        })
    }

    /// Adds options in YAML format. Nested keys are joined to one option name.
    ///
    /// # Errors
    /// The errors of `PetscOptionsInsertStringYAML`, such as invalid syntax; `ARG_WRONG` if the
    /// text contains a NUL character.
    #[wraps(PetscOptionsInsertStringYAML)]
    pub fn insert_yaml(&self, text: &str) -> Result<()> {
        let text = ffi::c_string(text)?;
        self.merge(|raw| {
            // SAFETY: a live database or NULL; a NUL-terminated text.
            unsafe { call!(PetscOptionsInsertStringYAML(raw, text.as_ptr())) }
        })
    }

    /// Adds the options in a file, in YAML format if the extension is `.yml` or `.yaml`. Rank 0
    /// reads the file.
    ///
    /// Collective.
    ///
    /// # Errors
    /// `FILE_OPEN`, on all ranks, if the file cannot be read; an error of PETSc for invalid syntax.
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

    /// Fills the database with `insert`. If the names of the options must be known or changed,
    /// `insert` fills an empty database first. PETSc then lists all options of this database,
    /// because they are unused.
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

    /// Returns all options that begin with the prefix of this view, sorted by name. The names
    /// include the prefix.
    ///
    /// PETSc returns all options as one string. If a value contains ` -` followed by a letter, the
    /// rest of the value is therefore returned as another option.
    ///
    /// # Errors
    /// The errors of `PetscOptionsGetAll`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::options::Options;
    /// let options = Options::new(petsc)?;
    /// options.insert_str("-n 5 -verbose")?;
    /// let all = options.all()?;
    /// assert_eq!(all, [("n".to_owned(), Some("5".to_owned())), ("verbose".to_owned(), None)]);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscOptionsGetAll, PetscOptionsView)]
    pub fn all(&self) -> Result<Vec<(String, Option<String>)>> {
        let mut all = split_all(&self.text()?);
        all.retain(|(name, _)| name.starts_with(&self.prefix));
        Ok(all)
    }

    /// Returns the whole database in PETSc's format.
    pub(crate) fn text(&self) -> Result<String> {
        // SAFETY: a live database or NULL.
        let raw: *mut c_char = unsafe { get!(PetscOptionsGetAll(self.raw(), _)) }?;
        // SAFETY: a NUL-terminated string of PETSc, or NULL.
        let text = unsafe { ffi::str_from_ptr(raw) }.unwrap_or_default();
        // SAFETY: the caller owns the string that PETSc returned.
        unsafe { call!(PetscRsFree(raw.cast())) }?;
        Ok(text)
    }

    /// Runs `body` with this database instead of the global one: objects created and configured in
    /// `body` read their options from it.
    ///
    /// # Errors
    /// `ARG_WRONG` for the global database; the errors of `body`.
    #[wraps(PetscOptionsPush, PetscOptionsPop)]
    pub fn activate<T>(&self, body: impl FnOnce() -> Result<T>) -> Result<T> {
        struct Pop;
        impl Drop for Pop {
            fn drop(&mut self) {
                // SAFETY: the push of this scope is on top, because inner scopes have ended.
                let code = unsafe { sys::PetscOptionsPop() };
                runtime::record_drop("PetscOptionsPop", code);
            }
        }
        if self.raw().is_null() {
            return Err(Error::argument(
                "the global options database is already active: create another one with Options::new",
            ));
        }
        // SAFETY: a live database, which `self` keeps until after the pop.
        unsafe { call!(PetscOptionsPush(self.raw())) }?;
        let _pop = Pop;
        body()
    }
}

/// Splits `-name value -name -name value `.
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
    fn the_text_of_all_options_is_split_into_names_and_values() {
        let text = "-n 3 -flag -x -1.5,2 -file a b ";
        let expected =
            [("file", Some("a b")), ("flag", None), ("n", Some("3")), ("x", Some("-1.5,2"))];
        let expected: Vec<(String, Option<String>)> =
            expected.iter().map(|(n, v)| ((*n).to_owned(), v.map(str::to_owned))).collect();
        assert_eq!(split_all(text), expected);
        assert!(split_all("").is_empty());
    }
}
