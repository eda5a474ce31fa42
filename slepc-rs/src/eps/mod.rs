//! Linear eigenvalue problems `A·x = λ·x` and `A·x = λ·B·x` (`EPS` in C).

mod callbacks;
mod contour;
mod krylov_schur;
mod methods;
mod pairs;
mod power;
mod power_functions;
mod reason;
mod settings;
mod solve;
mod spaces;
mod types;

use std::ptr;

use petsc_macros::{getter, wraps};
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, petsc_object};

use crate::st::{St, StRef};
use crate::{solver, sys};

pub use callbacks::{Progress, StoppingTest};
pub use contour::{ContourExtraction, ContourQuadrature, ContourSizes};
pub use krylov_schur::Inertia;
pub use methods::{DavidsonRestart, LanczosReorthogonalization};
pub use pairs::{Eigenpair, Eigenpairs, Eigenvector};
pub use petsc_rs::Setting;
pub use power::PowerShiftType;
pub use reason::ConvergedReason;
pub use settings::{CurrentDimensions, CurrentTolerances, Dimensions, Tolerances};
pub use solve::{Converged, NotConverged};
pub use types::{Balance, ConvergenceTest, EpsType, ErrorType, Extraction, ProblemType, Which};

petsc_object! {
    /// A solver of linear eigenvalue problems.
    ///
    /// A program creates a solver, sets the operators, the type of the problem and the part of the
    /// spectrum, reads the options, solves, and reads the eigenpairs. Dropping the handle destroys the
    /// solver.
    ///
    /// # Examples
    /// The largest eigenvalue of the tridiagonal matrix of order 3 with -1, 2, -1 in a row, `2 + √2`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// # let mut a = Matrix::builder(comm).global_size(3, 3).build()?;
    /// # for i in a.ownership_range()? {
    /// #     let right = if i < 2 { i + 1 } else { -1 };
    /// #     let values = [-1.0, 2.0, -1.0].map(Scalar::from_real);
    /// #     a.set_values(&[i], &[i - 1, i, right], &values, InsertMode::Insert)?;
    /// # }
    /// # a.assemble()?;
    /// let mut eps = Eps::new(comm)?;
    /// eps.set_operators(&a, None)?;
    /// eps.set_problem_type(EpsProblemType::Hermitian)?;
    /// eps.set_which(EpsWhich::LargestReal)?;
    /// eps.set_from_options()?;
    /// let _ = eps.solve()?;
    /// assert!((eps.eigenvalue(0)?.re - (2.0 + 2f64.sqrt())).abs() < 1e-8);
    /// # Ok(()) })
    /// ```
    ///
    /// # Options
    /// `-eps_type`, `-eps_nev`, `-eps_tol`, `-eps_target`, `-eps_smallest_magnitude`, `-eps_monitor`,
    /// `-eps_view`, and those of the spectral transformation, such as `-st_type`.
    ///
    /// # See also
    /// [`EpsRef::eigenpairs`] (values and vectors), [`EpsRef::set_dimensions`] (how many), [`EpsType`]
    /// (the methods), [`EpsRef::st`] (shift-and-invert), [`Svd`](crate::Svd), [`Pep`](crate::Pep),
    /// [`Nep`](crate::Nep) (other problems).
    #[wraps(EPS)]
    Eps,
    /// A borrowed [`Eps`].
    EpsRef,
    EPS,
    EPSDestroy,
}

crate::base::basics! {
    Eps, EpsRef, EpsType, "eigensolver", "`krylovschur`", "-eps_type";
    #[wraps(EPSCreate)]
    EPSCreate,
    #[wraps(EPSSetType)]
    EPSSetType,
    #[wraps(EPSSetFromOptions)]
    EPSSetFromOptions,
    #[wraps(EPSSetOptionsPrefix)]
    EPSSetOptionsPrefix,
    #[doc(alias = "EPSAppendOptionsPrefix")]
    EPSAppendOptionsPrefix;
    then give_operators
}

solver::regions! {
    EpsRef, "-rg_…";
    #[wraps(EPSSetRG)]
    EPSSetRG,
    #[doc(alias = "EPSGetRG")]
    EPSGetRG
}

impl EpsRef {
    /// Sets the operators of `A·x = λ·x` or `A·x = λ·B·x`. Collective.
    ///
    /// The solver keeps references to the matrices. Their values may be changed between solves.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if a matrix lives on other processes; `ARG_WRONG` if one is not square;
    /// `ARG_INCOMP` if the sizes of the two matrices differ.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// use slepc_rs::{Eps, eps::ProblemType};
    /// let a = Matrix::constant_diagonal(comm, 4, Scalar::from_real(6.0))?;
    /// let b = Matrix::constant_diagonal(comm, 4, Scalar::from_real(2.0))?;
    /// let mut eps = Eps::new(comm)?;
    /// eps.set_operators(&a, Some(&b))?;
    /// eps.set_problem_type(ProblemType::GeneralizedHermitian)?;
    /// let _ = eps.solve()?;
    /// assert!((eps.eigenvalue(0)?.re - 3.0).abs() < 1e-10);
    /// # Ok(()) })
    /// ```
    #[wraps(EPSSetOperators)]
    pub fn set_operators(&mut self, a: &MatrixRef, b: Option<&MatrixRef>) -> Result<()> {
        self.check_outermost()?;
        for matrix in [Some(a), b].into_iter().flatten() {
            self.check_same_ranks(matrix)?;
        }
        if let Some(b) = b {
            solver::standardize(&[a, b])?;
        }
        let raw_b = b.map_or(ptr::null_mut(), MatrixRef::as_ptr);
        let (old, _) = self.held_operators()?;
        let another = match old {
            Some(old) => (old.size()?, old.local_size()?) != (a.size()?, a.local_size()?),
            None => false,
        };
        if another {
            // Before the first setup, SLEPc would keep vectors of the previous size.
            crate::base::forget(self.object_ptr())?;
            self.reset()?;
            self.clear_spaces()?;
        }
        crate::base::before(self, &[Some(a), b])?;
        // SAFETY: live objects on the same processes, of which SLEPc takes references; it compares
        // sizes in every build.
        unsafe { call!(EPSSetOperators(*self.busy()?, a.as_ptr(), raw_b)) }?;
        crate::base::hold(self.object_ptr(), &[Some(a), b])
    }

    /// Returns the operators `A` and `B`; `B` is `None` in a standard problem. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if they were not set.
    #[wraps(EPSGetOperators)]
    #[track_caller]
    pub fn operators(&self) -> Result<(Matrix, Option<Matrix>)> {
        petsc_rs::not_collective!();
        let (a, b) = self.held_operators()?;
        let a = a.ok_or_else(|| {
            Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "the solver has no operators yet: call set_operators first",
            )
        })?;
        Ok((a, b))
    }

    #[track_caller]
    fn held_operators(&self) -> Result<(Option<Matrix>, Option<Matrix>)> {
        let (a, b) = (crate::base::held(self, 0)?, crate::base::held(self, 1)?);
        if a.is_some() || self.st()?.matrices()? == 0 {
            return Ok((a, b));
        }
        // A solver that was created in C.
        let (mut a, mut b) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver and valid out-pointers.
        unsafe { call!(EPSGetOperators(self.as_ptr(), &raw mut a, &raw mut b)) }?;
        // SAFETY: NULL, or a live matrix.
        let a = unsafe { Matrix::maybe_operator_of(self, a) }?;
        // SAFETY: as above.
        let b = unsafe { Matrix::maybe_operator_of(self, b) }?;
        Ok((a, b))
    }

    #[track_caller]
    fn first_operator(&self) -> Result<Matrix> {
        Ok(self.operators()?.0)
    }

    /// Whether the problem type is Hermitian.
    #[getter(EPSIsHermitian)]
    pub fn is_hermitian() -> bool;

    /// Whether the problem type is generalized.
    #[getter(EPSIsGeneralized)]
    pub fn is_generalized() -> bool;

    /// Whether the problem type requires `B` to be positive (semi-)definite.
    #[getter(EPSIsPositive)]
    pub fn is_positive() -> bool;

    /// Replaces the spectral transformation. The solver holds a reference to it. Collective.
    ///
    /// Set the operators after this call, because the transformation stores them.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the transformation lives on other processes; `ARG_INCOMP` if this
    /// eigensolver is, or was, a part of the transformation.
    #[wraps(EPSSetST)]
    pub fn set_st(&mut self, st: &StRef) -> Result<()> {
        self.check_same_ranks(st)?;
        let eps = self.busy()?;
        crate::base::forget(self.object_ptr())?;
        petsc_rs::internal::give(self, st)?;
        // SAFETY: live objects on the same processes, of which SLEPc takes a reference.
        unsafe { call!(EPSSetST(*eps, st.as_ptr())) }
    }

    /// Returns the spectral transformation.
    ///
    /// # Examples
    /// The eigenvalue closest to 2.2 of a matrix with the eigenvalues 1, …, 5:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// # let mut a = Matrix::builder(comm).global_size(5, 5).build()?;
    /// # for i in a.ownership_range()? {
    /// #     a.set_value(i, i, Scalar::from_real((i + 1) as Real), InsertMode::Insert)?;
    /// # }
    /// # a.assemble()?;
    /// let mut eps = Eps::new(comm)?;
    /// eps.set_operators(&a, None)?;
    /// eps.set_problem_type(EpsProblemType::Hermitian)?;
    /// eps.set_which(EpsWhich::TargetMagnitude)?;
    /// eps.set_target(2.2.into())?;
    /// eps.st()?.set_type(StType::SINVERT)?;
    /// let _ = eps.solve()?;
    /// assert!((eps.eigenvalue(0)?.re - 2.0).abs() < 1e-8);
    /// # Ok(()) })
    /// ```
    #[wraps(EPSGetST)]
    #[track_caller]
    pub fn st(&self) -> Result<St> {
        petsc_rs::part_by!(self.raw_st => St)
    }

    fn raw_st(&self) -> Result<sys::ST> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetST(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    /// Checks that an object lives on the same processes. Optimized PETSc omits this check.
    fn check_same_ranks<O: petsc_rs::Object>(&self, other: &O) -> Result<()> {
        petsc_rs::internal::check_same_ranks(self.object_ptr(), other.object_ptr())
    }
}

solver::bases! {
    EpsRef;
    #[wraps(EPSGetBV)]
    fn bv = EPSGetBV;
}

solver::dense! {
    EpsRef;
    #[wraps(EPSGetDS)]
    fn ds = EPSGetDS;
}
