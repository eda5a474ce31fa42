//! Polynomial eigenvalue problems `(A₀ + λ·A₁ + … + λᵈ·A_d)·x = 0` (`PEP` in C), such as damped
//! vibrations `(K + λ·C + λ²·M)·x = 0`.

mod callbacks;
mod methods;
mod pairs;
mod settings;
mod solve;
mod stoar;
mod types;

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::{Error, ErrorCode, Int, Object as _, Result, call, ffi, internal, petsc_object};

use crate::eps::Eps;
use crate::st::St;
use crate::{solver, sys};

pub use crate::solver::{
    CurrentDimensions, CurrentTolerances, Dimensions, Eigenvector, Refine, RefineScheme,
    Refinement, Tolerances,
};
pub use callbacks::{Progress, StoppingTest};
pub use methods::JdProjection;
pub use pairs::{Eigenpair, Eigenpairs};
pub use petsc_rs::Setting;
pub use settings::Scaling;
pub use solve::{Converged, NotConverged};
pub use types::{
    Basis, ConvergedReason, ConvergenceTest, ErrorType, Extraction, PepType, ProblemType, Scale,
    Which,
};

petsc_object! {
    /// A solver of polynomial eigenvalue problems.
    ///
    /// A program creates a solver, sets the coefficients, the type of the problem and the part of
    /// the spectrum, reads the options, solves, and reads the eigenpairs. Dropping the handle
    /// destroys the solver.
    ///
    /// # Examples
    /// See [`PepRef::set_operators`].
    ///
    /// # Options
    /// `-pep_type`, `-pep_nev`, `-pep_tol`, `-pep_target`, `-pep_scale`, `-pep_monitor`,
    /// `-pep_view`, and those of the spectral transformation, such as `-st_type`.
    ///
    /// # See also
    /// [`PepType`] (the methods), [`PepRef::eigenpairs`], [`PepRef::set_dimensions`],
    /// [`PepRef::st`], [`Eps`](crate::Eps), [`Nep`](crate::Nep) (other problems).
    #[wraps(PEP)]
    Pep,
    /// A borrowed [`Pep`].
    PepRef,
    PEP,
    PEPDestroy,
}

crate::base::basics! {
    Pep, PepRef, PepType, "polynomial eigensolver", "`toar`", "-pep_type";
    #[wraps(PEPCreate)]
    PEPCreate,
    #[wraps(PEPSetType)]
    PEPSetType,
    #[wraps(PEPSetFromOptions)]
    PEPSetFromOptions,
    #[wraps(PEPSetOptionsPrefix)]
    PEPSetOptionsPrefix,
    #[doc(alias = "PEPAppendOptionsPrefix")]
    PEPAppendOptionsPrefix;
    then give_operators
}

solver::regions! {
    PepRef, "-rg_…";
    #[wraps(PEPSetRG)]
    PEPSetRG,
    #[doc(alias = "PEPGetRG")]
    PEPGetRG
}

impl PepRef {
    /// Sets the coefficients in the order of increasing powers: `[K, C, M]` for `K + λ·C + λ²·M`,
    /// or the coefficients in another [basis](Self::set_basis). Collective.
    ///
    /// The solver keeps references to the matrices. Their values may be changed between solves.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if a matrix lives on other processes; `ARG_OUTOFRANGE` for fewer than
    /// three matrices; `ARG_WRONG` if one is not square; `ARG_INCOMP` if their sizes differ.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// use slepc_rs::Pep;
    /// // λ² + 3·λ + 2 = (λ + 1)·(λ + 2)
    /// let terms = [2.0, 3.0, 1.0].map(|c| Matrix::constant_diagonal(comm, 4, Scalar::from_real(c)));
    /// let [k, c, m] = terms;
    /// let (k, c, m) = (k?, c?, m?);
    /// let mut pep = Pep::new(comm)?;
    /// pep.set_operators(&[&k, &c, &m])?;
    /// let _ = pep.solve()?;
    /// assert!((pep.eigenvalue(0)?.re + 2.0).abs() < 1e-8);
    /// # Ok(()) })
    /// ```
    #[wraps(PEPSetOperators)]
    pub fn set_operators(&mut self, terms: &[&MatrixRef]) -> Result<()> {
        for matrix in terms {
            internal::check_same_ranks(self.object_ptr(), matrix.object_ptr())?;
        }
        if let (Some(old), Some(new)) = (crate::base::held(self, 0)?, terms.first()) {
            let resized = (old.size()?, old.local_size()?) != (new.size()?, new.local_size()?);
            // The method allocates a basis that depends on the number of coefficients.
            if resized || self.operators()?.len() != terms.len() {
                crate::base::forget(self.object_ptr())?;
                self.reset()?;
            }
            if resized {
                self.set_initial_space(&[])?;
            }
        }
        let list: Vec<_> = terms.iter().map(|m| Some(*m)).collect();
        crate::base::before(self, &list)?;
        self.give(&terms.iter().map(|m| m.as_ptr()).collect::<Vec<_>>())?;
        crate::base::hold(self.object_ptr(), &list)
    }

    fn give(&mut self, raw: &[sys::Mat]) -> Result<()> {
        let (n, mut raw) = (ffi::petsc_int(raw.len())?, raw.to_vec());
        // SAFETY: live objects on the same processes, of which SLEPc takes references; it compares
        // their sizes and checks their number.
        unsafe { call!(PEPSetOperators(*self.busy()?, n, raw.as_mut_ptr())) }
    }

    /// Returns the coefficients in the order of increasing powers. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if they were not set.
    #[wraps(PEPGetOperators)]
    #[track_caller]
    pub fn operators(&self) -> Result<Vec<Matrix>> {
        petsc_rs::not_collective!();
        let mut list = Vec::new();
        while let Some(matrix) = crate::base::held(self, list.len())? {
            list.push(matrix);
        }
        if list.is_empty() {
            let text = "the solver has no operators yet: call set_operators first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(list)
    }

    #[track_caller]
    fn first_operator(&self) -> Result<Matrix> {
        Ok(self.operators()?.swap_remove(0))
    }

    /// Returns the degree of the polynomial.
    fn degree(&self) -> Result<usize> {
        Ok(self.operators()?.len() - 1)
    }

    /// Returns the spectral transformation.
    ///
    /// # Examples
    /// See [`EpsRef::st`](crate::EpsRef::st).
    #[wraps(PEPGetST)]
    #[track_caller]
    pub fn st(&self) -> Result<St> {
        petsc_rs::part_by!(self.raw_st => St)
    }

    fn raw_st(&self) -> Result<sys::ST> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(PEPGetST(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    /// Returns the eigensolver inside the method `linear`, to change its settings. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(PEPLinearGetEPS)]
    #[track_caller]
    pub fn eps(&self) -> Result<Eps> {
        if !self.is_type("linear")? {
            let text = "only the method `linear` contains an eigensolver: call set_type first";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver of this type and a valid out-pointer.
        unsafe { call!(PEPLinearGetEPS(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: a live object.
        unsafe { Eps::part_of_method(self, raw) }
    }

    /// Returns the number of eigenvalues of the problem: degree times number of rows.
    fn problem_size(&self) -> Result<Int> {
        ffi::petsc_int(self.degree()? * self.first_operator()?.size()?.0)
    }
}

solver::bases! {
    PepRef;
    #[wraps(PEPGetBV)]
    fn bv = PEPGetBV;
}

solver::dense! {
    PepRef;
    #[wraps(PEPGetDS)]
    fn ds = PEPGetDS;
}
