//! Convergence history.

use std::ffi::CStr;

use petsc_macros::wraps;

use super::SnesRef;
use crate::callback;
use crate::error::Result;
use crate::{Int, Object, Real, call, ffi, get_raw, sys};

const HISTORY: &CStr = c"petsc-rs.snes.history";

/// One iteration of a nonlinear solve, see [`SnesRef::convergence_history`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// `‖F‖` at the iterate.
    pub norm: Real,
    /// Number of linear iterations with which the step to this iterate was computed.
    pub linear_iterations: usize,
}

/// Memory to which the solver writes. The solver owns it. (Memory that PETSc allocates itself leaks
/// when the history is set again.)
struct Memory {
    norms: *mut [Real],
    linear: *mut [Int],
}

impl Memory {
    fn new(n: usize) -> Self {
        Self {
            norms: Box::into_raw(vec![0.0; n].into_boxed_slice()),
            linear: Box::into_raw(vec![0; n].into_boxed_slice()),
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: from `Box::into_raw`, and dropped once.
        drop(unsafe { Box::from_raw(self.norms) });
        // SAFETY: as above.
        drop(unsafe { Box::from_raw(self.linear) });
    }
}

impl SnesRef {
    /// Stores the norms of up to `capacity` iterates. Default: none are stored.
    ///
    /// With `restart`, each solve starts a new history. Otherwise each solve appends its norms.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if `capacity` does not fit into `PetscInt`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let mut snes = petsc_rs::Snes::new(comm)?;
    /// snes.set_convergence_history(100, true)?;
    /// assert!(snes.convergence_history()?.is_empty());
    /// # Ok(()) })
    /// ```
    #[wraps(SNESSetConvergenceHistory, not_collective)]
    pub fn set_convergence_history(&mut self, capacity: usize, restart: bool) -> Result<()> {
        let n = ffi::petsc_int(capacity.max(1))?;
        let memory = Memory::new(capacity.max(1));
        let (norms, linear) = (memory.norms.cast(), memory.linear.cast());
        let restart = ffi::raw_bool(restart);
        // SAFETY: a live solver; space for `n` numbers each, which the next call passes to the
        // solver. PETSc writes nothing there before the next solve.
        unsafe { call!(SNESSetConvergenceHistory(*self.busy()?, norms, linear, n, restart)) }?;
        // The previous memory may be freed only now.
        // SAFETY: a live object.
        unsafe { callback::compose(self.object_ptr(), HISTORY, memory) }?;
        Ok(())
    }

    /// Returns the stored history, also after a solve that failed.
    #[wraps(SNESGetConvergenceHistory, not_collective)]
    pub fn convergence_history(&self) -> Result<Vec<HistoryEntry>> {
        // SAFETY: a live solver.
        let (norms, linear, n) =
            unsafe { get_raw!(SNESGetConvergenceHistory(self.as_ptr(), _, _, _)) }?;
        if norms.is_null() || linear.is_null() {
            return Ok(Vec::new());
        }
        let n = ffi::size(n)?;
        // SAFETY: PETSc wrote `n` norms there; they are copied before it can write again.
        let norms = unsafe { ffi::slice(norms.cast_const(), n) };
        // SAFETY: as above.
        let linear = unsafe { ffi::slice(linear.cast_const(), n) };
        let entry = |(&norm, &linear): (&Real, &Int)| {
            Ok(HistoryEntry { norm, linear_iterations: ffi::size(linear)? })
        };
        norms.iter().zip(linear).map(entry).collect()
    }
}
