//! Index sets: distributed lists of global indices (`IS` in C).

mod coloring;
mod create;
mod info;
#[doc(hidden)]
pub mod local_to_global;
#[doc(hidden)]
pub mod ordering;
mod sets;

pub use coloring::{Coloring, ColoringKind};

use petsc_macros::{getter, wraps};

use crate::error::{Error, ErrorCode, Result};
use crate::object::{Object as _, petsc_object};
use crate::{Int, ffi, get, runtime, sys};

petsc_object! {
    /// A distributed list of global indices.
    ///
    /// A program creates an index set from a list, a stride or blocks, and passes it to functions
    /// that select rows, columns, entries or fields. Only a set that no other object uses can be
    /// changed, for example with [`sort`](IndexSetRef::sort). Dropping the handle destroys the set,
    /// unless another object has a reference to it.
    ///
    /// # Examples
    /// Every second entry of a vector:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::from_fn(comm, 6, |i| Ok(Scalar::from_real(i as Real)))?;
    /// let own: Vec<_> = x.ownership_range()?.filter(|i| i % 2 == 0).collect();
    /// let even = IndexSet::general(comm, &own)?;
    /// assert_eq!(even.len()?, 3);
    /// assert_eq!(x.subvector(&even)?.sum()?.real(), 6.0);
    /// # Ok(()) })
    /// ```
    ///
    /// # See also
    /// [`Scatter`](crate::Scatter), [`MatrixRef::submatrix`](crate::MatrixRef::submatrix),
    /// [`PcRef::add_field_set`](crate::PcRef::add_field_set), [`Coloring`].
    #[wraps(IS)]
    IndexSet,
    /// A borrowed [`IndexSet`].
    IndexSetRef,
    IS,
    ISDestroy,
}

impl IndexSetRef {
    /// Returns the global number of indices.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let is = IndexSet::general(comm, &[3, 1, 4])?;
    /// assert_eq!(is.local_len()?, 3);
    /// assert_eq!(is.len()?, 3 * comm.size() as usize);
    /// # Ok(()) })
    /// ```
    #[getter(ISGetSize)]
    pub fn len() -> usize;

    /// Returns whether there are no indices on any rank. Not collective.
    ///
    /// # Errors
    /// See [`len`](Self::len).
    pub fn is_empty(&self) -> Result<bool> {
        crate::not_collective!();
        Ok(self.len()? == 0)
    }

    /// Returns the number of indices on this rank.
    #[getter(ISGetLocalSize)]
    pub fn local_len() -> usize;

    /// Lends the indices of this rank.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let is = petsc_rs::IndexSet::general(comm, &[3, 1, 4])?;
    /// assert_eq!(&*is.indices()?, &[3, 1, 4]);
    /// # Ok(()) })
    /// ```
    #[wraps(ISGetIndices, not_collective)]
    pub fn indices(&self) -> Result<Indices<'_>> {
        let len = self.local_len()?;
        let borrow = ffi::Borrow::shared(self)?;
        // SAFETY: a live index set.
        let data = unsafe { get!(ISGetIndices(self.as_ptr(), _)) }?;
        Ok(Indices { is: self, data, len, _borrow: borrow })
    }

    /// Checks in the borrow table that C may write the indices.
    fn check_writable(&self) -> Result<()> {
        ffi::check_writable(self.as_ptr())
    }

    /// Checks that C may change the indices. An object of C that keeps the set, such as a field split,
    /// has read its range and its length.
    fn check_unshared(&self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live object.
        if unsafe { runtime::owners(self.object_ptr()) }? <= 0 {
            return Ok(());
        }
        let text = "another object uses the index set: change a duplicate";
        Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
    }
}

/// Indices lent for reading. See [`IndexSetRef::indices`].
pub struct Indices<'a> {
    is: &'a IndexSetRef,
    data: *const Int,
    len: usize,
    _borrow: ffi::Borrow,
}

ffi::lends! {
    Indices<'_> => [Int]: |this| {
        // SAFETY: ISGetIndices gave `len` indices; the borrow table keeps writers out.
        unsafe { ffi::slice(this.data, this.len) }
    }
}

impl Drop for Indices<'_> {
    fn drop(&mut self) {
        // SAFETY: `data` came from ISGetIndices on this index set, which the guard borrows.
        let code = unsafe { sys::ISRestoreIndices(self.is.as_ptr(), &raw mut self.data) };
        runtime::record_drop("ISRestoreIndices", code);
    }
}
