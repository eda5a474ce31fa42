//! Registers Rust types as preconditioner types: `-pc_type myname`.

use petsc_macros::wraps;

use super::shell::Preconditioner;
use super::{PcRef, PcType};
use crate::callback;
use crate::error::{Error, ErrorCode, Result};
use crate::{Object, Petsc, call, ffi, sys};

/// A preconditioner that can be created by name, see [`Petsc::register_pc`].
pub trait RegisteredPreconditioner: Preconditioner + Sized + 'static {
    /// Creates a preconditioner for `pc`, whose type is being set. The operators may not be set
    /// yet.
    ///
    /// # Errors
    /// Any error. The call that sets the type returns it.
    fn new(pc: &PcRef) -> Result<Self>;
}

impl Petsc {
    /// Registers a Rust type under a name. [`PcRef::set_type`] and `-pc_type name` then select this
    /// type, even in inner solvers and in solvers of other libraries. Not collective, but all ranks
    /// must make this call.
    ///
    /// Each preconditioner has its own Rust object. [`new`](RegisteredPreconditioner::new) creates
    /// it. The Rust object is dropped when the C object is destroyed or gets another type.
    /// Registering an existing name replaces the earlier type. Names remain registered until PETSc
    /// is finalized.
    ///
    /// # Errors
    /// `ARG_WRONG` for the name `shell` and the empty name.
    ///
    /// # Examples
    /// ```
    /// use petsc_rs::pc::{PcRef, Preconditioner, RegisteredPreconditioner};
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::vector::VectorRef;
    ///
    /// struct Identity;
    /// impl Preconditioner for Identity {
    ///     fn apply(&mut self, _: &PcRef, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
    ///         y.copy_from(x)
    ///     }
    /// }
    /// impl RegisteredPreconditioner for Identity {
    ///     fn new(_: &PcRef) -> Result<Self> {
    ///         Ok(Self)
    ///     }
    /// }
    ///
    /// # fn main() -> std::process::ExitCode {
    /// Petsc::builder().args(["program", "-pc_type", "identity"]).run(|petsc| {
    ///     petsc.register_pc::<Identity>("identity")?;
    ///     let mut pc = Pc::new(petsc.world())?;
    ///     pc.set_from_options()?;
    ///     assert_eq!(pc.type_name()?.as_deref(), Some("identity"));
    ///     Ok(())
    /// })
    /// # }
    /// ```
    #[wraps(PCRegister)]
    pub fn register_pc<P: RegisteredPreconditioner>(&self, name: &str) -> Result<()> {
        crate::not_collective!();
        if name.is_empty() || name == "shell" {
            return Err(Error::new(
                ErrorCode::ARG_WRONG,
                format!(
                    "a preconditioner cannot be registered with the name {name:?}: choose another name"
                ),
            ));
        }
        let name = ffi::c_string(name)?;
        // SAFETY: PETSc copies the name; the function lives as long as the program.
        unsafe { call!(PCRegister(name.as_c_str().as_ptr(), Some(create_shim::<P>))) }
    }
}

/// Called by `PCSetType` for a new preconditioner whose type name is already the registered one.
///
/// The preconditioner becomes a shell. Its type name changes to `shell` and back, so that setting
/// the type again has no effect and views print the registered name.
unsafe extern "C" fn create_shim<P: RegisteredPreconditioner>(pc: sys::PC) -> sys::PetscErrorCode {
    callback::guard(c"PC create", || {
        // SAFETY: PETSc passes a live preconditioner for this call.
        let pc = unsafe { PcRef::from_ptr_mut(pc) };
        let name = ffi::c_string(&pc.type_name()?.unwrap_or_default())?;
        // SAFETY: a live preconditioner, which may change its type within `PCSetType`.
        unsafe { call!(PCSetType(pc.as_ptr(), PcType::SHELL.as_ptr())) }?;
        // If this fails, a shell without a Rust object remains, which returns an error when it is
        // applied.
        let custom = P::new(pc)?;
        pc.install(Box::new(custom))?;
        // SAFETY: a live object; PETSc copies the name.
        unsafe { call!(PetscObjectChangeTypeName(pc.object_ptr(), name.as_ptr())) }
    })
}
