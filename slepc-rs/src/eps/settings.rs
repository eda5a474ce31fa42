//! Which eigenvalues are wanted, and how they are looked for.

use petsc_macros::{setting, wraps};
use petsc_rs::{Real, Result, call, ffi};

use super::{Balance, EpsRef, Extraction, ProblemType, Which};
use crate::solver::{self, out_of_range};
use crate::sys;

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
    EPSGetTolerances,
    #[doc(alias = "EPSSetTrackAll")]
    EPSSetTrackAll
}

impl EpsRef {
    /// The interval: its start and its end, both 0 if none was set. Not collective.
    ///
    /// # Errors
    /// What `EPSGetInterval` returns.
    #[wraps(EPSGetInterval)]
    pub fn interval(&self) -> Result<(Real, Real)> {
        petsc_rs::not_collective!();
        let (mut start, mut end) = (0.0, 0.0);
        // SAFETY: a live solver and valid out-pointers.
        unsafe { call!(EPSGetInterval(self.as_ptr(), &raw mut start, &raw mut end)) }?;
        Ok((start, end))
    }

    /// The extraction of eigenpairs from the subspace.
    ///
    /// A solve checks whether the type supports it.
    #[setting(EPSSetExtraction)]
    #[option(default = "[`Extraction::Ritz`]")]
    pub fn set_extraction(extraction: Extraction);

    /// Sets balancing of a non-Hermitian problem, in `iterations` of the Krylov method. Logically
    /// collective. Default: none. Option: `-eps_balance`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for no iteration.
    #[wraps(EPSSetBalance)]
    pub fn set_balance(&mut self, balance: Balance, iterations: usize, cutoff: Real) -> Result<()> {
        if iterations == 0 || cutoff.is_nan() || cutoff <= 0.0 {
            let text = "balancing needs an iteration and a positive cutoff";
            return Err(out_of_range(text));
        }
        let iterations = ffi::petsc_int(iterations)?;
        // SAFETY: a live solver.
        unsafe {
            call!(EPSSetBalance(
                *self.busy()?,
                balance.to_raw(),
                iterations,
                cutoff
            ))
        }
    }

    /// Whether left eigenvectors are computed too.
    ///
    /// A solve checks whether the type supports it.
    #[setting(EPSSetTwoSided)]
    #[option("-eps_two_sided", default = "false")]
    pub fn set_two_sided(two_sided: bool);

    /// Whether the convergence test uses residuals of the original problem instead of the transformed one.
    #[setting(EPSSetTrueResidual)]
    #[option("-eps_true_residual", default = "false")]
    pub fn set_true_residual(true_residual: bool);

    /// Whether eigenvectors of a generalized problem are purified of components in the null space of `B`, which
    /// shift-and-invert leaves in them where `B` is singular.
    #[setting(EPSSetPurify, EPSGetPurify)]
    #[option("-eps_purify", default = "true")]
    pub fn set_purify(purify: bool);
}

solver::choices! {
    EpsRef, ProblemType, Which;
    #[wraps(EPSSetProblemType)]
    fn set_problem_type = EPSSetProblemType, "That is a non-Hermitian problem. Options: `-eps_hermitian`, `-eps_gen_hermitian`, ….

SLEPc believes this: a matrix that is not Hermitian in truth gives wrong eigenvalues. A solve compares
two products of a matrix that has entries, and refuses one that is said to be Hermitian and is not; of a
shell matrix, only the [`error`](super::Eigenpair::error) of a pair tells.";
    #[wraps(EPSGetProblemType)]
    fn problem_type = EPSGetProblemType;
    #[wraps(EPSSetWhichEigenpairs)]
    fn set_which = EPSSetWhichEigenpairs, "the largest in modulus. Options: `-eps_largest_real`, `-eps_target_magnitude`, `-eps_all`, ….", "What `EPSSetWhichEigenpairs` returns.";
    #[wraps(EPSGetWhichEigenpairs)]
    fn which = EPSGetWhichEigenpairs;
    #[wraps(EPSSetTarget)]
    fn set_target = PetscRsEPSSetTarget, "EPSSetTarget", "It becomes the shift of the transformation too, unless that has one of its own. Option: `-eps_target`.";
    #[wraps(EPSGetTarget)]
    fn target = EPSGetTarget;
}

solver::interval! {
    EpsRef;
    #[wraps(EPSSetInterval)]
    fn set_interval = EPSSetInterval, "of a Hermitian problem, by spectrum slicing (`krylovschur` with shift-and-invert and a Cholesky factorisation \
     that counts negative pivots) or by a filter. Logically collective. Option: `-eps_interval a,b`.";
}
