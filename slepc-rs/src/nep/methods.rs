//! What only some methods have.

use petsc_rs::{Object as _, Real, Result, Scalar, call, ffi};

use super::{NepRef, NepType};
use crate::solver::{self, out_of_range};
use crate::sys;

impl NepRef {
    /// Sets how often the methods `rii` and `narnoldi` build the preconditioner anew: every `lag` iterations, never for
    /// 0. Logically collective. Default: 1. Options: `-nep_rii_lag_preconditioner`, `-nep_narnoldi_lag_preconditioner`.
    ///
    /// # Errors
    /// `SUP` for other methods: set the type first.
    #[doc(alias = "NEPRIISetLagPreconditioner")]
    #[doc(alias = "NEPNArnoldiSetLagPreconditioner")]
    pub fn set_lag_preconditioner(&mut self, lag: usize) -> Result<()> {
        let (nep, lag) = (self.as_ptr(), ffi::petsc_int(lag)?);
        if self.check_method(&["rii", "narnoldi"], "a lag")? == "rii" {
            // SAFETY: a live solver of this type.
            return unsafe { call!(NEPRIISetLagPreconditioner(nep, lag)) };
        }
        // SAFETY: as above.
        unsafe { call!(NEPNArnoldiSetLagPreconditioner(nep, lag)) }
    }

    /// Sets whether the method `rii` uses that `T(λ)` is Hermitian for real `λ`. Logically collective. Default: no.
    /// Option: `-nep_rii_hermitian`.
    ///
    /// # Errors
    /// `SUP` for other methods.
    #[doc(alias = "NEPRIISetHermitian")]
    pub fn set_rii_hermitian(&mut self, on: bool) -> Result<()> {
        self.check_method(&["rii"], "a Hermitian form")?;
        // SAFETY: a live solver of this type.
        unsafe { call!(NEPRIISetHermitian(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// Sets the error below which the methods `rii` and `slp` count a pair among those that are deflated. Logically
    /// collective. Default: by SLEPc. Options: `-nep_rii_deflation_threshold`, `-nep_slp_deflation_threshold`.
    ///
    /// # Errors
    /// `SUP` for other methods; `ARG_OUTOFRANGE` for a number that is not positive.
    #[doc(alias = "NEPRIISetDeflationThreshold")]
    #[doc(alias = "NEPSLPSetDeflationThreshold")]
    pub fn set_deflation_threshold(&mut self, threshold: Real) -> Result<()> {
        positive("a threshold", threshold)?;
        let nep = self.as_ptr();
        if self.check_method(&["rii", "slp"], "deflation")? == "rii" {
            // SAFETY: a live solver of this type.
            return unsafe { call!(NEPRIISetDeflationThreshold(nep, threshold)) };
        }
        // SAFETY: as above.
        unsafe { call!(NEPSLPSetDeflationThreshold(nep, threshold)) }
    }

    /// Sets how accurately the methods `interpol` and `nleigs` approximate the function, and by what degree at most.
    /// Logically collective. Default: by SLEPc. Options: `-nep_interpol_interpolation_degree`,
    /// `-nep_nleigs_interpolation_tol`, ….
    ///
    /// # Errors
    /// `SUP` for other methods; `ARG_OUTOFRANGE` for a number that is not positive.
    #[doc(alias = "NEPInterpolSetInterpolation")]
    #[doc(alias = "NEPNLEIGSSetInterpolation")]
    pub fn set_interpolation(&mut self, tolerance: Real, degree: usize) -> Result<()> {
        positive("a tolerance", tolerance)?;
        let (nep, degree) = (self.as_ptr(), ffi::petsc_int(degree)?);
        if degree == 0 {
            return Err(out_of_range("a degree begins at 1"));
        }
        if self.check_method(&["interpol", "nleigs"], "an interpolation")? == "nleigs" {
            // SAFETY: a live solver of this type.
            return unsafe { call!(NEPNLEIGSSetInterpolation(nep, tolerance, degree)) };
        }
        // SAFETY: as above.
        unsafe { call!(NEPInterpolSetInterpolation(nep, tolerance, degree)) }
    }

    /// Sets the shifts of the rational Krylov method `nleigs`. Logically collective. Default: the target alone. Option:
    /// `-nep_nleigs_rk_shifts`.
    ///
    /// # Errors
    /// `SUP` for other methods.
    #[doc(alias = "NEPNLEIGSSetRKShifts")]
    pub fn set_nleigs_rk_shifts(&mut self, shifts: &[Scalar]) -> Result<()> {
        self.check_method(&["nleigs"], "shifts")?;
        let (n, mut shifts) = (ffi::petsc_int(shifts.len())?, shifts.to_vec());
        // SAFETY: a live solver of this type; SLEPc copies the `n` numbers.
        unsafe { call!(NEPNLEIGSSetRKShifts(self.as_ptr(), n, shifts.as_mut_ptr())) }
    }

    /// Sets whether the method `nleigs` works with the full basis instead of a compact one. Logically collective.
    /// Default: no. Option: `-nep_nleigs_full_basis`.
    ///
    /// # Errors
    /// `SUP` for other methods.
    #[doc(alias = "NEPNLEIGSSetFullBasis")]
    pub fn set_nleigs_full_basis(&mut self, on: bool) -> Result<()> {
        self.check_method(&["nleigs"], "a full basis")?;
        // SAFETY: a live solver of this type.
        unsafe { call!(NEPNLEIGSSetFullBasis(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// The one of the methods that is in use.
    pub(super) fn check_method(
        &mut self,
        methods: &[&'static str],
        what: &str,
    ) -> Result<&'static str> {
        if self.type_name()?.is_none() {
            self.set_type(NepType::RII)?;
        }
        solver::one_of(self, methods, what)
    }
}

fn positive(what: &str, x: Real) -> Result<()> {
    if x > 0.0 {
        return Ok(());
    }
    Err(out_of_range(format!("{what} must be positive, got {x}")))
}
