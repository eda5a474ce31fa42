//! What only some methods have.

use std::ptr;

use petsc_rs::{Real, Result, Scalar, call, ffi};

use super::{NepRef, NepType};
use crate::solver::{self, Count, Flag, Kind as _, Number, Positive, Share};
use crate::sys;

solver::by_method! {
    NepRef, NepType::RII;
    /// Sets how often the methods `rii` and `narnoldi` build the preconditioner anew: every so many iterations, never for
    /// 0. Logically collective. Default: 1. Options: `-nep_rii_lag_preconditioner`, `-nep_narnoldi_lag_preconditioner`.
    #[doc(alias = "NEPRIISetLagPreconditioner")]
    #[doc(alias = "NEPNArnoldiSetLagPreconditioner")]
    set_lag_preconditioner,
    /// How often the preconditioner is built anew.
    #[doc(alias = "NEPRIIGetLagPreconditioner")]
    #[doc(alias = "NEPNArnoldiGetLagPreconditioner")]
    lag_preconditioner: usize as Number("a lag") {
        "rii" => NEPRIISetLagPreconditioner, NEPRIIGetLagPreconditioner;
        "narnoldi" => NEPNArnoldiSetLagPreconditioner, NEPNArnoldiGetLagPreconditioner;
    }
    /// Sets whether the method `rii` uses that `T(λ)` is Hermitian for real `λ`. Logically collective. Default: no.
    /// Option: `-nep_rii_hermitian`.
    #[doc(alias = "NEPRIISetHermitian")]
    set_rii_hermitian,
    /// Whether it is used that `T(λ)` is Hermitian.
    #[doc(alias = "NEPRIIGetHermitian")]
    rii_hermitian: bool as Flag("a Hermitian form") {
        "rii" => NEPRIISetHermitian, NEPRIIGetHermitian;
    }
    /// Sets whether the method `rii` solves its linear systems to one tolerance, instead of `2⁻ⁱ` in iteration `i`.
    /// Logically collective. Default: no. Option: `-nep_rii_const_correction_tol`.
    #[doc(alias = "NEPRIISetConstCorrectionTol")]
    set_rii_constant_tolerance,
    /// Whether the tolerance of linear systems stays.
    #[doc(alias = "NEPRIIGetConstCorrectionTol")]
    rii_constant_tolerance: bool as Flag("a constant tolerance") {
        "rii" => NEPRIISetConstCorrectionTol, NEPRIIGetConstCorrectionTol;
    }
    /// Sets how many steps of Newton's method the method `rii` takes for the Rayleigh functional, at most. Logically
    /// collective. Default: 10. Option: `-nep_rii_max_it`.
    #[doc(alias = "NEPRIISetMaximumIterations")]
    set_rii_inner_iterations,
    /// How many steps the Rayleigh functional takes at most.
    #[doc(alias = "NEPRIIGetMaximumIterations")]
    rii_inner_iterations: usize as Count("a number of iterations") {
        "rii" => NEPRIISetMaximumIterations, NEPRIIGetMaximumIterations;
    }
    /// Sets the error below which the methods `rii` and `slp` count a pair among those that are deflated. Logically
    /// collective. Default: by SLEPc. Options: `-nep_rii_deflation_threshold`, `-nep_slp_deflation_threshold`.
    #[doc(alias = "NEPRIISetDeflationThreshold")]
    #[doc(alias = "NEPSLPSetDeflationThreshold")]
    set_deflation_threshold,
    /// The error below which a pair is deflated; 0 before SLEPc has decided.
    #[doc(alias = "NEPRIIGetDeflationThreshold")]
    #[doc(alias = "NEPSLPGetDeflationThreshold")]
    deflation_threshold: Real as Positive("a threshold") {
        "rii" => NEPRIISetDeflationThreshold, NEPRIIGetDeflationThreshold;
        "slp" => NEPSLPSetDeflationThreshold, NEPSLPGetDeflationThreshold;
    }
    /// Sets whether the method `nleigs` works with the full basis instead of a compact one. Logically collective.
    /// Default: no. Option: `-nep_nleigs_full_basis`.
    #[doc(alias = "NEPNLEIGSSetFullBasis")]
    set_nleigs_full_basis,
    /// Whether the basis is the full one.
    #[doc(alias = "NEPNLEIGSGetFullBasis")]
    nleigs_full_basis: bool as Flag("a full basis") {
        "nleigs" => NEPNLEIGSSetFullBasis, NEPNLEIGSGetFullBasis;
    }
    /// Sets whether the method `nleigs` locks pairs that have converged. Logically collective. Default: yes. Option:
    /// `-nep_nleigs_locking`.
    #[doc(alias = "NEPNLEIGSSetLocking")]
    set_nleigs_locking,
    /// Whether pairs that have converged are locked.
    #[doc(alias = "NEPNLEIGSGetLocking")]
    nleigs_locking: bool as Flag("locking") {
        "nleigs" => NEPNLEIGSSetLocking, NEPNLEIGSGetLocking;
    }
    /// Sets the share of the subspace that a restart of the method `nleigs` keeps, between 0.1 and 0.9. Logically
    /// collective. Default: 0.5. Option: `-nep_nleigs_restart`.
    #[doc(alias = "NEPNLEIGSSetRestart")]
    set_nleigs_restart,
    /// The share of the subspace that a restart keeps.
    #[doc(alias = "NEPNLEIGSGetRestart")]
    nleigs_restart: Real as Share("a restart") {
        "nleigs" => NEPNLEIGSSetRestart, NEPNLEIGSGetRestart;
    }
}

impl NepRef {
    /// Sets how accurately the methods `interpol` and `nleigs` approximate the function, and by what degree at most.
    /// Logically collective. Default: by SLEPc. Options: `-nep_interpol_interpolation_degree`,
    /// `-nep_nleigs_interpolation_tol`, ….
    ///
    /// # Errors
    /// `SUP` for other methods; `ARG_OUTOFRANGE` for a number that is not positive.
    #[doc(alias = "NEPInterpolSetInterpolation")]
    #[doc(alias = "NEPNLEIGSSetInterpolation")]
    pub fn set_interpolation(&mut self, tolerance: Real, degree: usize) -> Result<()> {
        let method = solver::one_of(self, &["interpol", "nleigs"], "an interpolation")?;
        let (nep, tolerance) = (self.as_ptr(), Positive::raw(tolerance, "a tolerance")?);
        let degree = Count::raw(degree, "a degree")?;
        if method == "nleigs" {
            // SAFETY: a live solver of this type.
            unsafe { call!(NEPNLEIGSSetInterpolation(nep, tolerance, degree)) }
        } else {
            // SAFETY: as above.
            unsafe { call!(NEPInterpolSetInterpolation(nep, tolerance, degree)) }
        }?;
        self.give_operators()
    }

    /// Sets the shifts of the rational Krylov method `nleigs`. Logically collective. Default: the target alone. Option:
    /// `-nep_nleigs_rk_shifts`.
    ///
    /// # Errors
    /// `SUP` for other methods.
    #[doc(alias = "NEPNLEIGSSetRKShifts")]
    pub fn set_nleigs_rk_shifts(&mut self, shifts: &[Scalar]) -> Result<()> {
        solver::one_of(self, &["nleigs"], "shifts")?;
        let (n, mut shifts) = (ffi::petsc_int(shifts.len())?, shifts.to_vec());
        // SAFETY: a live solver of this type; SLEPc copies the `n` numbers.
        unsafe { call!(NEPNLEIGSSetRKShifts(*self.busy()?, n, shifts.as_mut_ptr())) }?;
        // C has destroyed the solvers of other shifts, and remembers how many there were.
        let (mut n, mut solvers) = (0, ptr::null_mut());
        // SAFETY: a live solver of this type and valid out-pointers.
        unsafe {
            call!(NEPNLEIGSGetKSPs(
                *self.busy()?,
                &raw mut n,
                &raw mut solvers
            ))
        }
    }

    /// The shifts of [`set_nleigs_rk_shifts`](Self::set_nleigs_rk_shifts). Not collective.
    ///
    /// # Errors
    /// `SUP` for other methods.
    #[doc(alias = "NEPNLEIGSGetRKShifts")]
    pub fn nleigs_rk_shifts(&self) -> Result<Vec<Scalar>> {
        petsc_rs::not_collective!();
        solver::one_of(self, &["nleigs"], "shifts")?;
        let (mut n, mut shifts) = (0, ptr::null_mut());
        let (nep, a, b) = (self.as_ptr(), &raw mut n, &raw mut shifts);
        // SAFETY: a live solver of this type and valid out-pointers.
        unsafe { call!(NEPNLEIGSGetRKShifts(nep, a, b)) }?;
        // SAFETY: SLEPc has allocated and filled `n` entries, which are ours; it leaves NULL for none.
        let list = unsafe { ffi::slice(shifts, ffi::size(n)?) }.to_vec();
        // SAFETY: as above.
        unsafe { call!(PetscRsSlepcFree(shifts.cast())) }?;
        Ok(list)
    }
}
