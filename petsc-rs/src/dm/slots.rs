//! Array access by point and unknown, for numbers of unknowns that are known only at run time.

use std::fmt;
use std::ops::{Index, IndexMut};

use petsc_macros::wraps;

use super::DmdaRef;
use super::dmda::{Corners, GridIndex, Shape};
use crate::Scalar;
use crate::error::Result;
use crate::vector::{ArrayMut, ArrayRead, VectorRef};

impl DmdaRef {
    /// Lends the values of a global or local vector for reading, by grid point and unknown:
    /// `u[((i, j), c)]`.
    ///
    /// If the number of unknowns is known at compile time, [`array_as`](Self::array_as) is simpler
    /// and faster.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vector does not have the length of a global or local vector of this DMDA;
    /// `ARG_WRONGSTATE` if the array is borrowed mutably.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, Scalar, ScalarExt};
    /// let grid = Dmda::builder(comm).sizes([3, 3]).dof(4).build()?;
    /// let mut x = grid.create_global_vector()?;
    /// x.stride_set(2, Scalar::from_real(5.0))?;
    /// let u = grid.array_dof(&x)?;
    /// for at in grid.corners()?.points() {
    ///     assert_eq!((u[(at, 2)].real(), u[(at, 3)].real()), (5.0, 0.0));
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(DMDAVecGetArrayDOFRead, not_collective)]
    pub fn array_dof<'a>(&self, x: &'a VectorRef) -> Result<SlotRead<'a>> {
        let (shape, entries) = self.shape_and_dof(x)?;
        let array = x.array()?;
        Ok(SlotRead { array, shape, entries })
    }

    /// Lends the values of a vector for reading and writing. See [`array_dof`](Self::array_dof).
    ///
    /// # Errors
    /// See [`array_dof`](Self::array_dof); `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(DMDAVecGetArrayDOF, not_collective)]
    pub fn array_dof_mut<'a>(&self, x: &'a mut VectorRef) -> Result<SlotMut<'a>> {
        let (shape, entries) = self.shape_and_dof(x)?;
        let array = x.array_mut()?;
        Ok(SlotMut { array, shape, entries })
    }
}

#[cold]
#[inline(never)]
#[expect(clippy::panic, reason = "an index out of bounds panics, as for slices")]
fn outside<P: fmt::Debug>(at: P, slot: usize, entries: usize, corners: Corners) -> ! {
    panic!(
        "slot {slot} of {entries} at {at:?} is outside the part of this rank: x {:?}, y {:?}, \
         z {:?}",
        corners.x(),
        corners.y(),
        corners.z()
    )
}

/// Values by grid point or element, and by slot (unknown), lent for reading. See
/// [`DmdaRef::array_dof`] and [`DmStagRef::array`](super::DmStagRef::array).
pub struct SlotRead<'a> {
    pub(super) array: ArrayRead<'a>,
    pub(super) shape: Shape,
    pub(super) entries: usize,
}

/// Values by grid point or element, and by slot (unknown), lent for writing. See
/// [`DmdaRef::array_dof_mut`] and [`DmStagRef::array_mut`](super::DmStagRef::array_mut).
pub struct SlotMut<'a> {
    pub(super) array: ArrayMut<'a>,
    pub(super) shape: Shape,
    pub(super) entries: usize,
}

/// Returns the position of a value in the array. Panics if it is outside.
#[inline]
fn place<I: GridIndex>(shape: &Shape, entries: usize, at: I, slot: usize) -> usize {
    match at.place(shape) {
        Some(element) if slot < entries => element * entries + slot,
        _ => outside(at, slot, entries, shape.corners),
    }
}

impl<I: GridIndex> Index<(I, usize)> for SlotRead<'_> {
    type Output = Scalar;

    #[inline]
    fn index(&self, (at, slot): (I, usize)) -> &Scalar {
        &self.array[place(&self.shape, self.entries, at, slot)]
    }
}

impl<I: GridIndex> Index<(I, usize)> for SlotMut<'_> {
    type Output = Scalar;

    #[inline]
    fn index(&self, (at, slot): (I, usize)) -> &Scalar {
        &self.array[place(&self.shape, self.entries, at, slot)]
    }
}

impl<I: GridIndex> IndexMut<(I, usize)> for SlotMut<'_> {
    #[inline]
    fn index_mut(&mut self, (at, slot): (I, usize)) -> &mut Scalar {
        let place = place(&self.shape, self.entries, at, slot);
        &mut self.array[place]
    }
}

impl fmt::Debug for SlotRead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlotRead").field("corners", &self.shape.corners).finish_non_exhaustive()
    }
}

impl fmt::Debug for SlotMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlotMut").field("corners", &self.shape.corners).finish_non_exhaustive()
    }
}
