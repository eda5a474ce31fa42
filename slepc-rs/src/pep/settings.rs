//! What is wanted, and how it is looked for.

use petsc_macros::{setting, wraps};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Real, Result, Setting, call, ffi};

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
    PEPGetTolerances,
    #[doc(alias = "PEPSetTrackAll")]
    PEPSetTrackAll
}

solver::refining! {
    PepRef, "-pep_refine";
    #[wraps(PEPSetRefine)]
    PEPSetRefine,
    PEPGetRefine,
    #[doc(alias = "PEPRefineGetKSP")]
    PEPRefineGetKSP
}

/// Scaling of a polynomial problem, see [`PepRef::set_scaling`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scaling {
    /// The number `α` of `λ = α·μ`. Default: from the norms of the matrices. Option: `-pep_scale_factor`.
    pub factor: Setting<Real>,
    /// Iterations that balance by diagonal matrices. Default: 5. Option: `-pep_scale_its`.
    pub iterations: Setting<usize>,
    /// An estimate of `|λ|` for the balancing. Default: 1. Option: `-pep_scale_lambda`.
    pub modulus: Setting<Real>,
}

impl PepRef {
    /// The polynomial basis of the coefficients.
    #[setting(PEPSetBasis)]
    #[option("-pep_basis", default = "powers")]
    pub fn set_basis(basis: Basis);

    /// The extraction of eigenvectors from those of the linearization.
    #[setting(PEPSetExtract)]
    #[option("-pep_extract", default = "the block of largest norm")]
    pub fn set_extraction(extraction: Extraction);

    /// Sets the scaling, which problems need whose matrices have norms of different orders. Logically collective.
    /// Default: none. Option: `-pep_scale`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a number that is not positive.
    #[wraps(PEPSetScale)]
    pub fn set_scaling(&mut self, kind: Scale, scaling: Scaling) -> Result<()> {
        let factor = solver::tolerance(scaling.factor, ffi::DEFAULT_REAL)?;
        let its = solver::choose(scaling.iterations, ffi::DEFAULT, "the number of iterations")?;
        let lambda = solver::tolerance(scaling.modulus, ffi::DEFAULT_REAL)?;
        let (pep, kind, none) = (self.as_ptr(), kind.to_raw(), std::ptr::null_mut());
        // SAFETY: a live solver; no vectors, so that SLEPc makes them.
        unsafe { call!(PEPSetScale(pep, kind, factor, none, none, its, lambda)) }
    }

    /// Sets the vectors from which the next solve begins; SLEPc forgets them afterwards. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` if a vector does not fit them.
    #[wraps(PEPSetInitialSpace)]
    pub fn set_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let mut fits = (0, 0);
        if !vectors.is_empty() {
            let a = self.first_operator()?;
            fits = (a.local_size()?.0, a.size()?.0);
        }
        let (n, mut raw) = solver::check_fit(self, vectors, fits)?;
        // SAFETY: live vectors that fit the operators, of which SLEPc takes references.
        unsafe { call!(PEPSetInitialSpace(*self.busy()?, n, raw.as_mut_ptr())) }
    }
}

solver::choices! {
    PepRef, ProblemType, Which;
    #[wraps(PEPSetProblemType)]
    fn set_problem_type = PEPSetProblemType, "Options: `-pep_general`, `-pep_hermitian`, `-pep_hyperbolic`, `-pep_gyroscopic`.

SLEPc believes this: see [`EpsRef::set_problem_type`](crate::EpsRef::set_problem_type).";
    #[wraps(PEPGetProblemType)]
    fn problem_type = PEPGetProblemType;
    #[wraps(PEPSetWhichEigenpairs)]
    fn set_which = PEPSetWhichEigenpairs, "the largest in modulus, or those closest to the target if the transformation inverts. Options: \
            `-pep_largest_real`, `-pep_target_magnitude`, `-pep_all`, ….", "What `PEPSetWhichEigenpairs` returns.";
    #[wraps(PEPGetWhichEigenpairs)]
    fn which = PEPGetWhichEigenpairs;
    #[wraps(PEPSetTarget)]
    fn set_target = PetscRsPEPSetTarget, "PEPSetTarget", "It becomes the shift of the transformation too, unless that has one of its own. Option: `-pep_target`.";
    #[wraps(PEPGetTarget)]
    fn target = PEPGetTarget;
}

solver::interval! {
    PepRef;
    #[wraps(PEPSetInterval)]
    fn set_interval = PEPSetInterval, "of a hyperbolic or a definite Hermitian problem, by spectrum slicing with the method `stoar`. Logically \
     collective. Option: `-pep_interval a,b`.";
}
