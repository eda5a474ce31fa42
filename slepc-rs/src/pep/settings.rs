//! What is wanted, and how it is looked for.

use petsc_rs::vector::VectorRef;
use petsc_rs::{Real, Result, Scalar, Setting, call, ffi};

use super::{Basis, Extraction, PepRef, ProblemType, Scale, Which};
use crate::solver::{self, out_of_range};
use crate::sys;

solver::settings! {
    PepRef, "eigenvalues";
    PEPSetDimensions, PEPGetDimensions, PEPSetTolerances, PEPGetTolerances, PEPSetTrackAll
}

solver::refining! {
    PepRef, "-pep_refine";
    PEPSetRefine, PEPGetRefine, PEPRefineGetKSP
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
    /// Says what is known about the coefficients. Logically collective. Default: nothing. Options: `-pep_general`,
    /// `-pep_hermitian`, `-pep_hyperbolic`, `-pep_gyroscopic`.
    ///
    /// SLEPc believes this: see [`EpsRef::set_problem_type`](crate::EpsRef::set_problem_type). A solve refuses
    /// coefficients with entries that are not as they are said to be, and a hyperbolic or gyroscopic problem of another
    /// degree than two; that `M` is positive definite is not checked.
    ///
    /// # Errors
    /// What `PEPSetProblemType` returns.
    #[doc(alias = "PEPSetProblemType")]
    pub fn set_problem_type(&mut self, kind: ProblemType) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(PEPSetProblemType(self.as_ptr(), kind.to_raw())) }
    }

    /// What is known about the coefficients, `None` if nothing was said. Not collective.
    ///
    /// # Errors
    /// `SUP` for a kind that a newer SLEPc has.
    #[doc(alias = "PEPGetProblemType")]
    pub fn problem_type(&self) -> Result<Option<ProblemType>> {
        let mut raw = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(PEPGetProblemType(self.as_ptr(), &raw mut raw)) }?;
        (raw != 0).then(|| ProblemType::try_from(raw)).transpose()
    }

    /// Sets which eigenvalues are wanted. Logically collective. Default: the largest in modulus, or those closest to
    /// the target if the transformation inverts. Options: `-pep_largest_real`, `-pep_target_magnitude`, `-pep_all`, ….
    ///
    /// # Errors
    /// What `PEPSetWhichEigenpairs` returns; whether the choice fits the method is checked by a solve.
    #[doc(alias = "PEPSetWhichEigenpairs")]
    pub fn set_which(&mut self, which: Which) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(PEPSetWhichEigenpairs(self.as_ptr(), which.to_raw())) }
    }

    /// Which eigenvalues are wanted, `None` before anybody has said. Not collective.
    ///
    /// # Errors
    /// `SUP` for a choice that a newer SLEPc has.
    #[doc(alias = "PEPGetWhichEigenpairs")]
    pub fn which(&self) -> Result<Option<Which>> {
        let mut raw = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(PEPGetWhichEigenpairs(self.as_ptr(), &raw mut raw)) }?;
        (raw != 0).then(|| Which::try_from(raw)).transpose()
    }

    /// Sets the number that the wanted eigenvalues are close to; it becomes the shift of the transformation too, unless
    /// that has one of its own. Logically collective. Option: `-pep_target`.
    ///
    /// # Errors
    /// What `PEPSetTarget` returns.
    #[doc(alias = "PEPSetTarget")]
    pub fn set_target(&mut self, target: Scalar) -> Result<()> {
        // SAFETY: a live solver and a valid pointer.
        unsafe { call!(PetscRsPEPSetTarget(self.as_ptr(), &raw const target)) }
    }

    /// The target. Not collective.
    ///
    /// # Errors
    /// What `PEPGetTarget` returns.
    #[doc(alias = "PEPGetTarget")]
    pub fn target(&self) -> Result<Scalar> {
        let mut target = Scalar::default();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(PEPGetTarget(self.as_ptr(), &raw mut target)) }?;
        Ok(target)
    }

    /// Sets the polynomials that the coefficients belong to. Logically collective. Default: powers. Option:
    /// `-pep_basis`.
    ///
    /// # Errors
    /// What `PEPSetBasis` returns.
    #[doc(alias = "PEPSetBasis")]
    pub fn set_basis(&mut self, basis: Basis) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(PEPSetBasis(self.as_ptr(), basis.to_raw())) }
    }

    /// Sets how eigenvectors are taken from those of the linear problem. Logically collective. Default: the block of
    /// largest norm. Option: `-pep_extract`.
    ///
    /// # Errors
    /// What `PEPSetExtract` returns.
    #[doc(alias = "PEPSetExtract")]
    pub fn set_extraction(&mut self, extraction: Extraction) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(PEPSetExtract(self.as_ptr(), extraction.to_raw())) }
    }

    /// Sets the scaling, which problems need whose matrices have norms of different orders. Logically collective.
    /// Default: none. Option: `-pep_scale`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a number that is not positive.
    #[doc(alias = "PEPSetScale")]
    pub fn set_scaling(&mut self, kind: Scale, scaling: Scaling) -> Result<()> {
        let factor = solver::tolerance(scaling.factor, ffi::DEFAULT_REAL)?;
        let its = solver::choose(scaling.iterations, ffi::DEFAULT, "the number of iterations")?;
        let lambda = solver::tolerance(scaling.modulus, ffi::DEFAULT_REAL)?;
        let (pep, kind, none) = (self.as_ptr(), kind.to_raw(), std::ptr::null_mut());
        // SAFETY: a live solver; no vectors, so that SLEPc makes them.
        unsafe { call!(PEPSetScale(pep, kind, factor, none, none, its, lambda)) }
    }

    /// Sets the interval of which [`Which::All`] eigenvalues are wanted: of a hyperbolic or a definite Hermitian
    /// problem, by spectrum slicing with the method `stoar`. Logically collective. Option: `-pep_interval a,b`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless `start < end`.
    #[doc(alias = "PEPSetInterval")]
    pub fn set_interval(&mut self, start: Real, end: Real) -> Result<()> {
        if start.partial_cmp(&end) != Some(std::cmp::Ordering::Less) {
            let text = format!("the interval [{start}, {end}] has no inside");
            return Err(out_of_range(text));
        }
        // SAFETY: a live solver.
        unsafe { call!(PEPSetInterval(self.as_ptr(), start, end)) }
    }

    /// Sets the vectors from which the next solve begins; SLEPc forgets them afterwards. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` if a vector does not fit them.
    #[doc(alias = "PEPSetInitialSpace")]
    pub fn set_initial_space(&mut self, vectors: &[&VectorRef]) -> Result<()> {
        let mut fits = (0, 0);
        if !vectors.is_empty() {
            let a = self.first_operator()?;
            fits = (a.local_size()?.0, a.size()?.0);
        }
        let (n, mut raw) = solver::check_fit(self, vectors, fits)?;
        // SAFETY: live vectors that fit the operators, of which SLEPc takes references.
        unsafe { call!(PEPSetInitialSpace(self.as_ptr(), n, raw.as_mut_ptr())) }
    }
}
