//! Vectors: distributed arrays of scalars (`Vec` in C).

mod array;
mod assembler;
mod assembly;
mod builder;
mod create;
mod ghost;
mod index;
mod layout;
mod lent;
mod load;
mod memory;
mod nest;
mod ops;
mod pointwise;
mod reduce;
#[doc(hidden)]
pub mod scatter;
mod split;
mod storage;
mod stride;
mod subvector;
mod types;
mod values;

use std::ops::Range;

use petsc_macros::{getter, wraps};

pub use array::{ArrayMut, ArrayRead};
pub use assembler::VectorAssembler;
pub use assembly::Assembly;
pub use builder::VectorBuilder;
pub use ghost::{GhostUpdate, LocalForm, LocalFormMut};
pub use reduce::Norm;
pub use split::{DotToken, NormToken};
pub use subvector::{SubVector, SubVectorMut};
pub use types::VectorType;
pub use values::{InsertMode, VectorOption};

use crate::error::Result;
use crate::object::petsc_object;
use crate::{Int, get, sys};

petsc_object! {
    /// A distributed vector.
    ///
    /// Each rank owns a contiguous [range](VectorRef::ownership_range) of the entries. A program
    /// creates a vector, fills it (by index with [`set_values`](VectorRef::set_values) and
    /// [`assemble`](VectorRef::assemble), or as a slice with [`array_mut`](VectorRef::array_mut)), and
    /// computes with all entries at once. Dropping the handle destroys the vector.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::new(comm, 100)?;
    /// x.set(1.0.into())?;
    /// let mut y = x.duplicate()?;
    /// y.axpy(2.0.into(), &x)?; // y ← y + 2·x
    /// assert!((y.norm(Norm::Two)? - 20.0).abs() < 1e-12);
    /// assert_eq!(x.dot(&y)?.real(), 200.0);
    /// # Ok(()) })
    /// ```
    ///
    /// # Options
    /// `-vec_type` with [`VectorBuilder::from_options`].
    ///
    /// # See also
    /// [`Dmda`](crate::Dmda) creates vectors for a structured grid, and
    /// [`Matrix::vectors`](crate::MatrixRef::vectors) for a linear system.
    /// [`Scatter`](crate::Scatter) copies entries between vectors. [`Vector::load`] and
    /// [`Object::view`](crate::Object::view) read and write files.
    #[wraps(Vec)]
    Vector,
    /// A borrowed [`Vector`].
    VectorRef,
    Vec,
    VecDestroy,
    check_readable,
}

impl VectorRef {
    /// Returns the global number of entries.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::with_local_len(comm, 3)?;
    /// assert_eq!(x.local_len()?, 3);
    /// assert_eq!(x.len()?, 3 * comm.size() as usize);
    /// # Ok(()) })
    /// ```
    #[getter(VecGetSize)]
    pub fn len() -> usize;

    /// Returns whether the vector has no entries on any rank. Not collective.
    ///
    /// # Errors
    /// See [`len`](Self::len).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// assert!(Vector::new(comm, 0)?.is_empty()? && !Vector::new(comm, 1)?.is_empty()?);
    /// # Ok(()) })
    /// ```
    pub fn is_empty(&self) -> Result<bool> {
        crate::not_collective!();
        Ok(self.len()? == 0)
    }

    /// Returns the number of entries that this rank owns.
    #[getter(VecGetLocalSize)]
    #[inline]
    pub fn local_len() -> usize;

    /// Returns the range of global indices that this rank owns.
    ///
    /// # Examples
    /// The ranges of all ranks together are the indices `0..x.len()`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::new(comm, 10)?;
    /// for i in x.ownership_range()? {
    ///     x.set_value(i, Scalar::from_real(i as Real), InsertMode::Insert)?;
    /// }
    /// x.assemble()?;
    /// assert_eq!(x.sum()?.real(), 45.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecGetOwnershipRange, not_collective)]
    pub fn ownership_range(&self) -> Result<Range<Int>> {
        // SAFETY: a live vector.
        let (start, end) = unsafe { get!(VecGetOwnershipRange(self.as_ptr(), _, _)) }?;
        Ok(start..end)
    }

    /// Returns the range of all valid global indices.
    #[inline]
    pub(crate) fn index_range(&self) -> Result<Range<Int>> {
        // SAFETY: a live vector.
        let n = unsafe { get!(VecGetSize(self.as_ptr(), _)) }?;
        Ok(0..n)
    }
}
