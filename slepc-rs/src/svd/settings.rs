//! Settings: the singular values to compute, and parameters of the solve.

use petsc_macros::{getter, setting, wraps};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Result, call};

use super::{ProblemType, SvdRef, Which};
use crate::{solver, sys};

solver::settings! {
    SvdRef, "singular values";
    #[wraps(SVDSetDimensions)]
    SVDSetDimensions,
    #[wraps(SVDGetDimensions)]
    SVDGetDimensions,
    #[wraps(SVDSetTolerances)]
    SVDSetTolerances,
    #[wraps(SVDGetTolerances)]
    SVDGetTolerances
}

impl SvdRef {
    /// Whether the solver computes the residuals of all approximate triplets in the subspace and
    /// passes them to monitors. Otherwise it computes residuals only up to the first triplet that
    /// has not converged.
    #[setting(SVDSetTrackAll, SVDGetTrackAll, running)]
    #[option(default = "false")]
    pub fn set_track_all(track_all: bool);

    /// The problem type.
    ///
    /// A solve checks whether the matrices match the type.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// use slepc_rs::svd::ProblemType;
    /// let mut svd = Svd::new(comm)?;
    /// svd.set_problem_type(ProblemType::Standard)?;
    /// assert_eq!(svd.problem_type()?, Some(ProblemType::Standard));
    /// # Ok(()) })
    /// ```
    #[setting(SVDSetProblemType)]
    #[option(
        "-svd_standard",
        "-svd_generalized",
        "-svd_hyperbolic",
        default = "determined by the matrices and the signature"
    )]
    pub fn set_problem_type(problem_type: ProblemType);

    /// Returns the problem type, `None` before it is determined.
    #[getter(SVDGetProblemType)]
    pub fn problem_type() -> Option<ProblemType>;

    /// The singular values to compute.
    #[setting(SVDSetWhichSingularTriplets, SVDGetWhichSingularTriplets)]
    #[option("-svd_largest", "-svd_smallest", default = "the largest")]
    pub fn set_which(which: Which);

    /// Whether products with `Aᴴ` are computed from `A` instead of a stored transpose.
    #[setting(SVDSetImplicitTranspose)]
    #[option(
        "-svd_implicittranspose",
        default = "false if the matrix type supports the transpose, otherwise true"
    )]
    pub fn set_implicit_transpose(implicit_transpose: bool);

    /// Sets right and left initial vectors of the next solve; SLEPc discards them after the solve.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` if the sizes of a vector do not match the
    /// operators.
    #[wraps(SVDSetInitialSpaces)]
    pub fn set_initial_spaces(&mut self, right: &[&VectorRef], left: &[&VectorRef]) -> Result<()> {
        let (mut rows, mut columns) = ((0, 0), (0, 0));
        if !(right.is_empty() && left.is_empty()) {
            let (a, _) = self.operators()?;
            let (local, global) = (a.local_size()?, a.size()?);
            (rows, columns) = ((local.0, global.0), (local.1, global.1));
        }
        let (n, mut right) = crate::base::check_fit(self, right, columns)?;
        let (m, mut left) = crate::base::check_fit(self, left, rows)?;
        let (right, left) = (right.as_mut_ptr(), left.as_mut_ptr());
        // SAFETY: live vectors of the sizes of the operators, of which SLEPc takes references.
        unsafe { call!(SVDSetInitialSpaces(*self.busy()?, n, right, m, left)) }
    }
}
