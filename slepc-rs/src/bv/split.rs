//! The leading and the remaining columns as two bases.

use std::fmt;
use std::marker::PhantomData;
use std::ptr;

use petsc_macros::wraps;
use petsc_rs::internal::{DropMode, drop_mode, record_drop};
use petsc_rs::{Error, ErrorCode, Result, call};

use super::BvRef;
use crate::sys;

/// A basis split in two, see [`BvRef::split`].
pub struct Split<'a> {
    basis: &'a BvRef,
    left: sys::BV,
    right: sys::BV,
    _exclusive: PhantomData<&'a mut BvRef>,
}

impl BvRef {
    /// Splits the basis into two: the leading columns (those before the first [active
    /// one](Self::set_active_columns)) and the remaining columns. Both bases share the memory of
    /// this basis, and number their columns from 0. The number of columns, the type, the
    /// constraints and the inner product of the two bases cannot be changed. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if there are no leading columns, or no remaining columns.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Scalar, ScalarExt};
    /// use slepc_rs::bv::{Bv, BvType};
    /// let mut basis = Bv::new(comm, 4, 3, BvType::SVEC)?;
    /// basis.set_active_columns(1..3)?;
    /// let mut parts = basis.split()?;
    /// parts.left_mut().column_mut(0)?.set(Scalar::from_real(0.5))?;
    /// parts.right_mut().column_mut(1)?.set(Scalar::from_real(2.0))?;
    /// assert_eq!(parts.right().sizes()?.columns, 2);
    /// drop(parts);
    /// assert_eq!(basis.norm_column(0, Norm::Two)?, 1.0);
    /// assert_eq!(basis.norm_column(2, Norm::Two)?, 4.0);
    /// # Ok(()) })
    /// ```
    #[wraps(BVGetSplit, BVRestoreSplit)]
    pub fn split(&mut self) -> Result<Split<'_>> {
        let (leading, columns) = (self.active_columns()?.start, self.sizes()?.columns);
        if leading == 0 || leading == columns {
            let text =
                format!("{leading} of {columns} columns are leading columns: nothing to split");
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        let (mut left, mut right) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live basis with leading columns and others (above), valid out-pointers; SLEPc refuses a second time.
        unsafe { call!(BVGetSplit(self.as_ptr(), &raw mut left, &raw mut right)) }?;
        Ok(Split { basis: self, left, right, _exclusive: PhantomData })
    }
}

impl Split<'_> {
    /// Returns the leading columns.
    #[must_use]
    pub fn left(&self) -> &BvRef {
        // SAFETY: live until the split ends.
        unsafe { BvRef::from_ptr(self.left) }
    }

    /// Returns the leading columns for writing.
    pub fn left_mut(&mut self) -> &mut BvRef {
        self.parts_mut().0
    }

    /// Returns the remaining columns.
    #[must_use]
    pub fn right(&self) -> &BvRef {
        // SAFETY: as above.
        unsafe { BvRef::from_ptr(self.right) }
    }

    /// Returns the remaining columns for writing.
    pub fn right_mut(&mut self) -> &mut BvRef {
        self.parts_mut().1
    }

    /// Returns both bases for writing.
    pub fn parts_mut(&mut self) -> (&mut BvRef, &mut BvRef) {
        // SAFETY: live until it is given back; the basis is borrowed mutably, and the handles have no memory.
        let left = unsafe { BvRef::from_ptr_mut(self.left) };
        // SAFETY: as above; another object.
        let right = unsafe { BvRef::from_ptr_mut(self.right) };
        (left, right)
    }
}

impl Drop for Split<'_> {
    fn drop(&mut self) {
        if matches!(drop_mode(), DropMode::Skip) {
            return;
        }
        let (left, right) = (&raw mut self.left, &raw mut self.right);
        // SAFETY: both came from BVGetSplit of this basis; this call is not collective.
        let code = unsafe { sys::BVRestoreSplit(self.basis.as_ptr(), left, right) };
        record_drop("BVRestoreSplit", code);
    }
}

impl fmt::Debug for Split<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Split").field("left", &self.left()).field("right", &self.right()).finish()
    }
}
