//! Evaluation of the function, the Jacobian and the objective at a given point, and setup.

use petsc_macros::wraps;

use super::{SnesRef, colors};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Real, call, ffi, get_raw, sys};

impl SnesRef {
    /// Computes `f ← F(x)`; during a solve with right-hand side `b`, computes `f ← F(x) − b`.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a function, or if the function is already being computed; any error
    /// of the closure.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Scalar, ScalarExt, Snes, Vector};
    /// # let mut x = Vector::new(comm, 4)?;
    /// # let mut f = x.duplicate()?;
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_function(&f, |_, x, f| f.pointwise_mult(x, x))?;
    /// x.set(Scalar::from_real(3.0))?;
    /// snes.compute_function(&x, &mut f)?;
    /// assert_eq!(f.norm(Norm::Infinity)?, 9.0);
    /// # Ok(()) })
    /// ```
    #[wraps(SNESComputeFunction)]
    pub fn compute_function(&self, x: &VectorRef, f: &mut VectorRef) -> Result<()> {
        self.check_own_functions()?;
        x.check_readable()?;
        f.check_writable()?;
        self.check_rhs_of(f)?;
        ffi::check_no_writer()?;
        let _locks = ffi::Locks::note([x.as_ptr(), f.as_ptr()])?;
        // SAFETY: live objects without conflicting borrows of their entries (above).
        unsafe { call!(SNESComputeFunction(*self.held()?, x.as_ptr(), f.as_ptr())) }
    }

    /// Computes the Jacobian at `x` into `a`, and the matrix from which the preconditioner is built
    /// into `p`. Collective.
    ///
    /// If `a` and `p` are the same matrix, call
    /// [`compute_jacobian_one`](Self::compute_jacobian_one). The [lag](Self::set_lag_jacobian) of
    /// the Jacobian also applies to this method.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a Jacobian, or without a solution vector if the Jacobian is
    /// computed with finite differences and coloring; any error of the closure.
    #[wraps(SNESComputeJacobian)]
    pub fn compute_jacobian(
        &self,
        x: &VectorRef,
        a: &mut MatrixRef,
        p: &mut MatrixRef,
    ) -> Result<()> {
        self.raw_compute_jacobian(x, a.as_ptr(), p)
    }

    /// Computes the Jacobian at `x` into `a`, from which the preconditioner is also built.
    /// Collective.
    #[wraps(SNESComputeJacobian, errors = compute_jacobian)]
    pub fn compute_jacobian_one(&self, x: &VectorRef, a: &mut MatrixRef) -> Result<()> {
        self.raw_compute_jacobian(x, a.as_ptr(), a)
    }

    fn raw_compute_jacobian(&self, x: &VectorRef, a: sys::Mat, p: &MatrixRef) -> Result<()> {
        self.check_own_functions()?;
        x.check_readable()?;
        ffi::check_solver()?;
        p.check_writable()?;
        // SAFETY: a live matrix, by the callers.
        unsafe { MatrixRef::from_ptr(a) }.check_writable()?;
        if !self.computes_jacobian()? {
            let text = "the solver has no Jacobian: call set_jacobian first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        self.check_rhs_of(x)?;
        self.prepare_colors(x, p)?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        // SAFETY: live objects, and a function for the Jacobian (above).
        unsafe { call!(SNESComputeJacobian(self.as_ptr(), x.as_ptr(), a, p.as_ptr())) }?;
        colors::remember(p)
    }

    /// Checks that the right-hand side of the last solve, which C subtracts from the function, is a
    /// vector of the same kind as `f`.
    fn check_rhs_of(&self, f: &VectorRef) -> Result<()> {
        self.rhs()?.map_or(Ok(()), |b| f.check_same_kind(&b))
    }

    /// Checks the functions on the DM. An integrator stores its functions on its DM with a pointer
    /// to itself, and a variational inequality does so during its solve. After a reset, functions
    /// remain without their matrices.
    pub(super) fn check_own_functions(&self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(PetscRsSNESCanCompute(self.as_ptr())) }?;
        // SAFETY: a live solver.
        let flag = unsafe { get_raw!(PetscRsSNESIsOfIntegrator(self.as_ptr(), _)) }?;
        if !ffi::to_bool(flag) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_WRONGSTATE,
            "the functions on this solver's DM belong to a TS: set other functions, or solve with the TS",
        ))
    }

    /// Returns whether there is a function for the Jacobian. Without one, C would call NULL.
    pub(crate) fn computes_jacobian(&self) -> Result<bool> {
        Ok(self.jacobian_function()?.is_some())
    }

    /// Computes the objective at `x`. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without an objective; any error of the closure.
    #[wraps(SNESComputeObjective)]
    pub fn compute_objective(&self, x: &VectorRef) -> Result<Real> {
        x.check_readable()?;
        ffi::check_no_writer()?;
        // SAFETY: live objects; PETSc checks for the closure in every build.
        unsafe { get_raw!(SNESComputeObjective(*self.held()?, x.as_ptr(), _)) }
    }

    /// Sets up the solver, with work vectors like the vector of
    /// [`set_solution`](Self::set_solution). [`solve`](Self::solve) calls this method when
    /// necessary. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a solution vector (some methods would dereference NULL).
    #[wraps(SNESSetUp)]
    pub fn set_up(&mut self) -> Result<()> {
        ffi::check_solver()?;
        let Some(x) = self.solution()? else {
            let text = "the solver has no solution vector: call set_solution first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        };
        self.check_layout(&x)?;
        // SAFETY: a live solver with a solution.
        unsafe { call!(SNESSetUp(*self.busy()?)) }
    }
}
