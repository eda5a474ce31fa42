//! Creation of a structured grid.

use std::ptr;

use super::{BoundaryType, Dmda, DmdaRef, InterpolationType, StencilType};
use crate::comm::Comm;
use crate::dm::Dm;
use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Real, call, ffi, sys};

/// What must be known when a grid is created; see [`Dmda::builder`].
///
/// Lists have one item for each dimension, the first for `x`.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct DmdaBuilder<'a> {
    comm: &'a Comm,
    sizes: Vec<usize>,
    processes: Vec<usize>,
    ownership: Vec<Vec<usize>>,
    boundaries: Vec<BoundaryType>,
    dof: usize,
    stencil: StencilType,
    width: usize,
    refinement: Vec<usize>,
    interpolation: InterpolationType,
    coordinates: Vec<(Real, Real)>,
    fields: Vec<&'a str>,
    prefix: Option<&'a str>,
    options: bool,
}

impl Dmda {
    /// Starts a grid of one unknown at each point with a star stencil of width 1.
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
            prefix: None,
            options: false,
        }
    }
}

impl<'a> DmdaBuilder<'a> {
    /// Numbers of points, one for each of the one to three dimensions. Options: `-da_grid_x` …,
    /// and `-da_refine` to refine the grid that many times.
    pub fn sizes(mut self, sizes: impl Into<Vec<usize>>) -> Self {
        self.sizes = sizes.into();
        self
    }

    /// Numbers of ranks in each direction; their product is the number of ranks. Default: PETSc
    /// chooses. Options: `-da_processors_x` ….
    pub fn processes(mut self, processes: impl Into<Vec<usize>>) -> Self {
        self.processes = processes.into();
        self
    }

    /// Numbers of points that each rank of a direction owns: one list for each dimension, with the
    /// sum of that dimension's size. Default: as even as can be.
    pub fn ownership_ranges(mut self, ranges: impl Into<Vec<Vec<usize>>>) -> Self {
        self.ownership = ranges.into();
        self
    }

    /// What lies beyond the ends of each direction. Default: nothing. Options: `-da_bd_x` ….
    pub fn boundaries(mut self, boundaries: impl Into<Vec<BoundaryType>>) -> Self {
        self.boundaries = boundaries.into();
        self
    }

    /// Number of unknowns at each point. Default: 1.
    pub fn dof(mut self, dof: usize) -> Self {
        self.dof = dof;
        self
    }

    /// Shape of the stencil, and to how many points in each direction it reaches. Default: a star
    /// of width 1.
    pub fn stencil(mut self, kind: StencilType, width: usize) -> Self {
        self.stencil = kind;
        self.width = width;
        self
    }

    /// Ratio of finer grids in each direction. Default: 2. Options: `-da_refine_x` ….
    pub fn refinement(mut self, factors: impl Into<Vec<usize>>) -> Self {
        self.refinement = factors.into();
        self
    }

    /// How values get to finer grids. Default: [`InterpolationType::Q1`].
    pub fn interpolation(mut self, kind: InterpolationType) -> Self {
        self.interpolation = kind;
        self
    }

    /// Evenly spaced coordinates: first and last in each direction. Default: no coordinates.
    pub fn uniform_coordinates(mut self, ends: impl Into<Vec<(Real, Real)>>) -> Self {
        self.coordinates = ends.into();
        self
    }

    /// Names of the unknowns at a point, for viewers. Default: none.
    pub fn field_names(mut self, names: impl Into<Vec<&'a str>>) -> Self {
        self.fields = names.into();
        self
    }

    /// Prefix of the options. Default: none.
    pub fn options_prefix(mut self, prefix: &'a str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// Reads options, such as `-da_grid_x 33 -da_refine 2 -dm_mat_type baij`, which win over what
    /// the program says. Default: not.
    #[doc(alias = "DMSetFromOptions")]
    pub fn from_options(mut self) -> Self {
        self.options = true;
        self
    }

    /// Creates the grid. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a list has not one item for each dimension, `ARG_OUTOFRANGE` for a size of 0 or
    /// more ranks than points in a direction, `ARG_INCOMP` if the ownership ranges do not fit the
    /// sizes or the processes, `SUP` for combinations that PETSc lacks, such as a box stencil
    /// with mirrors.
    #[doc(alias = "DMDACreate1d")]
    #[doc(alias = "DMDACreate2d")]
    #[doc(alias = "DMDACreate3d")]
    #[doc(alias = "DMSetUp")]
    #[track_caller]
    pub fn build(self) -> Result<Dmda> {
        let dim = self.sizes.len();
        self.check(dim)?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(DMDACreate(self.comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created by DMDACreate; the reference is ours. It is set up below.
        let mut grid = unsafe { Dmda::from_raw(raw) };
        self.describe(&grid, dim)?;
        if let Some(prefix) = self.prefix {
            grid.set_options_prefix(prefix)?;
        }
        if self.options {
            // SAFETY: a live grid that is not set up.
            unsafe { call!(DMSetFromOptions(raw)) }?;
            // `-dm_type` may have made something else of it.
            grid.check_dmda()?;
            check_vec_type(raw)?;
        }
        if !self.ownership.is_empty() {
            self.set_ownership(&grid)?;
        }
        // SAFETY: a live grid with sizes.
        unsafe { call!(DMSetUp(raw)) }?;
        if !self.coordinates.is_empty() {
            grid.set_uniform_coordinates(&self.coordinates)?;
        }
        for (field, name) in self.fields.iter().enumerate() {
            grid.set_field_name(field, name)?;
        }
        Ok(grid)
    }

    fn check(&self, dim: usize) -> Result<()> {
        if !(1..=3).contains(&dim) {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                format!("a grid has one to three dimensions, not {dim}"),
            ));
        }
        let given = |what, len| match len {
            0 => Ok(()),
            _ => ffi::same_len(what, dim, len),
        };
        given("processes", self.processes.len())?;
        given("ownership ranges", self.ownership.len())?;
        given("boundaries", self.boundaries.len())?;
        given("refinement factors", self.refinement.len())?;
        given("coordinates", self.coordinates.len())?;
        if self.fields.len() > self.dof {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                format!("{} names for {} fields", self.fields.len(), self.dof),
            ));
        }
        let counts = [&self.sizes, &self.processes, &self.refinement];
        if self.dof == 0 || counts.iter().any(|c| c.contains(&0)) {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                "sizes, processes, refinement factors and the number of unknowns are at least 1",
            ));
        }
        let unknowns = self
            .sizes
            .iter()
            .try_fold(self.dof, |n, &size| n.checked_mul(size))
            .unwrap_or(usize::MAX);
        ffi::petsc_int(unknowns).map(drop)
    }

    /// Everything but the ownership ranges.
    fn describe(&self, grid: &Dmda, dim: usize) -> Result<()> {
        let raw = grid.as_ptr();
        let [m, n, p] = three(&self.sizes, 1)?;
        let [px, py, pz] = three(&self.process_counts(), ffi::DECIDE)?;
        let boundary = |d| {
            self.boundaries
                .get(d)
                .copied()
                .unwrap_or(BoundaryType::None)
                .to_raw()
        };
        let (dof, width) = (ffi::petsc_int(self.dof)?, ffi::petsc_int(self.width)?);
        // SAFETY: a live grid that is not set up.
        unsafe { call!(DMSetDimension(raw, ffi::petsc_int(dim)?)) }?;
        // SAFETY: as above.
        unsafe { call!(DMDASetSizes(raw, m, n, p)) }?;
        // SAFETY: as above.
        unsafe { call!(DMDASetNumProcs(raw, px, py, pz)) }?;
        // SAFETY: as above.
        unsafe {
            call!(DMDASetBoundaryType(
                raw,
                boundary(0),
                boundary(1),
                boundary(2)
            ))
        }?;
        // SAFETY: as above.
        unsafe { call!(DMDASetDof(raw, dof)) }?;
        // SAFETY: as above.
        unsafe { call!(DMDASetStencilType(raw, self.stencil.to_raw())) }?;
        // SAFETY: as above.
        unsafe { call!(DMDASetStencilWidth(raw, width)) }?;
        // SAFETY: as above.
        unsafe { call!(DMDASetInterpolationType(raw, self.interpolation.to_raw())) }?;
        let [rx, ry, rz] = three(&self.refinement, 2)?;
        // SAFETY: as above.
        unsafe { call!(DMDASetRefinementFactor(raw, rx, ry, rz)) }
    }

    /// The processes, or what the ownership ranges say about them.
    fn process_counts(&self) -> Vec<usize> {
        if self.processes.is_empty() {
            self.ownership.iter().map(Vec::len).collect()
        } else {
            self.processes.clone()
        }
    }

    /// Options may have changed sizes and processes, and C reads as many numbers as there are
    /// processes.
    fn set_ownership(&self, grid: &Dmda) -> Result<()> {
        let info = grid.info()?;
        let mut ranges: [Vec<Int>; 3] = Default::default();
        for (d, given) in self.ownership.iter().enumerate() {
            let sum = given.iter().try_fold(0_usize, |sum, &n| sum.checked_add(n));
            if given.len() != info.processes[d] || sum != Some(info.sizes[d]) {
                return Err(Error::new(
                    ErrorCode::ARG_INCOMP,
                    format!(
                        "the ownership ranges {given:?} do not divide {} points among {} ranks",
                        info.sizes[d], info.processes[d]
                    ),
                ));
            }
            ranges[d] = given
                .iter()
                .map(|&n| ffi::petsc_int(n))
                .collect::<Result<_>>()?;
        }
        let list = |d: usize| match ranges[d].as_slice() {
            [] => ptr::null(),
            list => list.as_ptr(),
        };
        // SAFETY: a live grid that is not set up; one number for each process (above), which PETSc
        // copies.
        unsafe {
            call!(DMDASetOwnershipRanges(
                grid.as_ptr(),
                list(0),
                list(1),
                list(2)
            ))
        }
    }
}

impl DmdaRef {
    /// A grid with the same points on the same ranks and another number of unknowns, such as for
    /// coefficients. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for no unknowns.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let grid = petsc_rs::Dmda::builder(comm).sizes([4, 3]).build()?;
    /// let materials = grid.with_dof(3)?;
    /// assert_eq!(materials.create_global_vector()?.len()?, 36);
    /// # Ok(()) })
    /// ```
    #[doc(alias = "DMDACreateCompatibleDMDA")]
    #[track_caller]
    pub fn with_dof(&self, dof: usize) -> Result<Dmda> {
        let dof = ffi::petsc_int(dof)?;
        if dof == 0 {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                "a point has at least 1 unknown",
            ));
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live DMDA, a number of unknowns of at least 1, a valid out-pointer.
        unsafe { call!(DMDACreateCompatibleDMDA(self.as_ptr(), dof, &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        unsafe { Dm::created(raw) }?.into_dmda()
    }
}

/// Three numbers for C, `rest` where there are fewer dimensions.
fn three(list: &[usize], rest: Int) -> Result<[Int; 3]> {
    let mut all = [rest; 3];
    for (to, &from) in all.iter_mut().zip(list) {
        *to = ffi::petsc_int(from)?;
    }
    Ok(all)
}

/// Vectors of type `nest` have no array of their own.
fn check_vec_type(raw: sys::DM) -> Result<()> {
    let mut name = ptr::null();
    // SAFETY: a live grid and a valid out-pointer.
    unsafe { call!(DMGetVecType(raw, &raw mut name)) }?;
    // SAFETY: NULL, or a name that lives as long as the grid.
    if unsafe { ffi::str_from_ptr(name) }.as_deref() == Some("nest") {
        return Err(Error::argument("the vectors of a grid cannot be nested"));
    }
    Ok(())
}
