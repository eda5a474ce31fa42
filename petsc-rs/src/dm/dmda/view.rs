//! Array access to vectors of a DMDA by grid point.

use std::fmt;
use std::ops::{Index, IndexMut, Range};

use bytemuck::Pod;
use petsc_macros::wraps;

use super::index::Shape;
use super::{Corners, DmdaRef, GridIndex, RowIndex};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::{ArrayMut, ArrayRead, VectorRef};
use crate::{Int, Scalar, ffi};

impl DmdaRef {
    /// Lends the values of a global or local vector for reading, by grid point: `u[(i, j)]` with
    /// global indices.
    ///
    /// A local vector also contains the ghost points. Ghost points before the first point of the
    /// grid have negative indices.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vector does not have the length of a global or local vector of this DMDA,
    /// or if a point has more than one unknown (use [`array_as`](Self::array_as)); `ARG_WRONGSTATE`
    /// if the array is borrowed mutably through another handle.
    #[wraps(DMDAVecGetArrayRead, not_collective)]
    #[inline]
    pub fn array<'a>(&self, x: &'a VectorRef) -> Result<GridRead<'a, Scalar>> {
        self.array_as(x)
    }

    /// Lends the values of a vector for reading and writing. See [`array`](Self::array).
    ///
    /// # Errors
    /// See [`array`](Self::array); `ARG_WRONGSTATE` if the array is borrowed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let grid = Dmda::builder(comm).sizes([4, 3]).build()?;
    /// let mut x = grid.create_global_vector()?;
    /// let mut u = grid.array_mut(&mut x)?;
    /// for (i, j) in grid.corners()?.points() {
    ///     u[(i, j)] = Scalar::from_real((i * j) as Real);
    /// }
    /// drop(u);
    /// assert_eq!(x.sum()?.real(), 18.0); // (0 + 1 + 2 + 3)·(0 + 1 + 2)
    /// # Ok(()) })
    /// ```
    #[wraps(DMDAVecGetArray, not_collective)]
    #[inline]
    pub fn array_mut<'a>(&self, x: &'a mut VectorRef) -> Result<GridMut<'a, Scalar>> {
        self.array_as_mut(x)
    }

    /// Lends the values of a vector with several unknowns at each point for reading. See
    /// [`array`](Self::array).
    ///
    /// For `N` unknowns, `T` is `[Scalar; N]`, or a struct of `N` scalars that implements [`Pod`].
    ///
    /// # Errors
    /// See [`array`](Self::array); `ARG_SIZ` if `T` does not have the size of the unknowns of a
    /// point.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, Scalar, ScalarExt, bytemuck};
    /// #[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
    /// #[bytemuck(crate = "petsc_rs::bytemuck")]
    /// #[repr(C)]
    /// struct Gas {
    ///     density: Scalar,
    ///     pressure: Scalar,
    /// }
    /// let grid = Dmda::builder(comm).sizes([3, 3]).dof(2).build()?;
    /// let mut x = grid.create_global_vector()?;
    /// let mut gas = grid.array_as_mut::<Gas>(&mut x)?;
    /// for at in grid.corners()?.points() {
    ///     gas[at].density = Scalar::from_real(1.5);
    /// }
    /// drop(gas);
    /// assert_eq!(x.stride_sum(0)?.real(), 13.5);
    /// # Ok(()) })
    /// ```
    #[wraps(DMDAVecGetArrayDOFRead, not_collective)]
    pub fn array_as<'a, T: Pod>(&self, x: &'a VectorRef) -> Result<GridRead<'a, T>> {
        let shape = self.shape_of::<T>(x)?;
        let array = x.array()?;
        ffi::same_len("length of the array", shape.len() * per_point::<T>(), array.len())?;
        let data = array.as_ptr().cast();
        check_aligned::<T>(data)?;
        Ok(GridRead { data, shape, _array: array })
    }

    /// Lends the values of a vector for reading and writing. See [`array_as`](Self::array_as).
    ///
    /// # Errors
    /// See [`array_as`](Self::array_as); `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(DMDAVecGetArrayDOF, not_collective)]
    pub fn array_as_mut<'a, T: Pod>(&self, x: &'a mut VectorRef) -> Result<GridMut<'a, T>> {
        let shape = self.shape_of::<T>(x)?;
        let mut array = x.array_mut()?;
        ffi::same_len("length of the array", shape.len() * per_point::<T>(), array.len())?;
        let data: *mut T = array.as_mut_ptr().cast();
        check_aligned::<T>(data)?;
        Ok(GridMut { data, shape, _array: array })
    }

    /// Returns the shape of the points in `x`, after checking the size of `T`.
    fn shape_of<T>(&self, x: &VectorRef) -> Result<Shape> {
        let (shape, dof) = self.shape_and_dof(x)?;
        if size_of::<T>() != dof * size_of::<Scalar>() {
            return Err(wrong_type::<T>(dof));
        }
        Ok(shape)
    }

    /// Returns the shape of the points in `x`, and the number of unknowns at each point.
    pub(in crate::dm) fn shape_and_dof(&self, x: &VectorRef) -> Result<(Shape, usize)> {
        let layout = self.layout()?;
        let len = x.local_len()?;
        for corners in [layout.owned, layout.ghosted] {
            if corners.len() * layout.dof == len {
                return Ok((Shape::new(corners, layout.dimension), layout.dof));
            }
        }
        Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!(
                "the vector has {len} entries on this rank, expected {} or, with ghost points, {}",
                layout.owned.len() * layout.dof,
                layout.ghosted.len() * layout.dof
            ),
        ))
    }
}

/// Returns the number of scalars in a `T` of the right size.
const fn per_point<T>() -> usize {
    size_of::<T>() / size_of::<Scalar>()
}

#[cold]
fn wrong_type<T>(dof: usize) -> Error {
    Error::new(
        ErrorCode::ARG_SIZ,
        format!(
            "a point has {dof} unknowns ({} bytes), but {} has {}",
            dof * size_of::<Scalar>(),
            std::any::type_name::<T>(),
            size_of::<T>()
        ),
    )
}

fn check_aligned<T>(data: *const T) -> Result<()> {
    // The array of a rank without points is NULL.
    if data.is_aligned() {
        return Ok(());
    }
    let text = format!("the array does not have the alignment of {}", std::any::type_name::<T>());
    Err(Error::new(ErrorCode::ARG_WRONG, text))
}

#[cold]
#[inline(never)]
#[expect(clippy::panic, reason = "an index out of bounds panics, as for slices")]
fn outside<P: fmt::Debug>(what: P, corners: Corners) -> ! {
    // Passed by value, so that loops without this error need neither index nor shape in memory.
    panic!(
        "{what:?} is outside the points of this rank: x {:?}, y {:?}, z {:?}",
        corners.x(),
        corners.y(),
        corners.z()
    )
}

/// Values by grid point, lent for reading. See [`DmdaRef::array`].
pub struct GridRead<'a, T = Scalar> {
    data: *const T,
    shape: Shape,
    _array: ArrayRead<'a>,
}

/// Values by grid point, lent for writing. See [`DmdaRef::array_mut`].
pub struct GridMut<'a, T = Scalar> {
    data: *mut T,
    shape: Shape,
    _array: ArrayMut<'a>,
}

macro_rules! reading {
    ($name:ident) => {
        impl<T: Pod> $name<'_, T> {
            /// Returns the box of points in the array, in global indices.
            #[must_use]
            #[inline]
            pub fn corners(&self) -> Corners {
                self.shape.corners
            }

            /// Returns all values, with `x` the fastest index.
            #[must_use]
            #[inline]
            pub fn as_slice(&self) -> &[T] {
                // SAFETY: the array holds a value for each point of the shape, which was compared
                // with its length; the array guard keeps writers out. `Pod` takes any bits.
                unsafe { ffi::slice::<T>(self.data, self.shape.len()) }
            }

            /// Returns the value of a point, or `None` if the array does not contain the point.
            ///
            /// # Examples
            /// ```
            /// # petsc_rs::doctest(|comm| {
            /// use petsc_rs::prelude::*;
            /// let grid = Dmda::builder(comm).sizes([4]).build()?;
            /// let x = grid.create_global_vector()?;
            /// let u = grid.array(&x)?;
            /// let (own, outside): (_, Int) = (grid.corners()?.x(), -1);
            /// assert!(u.get(own.start).is_some() && u.get(outside).is_none());
            /// # drop(u);
            /// # Ok(()) })
            /// ```
            #[must_use]
            #[inline]
            pub fn get<I: GridIndex>(&self, at: I) -> Option<&T> {
                self.as_slice().get(at.place(&self.shape)?)
            }

            /// Returns a whole row in `x`: `row(())` in one dimension, `row(j)` in two, `row((j,
            /// k))` in three. The first value belongs to the point `corners().x().start`.
            ///
            /// # Panics
            /// Panics if the row is not on this rank.
            ///
            /// # Examples
            /// ```
            /// # petsc_rs::doctest(|comm| {
            /// # use petsc_rs::{Dmda, Scalar, ScalarExt};
            /// let grid = Dmda::builder(comm).sizes([8, 3]).build()?;
            /// let mut x = grid.create_global_vector()?;
            /// x.set(Scalar::from_real(2.0))?;
            /// let u = grid.array(&x)?;
            /// for j in u.corners().y() {
            ///     let sum: Scalar = u.row(j).iter().sum();
            ///     assert_eq!(sum.real(), 16.0);
            /// }
            /// # Ok(()) })
            /// ```
            #[must_use]
            #[inline]
            pub fn row<R: RowIndex>(&self, at: R) -> &[T] {
                match at.place(&self.shape) {
                    Some(first) => &self.as_slice()[first..first + self.shape.row_len()],
                    None => outside(at, self.shape.corners),
                }
            }

            /// Returns the part of a row between two indices in `x`.
            ///
            /// # Panics
            /// Panics if a point of the part is not on this rank.
            #[must_use]
            #[inline]
            pub fn span<R: RowIndex>(&self, x: Range<Int>, at: R) -> &[T] {
                match self.shape.part(&x) {
                    Some(part) => &self.row(at)[part],
                    None => outside((x, at), self.shape.corners),
                }
            }
        }

        impl<T: Pod, I: GridIndex> Index<I> for $name<'_, T> {
            type Output = T;

            #[inline]
            fn index(&self, at: I) -> &T {
                match at.place(&self.shape) {
                    Some(place) => {
                        // SAFETY: the place is in the shape, which has as many points as the array
                        // has values.
                        let value = unsafe { self.data.add(place) };
                        // SAFETY: a value of the array; its guard keeps writers out.
                        unsafe { &*value }
                    }
                    None => outside(at, self.shape.corners),
                }
            }
        }

        impl<T: Pod + fmt::Debug> fmt::Debug for $name<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("corners", &self.shape.corners)
                    .field("values", &self.as_slice())
                    .finish_non_exhaustive()
            }
        }
    };
}

reading!(GridRead);
reading!(GridMut);

impl<T: Pod> GridMut<'_, T> {
    /// Returns all values for writing, with `x` the fastest index.
    #[must_use]
    #[inline]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: as in `as_slice`; the array guard keeps everybody else out.
        unsafe { ffi::slice_mut(self.data, self.shape.len()) }
    }

    /// Returns the value of a point for writing, or `None` if the array does not contain the point.
    #[must_use]
    #[inline]
    pub fn get_mut<I: GridIndex>(&mut self, at: I) -> Option<&mut T> {
        let place = at.place(&self.shape)?;
        self.as_mut_slice().get_mut(place)
    }

    /// Returns a whole row in `x` for writing. See [`row`](Self::row).
    ///
    /// # Panics
    /// Panics if the row is not on this rank.
    #[must_use]
    #[inline]
    pub fn row_mut<R: RowIndex>(&mut self, at: R) -> &mut [T] {
        match at.place(&self.shape) {
            Some(first) => {
                let len = self.shape.row_len();
                &mut self.as_mut_slice()[first..first + len]
            }
            None => outside(at, self.shape.corners),
        }
    }

    /// Returns the part of a row between two indices in `x` for writing.
    ///
    /// # Panics
    /// Panics if a point of the part is not on this rank.
    #[must_use]
    #[inline]
    pub fn span_mut<R: RowIndex>(&mut self, x: Range<Int>, at: R) -> &mut [T] {
        match self.shape.part(&x) {
            Some(part) => &mut self.row_mut(at)[part],
            None => outside((x, at), self.shape.corners),
        }
    }
}

impl<T: Pod, I: GridIndex> IndexMut<I> for GridMut<'_, T> {
    #[inline]
    fn index_mut(&mut self, at: I) -> &mut T {
        match at.place(&self.shape) {
            Some(place) => {
                // SAFETY: the place is in the shape, which has as many points as the array has
                // values.
                let value = unsafe { self.data.add(place) };
                // SAFETY: a value of the array; its guard keeps everybody else out.
                unsafe { &mut *value }
            }
            None => outside(at, self.shape.corners),
        }
    }
}
