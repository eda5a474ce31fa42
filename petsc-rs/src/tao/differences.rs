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
use crate::vector::VectorRef;
use crate::{call, ffi, runtime, sys};

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
        let Some(h) = self.raw_differences()? else {
            return Ok(());
        };
        let (parts, _) = self.parts()?;
        if parts.linked.get() == Some(h) {
            // A second link would cut the operator off when it took the place of the first.
            return Ok(());
        }
        // SAFETY: a live matrix; the reference goes to the link.
        unsafe { call!(PetscObjectReference(h.cast())) }?;
        // SAFETY: a live optimiser, which frees the link with what it has composed; an earlier one goes now.
        unsafe { callback::compose(self.object_ptr(), LINK, Link(h)) }?;
        parts.linked.set(Some(h));
        Ok(())
    }

    /// Before a solve for `x`: since 3.25 the options make the operator with a type, but without sizes.
    pub(super) fn size_differences(&self, x: &VectorRef) -> Result<()> {
        let Some(h) = self.raw_differences()? else {
            return Ok(());
        };
        // SAFETY: a live matrix.
        if !unsafe { MatrixRef::from_ptr(h) }.is_type("mffd")? {
            return Ok(());
        }
        let (n, len) = (ffi::petsc_int(x.local_len()?)?, ffi::petsc_int(x.len()?)?);
        // SAFETY: a live matrix; C refuses sizes other than those that it has.
        unsafe { call!(MatSetSizes(h, n, n, len, len)) }?;
        // SAFETY: a live matrix with sizes (above).
        unsafe { call!(MatSetUp(h)) }
    }

    /// The Hessian, if it is the operator that `-tao_mf_hessian` makes.
    fn raw_differences(&self) -> Result<Option<sys::Mat>> {
        let (h, _, function) = self.raw_hessian()?;
        let differences: Hessian = sys::TaoDefaultComputeHessianMFFD;
        let made_by_option = function.is_some_and(|f| ptr::fn_addr_eq(f, differences));
        Ok(Some(h).filter(|h| made_by_option && !h.is_null()))
    }
}
