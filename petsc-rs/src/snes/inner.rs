//! Inner nonlinear solvers: the nonlinear preconditioner, and the solvers of a composite.

use petsc_macros::{getter, setting, wraps};

use super::{CompositeType, Snes, SnesRef, SnesType};
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::ksp::Side;
use crate::object::{Object as _, same_comm};
use crate::{Real, call, ffi, get_raw, runtime, sys};

c_enum! {
    /// The function to which a method is applied, see [`SnesRef::set_function_type`].
    #[doc(alias = "SNESFunctionType")]
    FunctionType of SNESFunctionType;
    /// The default of the method.
    Default = SNES_FUNCTION_DEFAULT,
    /// `F` itself.
    Unpreconditioned = SNES_FUNCTION_UNPRECONDITIONED,
    /// The function preconditioned with the nonlinear preconditioner.
    Preconditioned = SNES_FUNCTION_PRECONDITIONED,
}

impl SnesRef {
    /// Sets the nonlinear preconditioner. This solver takes a reference. Logically collective.
    ///
    /// Before a solve, PETSc sets the DM, the function and the Jacobian of this solver on the
    /// nonlinear preconditioner.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the communicator of `npc` has other ranks; `ARG_INCOMP` if this solver
    /// is, or was, a part of `npc`.
    #[wraps(SNESSetNPC)]
    pub fn set_npc(&mut self, npc: &Snes) -> Result<()> {
        same_comm(self.object_ptr(), npc.object_ptr())?;
        let snes = self.busy()?;
        runtime::give(self, npc)?;
        // SAFETY: live objects on the same ranks (above); PETSc takes a reference.
        unsafe { call!(SNESSetNPC(*snes, npc.as_ptr())) }
    }

    /// Returns whether the solver has a nonlinear preconditioner.
    #[getter(SNESHasNPC)]
    pub fn has_npc() -> bool;

    /// Returns the nonlinear preconditioner. If there is none, creates it with the prefix `npc_`.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` inside a callback of this solver if there is none; the errors of
    /// `SNESGetNPC`.
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
        // SAFETY: a live solver, which is not running if it gets a new preconditioner (above).
        let raw = unsafe { get_raw!(SNESGetNPC(self.as_ptr(), _)) }?;
        // SAFETY: a live solver.
        unsafe { Snes::part_of(self, raw) }
    }

    /// The side of the nonlinear preconditioner.
    #[setting(SNESSetNPCSide, SNESGetNPCSide)]
    #[option("-snes_npc_side", default = "depends on the method")]
    pub fn set_npc_side(npc_side: Side);

    /// The function to which the solver applies its iteration.
    #[setting(SNESSetFunctionType, SNESGetFunctionType)]
    #[option("-snes_function_type")]
    pub fn set_function_type(function_type: FunctionType);

    /// Sets how the solvers of a `composite` are combined. Logically collective. Default: additive.
    /// Option: `-snes_composite_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method.
    #[wraps(SNESCompositeSetType)]
    pub fn set_composite_type(&mut self, kind: CompositeType) -> Result<()> {
        self.check_composite_room()?;
        // SAFETY: a live solver of type composite, whose work vectors do not exist yet (above).
        unsafe { call!(SNESCompositeSetType(*self.busy()?, kind.to_raw())) }
    }

    /// Adds a solver to a `composite`. Collective. Option: `-snes_composite_sneses`.
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
        // SAFETY: a live solver of type composite, whose work vectors do not exist yet (above); the
        // name is NUL-terminated.
        unsafe { call!(SNESCompositeAddSNES(*self.busy()?, kind.as_ptr())) }
    }

    /// Checks that the composite is not set up: C allocates the data of the combination once, in
    /// the setup. The setup also creates the vector of the update, which is checked here.
    fn check_composite_room(&self) -> Result<()> {
        self.check_method("composite")?;
        if self.solution_update()?.is_some() {
            let text = "the solvers of a composite cannot change after a solve: call reset first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(())
    }

    /// Returns the number of solvers of a `composite`.
    #[getter(SNESCompositeGetNumber)]
    #[types("composite")]
    pub fn composite_count() -> usize;

    /// Returns a solver of a `composite`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method; `ARG_OUTOFRANGE` if there is no solver with this number.
    #[wraps(SNESCompositeGetSNES, not_collective)]
    #[track_caller]
    pub fn composite_solver(&self, i: usize) -> Result<Snes> {
        let i = self.check_part(i)?;
        // SAFETY: a live solver of type composite with this part (above).
        let raw = unsafe { get_raw!(SNESCompositeGetSNES(self.as_ptr(), i, _)) }?;
        // SAFETY: a live solver.
        unsafe { Snes::part_of(self, raw) }
    }

    /// Sets the factor by which the corrections of one solver of a `composite` are multiplied.
    /// Logically collective. Default: 1. Option: `-snes_composite_damping`.
    #[wraps(SNESCompositeSetDamping, errors = composite_solver)]
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
