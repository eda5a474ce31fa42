//! What only some methods have.

use petsc_rs::{Real, Result, call, ffi};

use super::PepRef;
use crate::solver::{self, out_of_range};
use crate::sys;

impl PepRef {
    /// Sets whether the method `linear` forms the matrices of the linear problem, which it must for a quadratic problem
    /// that is not [general](super::ProblemType::General), instead of applying them. Logically collective. Default: no.
    /// Option: `-pep_linear_explicitmatrix`.
    ///
    /// # Errors
    /// `SUP` for other methods: set the type first.
    #[doc(alias = "PEPLinearSetExplicitMatrix")]
    pub fn set_linear_explicit_matrix(&mut self, on: bool) -> Result<()> {
        solver::one_of(self, &["linear"], "an explicit matrix")?;
        // SAFETY: a live solver of this type.
        unsafe { call!(PEPLinearSetExplicitMatrix(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// Sets which of the linear problems that a quadratic one is equivalent to the methods `linear` and `stoar` solve,
    /// by two numbers. Logically collective. Default: 1 and 0. Options: `-pep_linear_linearization α,β`,
    /// `-pep_stoar_linearization α,β`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if both are 0; `SUP` for other methods.
    #[doc(alias = "PEPLinearSetLinearization")]
    #[doc(alias = "PEPSTOARSetLinearization")]
    pub fn set_linearization(&mut self, alpha: Real, beta: Real) -> Result<()> {
        if alpha.is_nan() || beta.is_nan() || (alpha == 0.0 && beta == 0.0) {
            let text = "one of the two numbers of a linearization must not be 0";
            return Err(out_of_range(text));
        }
        let pep = self.as_ptr();
        if solver::one_of(self, &["linear", "stoar"], "a linearization")? == "linear" {
            // SAFETY: a live solver of this type.
            return unsafe { call!(PEPLinearSetLinearization(pep, alpha, beta)) };
        }
        // SAFETY: as above.
        unsafe { call!(PEPSTOARSetLinearization(pep, alpha, beta)) }
    }

    /// Sets whether the methods `toar`, `stoar` and `qarnoldi` lock pairs that have converged. Logically collective.
    /// Default: yes, `stoar` for an interval only. Options: `-pep_toar_locking`, ….
    ///
    /// # Errors
    /// `SUP` for other methods.
    #[doc(alias = "PEPTOARSetLocking")]
    #[doc(alias = "PEPSTOARSetLocking")]
    #[doc(alias = "PEPQArnoldiSetLocking")]
    pub fn set_locking(&mut self, on: bool) -> Result<()> {
        let (pep, on) = (self.as_ptr(), ffi::raw_bool(on));
        match solver::one_of(self, &["toar", "stoar", "qarnoldi"], "locking")? {
            // SAFETY: a live solver of this type.
            "toar" => unsafe { call!(PEPTOARSetLocking(pep, on)) },
            // SAFETY: as above.
            "stoar" => unsafe { call!(PEPSTOARSetLocking(pep, on)) },
            // SAFETY: as above.
            _ => unsafe { call!(PEPQArnoldiSetLocking(pep, on)) },
        }
    }

    /// Sets the share of the subspace that a restart of the methods `toar` and `qarnoldi` keeps, between 0.1 and 0.9.
    /// Logically collective. Default: 0.5. Options: `-pep_toar_restart`, `-pep_qarnoldi_restart`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for another number; `SUP` for other methods.
    #[doc(alias = "PEPTOARSetRestart")]
    #[doc(alias = "PEPQArnoldiSetRestart")]
    pub fn set_restart(&mut self, keep: Real) -> Result<()> {
        solver::check_restart(keep)?;
        let pep = self.as_ptr();
        if solver::one_of(self, &["toar", "qarnoldi"], "a restart")? == "toar" {
            // SAFETY: a live solver of this type.
            return unsafe { call!(PEPTOARSetRestart(pep, keep)) };
        }
        // SAFETY: as above.
        unsafe { call!(PEPQArnoldiSetRestart(pep, keep)) }
    }
}
