//! Options that nobody asked for.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::{Database, Options, lookup, suggest};
use crate::error::Result;
use crate::{call, ffi, runtime, sys};

/// An option that was set and that nobody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedOption {
    /// Name, without `-`.
    pub name: String,
    /// Value, if it has one.
    pub value: Option<String>,
    /// What may be wrong.
    pub hint: Hint,
}

/// What may be wrong with an unused option.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// Options of these names exist.
    Similar(Vec<String>),
    /// The option exists, so what would read it was not created, was not set from options, or has
    /// another prefix.
    NotRead,
    /// Nothing is known.
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
            Hint::NotRead => f.write_str(
                ": the option exists, but nothing with this prefix was set from options",
            ),
            Hint::None => Ok(()),
        }
    }
}

/// Read by PETSc when it ends, so not yet at the time of the report, or meant for others.
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

/// Forgets what belongs to an earlier session.
pub(crate) fn forget() {
    lookup::forget();
    SCOPED.with_borrow_mut(BTreeSet::clear);
}

impl Options {
    /// Name (without `-`) and value of the options that nobody asked for until now, as PETSc has
    /// them. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscOptionsLeftGet`.
    #[wraps(PetscOptionsLeftGet, PetscOptionsLeft)]
    pub fn left(&self) -> Result<Vec<(String, Option<String>)>> {
        crate::not_collective!();
        let (mut n, mut names, mut values) = (0, ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live database or NULL; valid out-pointers.
        unsafe {
            call!(PetscOptionsLeftGet(
                self.raw(),
                &raw mut n,
                &raw mut names,
                &raw mut values
            ))
        }?;
        let count = ffi::size(n)?;
        // SAFETY: PETSc returned arrays of `n` pointers to texts, which live until the next change.
        let texts = unsafe { ffi::slice(names.cast_const(), count) };
        // SAFETY: as above.
        let others = unsafe { ffi::slice(values.cast_const(), count) };
        let left = texts.iter().zip(others).map(|(&name, &value)| {
            // SAFETY: a NUL-terminated text.
            let name = unsafe { ffi::str_from_ptr(name) }.unwrap_or_default();
            // SAFETY: NULL or a NUL-terminated text.
            let value = unsafe { ffi::str_from_ptr(value) };
            (name, value.filter(|v| !v.is_empty()))
        });
        let mut left: Vec<_> = left.collect();
        // SAFETY: the arrays of the call above.
        unsafe {
            call!(PetscOptionsLeftRestore(
                self.raw(),
                &raw mut n,
                &raw mut names,
                &raw mut values
            ))
        }?;
        left.retain(|(name, _)| name.starts_with(&self.prefix));
        left.sort();
        Ok(left)
    }

    /// The options that nobody asked for until now, with what may be wrong. Options that PETSc reads
    /// only when it ends are left out; those of ended [`scope`](Self::scope)s are included. Reads
    /// the names that exist from PETSc's library file. Not collective.
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
            .map(|(name, value)| UnusedOption {
                hint: hint(&name, &known),
                name,
                value,
            })
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

/// At the end of a session: prints the report on rank 0, unless the user asked PETSc for its own by
/// `-options_left`, and keeps PETSc from printing another. Not collective.
pub(crate) fn conclude(report: bool) -> Result<()> {
    crate::not_collective!();
    let options = Options {
        database: Database::new(ptr::null_mut()),
        prefix: String::new(),
        journal: None,
    };
    if options.look_up(c"-options_left")?.is_some() {
        return Ok(());
    }
    if report && runtime::rank() == Some(0) {
        let unused = options.unused()?;
        if !unused.is_empty() {
            let mut text = String::from("warning: nothing used these options:\n");
            for option in &unused {
                text.push_str(&format!("    {option}\n"));
            }
            eprint!("{text}");
        }
    }
    // SAFETY: NULL stands for the program's database; NUL-terminated texts.
    unsafe {
        call!(PetscOptionsSetValue(
            ptr::null_mut(),
            c"-options_left".as_ptr(),
            c"false".as_ptr()
        ))
    }
}
