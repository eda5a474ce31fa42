//! Linear solvers inside preconditioners.

use std::ptr;

use petsc_macros::wraps;

use super::Ksp;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::object::{Object as _, type_among};
use crate::pc::PcRef;
use crate::{call, ffi, get_raw, sys};

impl PcRef {
    /// Returns the inner solver of `ksp`, `redundant`, `redistribute` or `galerkin`. Collective.
    ///
    /// The options prefix of the inner solver is that of the preconditioner, followed by the name
    /// of the type and an underscore, as in `-redundant_ksp_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` for any other type; `ORDER` before the setup, for a type that creates its inner
    /// solver during the setup.
    #[wraps(PCKSPGetKSP, PCRedundantGetKSP, PCGalerkinGetKSP, PCRedistributeGetKSP)]
    #[track_caller]
    pub fn inner_solver(&self) -> Result<Ksp> {
        type_among(self, &["ksp", "redundant", "redistribute", "galerkin"], "inner_solver")?;
        let kind = crate::Object::type_name(self)?.unwrap_or_default();
        let raw = match kind.as_str() {
            // SAFETY: a live preconditioner of that type.
            "ksp" => unsafe { get_raw!(PCKSPGetKSP(self.as_ptr(), _)) },
            // SAFETY: as above.
            "redundant" => unsafe { get_raw!(PCRedundantGetKSP(self.as_ptr(), _)) },
            // SAFETY: as above.
            "redistribute" => unsafe { get_raw!(PCRedistributeGetKSP(self.as_ptr(), _)) },
            // SAFETY: as above.
            _ => unsafe { get_raw!(PCGalerkinGetKSP(self.as_ptr(), _)) },
        }?;
        self.solver(raw)
    }

    /// Returns the solvers of this rank inside `bjacobi`, `asm`, `gasm` or `fieldsplit`.
    /// Collective.
    ///
    /// Each solver can have its own settings. The solvers exist after the setup
    /// ([`KspRef::set_up`](crate::KspRef::set_up)).
    ///
    /// # Errors
    /// `ARG_WRONG` for other types; `ORDER` or `ARG_WRONGSTATE` before [`set_up`](Self::set_up).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::prelude::*;
    /// # let mut a = Matrix::builder(comm).global_size(6, 6).build()?;
    /// # for i in a.ownership_range()? { a.set_value(i, i, Scalar::from_real(2.0), InsertMode::Insert)?; }
    /// # a.assemble()?;
    /// let mut ksp = Ksp::new(comm)?;
    /// ksp.set_operators(&a, &a)?;
    /// ksp.pc()?.set_type(PcType::BJACOBI)?;
    /// ksp.pc()?.set_bjacobi_blocks(2)?;
    /// ksp.set_up()?;
    /// for mut sub in ksp.pc()?.sub_solvers()? {
    ///     sub.pc()?.set_type(PcType::LU)?;
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(PCBJacobiGetSubKSP, PCASMGetSubKSP, PCFieldSplitGetSubKSP, PCGASMGetSubKSP)]
    #[track_caller]
    pub fn sub_solvers(&self) -> Result<Vec<Ksp>> {
        type_among(self, &["bjacobi", "asm", "gasm", "fieldsplit"], "sub_solvers")?;
        let kind = self.type_name()?.unwrap_or_default();
        if kind == "fieldsplit" {
            return self.field_solvers();
        }
        let (mut n, mut first, mut raw) = (0, 0, ptr::null_mut());
        let (n_ptr, first_ptr, raw_ptr) = (&raw mut n, &raw mut first, &raw mut raw);
        match kind.as_str() {
            // SAFETY: a live `bjacobi` and valid out-pointers; PETSc checks that it is set up.
            "bjacobi" => unsafe {
                call!(PCBJacobiGetSubKSP(self.as_ptr(), n_ptr, first_ptr, raw_ptr))
            },
            // SAFETY: a live `asm` and valid out-pointers; PETSc checks that it is set up.
            "asm" => unsafe { call!(PCASMGetSubKSP(self.as_ptr(), n_ptr, first_ptr, raw_ptr)) },
            // SAFETY: a live `gasm` and valid out-pointers; PETSc checks that it is set up.
            _ => unsafe { call!(PCGASMGetSubKSP(self.as_ptr(), n_ptr, first_ptr, raw_ptr)) },
        }?;
        if raw.is_null() {
            let text = "the blocks do not exist before the setup: call set_up first";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        // SAFETY: the preconditioner owns an array of `n` solvers.
        let solvers = unsafe { ffi::slice(raw, ffi::size(n)?) };
        solvers.iter().map(|&raw| self.solver(raw)).collect()
    }

    /// Returns the solvers of a `fieldsplit`, in the order of the fields.
    #[track_caller]
    fn field_solvers(&self) -> Result<Vec<Ksp>> {
        // SAFETY: a live `fieldsplit`.
        let (n, raw) = unsafe { get_raw!(PCFieldSplitGetSubKSP(self.as_ptr(), _, _)) }?;
        // SAFETY: PETSc allocated an array of `n` solvers.
        let solvers = unsafe { ffi::slice(raw.cast_const(), ffi::size(n)?) }.to_vec();
        // SAFETY: the array is ours to free.
        unsafe { call!(PetscRsFree(raw.cast())) }?;
        if solvers.is_empty() {
            let text = "the solvers of the fields do not exist before the setup: call set_up first";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        solvers.into_iter().map(|raw| self.solver(raw)).collect()
    }

    /// Returns the smoother of a level, used before and after the coarse correction. The smoother
    /// of level 0 is the coarse solver.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the level does not exist.
    #[wraps(PCMGGetSmoother, not_collective)]
    #[track_caller]
    pub fn mg_smoother(&self, level: usize) -> Result<Ksp> {
        let l = self.mg_level(level, 0)?;
        // SAFETY: a live multigrid with that level (above).
        let raw = unsafe { get_raw!(PCMGGetSmoother(self.as_ptr(), l, _)) }?;
        self.solver(raw)
    }

    /// Returns the pre-smoother of a level, used before the coarse correction.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the level does not exist.
    #[wraps(PCMGGetSmootherDown, not_collective)]
    #[track_caller]
    pub fn mg_smoother_down(&self, level: usize) -> Result<Ksp> {
        let l = self.mg_level(level, 0)?;
        // SAFETY: a live multigrid with that level (above).
        let raw = unsafe { get_raw!(PCMGGetSmootherDown(self.as_ptr(), l, _)) }?;
        self.solver(raw)
    }

    /// Returns the post-smoother of a level, used after the coarse correction. The first call
    /// creates a solver that is separate from the pre-smoother. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the level is 0 or does not exist.
    #[wraps(PCMGGetSmootherUp)]
    #[track_caller]
    pub fn mg_smoother_up(&self, level: usize) -> Result<Ksp> {
        let l = self.mg_level(level, 1)?;
        // SAFETY: a live multigrid with that level (above).
        let raw = unsafe { get_raw!(PCMGGetSmootherUp(self.as_ptr(), l, _)) }?;
        self.solver(raw)
    }

    /// Returns the solver of the coarsest level.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` before the levels exist.
    #[wraps(PCMGGetCoarseSolve, not_collective)]
    #[track_caller]
    pub fn mg_coarse_solver(&self) -> Result<Ksp> {
        self.mg_smoother(0)
    }

    /// Sets the operators of a level. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the level does not exist.
    #[wraps(PCMGSetOperators)]
    pub fn set_mg_operators(&mut self, level: usize, a: &MatrixRef, p: &MatrixRef) -> Result<()> {
        self.mg_smoother(level)?.set_operators(a, p)
    }

    #[track_caller]
    fn solver(&self, raw: sys::KSP) -> Result<Ksp> {
        if raw.is_null() {
            let text = "this solver does not exist before the setup: call set_up first";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        // SAFETY: a live solver.
        unsafe { Ksp::part_of(self, raw) }
    }
}
