//! Settings: the eigenvalues to compute, and parameters of the solve.

use petsc_macros::{getter, setting, wraps};
use petsc_rs::{Real, Result, Scalar, call, ffi};

use super::{Balance, EpsRef, Extraction, ProblemType, Which};
use crate::solver::{self};
use crate::sys;
use petsc_rs::ffi::range::{increasing, out_of_range};

pub use crate::solver::{CurrentDimensions, CurrentTolerances, Dimensions, Tolerances};

solver::settings! {
    EpsRef, "eigenvalues";
    #[wraps(EPSSetDimensions)]
    EPSSetDimensions,
    #[wraps(EPSGetDimensions)]
    EPSGetDimensions,
    #[wraps(EPSSetTolerances)]
    EPSSetTolerances,
    #[wraps(EPSGetTolerances)]
    EPSGetTolerances
}

impl EpsRef {
    /// Whether the solver computes the residuals of all approximate pairs in the subspace and passes
    /// them to monitors. Otherwise it computes residuals only up to the first pair that has not
    /// converged.
    #[setting(EPSSetTrackAll, EPSGetTrackAll, running)]
    #[option(default = "false")]
    pub fn set_track_all(track_all: bool);

    /// The extraction of eigenpairs from the subspace.
    ///
    /// A solve checks whether the type supports it.
    // Before 3.22, a change of the extraction after a setup is not followed by another one.
    #[setting(EPSSetExtraction, then = give_operators)]
    #[option(default = "[`Extraction::Ritz`]")]
    pub fn set_extraction(extraction: Extraction);

    /// Sets balancing of a non-Hermitian problem, with `iterations` steps of the balancing method.
    /// Logically collective. Default: none. Option: `-eps_balance`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `iterations` is 0 or `cutoff` is not positive.
    #[wraps(EPSSetBalance)]
    pub fn set_balance(&mut self, balance: Balance, iterations: usize, cutoff: Real) -> Result<()> {
        if iterations == 0 || cutoff.is_nan() || cutoff <= 0.0 {
            let text = "balancing needs at least one iteration and a positive cutoff";
            return Err(out_of_range(text));
        }
        let iterations = ffi::petsc_int(iterations)?;
        // SAFETY: a live solver.
        unsafe { call!(EPSSetBalance(*self.busy()?, balance.to_raw(), iterations, cutoff)) }
    }

    /// Whether left eigenvectors are computed too.
    ///
    /// A solve checks whether the type supports it.
    #[setting(EPSSetTwoSided)]
    #[option("-eps_two_sided", default = "false")]
    pub fn set_two_sided(two_sided: bool);

    /// Whether the convergence test uses residuals of the original problem instead of the
    /// transformed one.
    #[setting(EPSSetTrueResidual)]
    #[option("-eps_true_residual", default = "false")]
    pub fn set_true_residual(true_residual: bool);

    /// Whether components in the null space of `B` are removed from the eigenvectors of a
    /// generalized problem (purification). Shift-and-invert leaves such components if `B` is
    /// singular.
    #[setting(EPSSetPurify, EPSGetPurify)]
    #[option("-eps_purify", default = "true")]
    pub fn set_purify(purify: bool);
}

impl EpsRef {
    /// The problem type.
    ///
    /// SLEPc relies on the type: if the type is Hermitian and a matrix is not, the eigenvalues are
    /// wrong. If the type is Hermitian, a solve checks each assembled matrix with two products, and
    /// returns an error if the matrix is not Hermitian. Shell matrices are not checked: if the type
    /// is wrong, the [`error`](super::Eigenpair::error) of an eigenpair is large.
    ///
    /// # Examples
    /// See [`Eps`](super::Eps).
    #[setting(EPSSetProblemType)]
    #[option(
        "-eps_hermitian",
        "-eps_gen_hermitian",
        "-eps_non_hermitian",
        "-eps_gen_non_hermitian",
        default = "non-Hermitian"
    )]
    pub fn set_problem_type(problem_type: ProblemType);

    /// The problem type, `None` before it is set.
    #[getter(EPSGetProblemType)]
    pub fn problem_type() -> Option<ProblemType>;

    /// The eigenvalues to compute.
    ///
    /// A solve checks whether the problem and the type support them.
    #[setting(EPSSetWhichEigenpairs)]
    #[option(
        "-eps_largest_real",
        "-eps_target_magnitude",
        "-eps_all",
        default = "the largest in modulus"
    )]
    pub fn set_which(which: Which);

    /// The eigenvalues to compute, `None` before they are set.
    #[getter(EPSGetWhichEigenpairs)]
    pub fn which() -> Option<Which>;

    /// The target: the number close to which eigenvalues are computed, if
    /// [`which`](Self::set_which) requires a target.
    ///
    /// It is also the shift of the spectral transformation, unless a shift was set on the
    /// transformation.
    #[setting(PetscRsEPSSetTarget, EPSGetTarget, by_pointer, c = ["EPSSetTarget", "EPSGetTarget"])]
    #[option("-eps_target")]
    pub fn set_target(target: Scalar);

    /// The interval `start..=end` in which [`Which::All`] computes all eigenvalues of a Hermitian
    /// problem; both numbers are 0 before it is set.
    ///
    /// The eigenvalues are computed with spectrum slicing (`krylovschur` with shift-and-invert and a
    /// factorization that counts negative pivots) or with a filter.
    #[setting(EPSSetInterval, EPSGetInterval, get = interval, check_all = increasing)]
    #[option("-eps_interval")]
    pub fn set_interval(start: Real, end: Real);
}
