//! Unused options.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::{Options, lookup, suggest};
use crate::error::Result;
use crate::{Int, call, ffi, get, runtime, sys};

/// An option that was set but not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedOption {
    /// Name, without `-`.
    pub name: String,
    /// Value, if the option has one.
    pub value: Option<String>,
    /// Possible reason.
    pub hint: Hint,
}

/// Possible reason why an option was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// The names of existing options that are similar.
    Similar(Vec<String>),
    /// The option exists, so the object that reads it was not created, its `set_from_options` was
    /// not called, or the object has another prefix.
    NotRead,
    /// No reason was found.
    None,
}

impl fmt::Display for UnusedOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "-{}", self.name)?;
        if let Some(value) = &self.value {
            write!(f, " {value}")?;
        }
        match &self.hint {
            Hint::Similar(names) => write!(f, ": did you mean -{}?", names.join(" or -")),
            Hint::NotRead => {
                f.write_str(": the option exists, but no object with this prefix has read it")
            }
            Hint::None => Ok(()),
        }
    }
}

/// Options that PETSc reads at finalization, after the report, and options for other programs.
const LATE: &[&str] = &[
    "citations",
    "get_total_flops",
    "log",
    "log_all",
    "log_mpe",
    "log_summary",
    "log_view",
    "malloc",
    "malloc_debug",
    "malloc_dump",
    "malloc_test",
    "malloc_view",
    "memory_view",
    "mpidump",
    "no_signal_handler",
    "nox",
    "nox_warning",
    "objects_dump",
    "options_left",
    "options_view",
    "petsc_ci",
    "petsc_ci_portable_error_output",
    "python",
    "saws_port_auto_select",
    "x_virtual",
];

type Pair = (String, Option<String>);

thread_local! {
    /// Unused options of scopes that have ended.
    static SCOPED: RefCell<BTreeSet<Pair>> = const { RefCell::new(BTreeSet::new()) };
}

pub(super) fn note_scoped(name: &str, value: Option<String>) {
    SCOPED.with_borrow_mut(|scoped| {
        scoped.insert((name.to_owned(), value));
    });
}

/// Discards the unused options of an earlier session.
pub(crate) fn forget() {
    lookup::forget();
    SCOPED.with_borrow_mut(BTreeSet::clear);
}

impl Options {
    /// Returns the name (without `-`) and the value of each option that has not been used so far,
    /// as PETSc lists them. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscOptionsLeftGet`.
    #[wraps(PetscOptionsLeftGet, PetscOptionsLeft)]
    pub fn left(&self) -> Result<Vec<(String, Option<String>)>> {
        crate::not_collective!();
        // SAFETY: a live database or NULL.
        let (mut n, mut names, mut values): (Int, *mut _, *mut _) =
            unsafe { get!(PetscOptionsLeftGet(self.raw(), _, _, _)) }?;
        let count = ffi::size(n)?;
        // SAFETY: PETSc returned arrays of `n` pointers to strings, which live until the next
        // change.
        let texts = unsafe { ffi::slice(names.cast_const(), count) };
        // SAFETY: as above.
        let others = unsafe { ffi::slice(values.cast_const(), count) };
        let left = texts.iter().zip(others).map(|(&name, &value)| {
            // SAFETY: a NUL-terminated string.
            let name = unsafe { ffi::str_from_ptr(name) }.unwrap_or_default();
            // SAFETY: NULL or a NUL-terminated string.
            let value = unsafe { ffi::str_from_ptr(value) };
            (name, value.filter(|v| !v.is_empty()))
        });
        let mut left: Vec<_> = left.collect();
        // SAFETY: the arrays of the call above.
        unsafe {
            call!(PetscOptionsLeftRestore(self.raw(), &raw mut n, &raw mut names, &raw mut values))
        }?;
        left.retain(|(name, _)| name.starts_with(&self.prefix));
        left.sort();
        Ok(left)
    }

    /// Returns the options that have not been used so far, with possible reasons. Options that
    /// PETSc reads only at finalization are left out; unused options of ended
    /// [`scope`](Self::scope)s are included. The names of existing options are read from PETSc's
    /// library file. Not collective.
    ///
    /// # Errors
    /// The errors of [`left`](Self::left).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// petsc.options().insert_str("-ksp_rtl 1e-9")?;
    /// let unused = petsc.options().unused()?;
    /// let line = "-ksp_rtl 1e-9: did you mean -ksp_rtol?";
    /// assert!(unused.iter().any(|option| option.to_string() == line));
    /// # Ok(()) })
    /// ```
    pub fn unused(&self) -> Result<Vec<UnusedOption>> {
        crate::not_collective!();
        let mut pairs: BTreeSet<Pair> = self.left()?.into_iter().collect();
        SCOPED.with_borrow(|scoped| {
            let mine = scoped.iter().filter(|(n, _)| n.starts_with(&self.prefix));
            pairs.extend(mine.cloned());
        });
        pairs.retain(|(name, _)| !LATE.contains(&name.as_str()));
        if pairs.is_empty() {
            return Ok(Vec::new());
        }
        let mut known = suggest::known();
        known.extend(lookup::asked());
        Ok(pairs
            .into_iter()
            .map(|(name, value)| UnusedOption { hint: hint(&name, &known), name, value })
            .collect())
    }
}

fn hint(name: &str, known: &BTreeSet<String>) -> Hint {
    let (prefix, rest) = suggest::strip_prefix(name).unwrap_or(("", name));
    if known.contains(name) || known.contains(rest) {
        return Hint::NotRead;
    }
    let near = suggest::nearest(rest, known.iter().map(String::as_str));
    if near.is_empty() {
        return Hint::None;
    }
    Hint::Similar(near.iter().map(|n| format!("{prefix}{n}")).collect())
}

/// Called at the end of a session: prints the report on rank 0, unless the user requested PETSc's
/// report with `-options_left`, and prevents PETSc from printing another one. Not collective.
pub(crate) fn conclude(report: bool) -> Result<()> {
    crate::not_collective!();
    let options = Options::of_program();
    if options.look_up(c"-options_left")?.is_some() {
        return Ok(());
    }
    if report && runtime::rank() == Some(0) {
        let unused = options.unused()?;
        if !unused.is_empty() {
            let mut text = String::from("warning: these options were not used:\n");
            for option in &unused {
                text.push_str(&format!("    {option}\n"));
            }
            eprint!("{text}");
        }
    }
    // SAFETY: NULL stands for the global database; NUL-terminated strings.
    unsafe {
        call!(PetscOptionsSetValue(ptr::null_mut(), c"-options_left".as_ptr(), c"false".as_ptr()))
    }
}
