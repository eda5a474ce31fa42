//! Settings: the eigenvalues to compute, and parameters of the solve.

use petsc_macros::{getter, setting, wraps};
use petsc_rs::ffi::range::increasing;
use petsc_rs::vector::VectorRef;
use petsc_rs::{Real, Result, Scalar, Setting, call, ffi};

use super::{Basis, Extraction, PepRef, ProblemType, Scale, Which};
use crate::solver;
use crate::sys;

solver::settings! {
    PepRef, "eigenvalues";
    #[wraps(PEPSetDimensions)]
    PEPSetDimensions,
    #[wraps(PEPGetDimensions)]
    PEPGetDimensions,
    #[wraps(PEPSetTolerances)]
    PEPSetTolerances,
    #[wraps(PEPGetTolerances)]
    PEPGetTolerances
}

solver::refining! {
    PepRef, "-pep_refine";
    #[wraps(PEPSetRefine)]
    PEPSetRefine,
    PEPGetRefine,
    #[doc(alias = "PEPRefineGetKSP")]
    PEPRefineGetKSP
}

/// Parameters of the scaling of a polynomial problem, see [`PepRef::set_scaling`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scaling {
    /// The factor `α` of `λ = α·μ`. Default: computed from the norms of the matrices. Option:
    /// `-pep_scale_factor`.
    pub factor: Setting<Real>,
    /// Number of iterations of the diagonal scaling. Default: 5. Option: `-pep_scale_its`.
    pub iterations: Setting<usize>,
    /// Estimate of `|λ|` for the diagonal scaling. Default: 1. Option: `-pep_scale_lambda`.
    pub modulus: Setting<Real>,
}

impl PepRef {
    /// Whether the solver computes the residuals of all approximate pairs in the subspace and passes
    /// them to monitors. Otherwise it computes residuals only up to the first pair that has not
    /// converged.
    #[setting(PEPSetTrackAll, PEPGetTrackAll, running)]
    #[option(default = "false")]
    pub fn set_track_all(track_all: bool);

    /// The polynomial basis of the coefficients.
    #[setting(PEPSetBasis)]
    #[option("-pep_basis", default = "powers")]
    pub fn set_basis(basis: Basis);

    /// The extraction of eigenvectors of the polynomial problem from eigenvectors of the
    /// linearization.
    #[setting(PEPSetExtract)]
    #[option("-pep_extract", default = "the block of largest norm")]
    pub fn set_extraction(extraction: Extraction);

    /// Sets the scaling. A problem needs scaling if the norms of its matrices have very different
    /// magnitudes. Logically collective. Default: none. Option: `-pep_scale`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a number is not positive.
    #[wraps(PEPSetScale)]
    pub fn set_scaling(&mut self, kind: Scale, scaling: Scaling) -> Result<()> {
        let factor = solver::tolerance(scaling.factor, ffi::DEFAULT_REAL)?;
        let its = solver::choose(scaling.iterations, ffi::DEFAULT, "the number of iterations")?;
        let lambda = solver::tolerance(scaling.modulus, ffi::DEFAULT_REAL)?;
        let (pep, kind, none) = (self.as_ptr(), kind.to_raw(), std::ptr::null_mut());
        // SAFETY: a live solver; NULL for the vectors, which SLEPc then creates.
        unsafe { call!(PEPSetScale(pep, kind, factor, none, none, its, lambda)) }
    }

    /// Sets the initial vectors of the next solve; SLEPc discards them after the solve. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` if the sizes of a vector do not match the
    /// operators.
    #[wraps(PEPSetInitialSpace)]
    pub fn set_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let (n, mut raw) = crate::base::check_space(self, vectors, || self.first_operator())?;
        // SAFETY: live vectors of the sizes of the operators, of which SLEPc takes references.
        unsafe { call!(PEPSetInitialSpace(*self.busy()?, n, raw.as_mut_ptr())) }
    }
}

impl PepRef {
    /// The problem type.
    ///
    /// SLEPc relies on the problem type, see
    /// [`EpsRef::set_problem_type`](crate::EpsRef::set_problem_type).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// let mut pep = Pep::new(comm)?;
    /// pep.set_problem_type(PepProblemType::Hermitian)?;
    /// assert_eq!(pep.problem_type()?, Some(PepProblemType::Hermitian));
    /// # Ok(()) })
    /// ```
    #[setting(PEPSetProblemType)]
    #[option(
        "-pep_general",
        "-pep_hermitian",
        "-pep_hyperbolic",
        "-pep_gyroscopic",
        default = "general"
    )]
    pub fn set_problem_type(problem_type: ProblemType);

    /// The problem type, `None` before it is set.
    #[getter(PEPGetProblemType)]
    pub fn problem_type() -> Option<ProblemType>;

    /// The eigenvalues to compute.
    ///
    /// A solve checks whether the problem and the type support them.
    #[setting(PEPSetWhichEigenpairs)]
    #[option(
        "-pep_largest_real",
        "-pep_target_magnitude",
        "-pep_all",
        default = "the largest in modulus; with shift-and-invert, those closest to the target"
    )]
    pub fn set_which(which: Which);

    /// The eigenvalues to compute, `None` before they are set.
    #[getter(PEPGetWhichEigenpairs)]
    pub fn which() -> Option<Which>;

    /// The target: the number close to which eigenvalues are computed, if
    /// [`which`](Self::set_which) requires a target.
    ///
    /// It is also the shift of the spectral transformation, unless a shift was set on the
    /// transformation.
    #[setting(PetscRsPEPSetTarget, PEPGetTarget, by_pointer, c = ["PEPSetTarget", "PEPGetTarget"])]
    #[option("-pep_target")]
    pub fn set_target(target: Scalar);

    /// The interval `start..=end` in which [`Which::All`] computes all eigenvalues of a hyperbolic or
    /// a definite Hermitian problem; both numbers are 0 before it is set.
    ///
    /// The eigenvalues are computed with spectrum slicing in the method `stoar`.
    #[setting(PEPSetInterval, PEPGetInterval, get = interval, check_all = increasing)]
    #[option("-pep_interval")]
    pub fn set_interval(start: Real, end: Real);
}
