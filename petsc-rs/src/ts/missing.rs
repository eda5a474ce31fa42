//! Checks that the data exist that a method requires, because PETSc dereferences the pointers to
//! these data without a check.

use std::ptr;

use super::TsRef;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::{call, sys};

impl TsRef {
    /// Checks the data that the method requires. Called before each setup and each solve.
    pub(super) fn check_missing(&self) -> Result<()> {
        let kind = self.type_name()?.unwrap_or_default();
        let missing = match kind.as_str() {
            "mimex" => "fields of a PetscDS on its DM",
            "discgrad" => {
                "a formulation with an energy, which is not wrapped (TSDiscGradSetFormulation)"
            }
            "glle" => return self.choose_glle_schemes(),
            _ => return Ok(()),
        };
        let text = format!("the method {kind} needs {missing}");
        Err(Error::collective(ErrorCode::SUP, text))
    }

    /// Sets the schemes of `glle`, and the object that chooses step and order. Only
    /// `TSSetFromOptions` sets their defaults.
    fn choose_glle_schemes(&self) -> Result<()> {
        let mut adaptor = ptr::null_mut();
        // SAFETY: a live integrator of type `glle` and a valid out-pointer.
        unsafe { call!(TSGLLEGetAdapt(self.as_ptr(), &raw mut adaptor)) }?;
        let mut kind = ptr::null();
        // SAFETY: the adaptor, which the integrator owns, and a valid out-pointer.
        unsafe { call!(PetscObjectGetType(adaptor.cast(), &raw mut kind)) }?;
        if !kind.is_null() {
            return Ok(());
        }
        // SAFETY: a live integrator of type `glle`; the name is a constant, the default of `-ts_gl_type`.
        unsafe { call!(TSGLLESetType(self.as_ptr(), sys::TSGLLE_IRKS.as_ptr().cast())) }?;
        // SAFETY: as above; the name is a constant, the default of `-ts_adapt_type`.
        unsafe { call!(TSGLLEAdaptSetType(adaptor, sys::TSGLLEADAPT_BOTH.as_ptr().cast())) }
    }
}
