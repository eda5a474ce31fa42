//! Creation of a DMDA in C from a builder.

use std::ptr;

use petsc_macros::wraps;

use super::builder::DmdaBuilder;
use super::{BoundaryType, Dmda, DmdaRef};
use crate::dm::Dm;
use crate::error::{Error, ErrorCode, Result};
use crate::{Int, call, ffi, get_raw, sys};

impl DmdaBuilder<'_> {
    pub(super) fn check(&self, dim: usize) -> Result<()> {
        if !(1..=3).contains(&dim) {
            let text = format!("a DMDA has one to three dimensions, not {dim}");
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        let given = |what, len| match len {
            0 => Ok(()),
            _ => ffi::same_len(what, dim, len),
        };
        given("length of the list of processes", self.processes.len())?;
        given("length of the list of ownership ranges", self.ownership.len())?;
        given("length of the list of boundary types", self.boundaries.len())?;
        given("length of the list of refinement factors", self.refinement.len())?;
        given("length of the list of coordinates", self.coordinates.len())?;
        for fill in self.fills.iter().flat_map(|(a, b)| [a, b]) {
            ffi::same_len(
                "number of couplings of unknowns",
                self.dof.saturating_mul(self.dof),
                fill.len(),
            )?;
        }
        if self.fields.len() > self.dof {
            let text = format!("{} names were given for {} fields", self.fields.len(), self.dof);
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        let counts = [&self.sizes, &self.processes, &self.refinement];
        if self.dof == 0 || counts.iter().any(|c| c.contains(&0)) {
            let text = "sizes, processes, refinement factors and the number of unknowns must be at least 1";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let unknowns = self
            .sizes
            .iter()
            .try_fold(self.dof, |n, &size| n.checked_mul(size))
            .unwrap_or(usize::MAX);
        ffi::petsc_int(unknowns).map(drop)
    }

    /// Sets everything except the ownership ranges.
    pub(super) fn describe(&self, grid: &Dmda, dim: usize) -> Result<()> {
        let raw = grid.as_ptr();
        let [m, n, p] = three(&self.sizes, 1)?;
        let [px, py, pz] = three(&self.process_counts(), ffi::DECIDE)?;
        let [bx, by, bz] = [0, 1, 2].map(|d| {
            let boundary = self.boundaries.get(d).copied();
            boundary.unwrap_or(BoundaryType::None).to_raw()
        });
        let (dof, width) = (ffi::petsc_int(self.dof)?, ffi::petsc_int(self.width)?);
        // SAFETY: a live grid that is not set up.
        unsafe { call!(DMSetDimension(raw, ffi::petsc_int(dim)?)) }?;
        // SAFETY: as above.
        unsafe { call!(DMDASetSizes(raw, m, n, p)) }?;
        // SAFETY: as above.
        unsafe { call!(DMDASetNumProcs(raw, px, py, pz)) }?;
        // SAFETY: as above.
        unsafe { call!(DMDASetBoundaryType(raw, bx, by, bz)) }?;
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

    pub(super) fn set_fills(&self, grid: &Dmda) -> Result<()> {
        let Some((point, neighbours)) = &self.fills else {
            return Ok(());
        };
        let lists =
            [point, neighbours].map(|f| f.iter().map(|&on| Int::from(on)).collect::<Vec<_>>());
        let (point, neighbours) = (lists[0].as_ptr(), lists[1].as_ptr());
        // SAFETY: a live DMDA that is set up; both lists hold a number for each pair of unknowns
        // (`check`), which PETSc copies.
        unsafe { call!(DMDASetBlockFills(grid.as_ptr(), point, neighbours)) }
    }

    /// Returns the number of processes in each direction, explicit or from the ownership ranges.
    fn process_counts(&self) -> Vec<usize> {
        if self.processes.is_empty() {
            self.ownership.iter().map(Vec::len).collect()
        } else {
            self.processes.clone()
        }
    }

    /// Options may have changed sizes and numbers of processes, and C reads as many numbers as
    /// there are processes.
    pub(super) fn set_ownership(&self, grid: &Dmda) -> Result<()> {
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
            ranges[d] = given.iter().map(|&n| ffi::petsc_int(n)).collect::<Result<_>>()?;
        }
        let [x, y, z] = [0, 1, 2].map(|d: usize| match ranges[d].as_slice() {
            [] => ptr::null(),
            list => list.as_ptr(),
        });
        // SAFETY: a live grid that is not set up; one number for each process (above), which PETSc
        // copies.
        unsafe { call!(DMDASetOwnershipRanges(grid.as_ptr(), x, y, z)) }
    }
}

impl DmdaRef {
    /// Creates a DMDA with the same points on the same ranks and another number of unknowns, for
    /// example for coefficients. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `dof` is 0.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let grid = petsc_rs::Dmda::builder(comm).sizes([4, 3]).build()?;
    /// let materials = grid.with_dof(3)?;
    /// assert_eq!(materials.create_global_vector()?.len()?, 36);
    /// # Ok(()) })
    /// ```
    #[wraps(DMDACreateCompatibleDMDA)]
    #[track_caller]
    pub fn with_dof(&self, dof: usize) -> Result<Dmda> {
        let dof = ffi::petsc_int(dof)?;
        if dof == 0 {
            let text = "a point must have at least one unknown";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // SAFETY: a live DMDA and at least one unknown.
        let raw = unsafe { get_raw!(DMDACreateCompatibleDMDA(self.as_ptr(), dof, _)) }?;
        // SAFETY: just created; the reference is ours.
        unsafe { Dm::created(raw) }?.into_dmda()
    }
}

/// Returns three numbers for C, with `rest` for unused dimensions.
fn three(list: &[usize], rest: Int) -> Result<[Int; 3]> {
    let mut all = [rest; 3];
    for (to, &from) in all.iter_mut().zip(list) {
        *to = ffi::petsc_int(from)?;
    }
    Ok(all)
}

/// Vectors of type `nest` have no array.
pub(super) fn check_vec_type(raw: sys::DM) -> Result<()> {
    // SAFETY: a live grid.
    let name = unsafe { get_raw!(DMGetVecType(raw, _)) }?;
    // SAFETY: NULL, or a name that lives as long as the grid.
    if unsafe { ffi::str_from_ptr(name) }.as_deref() == Some("nest") {
        return Err(Error::argument("the vectors of a DM cannot be nested"));
    }
    Ok(())
}
