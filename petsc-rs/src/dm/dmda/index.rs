//! Conversion of global grid indices to positions in the local array.

use std::ops::Range;

use super::Corners;
use crate::Int;

/// The unsigned type of the width of [`Int`].
#[cfg(petsc_int = "i32")]
type Distance = u32;
#[cfg(petsc_int = "i64")]
type Distance = u64;

/// A box of points in memory, with `x` the fastest index. The range check of an index compares its
/// last component with `n1`, `n2` or `n3`, depending on its number of dimensions. This extent is 0
/// if the grid has another number of dimensions, so such an index is refused.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    start: [Int; 3],
    /// Extents along `x` and `y`.
    nx: usize,
    ny: usize,
    /// Extent of the last dimension of the grid: `n1` if the grid has one dimension, `n2` if it has
    /// two, `n3` if it has three. The other two numbers are 0.
    n1: usize,
    n2: usize,
    n3: usize,
    /// Number of points. Every position is less than this number.
    len: usize,
    pub(in crate::dm) corners: Corners,
}

impl Shape {
    pub(in crate::dm) fn new(corners: Corners, dimension: usize) -> Self {
        let [nx, ny, nz] = corners.sizes();
        let last = |d, n| if dimension == d { n } else { 0 };
        let len = match dimension {
            1 => nx,
            2 => nx * ny,
            _ => nx * ny * nz,
        };
        Self {
            start: corners.start,
            nx,
            ny,
            n1: last(1, nx),
            n2: last(2, ny),
            n3: last(3, nz),
            len,
            corners,
        }
    }

    /// Returns the number of points.
    #[inline]
    pub(in crate::dm) fn len(&self) -> usize {
        self.len
    }

    /// Returns the distance from the first index of a direction. The result is a huge number for an
    /// index before the first.
    #[inline(always)]
    #[expect(
        clippy::cast_sign_loss,
        reason = "an index before the first wraps to a number beyond every extent"
    )]
    #[cfg_attr(petsc_int = "i64", expect(clippy::cast_possible_truncation, reason = "as above"))]
    fn distance(&self, direction: usize, index: Int) -> usize {
        // Without sign extension, which would cost an instruction for each index.
        index.wrapping_sub(self.start[direction]) as Distance as usize
    }

    /// Returns the positions of a part of a row between two indices in `x`.
    #[inline]
    pub(super) fn part(&self, x: &Range<Int>) -> Option<Range<usize>> {
        let (first, end) = (self.distance(0, x.start), self.distance(0, x.end));
        (first <= end && end <= self.nx).then_some(first..end)
    }

    pub(super) fn row_len(&self) -> usize {
        self.nx
    }
}

mod sealed {
    use super::Shape;

    /// A point: `i`, `(i, j)` or `(i, j, k)`.
    pub trait Point: Copy + std::fmt::Debug {
        /// Returns the position of the point in memory, or `None` if it is outside.
        fn place(self, shape: &Shape) -> Option<usize>;
    }

    /// A row: `()`, `j` or `(j, k)`.
    pub trait Row: Copy + std::fmt::Debug {
        /// Returns the position of the row's first point in memory, or `None` if it is outside.
        fn place(self, shape: &Shape) -> Option<usize>;
    }
}

pub(super) use sealed::{Point, Row};

/// A point of the grid: `i`, `(i, j)` or `(i, j, k)`, in global indices.
pub trait GridIndex: Point {}

/// A row of points along `x`: `()` in one dimension, `j` in two, `(j, k)` in three.
pub trait RowIndex: Row {}

impl<P: Point> GridIndex for P {}
impl<R: Row> RowIndex for R {}

impl Point for Int {
    #[inline(always)]
    fn place(self, shape: &Shape) -> Option<usize> {
        let a = shape.distance(0, self);
        (a < shape.n1).then_some(a)
    }
}

impl Point for (Int, Int) {
    #[inline(always)]
    fn place(self, shape: &Shape) -> Option<usize> {
        let (a, b) = (shape.distance(0, self.0), shape.distance(1, self.1));
        if (a < shape.nx) & (b < shape.n2) { Some(a + shape.nx * b) } else { None }
    }
}

impl Point for (Int, Int, Int) {
    #[inline(always)]
    fn place(self, shape: &Shape) -> Option<usize> {
        let (a, b) = (shape.distance(0, self.0), shape.distance(1, self.1));
        let c = shape.distance(2, self.2);
        if (a < shape.nx) & (b < shape.ny) & (c < shape.n3) {
            Some(a + shape.nx * (b + shape.ny * c))
        } else {
            None
        }
    }
}

impl Row for () {
    #[inline]
    fn place(self, shape: &Shape) -> Option<usize> {
        (shape.n1 > 0).then_some(0)
    }
}

impl Row for Int {
    #[inline(always)]
    fn place(self, shape: &Shape) -> Option<usize> {
        let b = shape.distance(1, self);
        (b < shape.n2).then_some(shape.nx * b)
    }
}

impl Row for (Int, Int) {
    #[inline(always)]
    fn place(self, shape: &Shape) -> Option<usize> {
        let (b, c) = (shape.distance(1, self.0), shape.distance(2, self.1));
        if (b < shape.ny) & (c < shape.n3) { Some(shape.nx * (b + shape.ny * c)) } else { None }
    }
}
