//! Optimisation: TAO.

mod callbacks;
mod reason;
mod solve;

use std::ptr;

pub use reason::ConvergedReason;
pub use solve::Converged;

use crate::comm::Comm;
use crate::error::Result;
use crate::object::petsc_object;
use crate::type_names::type_names;
use crate::vector::VectorRef;
use crate::{call, ffi, sys};

petsc_object! {
    /// An optimiser: `min f(x)`, with bounds and constraints if there are any.
    Tao,
    /// A borrowed [`Tao`].
    TaoRef,
    Tao,
    TaoDestroy,
}

type_names! {
    /// Name of a method of optimisation, for `-tao_type` and [`TaoRef::set_type`].
    TaoType;
    /// Limited-memory variable metric (quasi-Newton).
    LMVM = c"lmvm",
    /// The same with bounds.
    BLMVM = c"blmvm",
    /// Newton's method with a line search.
    NLS = c"nls",
    /// Newton's method with a trust region.
    NTR = c"ntr",
    /// Nonlinear conjugate gradients.
    CG = c"cg",
    /// Trust-region Newton with bounds.
    TRON = c"tron",
    /// Simplex search without gradients.
    NM = c"nm",
}

impl Tao {
    /// An optimiser without a problem, of type `lmvm`: PETSc itself sets no type, and an optimiser
    /// without one would return its first guess. Collective.
    ///
    /// # Errors
    /// What `TaoCreate` returns.
    #[doc(alias = "TaoCreate")]
    #[track_caller]
    pub fn new(comm: &Comm) -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(TaoCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let mut tao = unsafe { Self::from_raw(raw) };
        tao.set_type(TaoType::LMVM)?;
        Ok(tao)
    }
}

impl TaoRef {
    /// Sets the method. Collective. Default: `lmvm`. Option: `-tao_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if no method has that name in this build.
    #[doc(alias = "TaoSetType")]
    pub fn set_type(&mut self, kind: TaoType<'_>) -> Result<()> {
        // SAFETY: a live optimiser; the name is NUL-terminated.
        unsafe { call!(TaoSetType(self.as_ptr(), kind.as_ptr())) }
    }

    /// Sets the prefix of the options of this optimiser. Use the same on all ranks.
    ///
    /// # Errors
    /// A prefix with a NUL or a leading `-`.
    #[doc(alias = "TaoSetOptionsPrefix")]
    pub fn set_options_prefix(&mut self, prefix: &str) -> Result<()> {
        let prefix = ffi::c_string(prefix)?;
        // SAFETY: a live optimiser; PETSc copies the prefix.
        unsafe { call!(TaoSetOptionsPrefix(self.as_ptr(), prefix.as_ptr())) }
    }

    /// Takes type, tolerances and everything else from the options. Collective.
    ///
    /// # Errors
    /// A wrong value of an option.
    #[doc(alias = "TaoSetFromOptions")]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live optimiser.
        unsafe { call!(TaoSetFromOptions(self.as_ptr())) }
    }

    /// Sets bounds `lower ≤ x ≤ upper`, for the methods that know them. Logically collective.
    ///
    /// # Errors
    /// What `TaoSetVariableBounds` returns.
    #[doc(alias = "TaoSetVariableBounds")]
    pub fn set_variable_bounds(&mut self, lower: &VectorRef, upper: &VectorRef) -> Result<()> {
        // SAFETY: live objects, of which the optimiser takes references.
        unsafe {
            call!(TaoSetVariableBounds(
                self.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr()
            ))
        }
    }
}
