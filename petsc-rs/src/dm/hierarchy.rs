//! Refinement and coarsening of DMs, and the matrices between levels.

use petsc_macros::wraps;

use super::{BoundaryType, Dm, DmPlex, DmRef, Dmda, DmdaRef};
use crate::comm;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::Matrix;
use crate::object::Object as _;
use crate::vector::Vector;
use crate::{Int, call, ffi, get_raw, get_text, sys};

/// Interpolation from a coarse to a fine DM. See [`DmRef::create_interpolation`].
#[derive(Debug)]
pub struct Interpolation {
    /// Computes fine values from coarse values: `fine = matrix · coarse`. Its transpose restricts
    /// residuals.
    pub matrix: Matrix,
    /// Scaling for the restriction of *solutions*: restriction followed by the pointwise product
    /// with this vector preserves constants.
    pub scale: Option<Vector>,
}

impl DmRef {
    /// Returns a refined DM. It inherits the local functions that solvers set on this DM.
    /// Collective.
    ///
    /// # Errors
    /// `SUP` if the DM cannot be refined; `INT_OVERFLOW` if the refined DM has too many points.
    #[wraps(DMRefine)]
    #[track_caller]
    pub fn refine(&self) -> Result<Dm> {
        self.check_refinement()?;
        if self.is_kind(c"plex")? {
            return self.as_plex()?.refine_uniformly().map(DmPlex::into_dm);
        }
        let comm = comm::of_object(self.object_ptr());
        // SAFETY: a live DM and its communicator.
        let raw = unsafe { get_raw!(DMRefine(self.as_ptr(), comm, _)) }?;
        // SAFETY: NULL, or just created; the reference is ours.
        unsafe { made(raw, "refined") }
    }

    /// Returns a coarsened DM. It inherits the local functions that solvers set on this DM.
    /// Collective.
    ///
    /// A coarsened staggered grid has no coordinates.
    ///
    /// # Errors
    /// `SUP` if the DM cannot be coarsened, for example a mesh; also an error if the coarsened DM
    /// has too few points for its ranks.
    #[wraps(DMCoarsen)]
    #[track_caller]
    pub fn coarsen(&self) -> Result<Dm> {
        self.check_coarsening()?;
        let comm = comm::of_object(self.object_ptr());
        // SAFETY: a live DM and its communicator.
        let raw = unsafe { get_raw!(DMCoarsen(self.as_ptr(), comm, _)) }?;
        // SAFETY: NULL, or just created; the reference is ours.
        unsafe { made(raw, "coarsened") }
    }

    /// Returns the interpolation from this DM to a finer one. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` if the types of the DMs differ; `ARG_INCOMP` if the coarse points are not
    /// points of the fine DM; `ARG_NOTSAMECOMM` if the communicators differ; `SUP` for meshes.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, Norm, Scalar, ScalarExt};
    /// let coarse = Dmda::builder(comm).sizes([5]).build()?;
    /// let fine = coarse.refine()?;
    /// assert_eq!(fine.info()?.sizes[0], 9);
    /// let p = coarse.create_interpolation(&fine)?;
    /// let (mut x, mut y) = p.matrix.vectors()?;
    /// x.set(Scalar::from_real(3.0))?;
    /// p.matrix.mult(&x, &mut y)?;
    /// assert_eq!(y.norm(Norm::One)?, 27.0);
    /// # Ok(()) })
    /// ```
    #[wraps(DMCreateInterpolation)]
    #[track_caller]
    pub fn create_interpolation(&self, fine: &Self) -> Result<Interpolation> {
        self.check_same_type(fine)?;
        self.check_points(fine)?;
        // SAFETY: live DMs of one type on the same ranks, where each rank has the coarse points
        // around its fine ones (above).
        let (matrix, scale) =
            unsafe { get_raw!(DMCreateInterpolation(self.as_ptr(), fine.as_ptr(), _, _)) }?;
        // SAFETY: just created; the reference is ours.
        let matrix = unsafe { Matrix::created(matrix) }?;
        // SAFETY: if not NULL, just created; the reference is ours.
        let scale = (!scale.is_null()).then(|| unsafe { Vector::from_raw(scale) });
        Ok(Interpolation { matrix, scale })
    }

    /// Returns the injection from a finer DM to this one: the matrix of `coarse = matrix · fine`,
    /// which selects the values at common points. Collective.
    #[wraps(DMCreateInjection, errors = create_interpolation)]
    #[track_caller]
    pub fn create_injection(&self, fine: &Self) -> Result<Matrix> {
        self.check_same_type(fine)?;
        self.check_room_for_points(fine)?;
        // SAFETY: live DMs of one type on the same ranks, where no rank has more coarse than fine
        // points (above).
        let raw = unsafe { get_raw!(DMCreateInjection(self.as_ptr(), fine.as_ptr(), _)) }?;
        // SAFETY: just created; the reference is ours.
        unsafe { Matrix::created(raw) }
    }

    /// Returns how many times this DM was refined.
    #[wraps(DMGetRefineLevel, not_collective)]
    pub fn refine_level(&self) -> Result<usize> {
        // SAFETY: a live DM.
        let level = unsafe { get_raw!(DMGetRefineLevel(self.as_ptr(), _)) }?;
        ffi::size(level.max(0))
    }

    /// Returns how many times this DM was coarsened.
    #[wraps(DMGetCoarsenLevel, not_collective)]
    pub fn coarsen_level(&self) -> Result<usize> {
        // SAFETY: a live DM.
        let level = unsafe { get_raw!(DMGetCoarsenLevel(self.as_ptr(), _)) }?;
        ffi::size(level.max(0))
    }

    /// Returns the next coarser DM to which PETSc keeps a reference, or `None`. This is the result
    /// of the last [`coarsen`](Self::coarsen) of this DM, or the next coarser mesh of a hierarchy
    /// that was created with the option `-dm_refine_hierarchy`.
    #[wraps(DMGetCoarseDM, not_collective)]
    #[track_caller]
    pub fn coarse_dm(&self) -> Result<Option<Dm>> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMGetCoarseDM(self.as_ptr(), _)) }?;
        // SAFETY: NULL or a live DM.
        unsafe { Dm::retain_nullable(raw) }
    }

    /// Returns the DM that was coarsened to create this one, or `None` if PETSc keeps no reference
    /// to it.
    #[wraps(DMGetFineDM, not_collective)]
    #[track_caller]
    pub fn fine_dm(&self) -> Result<Option<Dm>> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMGetFineDM(self.as_ptr(), _)) }?;
        // SAFETY: NULL or a live DM.
        unsafe { Dm::retain_nullable(raw) }
    }

    /// Checks the types of both DMs: C casts the private data of both, and checks the type of the
    /// first DM only.
    fn check_same_type(&self, other: &Self) -> Result<()> {
        comm::check_same_ranks(self.object_ptr(), other.object_ptr())?;
        let (mine, others) = (self.type_name()?, other.type_name()?);
        if mine == others {
            if self.is_kind(c"plex")? {
                let text =
                    "for meshes, PETSc supports interpolation only with its own finite elements";
                return Err(Error::new(ErrorCode::SUP, text));
            }
            // C compares these for other types.
            if self.is_kind(c"stag")? {
                ffi::same_len("number of dimensions", self.dimension()?, other.dimension()?)?;
            }
            return self.check_same_parts(other);
        }
        Err(Error::new(
            ErrorCode::ARG_NOTSAMETYPE,
            format!(
                "the DMs have different types: {} and {}",
                mine.as_deref().unwrap_or("none"),
                others.as_deref().unwrap_or("none")
            ),
        ))
    }

    /// Checks the points of two DMDAs, of which C checks a part, on all ranks.
    fn check_points(&self, fine: &Self) -> Result<()> {
        if !self.is_dmda()? {
            return Ok(());
        }
        let (coarse, fine) = (self.as_ptr(), fine.as_ptr());
        // SAFETY: live DMDAs (above; the types of both are equal); C writes NULL or a static string.
        let why: Option<String> =
            unsafe { get_text!(PetscRsDMDACannotInterpolate(coarse, fine, _)) }?;
        // The other reasons are the same on all ranks.
        let beyond = "a rank has fine points outside the range of its coarse points";
        let text = why.as_deref().unwrap_or(beyond);
        self.refuse_on_any(why.is_some(), ErrorCode::ARG_INCOMP, text)
    }

    /// Checks whether PETSc can coarsen the DM: for the metric of a mesh, PETSc assumes that each
    /// cell is a simplex, and otherwise writes outside its arrays.
    fn check_coarsening(&self) -> Result<()> {
        if self.is_kind(c"plex")? {
            let text = "PETSc cannot coarsen meshes without additional packages";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        if self.is_kind(c"stag")? {
            // SAFETY: a live staggered grid.
            return unsafe { call!(PetscRsDMStagGuard(self.as_ptr())) };
        }
        if self.is_kind(c"composite")? {
            for part in self.as_composite()?.grids()? {
                part.check_coarsening()?;
            }
        }
        Ok(())
    }

    /// Checks that this rank has no more coarse points than fine points, for which C allocates
    /// memory.
    fn check_room_for_points(&self, fine: &Self) -> Result<()> {
        if !self.is_dmda()? {
            return Ok(());
        }
        let more = self.as_dmda()?.corners()?.len() > fine.as_dmda()?.corners()?.len();
        let text = "a rank has more coarse points than fine points";
        self.refuse_on_any(more, ErrorCode::ARG_INCOMP, text)
    }

    /// Checks that two composites have equal numbers and types of parts, which C does not compare.
    fn check_same_parts(&self, other: &Self) -> Result<()> {
        if !self.is_kind(c"composite")? {
            return Ok(());
        }
        let (mine, others) = (self.as_composite()?.grids()?, other.as_composite()?.grids()?);
        ffi::same_len("number of parts of the composite", mine.len(), others.len())?;
        for (grid, other) in mine.into_iter().zip(others) {
            grid.check_same_type(&other)?;
        }
        Ok(())
    }

    /// Checks the size of the refined DMDA: `DMRefine_DA` multiplies the sizes without an overflow
    /// check.
    fn check_refinement(&self) -> Result<()> {
        if !self.is_dmda()? {
            return Ok(());
        }
        let grid = self.as_dmda()?;
        let info = grid.info()?;
        let point = info.sizes[0] == 1 && info.boundaries[0] != BoundaryType::Periodic;
        if info.dimension == 1 && point && self.coordinates()?.is_some() {
            let text = "PETSc cannot interpolate the coordinates of a single point";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        let mut points = info.dof;
        for (size, factor) in info.sizes.iter().zip(grid.refinement_factor()?) {
            points = points.saturating_mul(size.saturating_mul(factor));
        }
        ffi::petsc_int(points).map(drop)
    }
}

impl DmdaRef {
    /// Returns a grid refined by the [refinement factors](Self::refinement_factor). See
    /// [`DmRef::refine`].
    #[wraps(DMRefine, errors = DmRef::refine)]
    #[track_caller]
    pub fn refine(&self) -> Result<Dmda> {
        let fine: &DmRef = self;
        fine.refine()?.into_dmda()
    }

    /// Returns a coarsened grid. See [`DmRef::coarsen`].
    #[wraps(DMCoarsen, errors = DmRef::coarsen)]
    #[track_caller]
    pub fn coarsen(&self) -> Result<Dmda> {
        let coarse: &DmRef = self;
        coarse.coarsen()?.into_dmda()
    }

    /// Returns `levels` successively refined grids, the coarsest first. Collective. Options: with
    /// [`from_options`](super::DmdaBuilder::from_options), `-da_refine_hierarchy_x` and others.
    #[wraps(DMRefineHierarchy, errors = refine)]
    #[track_caller]
    pub fn refine_hierarchy(&self, levels: usize) -> Result<Vec<Dmda>> {
        let mut grids: Vec<Dmda> = Vec::with_capacity(levels);
        for _ in 0..levels {
            let finer = grids.last().map_or(self, |grid| grid).refine()?;
            grids.push(finer);
        }
        Ok(grids)
    }

    /// Returns `levels` successively coarsened grids, the finest first. Collective.
    #[wraps(DMCoarsenHierarchy, errors = coarsen)]
    #[track_caller]
    pub fn coarsen_hierarchy(&self, levels: usize) -> Result<Vec<Dmda>> {
        let mut grids: Vec<Dmda> = Vec::with_capacity(levels);
        for _ in 0..levels {
            let coarser = grids.last().map_or(self, |grid| grid).coarsen()?;
            grids.push(coarser);
        }
        Ok(grids)
    }

    /// Returns the refinement factor in each direction.
    #[wraps(DMDAGetRefinementFactor, not_collective)]
    pub fn refinement_factor(&self) -> Result<[usize; 3]> {
        let mut factors: [Int; 3] = [0; 3];
        let [x, y, z] = &mut factors;
        // SAFETY: a live DMDA and valid out-pointers.
        unsafe { call!(DMDAGetRefinementFactor(self.as_ptr(), x, y, z)) }?;
        Ok([ffi::size(factors[0])?, ffi::size(factors[1])?, ffi::size(factors[2])?])
    }

    /// Sets the refinement factor in each direction. Logically collective. Default: 2.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a factor of 0.
    #[wraps(DMDASetRefinementFactor)]
    pub fn set_refinement_factor(&mut self, factors: [usize; 3]) -> Result<()> {
        if factors.contains(&0) {
            let text = "refinement factors must be at least 1";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let [x, y, z] = factors.map(ffi::petsc_int);
        let (x, y, z) = (x?, y?, z?);
        // SAFETY: a live DMDA.
        unsafe { call!(DMDASetRefinementFactor(*self.busy()?, x, y, z)) }
    }
}

/// # Safety
/// See `Dm::from_raw`; `raw` may be NULL.
#[track_caller]
unsafe fn made(raw: sys::DM, what: &str) -> Result<Dm> {
    if raw.is_null() {
        let text = format!("the DM cannot be {what}");
        return Err(Error::new(ErrorCode::SUP, text));
    }
    // SAFETY: by contract.
    Ok(unsafe { Dm::from_raw(raw) })
}
