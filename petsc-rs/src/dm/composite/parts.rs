//! The parts of a composite's vector, lent as vectors of the grids without a copy.

use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::DmCompositeRef;
use crate::error::{Error, ErrorCode, Result};
use crate::runtime::{self, DropMode};
use crate::vector::VectorRef;
use crate::{Int, call, ffi, sys};

impl DmCompositeRef {
    /// The parts of a global vector that belong to the grids, for reading, without a copy.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vector is of another length than those of the composite, `ARG_WRONG` if it is
    /// nested, `ARG_WRONGSTATE` if its array is borrowed mutably.
    #[wraps(DMCompositeGetAccessArray)]
    pub fn parts<'a>(&'a self, x: &'a VectorRef) -> Result<Parts<'a>> {
        self.check_contiguous(x)?;
        x.check_readable()?;
        let borrow = ffi::Borrow::shared(x)?;
        let access = self.access(x, borrow)?;
        // Other handles of a part could write to what others read as the whole.
        let parts = access.vectors.iter();
        let borrows = parts
            // SAFETY: the parts live until `access` gives them back.
            .map(|&part| ffi::Borrow::shared(unsafe { VectorRef::from_ptr(part) }))
            .collect::<Result<_>>()?;
        Ok(Parts {
            _borrows: borrows,
            access,
        })
    }

    /// The parts of a global vector that belong to the grids, for writing, without a copy.
    /// Collective.
    ///
    /// # Errors
    /// As [`parts`](Self::parts); `ARG_WRONGSTATE` if its array is borrowed at all.
    #[wraps(DMCompositeGetAccessArray)]
    pub fn parts_mut<'a>(&'a self, x: &'a mut VectorRef) -> Result<PartsMut<'a>> {
        self.check_contiguous(x)?;
        x.check_writable()?;
        let borrow = ffi::Borrow::exclusive(x)?;
        Ok(PartsMut(self.access(x, borrow)?))
    }

    /// The parts are windows of the vector's memory, which a nested vector has only for a moment.
    fn check_contiguous(&self, x: &VectorRef) -> Result<()> {
        self.check_global(x)?;
        if x.is_nest()? {
            return Err(Error::argument("a nested vector has no memory for parts"));
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
        Ok(Access {
            composite: self,
            whole: x,
            vectors,
            _borrow: borrow,
        })
    }
}

/// Windows that are given back on every way out.
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
                format!("there is no part {i} of {}", self.vectors.len()),
            )
        })
    }
}

impl Drop for Access<'_> {
    fn drop(&mut self) {
        if runtime::drop_mode() == DropMode::Skip {
            return;
        }
        // Back into the pools, which does not communicate, also on a rank that failed. The number of
        // parts was converted before.
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

/// The parts of a vector, lent for reading; see [`DmCompositeRef::parts`].
pub struct Parts<'a> {
    // Before the windows, which are given back last.
    _borrows: Vec<ffi::Borrow>,
    access: Access<'a>,
}

/// The parts of a vector, lent for writing; see [`DmCompositeRef::parts_mut`].
pub struct PartsMut<'a>(Access<'a>);

impl Parts<'_> {
    /// The part of a grid. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no such grid.
    pub fn part(&self, i: usize) -> Result<&VectorRef> {
        // SAFETY: lent by the composite until this guard is dropped.
        Ok(unsafe { VectorRef::from_ptr(self.access.raw(i)?) })
    }
}

impl PartsMut<'_> {
    /// The part of a grid. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no such grid.
    pub fn part(&self, i: usize) -> Result<&VectorRef> {
        // SAFETY: lent by the composite until this guard is dropped.
        Ok(unsafe { VectorRef::from_ptr(self.0.raw(i)?) })
    }

    /// The part of a grid, to write to. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no such grid.
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
