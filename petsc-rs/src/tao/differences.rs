//! The Hessian by differences of gradients (`-tao_mf_hessian`): C gives its operator a pointer to the optimiser, uncounted,
//! and whoever holds the operator keeps it when the optimiser is gone.

use std::ffi::{CStr, c_void};
use std::ptr;

use super::TaoRef;
use super::parts::Hessian;
use crate::callback;
use crate::error::{ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::object::Object as _;
use crate::{call, runtime, sys};

/// Under this name lies what cuts the link when the optimiser ends.
const LINK: &CStr = c"petsc-rs.tao.mf";

/// An operator by differences, which ends with the optimiser that it calls: from then on a product is an error.
struct Link(sys::Mat);

impl Drop for Link {
    fn drop(&mut self) {
        // SAFETY: the link has a reference.
        let matrix = unsafe { MatrixRef::from_ptr(self.0) };
        if matrix.is_type("mffd").unwrap_or(false) {
            // SAFETY: a live operator of this type; the function takes no context.
            let code = unsafe { sys::MatMFFDSetFunction(self.0, Some(gone), ptr::null_mut()) };
            runtime::record_drop("MatMFFDSetFunction", code);
        }
        // SAFETY: the reference of `link_differences`.
        let code = unsafe { sys::MatDestroy(&raw mut self.0) };
        runtime::record_drop("MatDestroy", code);
    }
}

/// Stands for the gradient of an optimiser that is gone.
unsafe extern "C" fn gone(_: *mut c_void, _: sys::Vec, _: sys::Vec) -> sys::PetscErrorCode {
    ErrorCode::ARG_WRONGSTATE.to_raw()
}

impl TaoRef {
    /// After options, which may have made such an operator.
    pub(super) fn link_differences(&self) -> Result<()> {
        let (h, _, function) = self.raw_hessian()?;
        let differences: Hessian = sys::TaoDefaultComputeHessianMFFD;
        let by_differences = function.is_some_and(|f| ptr::fn_addr_eq(f, differences));
        if h.is_null() || !by_differences {
            return Ok(());
        }
        // SAFETY: a live matrix; the reference goes to the link.
        unsafe { call!(PetscObjectReference(h.cast())) }?;
        // SAFETY: a live optimiser, which frees the link with what it has composed; an earlier one goes now.
        unsafe { callback::compose(self.object_ptr(), LINK, Link(h)) }?;
        Ok(())
    }
}
