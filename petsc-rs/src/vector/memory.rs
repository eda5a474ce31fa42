//! The memory of the entries of a vector, and the checks of this memory in the borrow table.

use super::VectorRef;
use crate::error::Result;
use crate::ffi::{Access, Borrow, Borrows, Region};
use crate::{Scalar, call, ffi, get, sys};

impl VectorRef {
    /// Checks in the borrow table that C may read the entries.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if a guard for writing lends the same memory.
    #[doc(hidden)]
    #[inline]
    pub fn check_readable(&self) -> Result<()> {
        ffi::ask_guards(|| self.check_memory(Access::Read))
    }

    /// Checks in the borrow table that C may write the entries.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if any guard lends the same memory.
    #[doc(hidden)]
    #[inline]
    pub fn check_writable(&self) -> Result<()> {
        ffi::ask_guards(|| self.check_memory(Access::Write))
    }

    #[cold]
    pub(crate) fn check_memory(&self, access: Access) -> Result<()> {
        self.each_part(&mut |part| ffi::check_region(part.region()?, access))
    }

    /// Refuses a vector with entries but without an array: PETSc removes the arrays of its work
    /// vectors after use, and dereferences NULL.
    pub(crate) fn check_array(&self) -> Result<()> {
        if self.is_nest()? || self.local_len()? == 0 {
            return Ok(());
        }
        if self.array_address()?.is_null() {
            return Err(ffi::no_array());
        }
        Ok(())
    }

    /// Returns the address of the entries of this rank if the vector is not nested.
    fn array_address(&self) -> Result<*const Scalar> {
        // SAFETY: a live vector; nothing is read.
        let mut data = unsafe { get!(VecGetArrayRead(self.as_ptr(), _)) }?;
        let address = data;
        // SAFETY: the array of the line above.
        unsafe { call!(VecRestoreArrayRead(self.as_ptr(), &raw mut data)) }?;
        Ok(address)
    }

    /// Returns the array of this rank. A nested vector has none; its parts do.
    pub(super) fn region(&self) -> Result<Region> {
        let region = Region::object(self.as_ptr());
        if self.is_nest()? {
            return Ok(region);
        }
        Ok(region.with_array(self.array_address()?, self.local_len()?))
    }

    /// Enters a guard for this vector and, if it is nested, for its parts: restoring the array of a
    /// nested vector writes theirs. The guard itself enters the array that it lends.
    pub(super) fn borrow_array(&self, access: Access) -> Result<Borrows> {
        self.borrow_parts(Borrow::enter(self, access)?, access)
    }

    /// Enters a guard for this vector and its memory, which C reads or writes while the guard is
    /// alive.
    pub(crate) fn borrow_memory(&self, access: Access) -> Result<Borrows> {
        let own = Borrow::enter_region(self, self.region()?, access)?;
        self.borrow_parts(own, access)
    }

    fn borrow_parts(&self, own: Borrow, access: Access) -> Result<Borrows> {
        let mut borrows = Borrows::from(own);
        if self.is_nest()? {
            for i in 0..self.nest_len()? {
                self.sub_vector(i)?.each_part(&mut |part| {
                    let part = Borrow::enter_region(part, part.region()?, access)?.as_part();
                    borrows.push(part);
                    Ok(())
                })?;
            }
        }
        Ok(borrows)
    }
}
