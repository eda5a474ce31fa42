//! What is wanted, and how it is looked for.

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
    NEPGetTolerances,
    #[doc(alias = "NEPSetTrackAll")]
    NEPSetTrackAll
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
    /// Whether left eigenvectors are computed too, by `slp`, and by `nleigs` with a full basis.
    ///
    /// A solve checks whether the type supports it.
    #[setting(NEPSetTwoSided)]
    #[option("-nep_two_sided", default = "false")]
    pub fn set_two_sided(two_sided: bool);

    /// Sets the vectors from which the next solve begins; SLEPc forgets them afterwards. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a problem; `ARG_SIZ` if a vector does not fit it.
    #[wraps(NEPSetInitialSpace)]
    pub fn set_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let mut fits = (0, 0);
        if !vectors.is_empty() {
            let a = self.first_operator()?;
            fits = (a.local_size()?.0, a.size()?.0);
        }
        let (n, mut raw) = crate::base::check_fit(self, vectors, fits)?;
        // SAFETY: live vectors that fit the problem, of which SLEPc takes references.
        unsafe { call!(NEPSetInitialSpace(*self.busy()?, n, raw.as_mut_ptr())) }
    }
}

impl NepRef {
    /// The problem type.
    ///
    /// A solve checks whether the functions fit.
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

    /// The eigenvalues to compute, `None` before the choice is made.
    #[getter(NEPGetWhichEigenpairs)]
    pub fn which() -> Option<Which>;

    /// The target: the number to which the wanted eigenvalues are close, if [`which`](Self::set_which) requires one.
    ///
    /// Newton-type methods also start from it.
    #[setting(PetscRsNEPSetTarget, NEPGetTarget, by_pointer, c = ["NEPSetTarget", "NEPGetTarget"])]
    #[option("-nep_target", default = "0")]
    pub fn set_target(target: Scalar);
}
