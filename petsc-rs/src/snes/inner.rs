//! Solvers inside of a solver: the nonlinear preconditioner, and the parts of a composite.

use std::ptr;

use petsc_macros::{getter, setting, wraps};

use super::{CompositeType, Snes, SnesRef, SnesType};
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::ksp::Side;
use crate::object::{Object as _, same_comm};
use crate::{Real, call, ffi, runtime, sys};

c_enum! {
    /// Which function a method works on, see [`SnesRef::set_function_type`].
    #[doc(alias = "SNESFunctionType")]
    FunctionType of SNESFunctionType;
    /// As the method wants.
    Default = SNES_FUNCTION_DEFAULT,
    /// `F` itself.
    Unpreconditioned = SNES_FUNCTION_UNPRECONDITIONED,
    /// What the nonlinear preconditioner makes of it.
    Preconditioned = SNES_FUNCTION_PRECONDITIONED,
}

impl SnesRef {
    /// Sets the nonlinear preconditioner; this solver counts a reference. Before a solve, PETSc gives it
    /// grid, function and Jacobian of this one. Logically collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if it lives on other ranks; `ARG_INCOMP` if this solver is, or was, a part of it.
    #[wraps(SNESSetNPC)]
    pub fn set_npc(&mut self, npc: &Snes) -> Result<()> {
        same_comm(self.object_ptr(), npc.object_ptr())?;
        let snes = self.busy()?;
        runtime::give(self, npc)?;
        // SAFETY: live objects on the same ranks (above); PETSc takes a reference.
        unsafe { call!(SNESSetNPC(*snes, npc.as_ptr())) }
    }

    /// Whether there is a nonlinear preconditioner.
    #[getter(SNESHasNPC)]
    pub fn has_npc() -> bool;

    /// The nonlinear preconditioner, made with the prefix `npc_` if there is none. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` inside of a callback of this solver if there is none; what `SNESGetNPC` returns.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::SnesType;
    /// let mut snes = petsc_rs::Snes::new(comm)?;
    /// snes.set_type(SnesType::NGMRES)?;
    /// snes.npc()?.set_type(SnesType::NRICHARDSON)?;
    /// assert!(snes.has_npc()?);
    /// # Ok(()) })
    /// ```
    #[wraps(SNESGetNPC)]
    #[track_caller]
    pub fn npc(&self) -> Result<Snes> {
        if !self.has_npc()? {
            self.busy()?;
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver, which does not run if it gets a new preconditioner (above), and a valid out-pointer.
        unsafe { call!(SNESGetNPC(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: a live solver.
        unsafe { Snes::part_of(self, raw) }
    }

    /// The side of the nonlinear preconditioner.
    #[setting(SNESSetNPCSide, SNESGetNPCSide)]
    #[option("-snes_npc_side", default = "by method")]
    pub fn set_npc_side(npc_side: Side);

    /// The function to which the solver applies its iteration.
    #[setting(SNESSetFunctionType, SNESGetFunctionType)]
    #[option("-snes_function_type")]
    pub fn set_function_type(function_type: FunctionType);

    /// How the parts of a `composite` work together. Logically collective. Default: additive. Option:
    /// `-snes_composite_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method.
    #[wraps(SNESCompositeSetType)]
    pub fn set_composite_type(&mut self, kind: CompositeType) -> Result<()> {
        self.check_composite_room()?;
        // SAFETY: a live solver of type composite, whose work space is not there yet (above).
        unsafe { call!(SNESCompositeSetType(*self.busy()?, kind.to_raw())) }
    }

    /// Adds a method to a `composite`. Collective. Option: `-snes_composite_sneses`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::SnesType;
    /// let mut snes = petsc_rs::Snes::new(comm)?;
    /// snes.set_type(SnesType::COMPOSITE)?;
    /// snes.add_to_composite(SnesType::NRICHARDSON)?;
    /// snes.add_to_composite(SnesType::NEWTONLS)?;
    /// assert_eq!(snes.composite_count()?, 2);
    /// snes.composite_solver(1)?.set_force_iteration(true)?;
    /// # Ok(()) })
    /// ```
    #[wraps(SNESCompositeAddSNES)]
    pub fn add_to_composite(&mut self, kind: SnesType<'_>) -> Result<()> {
        self.check_composite_room()?;
        // SAFETY: a live solver of type composite, whose work space is not there yet (above); the name is NUL-terminated.
        unsafe { call!(SNESCompositeAddSNES(*self.busy()?, kind.as_ptr())) }
    }

    /// C makes room for the combination and the parts once, in the set-up, which leaves an update.
    fn check_composite_room(&self) -> Result<()> {
        self.check_method("composite")?;
        if self.solution_update()?.is_some() {
            let text = "the parts of a composite cannot change after a solve: reset first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(())
    }

    /// Number of parts of a `composite`. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method, whose private data C would take for its own.
    #[wraps(SNESCompositeGetNumber)]
    pub fn composite_count(&self) -> Result<usize> {
        crate::not_collective!();
        self.check_method("composite")?;
        let mut n = 0;
        // SAFETY: a live solver of type composite (above) and a valid out-pointer.
        unsafe { call!(SNESCompositeGetNumber(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }

    /// A part of a `composite`. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method; `ARG_OUTOFRANGE` if there is no such part.
    #[wraps(SNESCompositeGetSNES)]
    #[track_caller]
    pub fn composite_solver(&self, i: usize) -> Result<Snes> {
        crate::not_collective!();
        let i = self.check_part(i)?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver of type composite with this part (above), and a valid out-pointer.
        unsafe { call!(SNESCompositeGetSNES(self.as_ptr(), i, &raw mut raw)) }?;
        // SAFETY: a live solver.
        unsafe { Snes::part_of(self, raw) }
    }

    /// The factor of a part of a `composite`. Logically collective. Default: 1. Option:
    /// `-snes_composite_damping`.
    ///
    /// # Errors
    /// As [`composite_solver`](Self::composite_solver).
    #[wraps(SNESCompositeSetDamping)]
    pub fn set_composite_damping(&mut self, i: usize, damping: Real) -> Result<()> {
        let i = self.check_part(i)?;
        // SAFETY: a live solver of type composite with this part (above).
        unsafe { call!(SNESCompositeSetDamping(*self.busy()?, i, damping)) }
    }

    fn check_part(&self, i: usize) -> Result<sys::PetscInt> {
        let n = ffi::petsc_int(self.composite_count()?)?;
        let i = ffi::petsc_int(i)?;
        ffi::check_index(i, &(0..n))?;
        Ok(i)
    }
}
