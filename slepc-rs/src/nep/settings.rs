//! What is wanted, and how it is looked for.

use petsc_macros::{setting, wraps};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Result, call};

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
        let (n, mut raw) = solver::check_fit(self, vectors, fits)?;
        // SAFETY: live vectors that fit the problem, of which SLEPc takes references.
        unsafe { call!(NEPSetInitialSpace(*self.busy()?, n, raw.as_mut_ptr())) }
    }
}

solver::choices! {
    NepRef, ProblemType, Which;
    #[wraps(NEPSetProblemType)]
    fn set_problem_type = NEPSetProblemType, "Options: `-nep_general`, `-nep_rational`.";
    #[wraps(NEPGetProblemType)]
    fn problem_type = NEPGetProblemType;
    #[wraps(NEPSetWhichEigenpairs)]
    fn set_which = NEPSetWhichEigenpairs, "those closest to the target. Options: `-nep_largest_real`, `-nep_target_magnitude`, `-nep_all`, ….", "`SUP` for [`Which::TargetImaginary`] where numbers are real.";
    #[wraps(NEPGetWhichEigenpairs)]
    fn which = NEPGetWhichEigenpairs;
    #[wraps(NEPSetTarget)]
    fn set_target = PetscRsNEPSetTarget, "NEPSetTarget", "It is also where Newton-like methods begin. Default: 0. Option: `-nep_target`.";
    #[wraps(NEPGetTarget)]
    fn target = NEPGetTarget;
}
