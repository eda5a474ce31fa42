//! What is wanted, and how it is looked for.

use petsc_rs::vector::VectorRef;
use petsc_rs::{Result, Scalar, call, ffi};

use super::{NepRef, ProblemType, Which};
use crate::{solver, sys};

solver::settings! {
    NepRef, "eigenvalues";
    NEPSetDimensions, NEPGetDimensions, NEPSetTolerances, NEPGetTolerances, NEPSetTrackAll
}

solver::refining! {
    NepRef, "-nep_refine";
    NEPSetRefine, NEPGetRefine, NEPRefineGetKSP
}

impl NepRef {
    /// Says what is known about the problem. Logically collective. Default: nothing. Options: `-nep_general`,
    /// `-nep_rational`.
    ///
    /// # Errors
    /// What `NEPSetProblemType` returns.
    #[doc(alias = "NEPSetProblemType")]
    pub fn set_problem_type(&mut self, kind: ProblemType) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(NEPSetProblemType(self.as_ptr(), kind.to_raw())) }
    }

    /// What is known about the problem, `None` if nothing was said. Not collective.
    ///
    /// # Errors
    /// `SUP` for a kind that a newer SLEPc has.
    #[doc(alias = "NEPGetProblemType")]
    pub fn problem_type(&self) -> Result<Option<ProblemType>> {
        let mut raw = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(NEPGetProblemType(self.as_ptr(), &raw mut raw)) }?;
        (raw != 0).then(|| ProblemType::try_from(raw)).transpose()
    }

    /// Sets which eigenvalues are wanted. Logically collective. Default: those closest to the target. Options:
    /// `-nep_largest_real`, `-nep_target_magnitude`, `-nep_all`, ….
    ///
    /// # Errors
    /// `SUP` for [`Which::TargetImaginary`] where numbers are real; whether the choice fits the method is checked by a
    /// solve.
    #[doc(alias = "NEPSetWhichEigenpairs")]
    pub fn set_which(&mut self, which: Which) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(NEPSetWhichEigenpairs(self.as_ptr(), which.to_raw())) }
    }

    /// Which eigenvalues are wanted, `None` before anybody has said. Not collective.
    ///
    /// # Errors
    /// `SUP` for a choice that a newer SLEPc has.
    #[doc(alias = "NEPGetWhichEigenpairs")]
    pub fn which(&self) -> Result<Option<Which>> {
        let mut raw = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(NEPGetWhichEigenpairs(self.as_ptr(), &raw mut raw)) }?;
        (raw != 0).then(|| Which::try_from(raw)).transpose()
    }

    /// Sets the number that the wanted eigenvalues are close to, which is also where Newton-like methods begin.
    /// Logically collective. Default: 0. Option: `-nep_target`.
    ///
    /// # Errors
    /// What `NEPSetTarget` returns.
    #[doc(alias = "NEPSetTarget")]
    pub fn set_target(&mut self, target: Scalar) -> Result<()> {
        // SAFETY: a live solver and a valid pointer.
        unsafe { call!(PetscRsNEPSetTarget(self.as_ptr(), &raw const target)) }
    }

    /// The target. Not collective.
    ///
    /// # Errors
    /// What `NEPGetTarget` returns.
    #[doc(alias = "NEPGetTarget")]
    pub fn target(&self) -> Result<Scalar> {
        let mut target = Scalar::default();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(NEPGetTarget(self.as_ptr(), &raw mut target)) }?;
        Ok(target)
    }

    /// Sets whether left eigenvectors are computed too (`slp`, and `nleigs` with a full basis). Logically collective.
    /// Default: no. Option: `-nep_two_sided`.
    ///
    /// # Errors
    /// What `NEPSetTwoSided` returns; whether the method can is checked by a solve.
    #[doc(alias = "NEPSetTwoSided")]
    pub fn set_two_sided(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(NEPSetTwoSided(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// Sets the vectors from which the next solve begins; SLEPc forgets them afterwards. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a problem; `ARG_SIZ` if a vector does not fit it.
    #[doc(alias = "NEPSetInitialSpace")]
    pub fn set_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let mut fits = (0, 0);
        if !vectors.is_empty() {
            let a = self.first_operator()?;
            fits = (a.local_size()?.0, a.size()?.0);
        }
        let (n, mut raw) = solver::check_fit(self, vectors, fits)?;
        // SAFETY: live vectors that fit the problem, of which SLEPc takes references.
        unsafe { call!(NEPSetInitialSpace(self.as_ptr(), n, raw.as_mut_ptr())) }
    }
}
