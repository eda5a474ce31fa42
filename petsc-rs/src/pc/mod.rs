//! Preconditioners.

mod blocks;
mod factor;
mod field_split;
mod multigrid;
mod register;
mod shell;
mod simple;
mod types;

use petsc_macros::{getter, setting, wraps};

pub use blocks::{AsmType, GasmType};
pub use factor::ShiftType;
pub use field_split::{CompositeType, SchurFactorization, SchurPreconditioner};
pub use multigrid::{Cycle, Galerkin, GamgLayout, MgType};
pub use register::RegisteredPreconditioner;
pub use shell::{Preconditioner, Shell};
pub use simple::{ExoticType, JacobiType, SorSweep, SubcommType};
pub use types::PcType;

use crate::c_enum::c_enum;
use crate::comm::{self, Comm};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::{Matrix, MatrixRef};
use crate::object::petsc_object;
use crate::prefixes;
use crate::vector::VectorRef;
use crate::{Object, call, ffi, get_raw, sys};

petsc_object! {
    /// A preconditioner: an operator `M⁻¹` that approximates the inverse of a matrix.
    ///
    /// A solver creates its own preconditioner: [`KspRef::pc`](crate::KspRef::pc) returns it, and
    /// `ksp.pc()?.set_type(…)` changes its type. The solver sets the operators of this
    /// preconditioner, builds it in the first solve, and applies it. A preconditioner without a
    /// solver, as in the example below, is built in the first application. Dropping the handle
    /// destroys the preconditioner, unless a solver has a reference to it.
    ///
    /// # Examples
    /// Jacobi divides by the diagonal:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// # let mut a = Matrix::builder(comm).global_size(4, 4).build()?;
    /// # for i in a.ownership_range()? {
    /// #     a.set_value(i, i, 2.0.into(), InsertMode::Insert)?;
    /// # }
    /// # a.assemble()?;
    /// // `a` is 2·I.
    /// let (mut x, mut y) = a.vectors()?;
    /// x.set(6.0.into())?;
    /// let mut pc = Pc::new(comm)?;
    /// pc.set_type(PcType::JACOBI)?;
    /// pc.set_operators(&a, &a)?;
    /// pc.apply(&x, &mut y)?;
    /// assert_eq!(y.norm(Norm::Infinity)?, 3.0);
    /// # Ok(()) })
    /// ```
    ///
    /// # Options
    /// `-pc_type`, and options of the type, such as `-pc_factor_levels`.
    ///
    /// # See also
    /// [`PcType`] (the types), [`PcRef::set_shell`] (a preconditioner written in Rust),
    /// [`Ksp`](crate::Ksp).
    #[wraps(PC)]
    Pc,
    /// A borrowed [`Pc`], for example from [`KspRef::pc`](crate::KspRef::pc).
    PcRef,
    PC,
    PCDestroy,
}

c_enum! {
    /// Reason why a preconditioner failed, see [`PcRef::failed_reason`].
    #[doc(alias = "PCFailedReason")]
    FailedReason of PCFailedReason;
    /// No failure.
    None = PC_NOERROR,
    /// A zero pivot, detected in the nonzero pattern.
    StructuralZeroPivot = PC_FACTOR_STRUCT_ZEROPIVOT,
    /// A zero pivot, detected in the values.
    NumericZeroPivot = PC_FACTOR_NUMERIC_ZEROPIVOT,
    /// Out of memory.
    OutOfMemory = PC_FACTOR_OUTMEMORY,
    /// Another failure of a factorization.
    Factorization = PC_FACTOR_OTHER,
    /// A solver inside the preconditioner failed.
    SubSolver = PC_SUBPC_ERROR,
}

impl Pc {
    /// Creates a preconditioner without type and operators. Solvers create their own
    /// preconditioners. Collective.
    #[wraps(PCCreate)]
    #[track_caller]
    pub fn new(comm: &Comm) -> Result<Self> {
        // SAFETY: a live communicator.
        let raw = unsafe { get_raw!(PCCreate(comm.as_raw(), _)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }
}

prefixes! {
    PcRef, "preconditioner";
    #[wraps(PCSetOptionsPrefix)]
    PCSetOptionsPrefix,
    #[doc(alias = "PCAppendOptionsPrefix")]
    PCAppendOptionsPrefix
}

impl PcRef {
    /// Sets the type. Collective. Option: `-pc_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if this build has no preconditioner with that name.
    ///
    /// # Examples
    /// See [`Pc`].
    #[wraps(PCSetType)]
    pub fn set_type(&mut self, kind: PcType<'_>) -> Result<()> {
        // SAFETY: a live preconditioner; the name is NUL-terminated.
        unsafe { call!(PCSetType(*self.busy()?, kind.as_ptr())) }
    }

    /// Sets the type and all other settings from the options. Collective.
    ///
    /// # Errors
    /// The error of PETSc for an invalid option value, or for a type that this build does not have.
    ///
    /// # Examples
    /// The method `set_from_options` of a linear solver also calls this method for its
    /// preconditioner:
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// petsc.options().insert_str("-pc_type sor -pc_sor_omega 1.5")?;
    /// let mut ksp = Ksp::new(petsc.world())?;
    /// ksp.set_from_options()?;
    /// assert_eq!(ksp.pc()?.type_name()?.as_deref(), Some("sor"));
    /// # Ok(()) })
    /// ```
    #[wraps(PCSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live preconditioner.
        unsafe { call!(PCSetFromOptions(*self.busy()?)) }
    }

    /// Sets the operator `a` of the system and the matrix `p` from which the preconditioner is
    /// built. A linear solver sets the operators of its preconditioner. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the local sizes change after the setup (call [`reset`](Self::reset)
    /// first); `ARG_OUTOFRANGE` if index sets of a `fieldsplit` have indices outside the new
    /// operator.
    #[wraps(PCSetOperators)]
    pub fn set_operators(&mut self, a: &MatrixRef, p: &MatrixRef) -> Result<()> {
        self.check_splits(p)?;
        // SAFETY: live objects, of which PETSc takes references.
        unsafe { call!(PCSetOperators(*self.busy()?, a.as_ptr(), p.as_ptr())) }
    }

    /// Returns whether the operator and the matrix of the preconditioner are set.
    #[getter(PCGetOperatorsSet)]
    pub fn operators_set() -> (bool, bool);

    /// Returns the operator and the matrix from which the preconditioner is built.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if they are not set (PETSc would create empty ones).
    #[wraps(PCGetOperators)]
    #[track_caller]
    pub fn operators(&self) -> Result<(Matrix, Matrix)> {
        let (a_set, p_set) = self.operators_set()?;
        if !a_set || !p_set {
            let text = "the preconditioner has no operators yet: call set_operators first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: a live preconditioner; both are set (above).
        let (a, p) = unsafe { get_raw!(PetscRsPCGetOperators(self.as_ptr(), _, _)) }?;
        // SAFETY: a live matrix.
        let a = unsafe { Matrix::operator_of(self, a) }?;
        // SAFETY: as above.
        let p = unsafe { Matrix::operator_of(self, p) }?;
        Ok((a, p))
    }

    /// Builds the preconditioner from the operators. [`apply`](Self::apply) calls this when
    /// necessary. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `MISSING_FACTOR` if the build does not have the
    /// factorization.
    #[wraps(PCSetUp)]
    pub fn set_up(&mut self) -> Result<()> {
        ffi::check_solver()?;
        // SAFETY: a live preconditioner; no entries are mutably borrowed (above).
        unsafe { call!(PCSetUp(*self.busy()?)) }
    }

    /// Builds the preconditioners of the blocks. [`set_up`](Self::set_up) does not build them;
    /// without this call, the first application does. Collective over each block.
    #[wraps(PCSetUpOnBlocks, errors = set_up)]
    pub fn set_up_on_blocks(&mut self) -> Result<()> {
        self.set_up()?;
        // SAFETY: a live preconditioner that is set up.
        unsafe { call!(PCSetUpOnBlocks(*self.busy()?)) }
    }

    /// Removes the operators and all data built from them. Collective.
    #[wraps(PCReset)]
    pub fn reset(&mut self) -> Result<()> {
        // SAFETY: a live preconditioner.
        unsafe { call!(PCReset(*self.busy()?)) }
    }

    /// Computes `y ← M⁻¹·x`. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` if the sizes do not fit; `ARG_IDN` if `x` and
    /// `y` are the same vector.
    ///
    /// # Examples
    /// See [`Pc`].
    #[wraps(PCApply)]
    pub fn apply(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.check_apply(x, y)?;
        let _locks = ffi::Locks::note([x.as_ptr(), y.as_ptr()])?;
        // SAFETY: live objects; sizes fit and no entries are borrowed (above).
        unsafe { call!(PCApply(*self.busy()?, x.as_ptr(), y.as_ptr())) }
    }

    /// Computes `y ← M⁻ᵀ·x`. Collective.
    ///
    /// # Errors
    /// The errors of [`apply`](Self::apply); `SUP` if the preconditioner cannot apply its
    /// transpose.
    #[wraps(PCApplyTranspose)]
    pub fn apply_transpose(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.check_apply(x, y)?;
        let _locks = ffi::Locks::note([x.as_ptr(), y.as_ptr()])?;
        // SAFETY: live objects; sizes fit and no entries are borrowed (above).
        unsafe { call!(PCApplyTranspose(*self.busy()?, x.as_ptr(), y.as_ptr())) }
    }

    /// Checks nested vectors: preconditioners combine `x` and `y` with vectors that `p` creates,
    /// such as its diagonal. See `MatrixRef::check_nested`.
    pub(crate) fn check_nested(&self, p: &MatrixRef, x: &VectorRef, y: &VectorRef) -> Result<()> {
        if !x.is_nest()? && !y.is_nest()? {
            return Ok(());
        }
        x.check_same_kind(y)?;
        let kind = self.type_name()?.unwrap_or_default();
        if ["none", "shell", "fieldsplit"].contains(&kind.as_str()) {
            return Ok(());
        }
        p.vectors()?.0.check_same_kind(x)
    }

    fn check_apply(&self, x: &VectorRef, y: &VectorRef) -> Result<()> {
        x.check_readable()?;
        y.check_writable()?;
        ffi::check_solver()?;
        if x.same_object(y) {
            let text = "a preconditioner needs two different vectors";
            return Err(Error::new(ErrorCode::ARG_IDN, text));
        }
        let (_, p) = self.operators()?;
        self.check_nested(&p, x, y)?;
        let (rows, columns) = p.local_size()?;
        if (columns, rows) == (y.local_len()?, x.local_len()?) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!(
                "the preconditioner maps a vector with {rows} local entries to a vector with {columns}, got vectors with {} and {}",
                x.local_len()?,
                y.local_len()?
            ),
        ))
    }

    /// Returns whether the preconditioner can apply its transpose.
    #[getter(PCApplyTransposeExists)]
    pub fn has_transpose() -> bool;

    /// Whether the solvers inside the preconditioner use the operator, instead of the matrix from
    /// which the preconditioner is built.
    #[setting(PCSetUseAmat, PCGetUseAmat)]
    #[option("-pc_use_amat", default = "false")]
    pub fn set_use_operator(use_operator: bool);

    /// Whether the preconditioner is kept when the operators change.
    #[setting(PCSetReusePreconditioner, PCGetReusePreconditioner)]
    #[option(default = "false")]
    pub fn set_reuse(reuse: bool);

    /// Whether a failure of the factorization is an error. If not, the solver stops and reports the
    /// failure as its reason.
    #[setting(PCSetErrorIfFailure)]
    #[option(default = "false")]
    pub fn set_error_if_failure(error_if_failure: bool);

    /// Returns whether the preconditioner has its own implementation of Richardson iteration.
    #[getter(PCApplyRichardsonExists)]
    pub fn has_richardson() -> bool;

    /// Computes `Y ← M⁻¹·X` for all columns of dense matrices. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` if the sizes do not fit; `ARG_WRONG` for a
    /// matrix that is not dense; `ARG_IDN` if `x` and `y` are the same matrix.
    #[wraps(PCMatApply)]
    pub fn mat_apply(&mut self, x: &MatrixRef, y: &mut MatrixRef) -> Result<()> {
        self.operators()?;
        comm::check_same_ranks(self.object_ptr(), x.object_ptr())?;
        comm::check_same_ranks(self.object_ptr(), y.object_ptr())?;
        x.check_readable()?;
        y.check_writable()?;
        ffi::check_solver()?;
        // SAFETY: live objects with operators, no entries of which are borrowed (above); PETSc
        // checks types, sizes and identity.
        let outcome = unsafe { call!(PCMatApply(*self.busy()?, x.as_ptr(), y.as_ptr())) };
        crate::matrix::restore_columns(outcome, x, y)
    }

    /// Returns the reason why building or applying the preconditioner failed on this rank.
    #[getter(PCGetFailedReason)]
    pub fn failed_reason() -> FailedReason;

    /// Sets the coordinates of the unknowns of this rank, `dimension` numbers for each point. The
    /// types `gamg`, `ml` and `hypre` use them, and `fieldsplit` gives them to the solvers of its
    /// fields. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the number of coordinates is not a multiple of `dimension`, or for `fieldsplit`
    /// does not fit the rows of the operator; `ARG_WRONGSTATE` if a field of a `fieldsplit` is given
    /// by components and the preconditioner is not set up.
    #[wraps(PCSetCoordinates)]
    pub fn set_coordinates(&mut self, dimension: usize, coordinates: &[crate::Real]) -> Result<()> {
        if dimension == 0 || coordinates.len() % dimension != 0 {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                format!(
                    "the number of coordinates, {}, is not a multiple of the dimension {dimension}",
                    coordinates.len()
                ),
            ));
        }
        self.operators()?;
        let n = ffi::petsc_int(coordinates.len() / dimension)?;
        let (dimension, data) = (ffi::petsc_int(dimension)?, coordinates.as_ptr().cast_mut());
        // SAFETY: a live preconditioner with operators, from which PETSc checks `n` (for fieldsplit
        // a workaround does); it only reads the n·dimension numbers.
        unsafe { call!(PCSetCoordinates(*self.busy()?, dimension, n, data)) }
    }
}
