//! Estimates of singular values and eigenvalues of the preconditioned operator.

use petsc_macros::wraps;

use super::KspRef;
use crate::error::{Error, ErrorCode, Result};
use crate::{Real, call, ffi, get, sys};

impl KspRef {
    /// Sets whether the solver computes the data for
    /// [`extreme_singular_values`](Self::extreme_singular_values). Logically collective. Default:
    /// no. Option: `-ksp_view_singularvalues`.
    ///
    /// # Errors
    /// `ORDER` if `on` is true and the solver is already set up: the setup allocates the memory for
    /// the data, and PETSc does not check whether it was allocated.
    #[wraps(KSPSetComputeSingularValues)]
    pub fn set_compute_singular_values(&mut self, on: bool) -> Result<()> {
        self.check_spectrum_in_time(on)?;
        let on = ffi::raw_bool(on);
        // SAFETY: a live solver which has room for them, or is not set up (above).
        unsafe { call!(KSPSetComputeSingularValues(*self.busy()?, on)) }
    }

    /// Sets whether the solver computes the data for [`eigenvalues`](Self::eigenvalues). Logically
    /// collective. Default: no. Option: `-ksp_view_eigenvalues`.
    #[wraps(KSPSetComputeEigenvalues, errors = set_compute_singular_values)]
    pub fn set_compute_eigenvalues(&mut self, on: bool) -> Result<()> {
        self.check_spectrum_in_time(on)?;
        // SAFETY: as above.
        unsafe { call!(KSPSetComputeEigenvalues(*self.busy()?, ffi::raw_bool(on))) }
    }

    /// Returns estimates of the largest and smallest singular value of the preconditioned operator,
    /// from the last solve. Both are NaN or -1 if the method computes no singular values.
    ///
    /// # Errors
    /// `ORDER` unless the data were requested before the solve.
    #[wraps(KSPComputeExtremeSingularValues, not_collective)]
    pub fn extreme_singular_values(&self) -> Result<(Real, Real)> {
        self.check_spectrum_kept()?;
        let (mut largest, mut smallest) = (-1.0, -1.0);
        // SAFETY: a live solver with room for them (above) and valid out-pointers.
        unsafe {
            call!(KSPComputeExtremeSingularValues(
                self.as_ptr(),
                &raw mut largest,
                &raw mut smallest
            ))
        }?;
        Ok((largest, smallest))
    }

    /// Returns estimates of eigenvalues of the preconditioned operator from the last solve, as
    /// pairs of real and imaginary part.
    ///
    /// There is one estimate for each iteration. The result is empty if the method computes no
    /// eigenvalues.
    ///
    /// # Errors
    /// `ORDER` unless the data were requested before the solve.
    #[wraps(KSPComputeEigenvalues, not_collective)]
    pub fn eigenvalues(&self) -> Result<Vec<(Real, Real)>> {
        self.check_spectrum_kept()?;
        // After a restart a method can have one more than iterations.
        let n = self.iterations()? + 1;
        let (mut re, mut im, mut found) = (vec![0.0; n], vec![0.0; n], 0);
        let size = ffi::petsc_int(n)?;
        // SAFETY: a live solver with room for them (above); the arrays hold `n` numbers, more than
        // the method has iterations, and PETSc checks that.
        unsafe {
            call!(KSPComputeEigenvalues(
                self.as_ptr(),
                size,
                re.as_mut_ptr(),
                im.as_mut_ptr(),
                &raw mut found
            ))
        }?;
        let found = ffi::size(found)?.min(n);
        Ok(re.into_iter().zip(im).take(found).collect())
    }

    /// Computes all eigenvalues of the preconditioned operator, which is formed as a dense matrix
    /// on one rank. Suitable for small systems only. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` for an operator that is not square; `FP` if an
    /// entry of the operator is infinite or not a number; `SUP` if PETSc was built without LAPACK's
    /// `geev`.
    #[wraps(KSPComputeEigenvaluesExplicitly)]
    pub fn eigenvalues_explicitly(&mut self) -> Result<Vec<(Real, Real)>> {
        self.set_up()?;
        let (a, _) = self.operators()?;
        a.check_square()?;
        let n = a.size()?.0;
        let (mut re, mut im) = (vec![0.0; n], vec![0.0; n]);
        let size = ffi::petsc_int(n)?;
        // SAFETY: a solver that is set up; the arrays hold one number for each row.
        unsafe {
            call!(PetscRsKSPComputeEigenvaluesExplicitly(
                *self.busy()?,
                size,
                re.as_mut_ptr(),
                im.as_mut_ptr()
            ))
        }?;
        Ok(re.into_iter().zip(im).collect())
    }

    /// Returns whether the setup allocates space for the spectrum.
    pub(super) fn keeps_spectrum(&self) -> Result<bool> {
        // One C flag covers singular values and eigenvalues.
        // SAFETY: a live solver.
        unsafe { get!(KSPGetComputeSingularValues(self.as_ptr(), _)) }
    }

    /// Reverts a request that options made too late.
    pub(super) fn refuse_late_spectrum(&mut self) -> Result<()> {
        if !self.is_set_up()? || !self.keeps_spectrum()? {
            return Ok(());
        }
        // SAFETY: a live solver.
        unsafe { call!(KSPSetComputeSingularValues(*self.busy()?, ffi::raw_bool(false))) }?;
        Err(too_late())
    }

    fn check_spectrum_in_time(&self, on: bool) -> Result<()> {
        if on && self.is_set_up()? && !self.keeps_spectrum()? {
            return Err(too_late());
        }
        Ok(())
    }

    fn check_spectrum_kept(&self) -> Result<()> {
        if self.keeps_spectrum()? && self.is_set_up()? && self.solution()?.is_some() {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ORDER,
            "no singular values or eigenvalues were computed: call set_compute_singular_values or \
             set_compute_eigenvalues before the solve",
        ))
    }
}

fn too_late() -> Error {
    Error::new(
        ErrorCode::ORDER,
        "the solver was set up without space for singular values and eigenvalues: request them before \
         set_up and the first solve, or set the type or call reset first",
    )
}
