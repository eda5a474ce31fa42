//! Solving, and the proof of convergence.

use std::fmt;

use super::{ConvergedReason, KspRef, UnknownReason};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Real, call, ffi, sys};

/// Proof that a solve converged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Converged {
    /// Why it stopped.
    pub reason: ConvergedReason,
    /// Number of iterations.
    pub iterations: usize,
    /// Norm of the residual in the sense of the method (often preconditioned).
    pub residual: Real,
}

impl fmt::Display for Converged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reason,
            iterations,
            residual,
        } = self;
        write!(
            f,
            "{reason} after {iterations} iterations, residual norm {residual:.6e}"
        )
    }
}

/// A solve that did not converge, as the source of the [`Error`] of [`KspRef::solve`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotConverged {
    /// Why it stopped, if this version of petsc-rs knows the reason.
    pub reason: Result<ConvergedReason, UnknownReason>,
    /// Number of iterations.
    pub iterations: usize,
    /// Norm of the residual.
    pub residual: Real,
}

impl fmt::Display for NotConverged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the linear solver did not converge: ")?;
        match self.reason {
            Ok(reason) => write!(f, "{reason}")?,
            Err(unknown) => write!(f, "{unknown}")?,
        }
        write!(
            f,
            " after {} iterations, residual norm {:.6e}",
            self.iterations, self.residual
        )?;
        match self.reason {
            Ok(reason) if !reason.hint().is_empty() => write!(f, "; {}", reason.hint()),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for NotConverged {}

impl KspRef {
    /// Solves `A·x = b`. Collective.
    ///
    /// # Errors
    /// `NOT_CONVERGED`, on all ranks alike, with reason, iterations, residual and a hint
    /// ([`NotConverged`] as its source); any error of the operators, the preconditioner or a
    /// callback.
    #[doc(alias = "KSPSolve")]
    pub fn solve(&mut self, b: &VectorRef, x: &mut VectorRef) -> Result<Converged> {
        match self.solve_unchecked(b, x)? {
            Ok(reason) if reason.is_converged() => Ok(Converged {
                reason,
                iterations: self.iterations()?,
                residual: self.residual_norm()?,
            }),
            reason => {
                let failure = NotConverged {
                    reason,
                    iterations: self.iterations()?,
                    residual: self.residual_norm()?,
                };
                Err(
                    Error::collective(ErrorCode::NOT_CONVERGED, failure.to_string())
                        .with_source(failure),
                )
            }
        }
    }

    /// Solves `A·x = b` and returns the reason why it stopped without judging it. Collective.
    ///
    /// # Errors
    /// Any error of the operators, the preconditioner or a callback.
    pub fn solve_unchecked(
        &mut self,
        b: &VectorRef,
        x: &mut VectorRef,
    ) -> Result<Result<ConvergedReason, UnknownReason>> {
        b.check_readable()?;
        x.check_writable()?;
        ffi::check_no_writer()?;
        // SAFETY: live objects; nobody holds a slice of `x` or a mutable one of any vector (above).
        unsafe { call!(KSPSolve(self.as_ptr(), b.as_ptr(), x.as_ptr())) }?;
        self.converged_reason()
    }

    /// Why the last solve stopped. Not collective.
    ///
    /// # Errors
    /// What `KSPGetConvergedReason` returns.
    #[doc(alias = "KSPGetConvergedReason")]
    pub fn converged_reason(&self) -> Result<Result<ConvergedReason, UnknownReason>> {
        let mut raw = sys::KSP_CONVERGED_ITERATING;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(KSPGetConvergedReason(self.as_ptr(), &raw mut raw)) }?;
        Ok(ConvergedReason::try_from(raw))
    }

    /// Number of iterations of the last solve, or so far. Not collective.
    ///
    /// # Errors
    /// What `KSPGetIterationNumber` returns.
    #[doc(alias = "KSPGetIterationNumber")]
    pub fn iterations(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(KSPGetIterationNumber(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }

    /// Last residual norm that the method computed. Not collective.
    ///
    /// # Errors
    /// What `KSPGetResidualNorm` returns.
    #[doc(alias = "KSPGetResidualNorm")]
    pub fn residual_norm(&self) -> Result<Real> {
        let mut norm = 0.0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(KSPGetResidualNorm(self.as_ptr(), &raw mut norm)) }?;
        Ok(norm)
    }
}
