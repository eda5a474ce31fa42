//! Hessians of C that point to their optimiser, uncounted: that by differences of gradients (`-tao_mf_hessian`), and that
//! of the optimiser within `brgn`. Whoever holds the operator keeps it when the optimiser is gone.

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

/// Under these names lies what cuts the links when the optimiser ends, or the method.
const LINK: &CStr = c"petsc-rs.tao.mf";
const WITHIN: &CStr = c"petsc-rs.tao.brgn";

/// An operator that ends with the optimiser that it calls: from then on a product is an error.
struct Link(sys::Mat);

impl Drop for Link {
    fn drop(&mut self) {
        // SAFETY: the link has a reference.
        let matrix = unsafe { MatrixRef::from_ptr_mut(self.0) };
        if matrix.is_type("mffd").unwrap_or(false) {
            // SAFETY: a live operator of this type; the function takes no context.
            let code = unsafe { sys::MatMFFDSetFunction(self.0, Some(gone), ptr::null_mut()) };
            runtime::record_drop("MatMFFDSetFunction", code);
        }
        if matrix.is_type("shell").unwrap_or(false) {
            let cut = matrix.set_erased(sys::MATOP_MULT, no_product as *const c_void);
            let code = cut.map_or_else(|error| error.code().to_raw(), |()| sys::error_code(0));
            runtime::record_drop("MatShellSetOperation", code);
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

/// Stands for the product of a method that is gone.
unsafe extern "C" fn no_product(_: sys::Mat, _: sys::Vec, _: sys::Vec) -> sys::PetscErrorCode {
    ErrorCode::ARG_WRONGSTATE.to_raw()
}

impl TaoRef {
    /// Once the method `brgn` is set up: its Hessian points to what the method holds. Others have none of that kind.
    pub(super) fn link_within(&self) -> Result<()> {
        let (parts, _) = self.parts()?;
        if parts.linked_within.get() || !self.is_type("brgn")? {
            return Ok(());
        }
        // SAFETY: a live optimiser with everything the method needs, by the caller, who is about to solve.
        unsafe { call!(TaoSetUp(self.as_ptr())) }?;
        let (h, _, _) = self.brgn_subsolver()?.raw_hessian()?;
        // SAFETY: a live matrix, which the set-up made; the reference goes to the link.
        unsafe { call!(PetscObjectReference(h.cast())) }?;
        // SAFETY: a live optimiser, which frees the link with what it has composed.
        unsafe { callback::compose(self.object_ptr(), WITHIN, Link(h)) }?;
        parts.linked_within.set(true);
        Ok(())
    }

    /// When the method is gone.
    pub(super) fn cut_within(&self) -> Result<()> {
        if !self.parts()?.0.linked_within.take() {
            return Ok(());
        }
        // SAFETY: a live object and a NUL-terminated name; NULL takes away what is there.
        unsafe {
            call!(PetscObjectCompose(
                self.object_ptr(),
                WITHIN.as_ptr(),
                ptr::null_mut()
            ))
        }
    }

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

    /// Before a solve for `x`: since 3.25 the options make the operator with a type, but without sizes. The options of
    /// an optimiser within another are read by C.
    pub(super) fn size_differences(&self, x: &VectorRef) -> Result<()> {
        self.link_differences()?;
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
