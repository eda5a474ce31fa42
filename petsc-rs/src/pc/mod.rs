//! Preconditioners.

use std::ffi::CStr;

use crate::error::Result;
use crate::object::petsc_object;
use crate::{call, sys};

petsc_object! {
    /// A preconditioner.
    #[doc(alias = "PC")]
    Pc,
    /// A borrowed [`Pc`], as [`KspRef::pc`](crate::KspRef::pc) lends it.
    PcRef,
    PC,
    PCDestroy,
}

/// Name of a preconditioner, for `-pc_type` and [`PcRef::set_type`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "PCType")]
pub struct PcType<'a>(&'a CStr);

impl<'a> PcType<'a> {
    /// A preconditioner by its name.
    #[must_use]
    pub const fn new(name: &'a CStr) -> Self {
        Self(name)
    }
}

impl PcType<'static> {
    /// No preconditioning.
    pub const NONE: Self = Self(c"none");
    /// The diagonal of the matrix.
    pub const JACOBI: Self = Self(c"jacobi");
    /// Algebraic multigrid by smoothed aggregation, PETSc's own.
    pub const GAMG: Self = Self(c"gamg");
    /// LU factorisation.
    pub const LU: Self = Self(c"lu");
    /// Cholesky factorisation.
    pub const CHOLESKY: Self = Self(c"cholesky");
}

impl PcRef {
    /// Sets the type. Collective. Option: `-pc_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if no preconditioner has that name in this build.
    #[doc(alias = "PCSetType")]
    pub fn set_type(&mut self, kind: PcType<'_>) -> Result<()> {
        // SAFETY: a live preconditioner; the name is NUL-terminated.
        unsafe { call!(PCSetType(self.as_ptr(), kind.0.as_ptr())) }
    }
}
