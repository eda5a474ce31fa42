//! Solvers on a grid.

use std::ptr;

use petsc_macros::{setting, wraps};

use super::{Dm, DmRef};
use crate::error::Result;
use crate::ksp::KspRef;
use crate::snes::SnesRef;
use crate::ts::TsRef;
use crate::{call, runtime, sys};

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
    /// let _ = ksp.solve_dm()?;
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
    pub fn solve_dm(&mut self) -> Result<crate::ksp::Converged> {
        self.solve_own()?;
        self.judge()
    }

    /// As [`solve_dm`](Self::solve_dm), and returns the reason why it stopped without judging it.
    /// Collective.
    ///
    /// # Errors
    /// As [`solve_dm`](Self::solve_dm), without `NOT_CONVERGED`.
    #[wraps(KSPSolve)]
    pub fn solve_dm_unchecked(&mut self) -> Result<crate::ksp::ConvergedReason> {
        self.solve_own()
    }
}

impl SnesRef {
    /// Solves on a grid, as [`KspRef::set_dm`]. Functions and Jacobians set before belong to the grid
    /// before. Logically collective.
    ///
    /// # Errors
    /// What `SNESSetDM` returns.
    #[wraps(SNESSetDM)]
    pub fn set_dm(&mut self, dm: &DmRef) -> Result<()> {
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(SNESSetDM(*self.busy()?, dm.as_ptr())) }?;
        // PETSc moved what was set before to the grid, unless that has its own.
        self.share_closures(dm)
    }

    /// The grid. In a closure, that of the level it is called for. Not collective.
    ///
    /// # Errors
    /// What `SNESGetDM` returns.
    #[wraps(SNESGetDM)]
    #[track_caller]
    pub fn dm(&self) -> Result<Dm> {
        crate::not_collective!();
        // SAFETY: a live grid.
        unsafe { Dm::retain(self.raw_dm()?) }
    }
}

impl TsRef {
    /// Integrates on a grid, as [`KspRef::set_dm`]. Functions and Jacobians set before belong to the
    /// grid before. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` inside of a callback of another integrator that has this DM.
    #[wraps(TSSetDM)]
    pub fn set_dm(&mut self, dm: &DmRef) -> Result<()> {
        // SAFETY: a live object.
        unsafe { runtime::check_dm(dm.as_ptr().cast()) }?;
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(TSSetDM(*self.busy()?, dm.as_ptr())) }
    }

    /// The grid. Not collective.
    ///
    /// # Errors
    /// What `TSGetDM` returns.
    #[wraps(TSGetDM)]
    #[track_caller]
    pub fn dm(&self) -> Result<Dm> {
        crate::not_collective!();
        // SAFETY: a live grid.
        unsafe { Dm::retain(self.raw_dm()?) }
    }
}
