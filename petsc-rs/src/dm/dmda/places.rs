//! Grid points as rows and columns of matrices.

use std::fmt;

use petsc_macros::wraps;

use super::index::{Point, Shape};
use super::{Corners, DmdaRef};
use crate::error::{Error, ErrorCode, Result};
use crate::local_to_global::LocalToGlobalMap;
use crate::{Int, ffi, get_raw, runtime, sys};

/// One unknown of a point with several unknowns. See [`component`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component<P> {
    /// The unknown, counting from 0.
    pub index: Int,
    /// The point.
    pub at: P,
}

/// Returns the unknown `index` of the point `at`: `component(1, (i, j))`.
#[must_use]
#[inline]
pub fn component<P>(index: Int, at: P) -> Component<P> {
    Component { index, at }
}

mod sealed {
    use super::{Int, Shape};

    pub trait Unknown: Copy + std::fmt::Debug {
        /// Returns the position of the point among those of this rank, or `None` if it is outside.
        fn place(self, shape: &Shape) -> Option<usize>;
        /// Returns the index of the unknown, or `None` for points with one unknown.
        fn index(self) -> Option<Int>;
        /// Returns the point in three dimensions.
        fn point(self) -> [Int; 3];
    }
}

use sealed::Unknown;

/// A row or column of a matrix on a grid: a point `i`, `(i, j)` or `(i, j, k)`, or a [`component`]
/// of the point if it has several unknowns.
#[wraps(MatStencil)]
pub trait StencilPoint: Unknown {}

impl<P: Unknown> StencilPoint for P {}

macro_rules! unknown {
    ($point:ty, $self:ident => $coordinates:expr) => {
        impl Unknown for $point {
            #[inline(always)]
            fn place(self, shape: &Shape) -> Option<usize> {
                Point::place(self, shape)
            }
            #[inline(always)]
            fn index(self) -> Option<Int> {
                None
            }
            fn point($self) -> [Int; 3] {
                $coordinates
            }
        }
    };
}

unknown!(Int, self => [self, 0, 0]);
unknown!((Int, Int), self => [self.0, self.1, 0]);
unknown!((Int, Int, Int), self => [self.0, self.1, self.2]);

impl<P: Unknown> Unknown for Component<P> {
    #[inline(always)]
    fn place(self, shape: &Shape) -> Option<usize> {
        self.at.place(shape)
    }
    #[inline(always)]
    fn index(self) -> Option<Int> {
        Some(self.index)
    }
    fn point(self) -> [Int; 3] {
        self.at.point()
    }
}

/// Maps the points of this rank to rows and columns of a matrix.
pub(super) struct Places {
    pub(super) shape: Shape,
    sizes: [Int; 3],
    owned: Corners,
    pub(super) dof: Int,
    pub(super) map: LocalToGlobalMap,
    /// Global block index of each point; negative for a point without unknowns.
    blocks: *const Int,
}

impl Places {
    pub(super) fn new(grid: &DmdaRef) -> Result<Self> {
        let layout = grid.layout()?;
        let map = grid.local_to_global_map()?;
        let shape = Shape::new(layout.ghosted, layout.dimension);
        ffi::same_len("number of local unknowns", shape.len() * layout.dof, map.local_len()?)?;
        // SAFETY: a live map.
        let blocks = unsafe { get_raw!(ISLocalToGlobalMappingGetBlockIndices(map.as_ptr(), _)) }?;
        Ok(Self {
            shape,
            sizes: layout.sizes,
            owned: layout.owned,
            dof: ffi::petsc_int(layout.dof)?,
            map,
            blocks,
        })
    }

    /// Returns the global blocks of the points.
    #[inline(always)]
    fn blocks(&self) -> &[Int] {
        // SAFETY: the map of a DMDA has a block for each local point (`new`) and does not change.
        unsafe { ffi::slice(self.blocks, self.shape.len()) }
    }

    /// Returns the local and the global block of a point, or `None` for a ghost point outside the
    /// grid.
    #[inline(always)]
    pub(super) fn block<P: StencilPoint>(&self, at: P) -> Result<Option<[Int; 2]>> {
        let Some(place) = at.place(&self.shape) else {
            return Err(outside(&at, &self.shape.corners));
        };
        match self.blocks().get(place) {
            Some(&block) if block >= 0 => Ok(Some([ffi::petsc_int(place)?, block])),
            _ => self.no_unknown(at),
        }
    }

    #[cold]
    fn no_unknown<P: StencilPoint>(&self, at: P) -> Result<Option<[Int; 2]>> {
        let beyond = at.point().iter().zip(self.sizes).any(|(&i, n)| i < 0 || i >= n);
        // The grid of a subdomain ends inside the whole grid.
        let owned = [self.owned.x(), self.owned.y(), self.owned.z()];
        let away = at.point().iter().zip(owned).filter(|(i, range)| !range.contains(i)).count();
        if beyond || away < 2 {
            return Ok(None);
        }
        let text = format!("point {at:?} is a corner, which is not part of a star stencil");
        Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text))
    }

    /// Returns the local and the global index of an unknown.
    #[inline(always)]
    pub(super) fn unknown<P: StencilPoint>(&self, at: P) -> Result<Option<[Int; 2]>> {
        let c = match at.index() {
            None if self.dof == 1 => 0,
            Some(c) if (0..self.dof).contains(&c) => c,
            other => return Err(self.wrong_component(other)),
        };
        Ok(self.block(at)?.map(|blocks| blocks.map(|b| b * self.dof + c)))
    }

    #[cold]
    fn wrong_component(&self, index: Option<Int>) -> Error {
        let text = match index {
            None => format!("a point has {} unknowns: choose one with `component`", self.dof),
            Some(c) => format!("unknown {c} does not exist: a point has {} unknowns", self.dof),
        };
        Error::new(ErrorCode::ARG_OUTOFRANGE, text)
    }

    /// Returns the global index of an unknown; an error if it does not exist.
    pub(super) fn global<P: StencilPoint>(&self, at: P) -> Result<Int> {
        match self.unknown(at)? {
            Some([_, global]) => Ok(global),
            None => Err(outside(&at, &self.shape.corners)),
        }
    }
}

impl Drop for Places {
    fn drop(&mut self) {
        let map = self.map.as_ptr();
        // SAFETY: the indices came from this map, which the grid keeps.
        let code =
            unsafe { sys::ISLocalToGlobalMappingRestoreBlockIndices(map, &raw mut self.blocks) };
        runtime::record_drop("ISLocalToGlobalMappingRestoreBlockIndices", code);
    }
}

#[cold]
pub(super) fn outside(at: &dyn fmt::Debug, corners: &Corners) -> Error {
    Error::new(
        ErrorCode::ARG_OUTOFRANGE,
        format!(
            "{at:?} is neither a point nor a ghost point of this rank: x {:?}, y {:?}, z {:?}",
            corners.x(),
            corners.y(),
            corners.z()
        ),
    )
}
