//! Parts of a global vector of a composite, lent as vectors of its DMs without a copy.

use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::DmCompositeRef;
use crate::error::{Error, ErrorCode, Result};
use crate::runtime::{self, DropMode};
use crate::vector::VectorRef;
use crate::{Int, call, ffi, sys};

impl DmCompositeRef {
    /// Lends the parts of a global vector that belong to the DMs, for reading and without a copy.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vector does not have the length of a global vector of the composite;
    /// `ARG_WRONG` if it is nested; `ARG_WRONGSTATE` if its array is borrowed mutably.
    #[wraps(DMCompositeGetAccessArray)]
    pub fn parts<'a>(&'a self, x: &'a VectorRef) -> Result<Parts<'a>> {
        self.check_contiguous(x)?;
        x.check_readable()?;
        let borrow = ffi::Borrow::shared(x)?;
        let access = self.access(x, borrow)?;
        // Another handle of a part could otherwise write while the whole vector is read.
        let parts = access.vectors.iter();
        let borrows = parts
            // SAFETY: the parts live until `access` gives them back.
            .map(|&part| ffi::Borrow::shared(unsafe { VectorRef::from_ptr(part) }))
            .collect::<Result<_>>()?;
        Ok(Parts { _borrows: borrows, access })
    }

    /// Lends the parts of a global vector that belong to the DMs, for writing and without a copy.
    /// Collective.
    ///
    /// # Errors
    /// See [`parts`](Self::parts); `ARG_WRONGSTATE` if the array of the vector is borrowed.
    #[wraps(DMCompositeGetAccessArray)]
    pub fn parts_mut<'a>(&'a self, x: &'a mut VectorRef) -> Result<PartsMut<'a>> {
        self.check_contiguous(x)?;
        x.check_writable()?;
        let borrow = ffi::Borrow::exclusive(x)?;
        Ok(PartsMut(self.access(x, borrow)?))
    }

    /// Refuses a nested vector: the parts are views of contiguous memory, which a nested vector has
    /// only temporarily.
    fn check_contiguous(&self, x: &VectorRef) -> Result<()> {
        self.check_global(x)?;
        if x.is_nest()? {
            return Err(Error::argument(
                "the parts of a nested vector are not contiguous in memory",
            ));
        }
        Ok(())
    }

    fn access<'a>(&'a self, x: &'a VectorRef, borrow: ffi::Borrow) -> Result<Access<'a>> {
        let count = self.count()?;
        let n = ffi::petsc_int(count)?;
        let mut vectors: Vec<sys::Vec> = vec![ptr::null_mut(); count];
        // SAFETY: live objects, a vector of the composite's length (callers), room for all parts.
        unsafe {
            call!(DMCompositeGetAccessArray(
                self.as_ptr(),
                x.as_ptr(),
                n,
                ptr::null(),
                vectors.as_mut_ptr()
            ))
        }?;
        Ok(Access { composite: self, whole: x, vectors, _borrow: borrow })
    }
}

/// Views that are always restored on drop.
struct Access<'a> {
    composite: &'a DmCompositeRef,
    whole: &'a VectorRef,
    vectors: Vec<sys::Vec>,
    _borrow: ffi::Borrow,
}

impl Access<'_> {
    fn raw(&self, i: usize) -> Result<sys::Vec> {
        self.vectors.get(i).copied().ok_or_else(|| {
            Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("part {i} does not exist: there are {} parts", self.vectors.len()),
            )
        })
    }
}

impl Drop for Access<'_> {
    fn drop(&mut self) {
        if runtime::drop_mode() == DropMode::Skip {
            return;
        }
        // The views return to the pools without communication, even after an error on this rank.
        // The number of parts was converted before.
        let n = Int::try_from(self.vectors.len()).unwrap_or(0);
        // SAFETY: the vectors came from DMCompositeGetAccessArray on these objects, which are borrowed.
        let code = unsafe {
            sys::DMCompositeRestoreAccessArray(
                self.composite.as_ptr(),
                self.whole.as_ptr(),
                n,
                ptr::null(),
                self.vectors.as_mut_ptr(),
            )
        };
        runtime::record_drop("DMCompositeRestoreAccessArray", code);
    }
}

/// The parts of a vector, lent for reading. See [`DmCompositeRef::parts`].
pub struct Parts<'a> {
    // Declared before the views, which must be restored last.
    _borrows: Vec<ffi::Borrow>,
    access: Access<'a>,
}

/// The parts of a vector, lent for writing. See [`DmCompositeRef::parts_mut`].
pub struct PartsMut<'a>(Access<'a>);

impl Parts<'_> {
    /// Returns the part of DM `i`. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no DM `i`.
    pub fn part(&self, i: usize) -> Result<&VectorRef> {
        // SAFETY: lent by the composite until this guard is dropped.
        Ok(unsafe { VectorRef::from_ptr(self.access.raw(i)?) })
    }
}

impl PartsMut<'_> {
    /// Returns the part of DM `i`. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no DM `i`.
    pub fn part(&self, i: usize) -> Result<&VectorRef> {
        // SAFETY: lent by the composite until this guard is dropped.
        Ok(unsafe { VectorRef::from_ptr(self.0.raw(i)?) })
    }

    /// Returns the part of DM `i` for writing. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no DM `i`.
    pub fn part_mut(&mut self, i: usize) -> Result<&mut VectorRef> {
        // SAFETY: lent by the composite until this guard is dropped.
        Ok(unsafe { VectorRef::from_ptr_mut(self.0.raw(i)?) })
    }
}

impl fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}

impl fmt::Debug for PartsMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartsMut").finish_non_exhaustive()
    }
}
