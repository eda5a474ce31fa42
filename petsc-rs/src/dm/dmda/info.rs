//! Parameters of a DMDA, and the points that this rank owns.

use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr;

use petsc_macros::{setting, wraps};

use super::{BoundaryType, DmdaRef, InterpolationType, StencilType};
use crate::error::{Error, ErrorCode, Result};
use crate::{Int, call, ffi, get_raw, sys};

/// Global parameters of a DMDA. See [`DmdaRef::info`]. Lists are in the order `x`, `y`, `z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Info {
    /// Number of dimensions.
    pub dimension: usize,
    /// Global numbers of points; 1 in unused dimensions.
    pub sizes: [usize; 3],
    /// Numbers of ranks; 1 in unused dimensions.
    pub processes: [usize; 3],
    /// Number of unknowns at each point.
    pub dof: usize,
    /// Stencil width in each direction.
    pub stencil_width: usize,
    /// Shape of the stencil.
    pub stencil: StencilType,
    /// Boundary type in each direction.
    pub boundaries: [BoundaryType; 3],
}

/// A box of grid points, in global indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corners {
    /// The first point.
    pub start: [Int; 3],
    /// One more than the last index in each direction.
    pub end: [Int; 3],
}

impl Corners {
    /// Returns the range of indices in `x`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let grid = Dmda::builder(comm).sizes([4, 3]).build()?;
    /// let own = grid.corners()?;
    /// let mut count = 0;
    /// for j in own.y() {
    ///     for i in own.x() {
    ///         assert!(own.contains((i, j, 0)));
    ///         count += 1;
    ///     }
    /// }
    /// assert_eq!(count, own.len());
    /// # Ok(()) })
    /// ```
    #[must_use]
    #[inline]
    pub fn x(&self) -> Range<Int> {
        self.start[0]..self.end[0]
    }

    /// Returns the range of indices in `y`; `0..1` in one dimension.
    #[must_use]
    #[inline]
    pub fn y(&self) -> Range<Int> {
        self.start[1]..self.end[1]
    }

    /// Returns the range of indices in `z`; `0..1` in one and two dimensions.
    #[must_use]
    #[inline]
    pub fn z(&self) -> Range<Int> {
        self.start[2]..self.end[2]
    }

    /// Returns the numbers of points in each direction.
    #[must_use]
    #[inline]
    pub fn sizes(&self) -> [usize; 3] {
        [self.x(), self.y(), self.z()].map(|r| usize::try_from(r.end - r.start).unwrap_or(0))
    }

    /// Returns the number of points.
    ///
    /// # Examples
    /// See [`x`](Self::x).
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.sizes().iter().product()
    }

    /// Returns whether the box contains no points.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether point `(i, j, k)` is in the box. In one dimension, `j` and `k` must be 0; in
    /// two dimensions, `k`.
    ///
    /// # Examples
    /// See [`x`](Self::x).
    #[must_use]
    #[inline]
    pub fn contains(&self, (i, j, k): (Int, Int, Int)) -> bool {
        self.x().contains(&i) && self.y().contains(&j) && self.z().contains(&k)
    }

    /// Returns all points `(i, j)` of a two-dimensional box, with `i` the fastest index.
    ///
    /// # Examples
    /// See [`DmdaRef::corners`].
    pub fn points(&self) -> impl Iterator<Item = (Int, Int)> + use<> {
        let (x, y) = (self.x(), self.y());
        y.flat_map(move |j| x.clone().map(move |i| (i, j)))
    }

    /// Returns all points `(i, j, k)` of the box, with `i` the fastest index.
    pub fn points3(&self) -> impl Iterator<Item = (Int, Int, Int)> + use<> {
        let (x, y, z) = (self.x(), self.y(), self.z());
        z.flat_map(move |k| {
            let x = x.clone();
            y.clone().flat_map(move |j| x.clone().map(move |i| (i, j, k)))
        })
    }
}

/// Parameters for loops over the points of this rank. See [`DmdaRef::layout`].
#[wraps(DMDALocalInfo)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Layout {
    /// Number of dimensions.
    pub dimension: usize,
    /// Number of unknowns at each point.
    pub dof: usize,
    /// Stencil width in each direction.
    pub stencil_width: usize,
    /// Global numbers of points; 1 in unused dimensions.
    pub sizes: [Int; 3],
    /// The points that this rank owns.
    pub owned: Corners,
    /// The points that this rank owns, and the ghost points around them.
    pub ghosted: Corners,
}

impl DmdaRef {
    /// Returns the dimension, sizes, stencil and boundary types.
    ///
    /// # Errors
    /// `SUP` for a boundary type or stencil of a newer release of PETSc.
    #[wraps(DMDAGetInfo, not_collective)]
    pub fn info(&self) -> Result<Info> {
        let dm = self.as_ptr();
        // SAFETY: a live DMDA.
        let (dim, m, n, p, px, py, pz, dof, width, bx, by, bz, stencil) =
            unsafe { get_raw!(DMDAGetInfo(dm, _, _, _, _, _, _, _, _, _, _, _, _, _)) }?;
        let (sizes, processes, boundaries) = ([m, n, p], [px, py, pz], [bx, by, bz]);
        let mut info = Info {
            dimension: ffi::size(dim)?,
            sizes: [1; 3],
            processes: [1; 3],
            dof: ffi::size(dof)?,
            stencil_width: ffi::size(width)?,
            stencil: StencilType::try_from(stencil)?,
            boundaries: [BoundaryType::None; 3],
        };
        for d in 0..info.dimension.min(3) {
            info.sizes[d] = ffi::size(sizes[d])?;
            info.processes[d] = ffi::size(processes[d].max(0))?;
            info.boundaries[d] = BoundaryType::try_from(boundaries[d])?;
        }
        Ok(info)
    }

    /// Returns the dimension, numbers of unknowns and points, and corners.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let grid = Dmda::builder(comm).sizes([9, 5]).dof(2).build()?;
    /// let layout = grid.layout()?;
    /// assert_eq!((layout.sizes, layout.dof), ([9, 5, 1], 2));
    /// let spacing = 1.0 / (layout.sizes[0] - 1) as Real; // on the interval from 0 to 1
    /// assert_eq!(spacing, 0.125);
    /// # Ok(()) })
    /// ```
    #[wraps(DMDAGetLocalInfo, not_collective)]
    pub fn layout(&self) -> Result<Layout> {
        let mut info = MaybeUninit::<sys::DMDALocalInfo>::zeroed();
        // SAFETY: a live DMDA and a valid out-pointer.
        unsafe { call!(DMDAGetLocalInfo(self.as_ptr(), info.as_mut_ptr())) }?;
        // SAFETY: all fields are numbers or a pointer, for which zero is a value.
        let info = unsafe { info.assume_init() };
        let corners = |start: [Int; 3], count: [Int; 3]| Corners {
            start,
            end: [0, 1, 2].map(|d| start[d] + count[d]),
        };
        let owned = corners([info.xs, info.ys, info.zs], [info.xm, info.ym, info.zm]);
        let ghosted = corners([info.gxs, info.gys, info.gzs], [info.gxm, info.gym, info.gzm]);
        Ok(Layout {
            dimension: ffi::size(info.dim)?,
            dof: ffi::size(info.dof)?,
            stencil_width: ffi::size(info.sw)?,
            sizes: [info.mx, info.my, info.mz],
            owned,
            ghosted,
        })
    }

    /// Returns the points that this rank owns.
    ///
    /// # Examples
    /// Boundary conditions: sets the points on the boundary of the grid to 1.
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let grid = Dmda::builder(comm).sizes([4, 3]).build()?;
    /// let mut x = grid.create_global_vector()?;
    /// let mut u = grid.array_mut(&mut x)?;
    /// for (i, j) in grid.corners()?.points() {
    ///     if i == 0 || i == 3 || j == 0 || j == 2 {
    ///         u[(i, j)] = 1.0.into();
    ///     }
    /// }
    /// drop(u);
    /// assert_eq!(x.sum()?.real(), 10.0);
    /// # Ok(()) })
    /// ```
    #[wraps(DMDAGetCorners, not_collective)]
    pub fn corners(&self) -> Result<Corners> {
        Ok(self.layout()?.owned)
    }

    /// Returns the points that this rank owns, and the ghost points around them.
    #[wraps(DMDAGetGhostCorners, not_collective)]
    pub fn ghost_corners(&self) -> Result<Corners> {
        Ok(self.layout()?.ghosted)
    }

    /// Returns the number of points that each rank owns in each direction, one list for each
    /// dimension.
    #[wraps(DMDAGetOwnershipRanges, not_collective)]
    pub fn ownership_ranges(&self) -> Result<Vec<Vec<usize>>> {
        let info = self.info()?;
        let mut lists = [ptr::null(); 3];
        let [x, y, z] = &mut lists;
        // SAFETY: a live DMDA and valid out-pointers.
        unsafe { call!(DMDAGetOwnershipRanges(self.as_ptr(), x, y, z)) }?;
        let mut all = Vec::with_capacity(info.dimension);
        for (list, ranks) in lists.into_iter().zip(info.processes).take(info.dimension) {
            // SAFETY: PETSc keeps one number for each rank of a direction of the grid.
            let list = unsafe { ffi::slice(list, ranks) };
            all.push(list.iter().map(|&n| ffi::size(n)).collect::<Result<_>>()?);
        }
        Ok(all)
    }

    /// Returns the name of an unknown, or `None`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a point has no unknown `field`.
    #[wraps(DMDAGetFieldName, not_collective)]
    pub fn field_name(&self, field: usize) -> Result<Option<String>> {
        let field = self.check_field(field)?;
        // SAFETY: a live DMDA that is set up and has this field.
        let name = unsafe { get_raw!(DMDAGetFieldName(self.as_ptr(), field, _)) }?;
        // SAFETY: NULL, or a string that the grid keeps.
        Ok(unsafe { ffi::str_from_ptr(name) })
    }

    /// Sets the name of an unknown, for viewers. Logically collective.
    ///
    /// # Errors
    /// See [`field_name`](Self::field_name); also an error for a name with a NUL byte.
    #[wraps(DMDASetFieldName)]
    pub fn set_field_name(&mut self, field: usize, name: &str) -> Result<()> {
        let field = self.check_field(field)?;
        let name = ffi::c_string(name)?;
        // SAFETY: a live DMDA that is set up, a field that exists; PETSc copies the name.
        unsafe { call!(DMDASetFieldName(*self.busy()?, field, name.as_ptr())) }
    }

    /// Returns the name of a coordinate, or `None`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the grid has no dimension `d`.
    #[wraps(DMDAGetCoordinateName, not_collective)]
    pub fn coordinate_name(&self, d: usize) -> Result<Option<String>> {
        // SAFETY: a live DMDA that is set up; PETSc checks the dimension in every build.
        let name =
            unsafe { get_raw!(DMDAGetCoordinateName(self.as_ptr(), ffi::petsc_int(d)?, _)) }?;
        // SAFETY: NULL, or a string that the grid keeps.
        Ok(unsafe { ffi::str_from_ptr(name) })
    }

    /// Sets the name of a coordinate, for viewers. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the grid has no dimension `d`.
    #[wraps(DMDASetCoordinateName)]
    pub fn set_coordinate_name(&mut self, d: usize, name: &str) -> Result<()> {
        let (d, name) = (ffi::petsc_int(d)?, ffi::c_string(name)?);
        // SAFETY: as above; PETSc copies the name.
        unsafe { call!(DMDASetCoordinateName(*self.busy()?, d, name.as_ptr())) }
    }

    /// The type of interpolation to finer grids.
    #[setting(DMDASetInterpolationType, DMDAGetInterpolationType)]
    #[option(default = "[`InterpolationType::Q1`]")]
    pub fn set_interpolation_type(interpolation_type: InterpolationType);

    fn check_field(&self, field: usize) -> Result<Int> {
        let dof = self.layout()?.dof;
        if field < dof {
            return ffi::petsc_int(field);
        }
        let text = format!("field {field} does not exist: a point has {dof} fields");
        Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text))
    }
}
