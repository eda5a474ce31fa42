//! Linear solvers.

mod callbacks;
mod compute;
mod convergence;
mod dm;
mod guess;
mod history;
mod inner;
mod methods;
mod preflight;
mod reason;
mod scope;
mod settings;
mod solve;
mod spectrum;
mod tolerances;
mod types;
mod vectors;

use petsc_macros::{getter, wraps};

pub use convergence::ConvergenceTest;
pub use guess::GuessModel;
pub use methods::{CgType, GramSchmidt, Refinement};
pub use reason::ConvergedReason;
pub use scope::KspScope;
pub use settings::{NormType, Side};
pub use solve::{Converged, NotConverged};
pub use tolerances::{CurrentTolerances, Setting, Tolerances};
pub use types::KspType;

use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::{Matrix, MatrixRef};
use crate::object::petsc_object;
use crate::pc::{Pc, PcRef};
use crate::prefixes;
use crate::{call, ffi, get, get_raw, runtime, sys};

petsc_object! {
    /// A linear solver: a Krylov method with a preconditioner.
    ///
    /// A program creates a solver, sets the operators, reads the options, and solves one or more
    /// systems. The first solve builds the preconditioner; later solves build it again only if the
    /// operators have changed. Dropping the handle destroys the solver.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// # let mut a = Matrix::builder(comm).global_size(3, 3).build()?;
    /// # for i in a.ownership_range()? {
    /// #     let right = if i < 2 { i + 1 } else { -1 };
    /// #     let values = [-1.0, 2.0, -1.0].map(Scalar::from_real);
    /// #     a.set_values(&[i], &[i - 1, i, right], &values, InsertMode::Insert)?;
    /// # }
    /// # a.assemble()?;
    /// // `a` is the tridiagonal matrix of order 3 with the entries -1, 2, -1 in a row.
    /// let (mut x, mut b) = a.vectors()?;
    /// b.set(2.0.into())?;
    /// let mut ksp = Ksp::new(comm)?;
    /// ksp.set_operators(&a, &a)?;
    /// ksp.set_from_options()?;
    /// let end = ksp.solve(&b, &mut x)?;
    /// assert!(end.iterations <= 3);
    /// assert!((x.norm(Norm::Infinity)? - 4.0).abs() < 1e-9); // x = (3, 4, 3)
    /// # Ok(()) })
    /// ```
    ///
    /// # Options
    /// `-ksp_type`, `-ksp_rtol`, `-ksp_max_it`, `-ksp_monitor`, `-ksp_converged_reason`, `-ksp_view`,
    /// and the options of the preconditioner, such as `-pc_type`.
    ///
    /// # See also
    /// [`Pc`] (the preconditioner, see [`KspRef::pc`]), [`KspType`] (the methods),
    /// [`KspRef::set_tolerances`], [`KspRef::set_dm`] (geometric multigrid), [`NotConverged`],
    /// [`Factor`](crate::matrix::Factor) (a factorization without a solver), [`Snes`](crate::Snes)
    /// (nonlinear systems).
    #[wraps(KSP)]
    Ksp,
    /// A borrowed [`Ksp`].
    KspRef,
    KSP,
    KSPDestroy,
}

impl Ksp {
    /// Creates a solver without operators. Its default type is `gmres`. Collective.
    #[wraps(KSPCreate)]
    #[track_caller]
    pub fn new(comm: &Comm) -> Result<Self> {
        // SAFETY: a live communicator.
        let raw = unsafe { get_raw!(KSPCreate(comm.as_raw(), _)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }

    /// Appends to the options prefix. See [`KspRef::append_options_prefix`].
    ///
    /// # Errors
    /// The errors of [`KspRef::append_options_prefix`].
    pub fn append_options_prefix(&mut self, prefix: &str) -> Result<()> {
        KspRef::append_options_prefix(self, prefix)
    }
}

prefixes! {
    KspRef, "solver and of its preconditioner";
    #[wraps(KSPSetOptionsPrefix)]
    KSPSetOptionsPrefix,
    #[doc(alias = "KSPAppendOptionsPrefix")]
    KSPAppendOptionsPrefix
}

impl KspRef {
    /// Sets the operator `a` of the system and the matrix `p` from which the preconditioner is
    /// built. `a` and `p` may be the same matrix. Collective.
    ///
    /// The solver holds references to both matrices and does not lock them: their values may change
    /// between solves, for example in a time integrator.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the local sizes change after the setup of the solver (call
    /// [`reset`](Self::reset) first); `ARG_OUTOFRANGE` if index sets of a `fieldsplit`
    /// preconditioner have indices outside the new operator.
    ///
    /// # Examples
    /// See [`Ksp`]. After a change of the matrix, the next solve uses the new values:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// # let mut a = Matrix::builder(comm).global_size(4, 4).build()?;
    /// # for i in a.ownership_range()? {
    /// #     a.set_value(i, i, 2.0.into(), InsertMode::Insert)?;
    /// # }
    /// # a.assemble()?; // 2·I
    /// # let (mut x, mut b) = a.vectors()?;
    /// # b.set(6.0.into())?;
    /// let mut ksp = Ksp::new(comm)?;
    /// ksp.set_operators(&a, &a)?;
    /// let _ = ksp.solve(&b, &mut x)?; // 2·x = 6
    /// assert!((x.norm(Norm::Infinity)? - 3.0).abs() < 1e-9);
    /// a.scale(3.0.into())?;
    /// let _ = ksp.solve(&b, &mut x)?; // 6·x = 6
    /// assert!((x.norm(Norm::Infinity)? - 1.0).abs() < 1e-9);
    /// # Ok(()) })
    /// ```
    #[wraps(KSPSetOperators)]
    pub fn set_operators(&mut self, a: &MatrixRef, p: &MatrixRef) -> Result<()> {
        self.pc()?.check_splits(p)?;
        // SAFETY: live objects, of which PETSc takes references.
        unsafe { call!(KSPSetOperators(*self.busy()?, a.as_ptr(), p.as_ptr())) }
    }

    /// Returns the operator and the matrix from which the preconditioner is built.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if they are not set (PETSc would create empty ones).
    #[wraps(KSPGetOperators)]
    #[track_caller]
    pub fn operators(&self) -> Result<(Matrix, Matrix)> {
        let (a, p) = self.raw_operators()?;
        // SAFETY: a live matrix.
        let a = unsafe { Matrix::operator_of(self, a) }?;
        // SAFETY: as above.
        let p = unsafe { Matrix::operator_of(self, p) }?;
        Ok((a, p))
    }

    fn raw_operators(&self) -> Result<(sys::Mat, sys::Mat)> {
        let (a_set, p_set) = self.operators_set()?;
        if !a_set || !p_set {
            let text = "the solver has no operators yet: call set_operators first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: a live solver; both are set (above).
        let pc = unsafe { get_raw!(KSPGetPC(self.as_ptr(), _)) }?;
        // SAFETY: its live preconditioner, with operators.
        unsafe { get_raw!(PetscRsPCGetOperators(pc, _, _)) }
    }

    /// Returns whether the operator and the matrix of the preconditioner are set.
    #[getter(KSPGetOperatorsSet)]
    pub fn operators_set() -> (bool, bool);

    /// Sets the method. Collective. Default: `gmres`. Option: `-ksp_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if this build has no method with that name.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut ksp = Ksp::new(comm)?;
    /// ksp.set_type(KspType::CG)?;
    /// assert_eq!(ksp.type_name()?.as_deref(), Some("cg"));
    /// # Ok(()) })
    /// ```
    #[wraps(KSPSetType)]
    pub fn set_type(&mut self, kind: KspType<'_>) -> Result<()> {
        // SAFETY: a live solver; the name is NUL-terminated.
        unsafe { call!(KSPSetType(*self.busy()?, kind.as_ptr())) }
    }

    /// Sets the type, the tolerances and all other settings from the options. Collective.
    ///
    /// # Errors
    /// The error of PETSc for an invalid option value; `ORDER` if an option requests singular
    /// values or eigenvalues after a setup that did not allocate space for them.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// petsc.options().insert_str("-ksp_type cg -ksp_rtol 1e-9 -pc_type jacobi")?;
    /// let mut ksp = Ksp::new(petsc.world())?;
    /// ksp.set_from_options()?;
    /// assert_eq!(ksp.type_name()?.as_deref(), Some("cg"));
    /// assert_eq!(ksp.tolerances()?.rtol, 1e-9);
    /// # Ok(()) })
    /// ```
    #[wraps(KSPSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        let late = self.is_set_up()? && !self.keeps_spectrum()?;
        // SAFETY: a live solver.
        unsafe { call!(KSPSetFromOptions(*self.busy()?)) }?;
        if late {
            self.refuse_late_spectrum()?;
        }
        Ok(())
    }

    /// Sets up the method and builds the preconditioner. [`solve`](Self::solve) calls this when
    /// necessary. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; any error of the preconditioner.
    #[wraps(KSPSetUp)]
    pub fn set_up(&mut self) -> Result<()> {
        ffi::check_solver()?;
        self.check_operators()?;
        // SAFETY: a live solver; no entries are mutably borrowed (above).
        unsafe { call!(KSPSetUp(*self.busy()?)) }
    }

    /// Builds the preconditioners of the blocks, for example of `bjacobi` and `asm`.
    /// [`set_up`](Self::set_up) does not build them; without this call, the first solve does.
    /// Collective over each block.
    #[wraps(KSPSetUpOnBlocks, errors = set_up)]
    pub fn set_up_on_blocks(&mut self) -> Result<()> {
        ffi::check_solver()?;
        // The blocks exist only after the setup, which does nothing if the solver is set up
        // already.
        self.set_up()?;
        // SAFETY: a live solver that is set up.
        unsafe { call!(KSPSetUpOnBlocks(*self.busy()?)) }
    }

    /// Removes the operators, the vectors and all data built from them. Keeps the type, the
    /// tolerances and the callbacks. Collective.
    #[wraps(KSPReset)]
    pub fn reset(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(KSPReset(*self.busy()?)) }
    }

    /// Checks that the operators are set, or that a DM can create them. Without either, PETSc would
    /// create empty matrices.
    pub(super) fn check_operators(&self) -> Result<()> {
        // SAFETY: a live solver.
        let has_dm = unsafe { get_raw!(PetscRsKSPHasDM(self.as_ptr(), _)) }?;
        if !ffi::to_bool(has_dm) {
            self.raw_operators()?;
        }
        Ok(())
    }

    /// Returns whether the solver has been set up since it was created, reset or changed.
    pub(super) fn is_set_up(&self) -> Result<bool> {
        // SAFETY: a live solver.
        unsafe { get!(PetscRsKSPIsSetUp(self.as_ptr(), _)) }
    }

    /// Replaces the preconditioner. The solver takes a reference. Collective.
    ///
    /// If the new preconditioner has no operators, it gets the operators of the solver.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if `pc` has another communicator; `ARG_INCOMP` if the solver is, or was, a
    /// part of `pc`.
    #[wraps(KSPSetPC)]
    pub fn set_pc(&mut self, pc: &PcRef) -> Result<()> {
        crate::comm::check_same_ranks(self.as_ptr().cast(), pc.as_ptr().cast())?;
        let ksp = self.busy()?;
        runtime::give(self, pc)?;
        if self.operators_set()? == (true, true) {
            // Operators that point to a solver become invalid with it from here on, also where the
            // old preconditioner is kept.
            let (a, p) = self.operators()?;
            if !pc.operators_set()?.1 {
                pc.check_splits(&p)?;
                // SAFETY: live objects, of which PETSc takes references.
                unsafe { call!(PCSetOperators(*pc.busy()?, a.as_ptr(), p.as_ptr())) }?;
            }
        }
        // SAFETY: live objects, of which PETSc takes a reference.
        unsafe { call!(KSPSetPC(*ksp, pc.as_ptr())) }
    }

    /// Returns the preconditioner.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let ksp = Ksp::new(comm)?;
    /// ksp.pc()?.set_type(PcType::JACOBI)?;
    /// assert_eq!(ksp.pc()?.type_name()?.as_deref(), Some("jacobi"));
    /// # Ok(()) })
    /// ```
    #[wraps(KSPGetPC)]
    #[track_caller]
    pub fn pc(&self) -> Result<Pc> {
        crate::part_by!(self.raw_pc => Pc)
    }

    fn raw_pc(&self) -> Result<sys::PC> {
        // SAFETY: a live solver.
        unsafe { get_raw!(KSPGetPC(self.as_ptr(), _)) }
    }
}
