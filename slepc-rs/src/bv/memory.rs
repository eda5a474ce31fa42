//! The memory of the columns of a basis, for the borrow table.

use std::ptr;

use petsc_rs::ffi::{Access, Region};
use petsc_rs::{Object as _, Result, call, ffi};

use super::BvRef;
use crate::sys;

impl BvRef {
    /// Checks with the borrow table that the columns may be read through C.
    #[inline]
    pub(super) fn check_readable(&self) -> Result<()> {
        ffi::ask_guards(|| self.check_memory(Access::Read))
    }

    /// Checks with the borrow table that the columns may be written through C.
    #[inline]
    pub(super) fn check_writable(&self) -> Result<()> {
        ffi::ask_guards(|| self.check_memory(Access::Write))
    }

    #[cold]
    fn check_memory(&self, access: Access) -> Result<()> {
        if self.is_type("vecs")? {
            // Each column is a separate vector, which SLEPc does not return while it is borrowed.
            return ffi::check_no_guard(access);
        }
        let len = self.stride()? * (self.sizes()?.columns + self.constraints()?);
        let mut data = ptr::null();
        // SAFETY: a live basis with sizes of a type that has one array (above), a valid out-pointer.
        unsafe { call!(BVGetArrayRead(self.as_ptr(), &raw mut data)) }?;
        let region = Region::object(self.as_ptr()).with_array(data, len);
        // SAFETY: the array of the line above.
        unsafe { call!(BVRestoreArrayRead(self.as_ptr(), &raw mut data)) }?;
        ffi::check_region(region, access)
    }

    /// Distance in entries between the starts of two consecutive columns.
    #[cfg(petsc_ge_3_20)]
    fn stride(&self) -> Result<usize> {
        let mut stride = 0;
        // SAFETY: a live basis and a valid out-pointer.
        unsafe { call!(BVGetLeadingDimension(self.as_ptr(), &raw mut stride)) }?;
        ffi::size(stride)
    }

    #[cfg(not(petsc_ge_3_20))]
    fn stride(&self) -> Result<usize> {
        Ok(self.sizes()?.local)
    }
}
