//! Settings: the eigenvalues to compute, and parameters of the solve.

use petsc_macros::{getter, setting, wraps};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Result, Scalar, call};

use super::{NepRef, ProblemType, Which};
use crate::{solver, sys};

solver::settings! {
    NepRef, "eigenvalues";
    #[wraps(NEPSetDimensions)]
    NEPSetDimensions,
    #[wraps(NEPGetDimensions)]
    NEPGetDimensions,
    #[wraps(NEPSetTolerances)]
    NEPSetTolerances,
    #[wraps(NEPGetTolerances)]
    NEPGetTolerances
}

solver::refining! {
    NepRef, "-nep_refine";
    #[wraps(NEPSetRefine)]
    NEPSetRefine,
    NEPGetRefine,
    #[doc(alias = "NEPRefineGetKSP")]
    NEPRefineGetKSP
}

impl NepRef {
    /// Whether the solver computes the residuals of all approximate pairs in the subspace and passes
    /// them to monitors. Otherwise it computes residuals only up to the first pair that has not
    /// converged.
    #[setting(NEPSetTrackAll, NEPGetTrackAll, running)]
    #[option(default = "false")]
    pub fn set_track_all(track_all: bool);

    /// Whether left eigenvectors are computed too. The methods `slp` and, with a full basis,
    /// `nleigs` compute left eigenvectors.
    ///
    /// A solve checks whether the type supports it.
    #[setting(NEPSetTwoSided)]
    #[option("-nep_two_sided", default = "false")]
    pub fn set_two_sided(two_sided: bool);

    /// Sets the initial vectors of the next solve; SLEPc discards them after the solve. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a problem; `ARG_SIZ` if the sizes of a vector do not match the
    /// problem.
    #[wraps(NEPSetInitialSpace)]
    pub fn set_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let (n, mut raw) = crate::base::check_space(self, vectors, || self.first_operator())?;
        // SAFETY: live vectors of the sizes of the problem, of which SLEPc takes references.
        unsafe { call!(NEPSetInitialSpace(*self.busy()?, n, raw.as_mut_ptr())) }
    }
}

impl NepRef {
    /// The problem type.
    ///
    /// A solve checks whether the functions match the type.
    #[setting(NEPSetProblemType)]
    #[option("-nep_general", "-nep_rational", default = "general")]
    pub fn set_problem_type(problem_type: ProblemType);

    /// The problem type, `None` before it is set.
    #[getter(NEPGetProblemType)]
    pub fn problem_type() -> Option<ProblemType>;

    /// The eigenvalues to compute.
    ///
    /// A solve checks whether the problem and the type support them.
    #[setting(
        NEPSetWhichEigenpairs,
        errors = "`SUP` for [`Which::TargetImaginary`] with real scalars"
    )]
    #[option(
        "-nep_largest_real",
        "-nep_target_magnitude",
        "-nep_all",
        default = "those closest to the target"
    )]
    pub fn set_which(which: Which);

    /// The eigenvalues to compute, `None` before they are set.
    #[getter(NEPGetWhichEigenpairs)]
    pub fn which() -> Option<Which>;

    /// The target: the number close to which eigenvalues are computed, if
    /// [`which`](Self::set_which) requires a target.
    ///
    /// It is also the initial guess of Newton-type methods.
    #[setting(PetscRsNEPSetTarget, NEPGetTarget, by_pointer, c = ["NEPSetTarget", "NEPGetTarget"])]
    #[option("-nep_target", default = "0")]
    pub fn set_target(target: Scalar);
}
