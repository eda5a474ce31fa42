//! Settings of individual nonlinear eigensolvers.

use std::ptr;

use petsc_macros::{setting, wraps};
use petsc_rs::ffi::range::{at_least_one, count, positive};
use petsc_rs::{Real, Result, Scalar, call, ffi};

use super::NepRef;
use crate::solver::restart_fraction;
use crate::sys;

impl NepRef {
    /// The number of iterations after which the preconditioner is rebuilt; with 0, the
    /// preconditioner is never rebuilt.
    #[setting(
        NEPRIISetLagPreconditioner, NEPNArnoldiSetLagPreconditioner, NEPRIIGetLagPreconditioner,
        NEPNArnoldiGetLagPreconditioner,
        then = give_operators
    )]
    #[types("rii", "narnoldi")]
    #[option("-nep_rii_lag_preconditioner", "-nep_narnoldi_lag_preconditioner", default = "1")]
    pub fn set_lag_preconditioner(lag_preconditioner: usize);

    /// Whether `rii` assumes that `T(λ)` is Hermitian for real `λ`.
    #[setting(NEPRIISetHermitian, NEPRIIGetHermitian, then = give_operators)]
    #[types("rii")]
    #[option("-nep_rii_hermitian", default = "false")]
    pub fn set_rii_hermitian(rii_hermitian: bool);

    /// Whether `rii` solves its linear systems to a fixed tolerance. Otherwise the tolerance is
    /// `2⁻ⁱ` in iteration `i`.
    #[setting(NEPRIISetConstCorrectionTol, NEPRIIGetConstCorrectionTol, then = give_operators)]
    #[types("rii")]
    #[option("-nep_rii_const_correction_tol", default = "false")]
    pub fn set_rii_constant_tolerance(rii_constant_tolerance: bool);

    /// The maximum number of Newton iterations with which `rii` computes the Rayleigh functional.
    #[setting(
        NEPRIISetMaximumIterations, NEPRIIGetMaximumIterations,
        check = at_least_one, then = give_operators
    )]
    #[types("rii")]
    #[option("-nep_rii_max_it", default = "10")]
    pub fn set_rii_inner_iterations(rii_inner_iterations: usize);

    /// The error estimate below which an eigenpair is deflated.
    #[setting(
        NEPRIISetDeflationThreshold, NEPSLPSetDeflationThreshold, NEPRIIGetDeflationThreshold,
        NEPSLPGetDeflationThreshold,
        check = positive, then = give_operators
    )]
    #[types("rii", "slp")]
    #[option(
        "-nep_rii_deflation_threshold",
        "-nep_slp_deflation_threshold",
        default = "chosen by SLEPc"
    )]
    pub fn set_deflation_threshold(deflation_threshold: Real);

    /// Whether `nleigs` uses the full basis. Otherwise it uses a compact representation.
    #[setting(NEPNLEIGSSetFullBasis, NEPNLEIGSGetFullBasis, then = give_operators)]
    #[types("nleigs")]
    #[option("-nep_nleigs_full_basis", default = "false")]
    pub fn set_nleigs_full_basis(nleigs_full_basis: bool);

    /// Whether `nleigs` locks converged eigenpairs.
    #[setting(NEPNLEIGSSetLocking, NEPNLEIGSGetLocking, then = give_operators)]
    #[types("nleigs")]
    #[option("-nep_nleigs_locking", default = "true")]
    pub fn set_nleigs_locking(nleigs_locking: bool);

    /// The fraction of the basis vectors that `nleigs` keeps at a restart.
    #[setting(
        NEPNLEIGSSetRestart, NEPNLEIGSGetRestart,
        check = restart_fraction, then = give_operators
    )]
    #[types("nleigs")]
    #[option("-nep_nleigs_restart", default = "0.5")]
    pub fn set_nleigs_restart(nleigs_restart: Real);
}

impl NepRef {
    /// Sets the tolerance and the maximum degree of the interpolation in the methods `interpol` and
    /// `nleigs`. Logically collective. Default: chosen by SLEPc. Options:
    /// `-nep_interpol_interpolation_degree`, `-nep_nleigs_interpolation_tol`, ….
    ///
    /// # Errors
    /// `ARG_WRONG` for other types; `ARG_OUTOFRANGE` if a number is not positive.
    #[wraps(NEPInterpolSetInterpolation, NEPNLEIGSSetInterpolation)]
    pub fn set_interpolation(&mut self, tolerance: Real, degree: usize) -> Result<()> {
        let method = crate::base::one_of(self, &["interpol", "nleigs"], "an interpolation")?;
        positive(tolerance, "the tolerance")?;
        let nep = self.as_ptr();
        let degree = count(degree, "the degree")?;
        if method == "nleigs" {
            // SAFETY: a live solver of this type.
            unsafe { call!(NEPNLEIGSSetInterpolation(nep, tolerance, degree)) }
        } else {
            // SAFETY: as above.
            unsafe { call!(NEPInterpolSetInterpolation(nep, tolerance, degree)) }
        }?;
        self.give_operators()
    }

    /// Sets the shifts of the rational Krylov method `nleigs`. Logically collective. Default: only
    /// the target. Option: `-nep_nleigs_rk_shifts`.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(NEPNLEIGSSetRKShifts)]
    pub fn set_nleigs_rk_shifts(&mut self, shifts: &[Scalar]) -> Result<()> {
        crate::base::one_of(self, &["nleigs"], "shifts")?;
        let (n, mut shifts) = (ffi::petsc_int(shifts.len())?, shifts.to_vec());
        // SAFETY: a live solver of this type; SLEPc copies the `n` numbers.
        unsafe { call!(NEPNLEIGSSetRKShifts(*self.busy()?, n, shifts.as_mut_ptr())) }?;
        // SLEPc has destroyed the solvers of other shifts, but still stores their number.
        let (mut n, mut solvers) = (0, ptr::null_mut());
        // SAFETY: a live solver of this type and valid out-pointers.
        unsafe { call!(NEPNLEIGSGetKSPs(*self.busy()?, &raw mut n, &raw mut solvers)) }
    }

    /// Returns the shifts of the rational Krylov method `nleigs`. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(NEPNLEIGSGetRKShifts)]
    pub fn nleigs_rk_shifts(&self) -> Result<Vec<Scalar>> {
        petsc_rs::not_collective!();
        crate::base::one_of(self, &["nleigs"], "shifts")?;
        let (mut n, mut shifts) = (0, ptr::null_mut());
        let (nep, a, b) = (self.as_ptr(), &raw mut n, &raw mut shifts);
        // SAFETY: a live solver of this type and valid out-pointers.
        unsafe { call!(NEPNLEIGSGetRKShifts(nep, a, b)) }?;
        // SAFETY: SLEPc allocated and filled an array of `n` entries, which the caller owns; the
        // pointer is NULL for none.
        let list = unsafe { ffi::slice(shifts, ffi::size(n)?) }.to_vec();
        // SAFETY: as above.
        unsafe { call!(PetscRsSlepcFree(shifts.cast())) }?;
        Ok(list)
    }
}
