//! Which eigenvalues are wanted, and how they are looked for.

use petsc_rs::{Real, Result, Scalar, call, ffi};

use super::{Balance, EpsRef, Extraction, Which};
use crate::solver::{self, out_of_range};
use crate::sys;

pub use crate::solver::{CurrentDimensions, CurrentTolerances, Dimensions, Tolerances};

solver::settings! {
    EpsRef, "eigenvalues";
    EPSSetDimensions, EPSGetDimensions, EPSSetTolerances, EPSGetTolerances, EPSSetTrackAll
}

impl EpsRef {
    /// Sets which eigenvalues are wanted. Logically collective. Default: the largest in modulus.
    /// Options: `-eps_largest_real`, `-eps_target_magnitude`, `-eps_all`, ….
    ///
    /// # Errors
    /// What `EPSSetWhichEigenpairs` returns; whether the choice fits problem and method is checked by
    /// a solve.
    #[doc(alias = "EPSSetWhichEigenpairs")]
    pub fn set_which(&mut self, which: Which) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetWhichEigenpairs(self.as_ptr(), which.to_raw())) }
    }

    /// Which eigenvalues are wanted, `None` before anybody has said. Not collective.
    ///
    /// # Errors
    /// `SUP` for a choice that a newer SLEPc has.
    #[doc(alias = "EPSGetWhichEigenpairs")]
    pub fn which(&self) -> Result<Option<Which>> {
        let mut raw = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetWhichEigenpairs(self.as_ptr(), &raw mut raw)) }?;
        (raw != 0).then(|| Which::try_from(raw)).transpose()
    }

    /// Sets the number that the wanted eigenvalues are close to; it becomes the shift of the
    /// transformation too, unless that has one of its own. Takes part if [`which`](Self::set_which)
    /// asks for it. Logically collective. Option: `-eps_target`.
    ///
    /// # Errors
    /// What `EPSSetTarget` returns.
    #[doc(alias = "EPSSetTarget")]
    pub fn set_target(&mut self, target: Scalar) -> Result<()> {
        // SAFETY: a live solver and a valid pointer.
        unsafe { call!(PetscRsEPSSetTarget(self.as_ptr(), &raw const target)) }
    }

    /// The target. Not collective.
    ///
    /// # Errors
    /// What `EPSGetTarget` returns.
    #[doc(alias = "EPSGetTarget")]
    pub fn target(&self) -> Result<Scalar> {
        let mut target = Scalar::default();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetTarget(self.as_ptr(), &raw mut target)) }?;
        Ok(target)
    }

    /// Sets the interval `start..=end` of which [`Which::All`] eigenvalues are wanted: of a Hermitian
    /// problem, by spectrum slicing (`krylovschur` with shift-and-invert and a Cholesky factorisation
    /// that counts negative pivots) or by a filter. Logically collective. Option: `-eps_interval a,b`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless `start < end`.
    #[doc(alias = "EPSSetInterval")]
    pub fn set_interval(&mut self, start: Real, end: Real) -> Result<()> {
        if start.partial_cmp(&end) != Some(std::cmp::Ordering::Less) {
            let text = format!("the interval [{start}, {end}] has no inside");
            return Err(out_of_range(text));
        }
        // SAFETY: a live solver.
        unsafe { call!(EPSSetInterval(self.as_ptr(), start, end)) }
    }

    /// The interval: its start and its end, both 0 if none was set. Not collective.
    ///
    /// # Errors
    /// What `EPSGetInterval` returns.
    #[doc(alias = "EPSGetInterval")]
    pub fn interval(&self) -> Result<(Real, Real)> {
        let (mut start, mut end) = (0.0, 0.0);
        // SAFETY: a live solver and valid out-pointers.
        unsafe { call!(EPSGetInterval(self.as_ptr(), &raw mut start, &raw mut end)) }?;
        Ok((start, end))
    }

    /// Sets how eigenpairs are taken from the subspace. Logically collective. Default:
    /// [`Extraction::Ritz`]. Option: `-eps_harmonic` and so on.
    ///
    /// # Errors
    /// What `EPSSetExtraction` returns; whether the method can is checked by a solve.
    #[doc(alias = "EPSSetExtraction")]
    pub fn set_extraction(&mut self, extraction: Extraction) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetExtraction(self.as_ptr(), extraction.to_raw())) }
    }

    /// Sets balancing of a non-Hermitian problem, in `iterations` of the Krylov method. Logically
    /// collective. Default: none. Option: `-eps_balance`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for no iteration.
    #[doc(alias = "EPSSetBalance")]
    pub fn set_balance(&mut self, balance: Balance, iterations: usize, cutoff: Real) -> Result<()> {
        if iterations == 0 || cutoff.is_nan() || cutoff <= 0.0 {
            let text = "balancing needs an iteration and a positive cutoff";
            return Err(out_of_range(text));
        }
        let iterations = ffi::petsc_int(iterations)?;
        // SAFETY: a live solver.
        unsafe {
            call!(EPSSetBalance(
                self.as_ptr(),
                balance.to_raw(),
                iterations,
                cutoff
            ))
        }
    }

    /// Sets whether left eigenvectors are computed too. Logically collective. Default: no. Option:
    /// `-eps_two_sided`.
    ///
    /// # Errors
    /// What `EPSSetTwoSided` returns; whether the method can is checked by a solve.
    #[doc(alias = "EPSSetTwoSided")]
    pub fn set_two_sided(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetTwoSided(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// Sets whether residuals of the problem itself, instead of the transformed one, decide about
    /// convergence. Logically collective. Default: no. Option: `-eps_true_residual`.
    ///
    /// # Errors
    /// What `EPSSetTrueResidual` returns.
    #[doc(alias = "EPSSetTrueResidual")]
    pub fn set_true_residual(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetTrueResidual(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// Sets whether eigenvectors of a generalised problem are freed of parts in the kernel of `B`, which shift-and-invert
    /// lets in where `B` is singular. Logically collective. Default: yes. Option: `-eps_purify`.
    ///
    /// # Errors
    /// What `EPSSetPurify` returns.
    #[doc(alias = "EPSSetPurify")]
    pub fn set_purify(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetPurify(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// Whether eigenvectors are freed of parts in the kernel of `B`. Not collective.
    ///
    /// # Errors
    /// What `EPSGetPurify` returns.
    #[doc(alias = "EPSGetPurify")]
    pub fn purify(&self) -> Result<bool> {
        let mut flag = ffi::raw_bool(false);
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetPurify(self.as_ptr(), &raw mut flag)) }?;
        Ok(ffi::to_bool(flag))
    }
}
