//! Subvectors: the entries whose indices are in an index set, as a vector.

use std::marker::PhantomData;
use std::ptr;

use petsc_macros::wraps;

use super::VectorRef;
use crate::comm;
use crate::error::Result;
use crate::ffi::{Access, Borrow};
use crate::index_set::IndexSetRef;
use crate::object::Object as _;
use crate::runtime::{self, DropMode};
use crate::{call, ffi, get, sys};

impl VectorRef {
    /// Returns a subvector for reading: the entries whose global indices are in `is`. Collective.
    ///
    /// If the entries are contiguous, the subvector uses the memory of this vector; otherwise it is
    /// a copy.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for an index outside the vector; `ARG_NOTSAMECOMM` if the index set is on a
    /// different communicator; `ARG_WRONGSTATE` if the array is borrowed mutably.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{IndexSet, Scalar, ScalarExt, Vector};
    /// let x = Vector::from_fn(comm, 6, |i| Ok(Scalar::from_real(i as f64)))?;
    /// let odd = IndexSet::strided(comm, 3, 1, 2)?;
    /// assert_eq!(x.subvector(&odd)?.sum()?.real(), 9.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecGetSubVector)]
    pub fn subvector<'a>(&'a self, is: &'a IndexSetRef) -> Result<SubVector<'a>> {
        self.check_subset(is)?;
        self.check_readable()?;
        let (raw, borrow) = RawSub::new(self, is, Access::Read)?;
        Ok(SubVector { raw, _borrow: borrow })
    }

    /// Returns a subvector for writing: the entries whose global indices are in `is`. Collective.
    ///
    /// Changes are written back when the guard is dropped or [restored](SubVectorMut::restore).
    /// Restoring is also collective. See [`subvector`](Self::subvector).
    #[wraps(VecGetSubVector, VecRestoreSubVector, errors = subvector)]
    pub fn subvector_mut<'a>(&'a mut self, is: &'a IndexSetRef) -> Result<SubVectorMut<'a>> {
        self.check_subset(is)?;
        self.check_writable()?;
        let (raw, borrow) = RawSub::new(self, is, Access::Write)?;
        Ok(SubVectorMut { raw, _borrow: borrow, _exclusive: PhantomData })
    }

    fn check_subset(&self, is: &IndexSetRef) -> Result<()> {
        comm::check_same_ranks(self.object_ptr(), is.object_ptr())?;
        ffi::check_indices(&is.indices()?, &self.index_range()?)
    }
}

/// A subvector that is always restored on drop.
struct RawSub<'a> {
    vector: &'a VectorRef,
    is: &'a IndexSetRef,
    sub: sys::Vec,
}

impl<'a> RawSub<'a> {
    fn new(vector: &'a VectorRef, is: &'a IndexSetRef, access: Access) -> Result<(Self, Borrow)> {
        let borrow = Borrow::enter(vector, access)?;
        // SAFETY: live objects on the same ranks, indices in range (`check_subset`), which PETSc
        // may not check.
        let sub = unsafe { get!(VecGetSubVector(vector.as_ptr(), is.as_ptr(), _)) }?;
        let raw = Self { vector, is, sub };
        // SAFETY: live until `raw` restores it.
        let part = unsafe { VectorRef::from_ptr(sub) }.region()?;
        let whole = vector.region()?;
        // A view checks its borrow at each access; a copy is written back at the end.
        if !whole.contains(&part) {
            borrow.cover_memory(whole)?;
        }
        Ok((raw, borrow))
    }
}

impl Drop for RawSub<'_> {
    fn drop(&mut self) {
        if self.sub.is_null() {
            return;
        }
        match runtime::drop_mode() {
            DropMode::Skip => {}
            DropMode::Now => {
                let (vector, is) = (self.vector.as_ptr(), self.is.as_ptr());
                // SAFETY: `sub` came from VecGetSubVector with these arguments.
                let code = unsafe { sys::VecRestoreSubVector(vector, is, &raw mut self.sub) };
                runtime::record_drop("VecRestoreSubVector", code);
            }
            DropMode::Later => {
                // Writing back is collective, and other ranks possibly do not take part.
                // SAFETY: gives up the reference of VecGetSubVector.
                unsafe { crate::object::destroy_alone(self.sub.cast()) };
            }
        }
    }
}

/// Entries of a vector, lent for reading. See [`VectorRef::subvector`].
pub struct SubVector<'a> {
    raw: RawSub<'a>,
    _borrow: Borrow,
}

ffi::lends! {
    SubVector<'_> => VectorRef: |this| {
        // SAFETY: live until the guard restores it.
        unsafe { VectorRef::from_ptr(this.raw.sub) }
    }
}

/// Entries of a vector, lent for writing. See [`VectorRef::subvector_mut`].
pub struct SubVectorMut<'a> {
    raw: RawSub<'a>,
    _borrow: Borrow,
    _exclusive: PhantomData<&'a mut VectorRef>,
}

ffi::lends! {
    SubVectorMut<'_> => VectorRef: |this| {
        // SAFETY: live until the guard restores it.
        unsafe { VectorRef::from_ptr(this.raw.sub) }
    }, |this| {
        // SAFETY: as above; nobody else borrows the entries.
        unsafe { VectorRef::from_ptr_mut(this.raw.sub) }
    }
}

impl SubVectorMut<'_> {
    /// Writes the changes back. Collective.
    ///
    /// Dropping the guard does the same, except after an error on this rank. In that case, a
    /// subvector that is a copy is discarded, because other ranks possibly do not take part in the
    /// collective call.
    #[wraps(VecRestoreSubVector)]
    pub fn restore(mut self) -> Result<()> {
        let (vector, is) = (self.raw.vector.as_ptr(), self.raw.is.as_ptr());
        let mut sub = std::mem::replace(&mut self.raw.sub, ptr::null_mut());
        // SAFETY: `sub` came from VecGetSubVector with these arguments; the drop that follows finds
        // NULL in its place.
        unsafe { call!(VecRestoreSubVector(vector, is, &raw mut sub)) }
    }
}
