//! Linear solvers.

mod callbacks;
mod kind;
mod reason;
mod solve;
mod tolerances;

use std::ptr;

pub use kind::KspType;
pub use reason::{ConvergedReason, UnknownReason};
pub use solve::{Converged, NotConverged};
pub use tolerances::{Setting, Tolerances};

use crate::comm::Comm;
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::object::petsc_object;
use crate::pc::PcRef;
use crate::{call, ffi, sys};

petsc_object! {
    /// A linear solver: a Krylov method with a preconditioner.
    #[doc(alias = "KSP")]
    Ksp,
    /// A borrowed [`Ksp`].
    KspRef,
    KSP,
    KSPDestroy,
}

impl Ksp {
    /// A solver without operators, of type `gmres` unless told otherwise. Collective.
    ///
    /// # Errors
    /// What `KSPCreate` returns.
    #[doc(alias = "KSPCreate")]
    #[track_caller]
    pub fn new(comm: &Comm) -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(KSPCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }
}

impl KspRef {
    /// Sets the operator `a` of the system and the matrix `p` from which the preconditioner is
    /// built, often the same. The solver counts references to both and does not lock them: changing
    /// their values and solving again is the normal life of a time step. Collective.
    ///
    /// # Errors
    /// What `KSPSetOperators` returns.
    #[doc(alias = "KSPSetOperators")]
    pub fn set_operators(&mut self, a: &MatrixRef, p: &MatrixRef) -> Result<()> {
        // SAFETY: live objects, of which PETSc takes references.
        unsafe { call!(KSPSetOperators(self.as_ptr(), a.as_ptr(), p.as_ptr())) }
    }

    /// Sets the method. Collective. Default: `gmres`. Option: `-ksp_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if no method has that name in this build.
    #[doc(alias = "KSPSetType")]
    pub fn set_type(&mut self, kind: KspType<'_>) -> Result<()> {
        // SAFETY: a live solver; the name is NUL-terminated.
        unsafe { call!(KSPSetType(self.as_ptr(), kind.as_ptr())) }
    }

    /// Takes type, tolerances and everything else from the options. Collective.
    ///
    /// # Errors
    /// A wrong value of an option.
    #[doc(alias = "KSPSetFromOptions")]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(KSPSetFromOptions(self.as_ptr())) }
    }

    /// Sets the prefix of this solver's options and of its preconditioner's. Use the same on all
    /// ranks.
    ///
    /// # Errors
    /// A prefix with a NUL or a leading `-`.
    #[doc(alias = "KSPSetOptionsPrefix")]
    pub fn set_options_prefix(&mut self, prefix: &str) -> Result<()> {
        let prefix = ffi::c_string(prefix)?;
        // SAFETY: a live solver; PETSc copies the prefix.
        unsafe { call!(KSPSetOptionsPrefix(self.as_ptr(), prefix.as_ptr())) }
    }

    /// The preconditioner.
    ///
    /// # Errors
    /// What `KSPGetPC` returns.
    #[doc(alias = "KSPGetPC")]
    pub fn pc(&self) -> Result<&PcRef> {
        // SAFETY: the solver keeps its preconditioner while it is borrowed; replacing it needs `&mut`.
        Ok(unsafe { PcRef::from_ptr(self.raw_pc()?) })
    }

    /// The preconditioner, to change it.
    ///
    /// # Errors
    /// What `KSPGetPC` returns.
    pub fn pc_mut(&mut self) -> Result<&mut PcRef> {
        // SAFETY: as for `pc`; the solver is borrowed mutably.
        Ok(unsafe { PcRef::from_ptr_mut(self.raw_pc()?) })
    }

    fn raw_pc(&self) -> Result<sys::PC> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(KSPGetPC(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }
}
