//! The DM of a linear solver.

use std::ptr;

use petsc_macros::{setting, wraps};

use super::KspRef;
use crate::dm::{Dm, DmRef};
use crate::error::Result;
use crate::{call, sys};

impl KspRef {
    /// Solves on a grid: it makes vectors and matrices, and gives multigrid its levels. Takes a
    /// reference. What [`set_compute_operators`](Self::set_compute_operators) and
    /// [`set_compute_rhs`](Self::set_compute_rhs) set before belongs to the grid before. Logically
    /// collective.
    ///
    /// # Errors
    /// What `KSPSetDM` returns.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, InsertMode, Ksp, Norm, Scalar, ScalarExt};
    /// let grid = Dmda::builder(comm).sizes([7]).build()?;
    /// let mut ksp = Ksp::new(comm)?;
    /// ksp.set_dm(&grid)?;
    /// ksp.set_compute_operators(|ksp, _, a| {
    ///     let grid = ksp.dm()?.into_dmda()?;
    ///     let mut rows = grid.stencil_assembler(a, InsertMode::Insert)?;
    ///     for i in grid.corners()?.x() {
    ///         rows.row(i, [(i, Scalar::from_real(2.0))])?;
    ///     }
    ///     rows.finish()
    /// })?;
    /// ksp.set_compute_rhs(|_, b| b.set(Scalar::from_real(3.0)))?;
    /// let _ = ksp.solve_in_place()?;
    /// assert!((ksp.solution()?.expect("solved").norm(Norm::Infinity)? - 1.5).abs() < 1e-12);
    /// # Ok(()) })
    /// ```
    #[wraps(KSPSetDM)]
    pub fn set_dm(&mut self, dm: &DmRef) -> Result<()> {
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(KSPSetDM(*self.busy()?, dm.as_ptr())) }
    }

    /// The grid. In a closure, that of the level it is called for. Not collective.
    ///
    /// # Errors
    /// What `KSPGetDM` returns.
    #[wraps(KSPGetDM)]
    #[track_caller]
    pub fn dm(&self) -> Result<Dm> {
        crate::not_collective!();
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer; PETSc makes a grid if there is none.
        unsafe { call!(KSPGetDM(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: a live grid.
        unsafe { Dm::retain(raw) }
    }

    /// Whether the DM computes the operators and creates the matrices.
    #[setting(PetscRsKSPSetDMActive, c = ["KSPSetDMActive"])]
    #[option(default = "yes, once there is a grid")]
    pub fn set_dm_active(dm_active: bool);

    /// Solves with the right-hand side and the first guess that the closures on the grid compute, in
    /// vectors of the solver: [`solution`](Self::solution) has the result. Collective.
    ///
    /// # Errors
    /// As [`solve`](Self::solve).
    #[wraps(KSPSolve)]
    pub fn solve_in_place(&mut self) -> Result<super::Converged> {
        self.solve_in_place_raw()?;
        self.judge()
    }

    /// Solves like [`solve_in_place`](Self::solve_in_place) and returns the reason why the solve stopped.
    /// Collective.
    ///
    /// # Errors
    /// As [`solve_in_place`](Self::solve_in_place), without `NOT_CONVERGED`.
    #[wraps(KSPSolve)]
    pub fn solve_in_place_unchecked(&mut self) -> Result<super::ConvergedReason> {
        self.solve_in_place_raw()
    }
}
