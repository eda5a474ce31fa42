//! The DM of a linear solver.

use petsc_macros::{setting, wraps};

use super::KspRef;
use crate::dm::{Dm, DmRef};
use crate::error::Result;
use crate::{call, get_raw, sys};

impl KspRef {
    /// Sets the DM that creates the vectors, the matrices and the levels of multigrid. Logically
    /// collective.
    ///
    /// The solver holds a reference to the DM. Call this method before
    /// [`set_compute_operators`](Self::set_compute_operators) and
    /// [`set_compute_rhs`](Self::set_compute_rhs): functions set earlier belong to the previous DM.
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

    /// Returns the DM; in a closure that the solver calls, the DM of the current level.
    ///
    /// # Examples
    /// A closure in the example of [`set_dm`](Self::set_dm) calls this method.
    #[wraps(KSPGetDM, not_collective)]
    #[track_caller]
    pub fn dm(&self) -> Result<Dm> {
        // SAFETY: a live solver; PETSc creates a DM if there is none.
        let raw = unsafe { get_raw!(KSPGetDM(self.as_ptr(), _)) }?;
        // SAFETY: a live DM.
        unsafe { Dm::retain(raw) }
    }

    /// Whether the solver takes its operators from the DM: the DM creates the matrices, and the
    /// closure stored on the DM computes their entries.
    #[setting(PetscRsKSPSetDMActive, c = ["KSPSetDMActive"])]
    #[option(default = "yes, once a DM is set")]
    pub fn set_dm_active(dm_active: bool);

    /// Solves a system whose right-hand side and solution are vectors that the solver owns. The
    /// closures stored on the DM compute the right-hand side and the initial guess. Collective.
    ///
    /// [`solution`](Self::solution) returns the result.
    #[wraps(KSPSolve, errors = solve)]
    pub fn solve_in_place(&mut self) -> Result<super::Converged> {
        self.solve_in_place_raw()?;
        self.judge()
    }

    /// Solves like [`solve_in_place`](Self::solve_in_place) and returns the reason why the solve stopped.
    /// Collective.
    ///
    /// # Errors
    /// See [`solve_in_place`](Self::solve_in_place), except `NOT_CONVERGED`.
    #[wraps(KSPSolve)]
    pub fn solve_in_place_unchecked(&mut self) -> Result<super::ConvergedReason> {
        self.solve_in_place_raw()
    }
}
