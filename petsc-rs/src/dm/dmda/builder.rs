//! Builder of structured grids.

use petsc_macros::wraps;

use super::create::check_vec_type;
use super::{BoundaryType, Dmda, InterpolationType, StencilType};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::{Real, call, get_raw, sys};

/// Parameters of a new DMDA. See [`Dmda::builder`].
///
/// Lists have one item for each dimension, in the order `x`, `y`, `z`.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct DmdaBuilder<'a> {
    pub(super) comm: &'a Comm,
    pub(super) sizes: Vec<usize>,
    pub(super) processes: Vec<usize>,
    pub(super) ownership: Vec<Vec<usize>>,
    pub(super) boundaries: Vec<BoundaryType>,
    pub(super) dof: usize,
    pub(super) stencil: StencilType,
    pub(super) width: usize,
    pub(super) refinement: Vec<usize>,
    pub(super) interpolation: InterpolationType,
    pub(super) coordinates: Vec<(Real, Real)>,
    pub(super) fields: Vec<&'a str>,
    pub(super) fills: Option<(Vec<bool>, Vec<bool>)>,
    pub(super) prefix: Option<&'a str>,
    pub(super) options: bool,
}

impl Dmda {
    /// Returns a builder for a DMDA with one unknown at each point and a star stencil of width 1.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, dm::{BoundaryType, StencilType}};
    /// let grid = Dmda::builder(comm)
    ///     .sizes([16, 8])
    ///     .boundaries([BoundaryType::Periodic, BoundaryType::None])
    ///     .dof(2)
    ///     .stencil(StencilType::Box, 2)
    ///     .field_names(["velocity", "pressure"])
    ///     .build()?;
    /// let info = grid.info()?;
    /// assert_eq!((info.dimension, info.sizes, info.dof), (2, [16, 8, 1], 2));
    /// assert_eq!(grid.ghost_corners()?.x().start, grid.corners()?.x().start - 2);
    /// # Ok(()) })
    /// ```
    pub fn builder(comm: &Comm) -> DmdaBuilder<'_> {
        DmdaBuilder {
            comm,
            sizes: Vec::new(),
            processes: Vec::new(),
            ownership: Vec::new(),
            boundaries: Vec::new(),
            dof: 1,
            stencil: StencilType::Star,
            width: 1,
            refinement: Vec::new(),
            interpolation: InterpolationType::Q1,
            coordinates: Vec::new(),
            fields: Vec::new(),
            fills: None,
            prefix: None,
            options: false,
        }
    }
}

impl<'a> DmdaBuilder<'a> {
    /// Sets the numbers of points, one for each of the one to three dimensions. Options:
    /// `-da_grid_x` and others; `-da_refine n` refines the grid `n` times.
    ///
    /// # Examples
    /// See [`Dmda::builder`](super::Dmda::builder).
    #[wraps(DMDASetSizes, DMSetDimension)]
    pub fn sizes(mut self, sizes: impl Into<Vec<usize>>) -> Self {
        self.sizes = sizes.into();
        self
    }

    /// Sets the number of ranks in each direction. The product of these numbers must be the number
    /// of ranks. Default: PETSc chooses. Options: `-da_processors_x` and others.
    #[wraps(DMDASetNumProcs)]
    pub fn processes(mut self, processes: impl Into<Vec<usize>>) -> Self {
        self.processes = processes.into();
        self
    }

    /// Sets the numbers of points that the ranks own in each direction: one list for each
    /// dimension. The sum of a list is the number of points in its dimension. Default: PETSc
    /// distributes the points evenly.
    #[wraps(DMDASetOwnershipRanges)]
    pub fn ownership_ranges(mut self, ranges: impl Into<Vec<Vec<usize>>>) -> Self {
        self.ownership = ranges.into();
        self
    }

    /// Sets the boundary type in each direction. Default: [`BoundaryType::None`]. Options:
    /// `-da_bd_x` and others.
    #[doc(alias("boundary condition", "boundary conditions"))]
    #[wraps(DMDASetBoundaryType)]
    pub fn boundaries(mut self, boundaries: impl Into<Vec<BoundaryType>>) -> Self {
        self.boundaries = boundaries.into();
        self
    }

    /// Sets the number of unknowns at each point. Default: 1.
    #[wraps(DMDASetDof)]
    pub fn dof(mut self, dof: usize) -> Self {
        self.dof = dof;
        self
    }

    /// Sets the shape and the width of the stencil. Default: a star of width 1.
    #[wraps(DMDASetStencilType, DMDASetStencilWidth)]
    pub fn stencil(mut self, kind: StencilType, width: usize) -> Self {
        self.stencil = kind;
        self.width = width;
        self
    }

    /// Sets the refinement factor in each direction. Default: 2. Options: `-da_refine_x` and
    /// others.
    pub fn refinement(mut self, factors: impl Into<Vec<usize>>) -> Self {
        self.refinement = factors.into();
        self
    }

    /// Sets the type of interpolation to finer grids. Default: [`InterpolationType::Q1`].
    pub fn interpolation(mut self, kind: InterpolationType) -> Self {
        self.interpolation = kind;
        self
    }

    /// Sets uniform coordinates: the first and last value in each direction. Default: no
    /// coordinates.
    pub fn uniform_coordinates(mut self, ends: impl Into<Vec<(Real, Real)>>) -> Self {
        self.coordinates = ends.into();
        self
    }

    /// Sets the names of the unknowns at a point, for viewers. Default: none.
    pub fn field_names(mut self, names: impl Into<Vec<&'a str>>) -> Self {
        self.fields = names.into();
        self
    }

    /// Sets which pairs of unknowns are coupled. [`create_matrix`](crate::dm::DmRef::create_matrix)
    /// omits the entries of all other pairs. Default: all.
    ///
    /// Each list is a pattern of `dof × dof` entries in row-major order: `point` is the pattern of
    /// the diagonal blocks (couplings within a point), `neighbours` that of the off-diagonal blocks
    /// (couplings with a neighbor).
    ///
    /// # Examples
    /// Two unknowns that diffuse independently and react with each other:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, matrix::Scope};
    /// let grid = Dmda::builder(comm)
    ///     .sizes([10])
    ///     .dof(2)
    ///     .block_fills([true, true, true, true], [true, false, false, true])
    ///     .build()?;
    /// let a = grid.create_matrix()?;
    /// assert_eq!(a.info(Scope::GlobalSum)?.used, 4.0 * 10.0 + 2.0 * 18.0);
    /// # Ok(()) })
    /// ```
    #[wraps(DMDASetBlockFills)]
    pub fn block_fills(
        mut self,
        point: impl Into<Vec<bool>>,
        neighbours: impl Into<Vec<bool>>,
    ) -> Self {
        self.fills = Some((point.into(), neighbours.into()));
        self
    }

    /// Sets the options prefix. Default: none.
    pub fn options_prefix(mut self, prefix: &'a str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// Applies options such as `-da_grid_x 33 -da_refine 2 -dm_mat_type baij`, which override the
    /// settings of the program. Default: options are not read.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// petsc.options().insert_str("-da_grid_x 9")?;
    /// let grid = Dmda::builder(petsc.world()).sizes([5, 5]).from_options().build()?;
    /// assert_eq!(grid.info()?.sizes, [9, 5, 1]);
    /// # Ok(()) })
    /// ```
    #[wraps(DMSetFromOptions)]
    pub fn from_options(mut self) -> Self {
        self.options = true;
        self
    }

    /// Creates the DMDA. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a list does not have one item for each dimension; `ARG_OUTOFRANGE` for a size
    /// of 0 or more ranks than points in a direction; `ARG_INCOMP` if the ownership ranges do not
    /// match the sizes or the processes; `SUP` for combinations that PETSc does not support, such
    /// as a box stencil with mirror boundaries, and for twisted boundaries.
    #[wraps(DMDACreate1d, DMDACreate2d, DMDACreate3d, DMSetUp, DMDACreate)]
    #[track_caller]
    pub fn build(self) -> Result<Dmda> {
        let dim = self.sizes.len();
        self.check(dim)?;
        // SAFETY: a live communicator.
        let raw = unsafe { get_raw!(DMDACreate(self.comm.as_raw(), _)) }?;
        // SAFETY: just created by DMDACreate; the reference is ours. It is set up below.
        let mut grid = unsafe { Dmda::from_raw(raw) };
        self.describe(&grid, dim)?;
        if let Some(prefix) = self.prefix {
            grid.set_options_prefix(prefix)?;
        }
        if self.options {
            // SAFETY: a live grid that is not set up.
            unsafe { call!(DMSetFromOptions(raw)) }?;
            // `-dm_type` may have changed the type.
            grid.check_dmda()?;
            check_vec_type(raw)?;
        }
        if !self.ownership.is_empty() {
            self.set_ownership(&grid)?;
        }
        // Options can also set this boundary type. PETSc creates ghost points for it that it never
        // fills.
        if grid.info()?.boundaries.contains(&BoundaryType::Twist) {
            let text = "PETSc does not implement twisted boundaries";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        // SAFETY: a live grid with sizes.
        unsafe { call!(DMSetUp(raw)) }?;
        self.set_fills(&grid)?;
        if !self.coordinates.is_empty() {
            grid.set_uniform_coordinates(&self.coordinates)?;
        }
        for (field, name) in self.fields.iter().enumerate() {
            grid.set_field_name(field, name)?;
        }
        Ok(grid)
    }
}
