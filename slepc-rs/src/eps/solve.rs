//! Solving, and the proof of convergence.

use std::fmt;

use petsc_rs::{ErrorCode, Object as _, Result, call, ffi, internal};

use super::{ConvergedReason, EpsRef, Which};
use crate::sys;

/// Proof that an eigensolver converged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "says how many pairs there are"]
pub struct Converged {
    /// Why it stopped.
    pub reason: ConvergedReason,
    /// Number of pairs that converged: at least as many as were wanted, unless a test of the program
    /// was content with less, or fewer lie in the interval.
    pub pairs: usize,
    /// Number of iterations (restarts).
    pub iterations: usize,
}

impl fmt::Display for Converged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reason,
            pairs,
            iterations,
        } = self;
        write!(
            f,
            "{pairs} eigenpairs after {iterations} iterations: {reason}"
        )
    }
}

/// A solve that did not converge, as the source of the error of [`EpsRef::solve`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotConverged {
    /// Why it stopped.
    pub reason: ConvergedReason,
    /// Number of pairs that did converge, and can be asked for.
    pub pairs: usize,
    /// Number of pairs that were wanted.
    pub wanted: usize,
    /// Number of iterations.
    pub iterations: usize,
}

impl fmt::Display for NotConverged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reason,
            pairs,
            wanted,
            iterations,
        } = self;
        write!(
            f,
            "the eigensolver did not converge: {reason} after {iterations} iterations, {pairs} of \
             {wanted} eigenpairs found"
        )?;
        match reason.hint() {
            "" => Ok(()),
            hint => write!(f, "; {hint}"),
        }
    }
}

impl std::error::Error for NotConverged {}

/// Dropped by an error or a panic: the solver was left in the middle of its work.
struct Failed<'a> {
    eps: &'a EpsRef,
    solving: bool,
}

impl Failed<'_> {
    fn not(self) {
        let _ = std::mem::ManuallyDrop::new(self);
    }
}

impl Drop for Failed<'_> {
    fn drop(&mut self) {
        // SAFETY: a live solver.
        let code = unsafe { sys::PetscRsEPSFailed(self.eps.as_ptr(), ffi::raw_bool(self.solving)) };
        internal::record_drop("EPSGetDS", code);
    }
}

impl EpsRef {
    /// Computes the eigenpairs that are wanted. Collective.
    ///
    /// Solving again begins anew, with the values that the operators have then.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, on all ranks alike, with reason, number of pairs and a hint ([`NotConverged`]
    /// as its source): the pairs that converged can be asked for. `ARG_OUTOFRANGE` if more
    /// eigenvalues are wanted than the problem has; `ARG_INCOMP` if the problem type does not fit the
    /// operators; any error of the operators, the linear solver or a callback. The next solve after
    /// one [resets](Self::reset) the solver first.
    #[doc(alias = "EPSSolve")]
    pub fn solve(&mut self) -> Result<Converged> {
        let reason = self.solve_unchecked()?;
        let (pairs, iterations) = (self.converged()?, self.iterations()?);
        if reason.is_converged() {
            return Ok(Converged {
                reason,
                pairs,
                iterations,
            });
        }
        let failure = NotConverged {
            reason,
            pairs,
            wanted: self.dimensions()?.nev,
            iterations,
        };
        Err(internal::collective_error(
            ErrorCode::NOT_CONVERGED,
            failure,
        ))
    }

    /// Computes the eigenpairs and returns the reason why it stopped without judging it. Collective.
    ///
    /// # Errors
    /// As [`solve`](Self::solve), without `NOT_CONVERGED`.
    pub fn solve_unchecked(&mut self) -> Result<ConvergedReason> {
        self.set_up()?;
        let failed = Failed {
            eps: self,
            solving: true,
        };
        // SAFETY: a live solver with operators; no slice is lent mutably (above).
        unsafe { call!(EPSSolve(failed.eps.as_ptr())) }?;
        failed.not();
        self.converged_reason()
    }

    /// Prepares the method and the transformation, which a solve would do otherwise. Collective.
    ///
    /// # Errors
    /// As [`solve`](Self::solve), without `NOT_CONVERGED`.
    #[doc(alias = "EPSSetUp")]
    pub fn set_up(&mut self) -> Result<()> {
        self.prepare()?;
        let failed = Failed {
            eps: self,
            solving: false,
        };
        // SAFETY: a live solver with operators; no slice is lent mutably (above).
        unsafe { call!(EPSSetUp(failed.eps.as_ptr())) }?;
        failed.not();
        Ok(())
    }

    /// Checks the problem, mends what a failed solve left, and gives SLEPc the operators again where it
    /// has forgotten them or would not look at them.
    fn prepare(&mut self) -> Result<()> {
        self.check_problem()?;
        let mut failed = ffi::raw_bool(false);
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(PetscRsEPSHasFailed(self.as_ptr(), &raw mut failed)) }?;
        if ffi::to_bool(failed) {
            self.reset()?;
        }
        // A solver that has solved does nothing until it is given operators; a reset loses them.
        if self.is_solved()? || self.st()?.matrices()? == 0 {
            let (a, b) = self.operators()?;
            let b = b.map_or(std::ptr::null_mut(), |b| b.as_ptr());
            // SAFETY: the operators that the solver has; SLEPc looks whether they have changed.
            unsafe { call!(EPSSetOperators(self.as_ptr(), a.as_ptr(), b)) }?;
        }
        Ok(())
    }

    /// What SLEPc would believe, or mend without a word.
    fn check_problem(&self) -> Result<()> {
        ffi::check_no_writer()?;
        let (a, b) = self.operators()?;
        for matrix in [Some(a), b].into_iter().flatten() {
            ffi::check_readable(matrix.object_ptr())?;
        }
        let (n, wanted) = (a.size()?.0, self.dimensions()?.nev);
        if wanted > n && self.which()? != Some(Which::All) {
            let text = format!("{wanted} eigenvalues are wanted of a problem that has {n}");
            return Err(internal::collective(ErrorCode::ARG_OUTOFRANGE, text));
        }
        Ok(())
    }

    /// Whether the last solve ended and nothing was changed since.
    pub(super) fn is_solved(&self) -> Result<bool> {
        let mut flag = ffi::raw_bool(false);
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(PetscRsEPSIsSolved(self.as_ptr(), &raw mut flag)) }?;
        Ok(ffi::to_bool(flag))
    }

    /// Why the last solve stopped. Not collective.
    ///
    /// # Errors
    /// What `EPSGetConvergedReason` returns.
    #[doc(alias = "EPSGetConvergedReason")]
    pub fn converged_reason(&self) -> Result<ConvergedReason> {
        let mut raw = sys::EPS_CONVERGED_ITERATING;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetConvergedReason(self.as_ptr(), &raw mut raw)) }?;
        Ok(ConvergedReason::from_raw(raw))
    }

    /// Number of iterations of the last solve, or so far. Not collective.
    ///
    /// # Errors
    /// What `EPSGetIterationNumber` returns.
    #[doc(alias = "EPSGetIterationNumber")]
    pub fn iterations(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetIterationNumber(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }

    /// Number of eigenvalues that have converged; each of a conjugate pair counts. Not collective.
    ///
    /// # Errors
    /// What `EPSGetConverged` returns.
    #[doc(alias = "EPSGetConverged")]
    pub fn converged(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetConverged(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }
}
