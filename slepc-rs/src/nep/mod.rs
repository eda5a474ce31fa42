//! Nonlinear eigenvalue problems `T(λ)·x = 0` (`NEP` in C), which arise from delay equations, from
//! boundary conditions that depend on the eigenvalue, and from rational material laws.
//!
//! There are two ways to define `T`. The split form is a sum `Σ fᵢ(λ)·Aᵢ` of matrices and
//! [functions](crate::function), see [`set_split_operator`](NepRef::set_split_operator); every
//! method supports it. The callback form consists of closures that compute a matrix, see
//! [`set_function`](NepRef::set_function) and [`set_jacobian`](NepRef::set_jacobian).

mod callbacks;
mod inner;
mod methods;
mod pairs;
mod settings;
mod solve;
mod types;

use petsc_macros::wraps;
use petsc_rs::matrix::{Matrix, MatrixRef, Structure};
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi, internal, petsc_object};

use crate::base::Composed;
use crate::function::{MathFunction, MathFunctionRef};
use crate::{solver, sys};

pub use crate::solver::{
    CurrentDimensions, CurrentTolerances, Dimensions, Eigenvector, Refine, RefineScheme,
    Refinement, Tolerances,
};
pub use callbacks::{Progress, StoppingTest};
pub use pairs::{Eigenpair, Eigenpairs};
pub use petsc_rs::Setting;
pub use solve::{Converged, NotConverged};
pub use types::{ConvergedReason, ConvergenceTest, ErrorType, NepType, ProblemType, Which};

petsc_object! {
    /// A solver of nonlinear eigenvalue problems.
    ///
    /// A program creates a solver, sets `T` in split form or as closures, sets the target or the
    /// region, reads the options, solves, and reads the eigenpairs. Dropping the handle destroys
    /// the solver.
    ///
    /// # Examples
    /// See [`NepRef::set_split_operator`] and [`NepRef::set_function`].
    ///
    /// # Options
    /// `-nep_type`, `-nep_nev`, `-nep_tol`, `-nep_target`, `-nep_monitor`, `-nep_view`, and those
    /// of the region, such as `-rg_type`.
    ///
    /// # See also
    /// [`NepType`] (the methods), [`NepRef::eigenpairs`], [`NepRef::set_dimensions`],
    /// [`MathFunction`], [`Eps`](crate::Eps), [`Pep`](crate::Pep) (other problems).
    #[wraps(NEP)]
    Nep,
    /// A borrowed [`Nep`].
    NepRef,
    NEP,
    NEPDestroy,
}

crate::base::basics! {
    Nep, NepRef, NepType, "nonlinear eigensolver", "`rii`", "-nep_type";
    #[wraps(NEPCreate)]
    NEPCreate,
    #[wraps(NEPSetType)]
    NEPSetType,
    #[wraps(NEPSetFromOptions)]
    NEPSetFromOptions,
    #[wraps(NEPSetOptionsPrefix)]
    NEPSetOptionsPrefix,
    #[doc(alias = "NEPAppendOptionsPrefix")]
    NEPAppendOptionsPrefix;
    then give_operators
}

solver::regions! {
    NepRef, "-rg_…";
    #[wraps(NEPSetRG)]
    NEPSetRG,
    #[doc(alias = "NEPGetRG")]
    NEPGetRG
}

impl NepRef {
    /// Sets the problem `Σ fᵢ(λ)·Aᵢ·x = 0`. With [`Structure::Subset`], the nonzero pattern of the
    /// first matrix must contain those of all others. The solver keeps references to matrices and
    /// functions. Replaces closures that were set before. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` without terms; `ARG_NOTSAMECOMM` if a matrix or function lives on other
    /// processes; `ARG_WRONG` if a matrix is not square; `ARG_INCOMP` if their sizes differ.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::matrix::{Matrix, Structure};
    /// # use petsc_rs::{Scalar, ScalarExt};
    /// use slepc_rs::{FnType, MathFunction, Nep};
    /// // exp(λ) - 2 = 0
    /// let one = Matrix::constant_diagonal(comm, 4, Scalar::from_real(1.0))?;
    /// let exp = MathFunction::of_type(comm, FnType::EXP)?;
    /// let minus_two = MathFunction::rational(comm, &[Scalar::from_real(-2.0)], &[])?;
    /// let mut nep = Nep::new(comm)?;
    /// nep.set_split_operator(&[(&one, &exp), (&one, &minus_two)], Structure::Subset)?;
    /// nep.set_target(Scalar::from_real(0.5))?;
    /// let _ = nep.solve()?;
    /// assert!((nep.eigenvalue(0)?.re - 2.0_f64.ln()).abs() < 1e-8);
    /// # Ok(()) })
    /// ```
    #[wraps(NEPSetSplitOperator)]
    pub fn set_split_operator(
        &mut self,
        terms: &[(&MatrixRef, &MathFunctionRef)],
        structure: Structure,
    ) -> Result<()> {
        let own = self.object_ptr();
        for (matrix, function) in terms {
            internal::check_same_ranks(own, matrix.object_ptr())?;
            internal::check_same_ranks(own, function.object_ptr())?;
        }
        if let Some((first, _)) = terms.first() {
            for (matrix, _) in terms {
                first.check_adds(matrix)?;
            }
            self.make_room(first)?;
        }
        let structure = crate::base::raw_structure(structure);
        let matrices: Vec<_> = terms.iter().map(|(m, _)| m.as_ptr()).collect();
        let functions: Vec<_> = terms.iter().map(|(_, f)| f.as_ptr()).collect();
        internal::cut_operators(self)?;
        self.give_split(matrices, functions, structure)?;
        crate::base::forget(own)?;
        let matrices: Vec<_> = terms.iter().map(|(m, _)| m.object_ptr()).collect();
        crate::base::hold_as(own, Composed::Operator, &matrices)?;
        let functions: Vec<_> = terms.iter().map(|(_, f)| f.object_ptr()).collect();
        crate::base::hold_as(own, Composed::Function, &functions)
    }

    fn give_split(
        &self,
        mut matrices: Vec<sys::Mat>,
        mut functions: Vec<sys::FN>,
        structure: sys::MatStructure,
    ) -> Result<()> {
        let (nep, n) = (self.busy()?, ffi::petsc_int(matrices.len())?);
        let (a, f) = (matrices.as_mut_ptr(), functions.as_mut_ptr());
        // SAFETY: `n` live objects each on the same processes, of which SLEPc takes references; it compares sizes.
        unsafe { call!(NEPSetSplitOperator(*nep, n, a, f, structure)) }
    }

    /// Returns the matrices of the terms if the problem has a split form; otherwise returns the
    /// matrix of [`set_function`](Self::set_function) and the matrix from which the preconditioner
    /// is built. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if no problem was set.
    #[wraps(NEPGetSplitOperatorTerm, NEPGetFunction)]
    #[track_caller]
    pub fn operators(&self) -> Result<Vec<Matrix>> {
        petsc_rs::not_collective!();
        let mut list = Vec::new();
        while let Some(matrix) = crate::base::held(self, list.len())? {
            list.push(matrix);
        }
        if list.is_empty() {
            let text =
                "the solver has no problem yet: call set_split_operator or set_function first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(list)
    }

    /// Returns the functions of the terms; empty if closures define the problem. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscObjectQuery`.
    #[wraps(NEPGetSplitOperatorTerm)]
    #[track_caller]
    pub fn functions(&self) -> Result<Vec<MathFunction>> {
        petsc_rs::not_collective!();
        let mut list = Vec::new();
        loop {
            let raw = crate::base::object_held(self.object_ptr(), Composed::Function, list.len())?;
            if raw.is_null() {
                return Ok(list);
            }
            // SAFETY: a live function.
            list.push(unsafe { MathFunction::retain(raw.cast()) }?);
        }
    }

    #[track_caller]
    fn first_operator(&self) -> Result<Matrix> {
        Ok(self.operators()?.swap_remove(0))
    }

    /// Discards data of the previous size before a matrix of another size is set.
    fn make_room(&mut self, new: &MatrixRef) -> Result<()> {
        if let Some(old) = crate::base::held(self, 0)? {
            if (old.size()?, old.local_size()?) != (new.size()?, new.local_size()?) {
                crate::base::forget(self.object_ptr())?;
                self.reset()?;
                self.set_initial_space(&[])?;
            }
        }
        Ok(())
    }

    /// Sets the problem again: a reset of SLEPc removes the problem, and a solve requires it.
    fn give_operators(&mut self) -> Result<()> {
        let functions = self.functions()?;
        if !functions.is_empty() {
            let functions = functions.iter().map(|f| f.as_ptr()).collect();
            let operators = self.operators()?;
            let matrices = operators.iter().map(|m| m.as_ptr()).collect();
            let mut structure = sys::UNKNOWN_NONZERO_PATTERN;
            let (nep, none) = (self.as_ptr(), std::ptr::null_mut());
            // SAFETY: a live solver and a valid out-pointer; settings survive a reset.
            unsafe { call!(NEPGetSplitOperatorInfo(nep, none, &raw mut structure)) }?;
            return self.give_split(matrices, functions, structure);
        }
        let null = std::ptr::null_mut();
        let raw = |matrix: Option<&MatrixRef>| matrix.map_or(null, MatrixRef::as_ptr);
        let (t, p) = (crate::base::held(self, 0)?, crate::base::held(self, 1)?);
        let derivative = crate::base::held_as(self, Composed::Jacobian, 0)?;
        let (function, other) = (raw(t.as_deref()), raw(p.as_deref()));
        let jacobian = raw(derivative.as_deref());
        if function.is_null() && jacobian.is_null() {
            return Ok(());
        }
        let nep = self.busy()?;
        // SAFETY: the matrices of the solver; the closures survive a reset.
        unsafe { call!(PetscRsNEPSetMatrices(*nep, function, other, jacobian)) }
    }
}

solver::bases! {
    NepRef;
    #[wraps(NEPGetBV)]
    fn bv = NEPGetBV;
}

solver::dense! {
    NepRef;
    #[wraps(NEPGetDS)]
    fn ds = NEPGetDS;
}
