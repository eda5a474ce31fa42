//! DMs: meshes, structured grids and other discretizations that create vectors and matrices for
//! solvers.
//!
//! [`Dmda`] is a structured grid of one to three dimensions. Each rank owns a box of points.
//! *Global* vectors contain the owned points; *local* vectors also contain the ghost points around
//! them. [`DmRef::global_to_local`] updates the ghost points.

mod coloring;
mod composite;
mod coordinates;
mod custom;
mod dmda;
mod hierarchy;
mod plex;
mod redundant;
mod shell;
mod slots;
mod stag;
mod transfer;
mod types;
mod vectors;

use std::ffi::CStr;

use petsc_macros::{getter, setting, wraps};

pub use coloring::{Coloring, ColoringKind};
pub use composite::{DmComposite, DmCompositeRef, Parts, PartsMut};
pub use custom::CustomGrid;
pub use dmda::{
    BoundaryType, Component, Corners, Dmda, DmdaBuilder, DmdaRef, ElementType, Elements, GridIndex,
    GridMut, GridRead, Info, InterpolationType, Layout, RowIndex, StencilAssembler, StencilPoint,
    StencilType, component,
};
pub use hierarchy::Interpolation;
pub(crate) use plex::paraview;
pub use plex::{AffineMap, BoxMesh, CellType, DmPlex, DmPlexRef, Interpolated, PointGeometry};
pub use redundant::{DmRedundant, DmRedundantRef};
pub use shell::{DmShell, DmShellRef};
pub use slots::{SlotMut, SlotRead};
pub use stag::{DmStag, DmStagBuilder, DmStagRef, Location};
pub use transfer::Transfer;
pub use vectors::WorkVector;

use crate::error::{Error, ErrorCode, Result};
use crate::local_to_global::LocalToGlobalMap;
use crate::matrix::{Matrix, MatrixType};
use crate::object::{Object as _, petsc_object};
use crate::prefixes;
use crate::vector::VectorType;
use crate::{call, comm, ffi, get, get_raw, sys};

petsc_object! {
    /// A DM: a mesh, structured grid or other object that defines the layout of vectors and
    /// matrices.
    ///
    /// Programs create a DM of a specific type, such as [`Dmda`]. All these types dereference to
    /// `Dm`. A DM creates vectors and matrices, updates the ghost points of local vectors, and
    /// gives solvers the levels of multigrid. Dropping the handle destroys the DM, unless a vector,
    /// a matrix or a solver has a reference to it.
    ///
    /// # Examples
    /// The sum of the two neighbors of each point on a ring:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::dm::BoundaryType;
    /// let grid = Dmda::builder(comm).sizes([6]).boundaries([BoundaryType::Periodic]).build()?;
    /// let (mut x, mut y) = (grid.create_global_vector()?, grid.create_global_vector()?);
    /// x.set(2.0.into())?;
    /// let mut local = grid.create_local_vector()?;
    /// grid.global_to_local(&x, InsertMode::Insert, &mut local)?;
    /// let (u, mut v) = (grid.array(&local)?, grid.array_mut(&mut y)?);
    /// for i in grid.corners()?.x() {
    ///     v[i] = u[i - 1] + u[i + 1];
    /// }
    /// drop((u, v));
    /// assert_eq!(y.sum()?.real(), 24.0);
    /// # Ok(()) })
    /// ```
    ///
    /// # Options
    /// `-dm_vec_type`, `-dm_mat_type`; `-da_grid_x` and others for [`Dmda`], `-dm_plex_…` for
    /// [`DmPlex`].
    ///
    /// # See also
    /// [`Dmda`] (structured grids), [`DmPlex`] (unstructured meshes), [`DmStag`] (staggered grids),
    /// [`DmComposite`] (several DMs), [`DmShell`] (a user-defined DM),
    /// [`KspRef::set_dm`](crate::KspRef::set_dm), [`SnesRef::set_dm`](crate::SnesRef::set_dm).
    #[wraps(DM)]
    Dm,
    /// A borrowed [`Dm`].
    DmRef,
    DM,
    DMDestroy,
}

impl Dm {
    /// Takes ownership of a DM that a C function returned through an out-pointer.
    ///
    /// # Safety
    /// As `from_raw`.
    #[track_caller]
    pub(crate) unsafe fn created(raw: sys::DM) -> Result<Self> {
        if raw.is_null() {
            return Err(Error::new(ErrorCode::PLIB, "PETSc created no DM"));
        }
        // SAFETY: by contract.
        Ok(unsafe { Self::from_raw(raw) })
    }
}

prefixes! {
    DmRef, "DM";
    #[wraps(DMSetOptionsPrefix)]
    DMSetOptionsPrefix,
    #[doc(alias = "DMAppendOptionsPrefix")]
    DMAppendOptionsPrefix
}

impl DmRef {
    /// Returns the number of dimensions.
    #[getter(DMGetDimension)]
    pub fn dimension() -> usize;

    /// Returns the number of unknowns at each point.
    #[getter(DMGetBlockSize)]
    pub fn block_size() -> usize;

    /// Returns the number of fields.
    #[getter(DMGetNumFields)]
    pub fn fields() -> usize;

    /// Whether new matrices of the DM are only preallocated: their nonzero pattern and zero values
    /// are not set.
    #[setting(DMSetMatrixPreallocateOnly)]
    #[option("-dm_preallocate_only", default = "false")]
    pub fn set_preallocate_only(preallocate_only: bool);

    /// Which points are adjacent to a point `p`. The values `false, true` select
    /// `closure(star(p))`, for finite elements; `true, false` select `support(cone(p))`, for finite
    /// volumes; `true, true` select `star(closure(p))`. Adjacency determines the nonzero
    /// pattern of matrices and the overlap of a mesh.
    #[setting(DMSetBasicAdjacency, DMGetBasicAdjacency, get = basic_adjacency)]
    #[option("-dm_adj_cone", "-dm_adj_closure", default = "false, true")]
    pub fn set_basic_adjacency(cone: bool, closure: bool);

    /// Returns the type of the matrices that [`create_matrix`](Self::create_matrix) creates.
    #[wraps(DMGetMatType, not_collective)]
    pub fn mat_type(&self) -> Result<String> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMGetMatType(self.as_ptr(), _)) }?;
        // SAFETY: a name that the DM keeps.
        Ok(unsafe { ffi::str_from_ptr(raw) }.unwrap_or_default())
    }

    /// Returns the type of the vectors that the DM creates.
    #[wraps(DMGetVecType, not_collective)]
    pub fn vec_type(&self) -> Result<String> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMGetVecType(self.as_ptr(), _)) }?;
        // SAFETY: a name that the DM keeps.
        Ok(unsafe { ffi::str_from_ptr(raw) }.unwrap_or_default())
    }

    /// Returns whether the DM can create a coloring.
    #[getter(DMHasColoring)]
    pub fn has_coloring() -> bool;

    /// Returns whether the DM can create an injection to a coarser DM.
    #[getter(DMHasCreateInjection)]
    pub fn has_injection() -> bool;

    /// Returns whether the DM can create a restriction to a coarser DM.
    #[getter(DMHasCreateRestriction)]
    pub fn has_restriction() -> bool;

    /// Creates a matrix with the nonzero pattern of the DM's stencil, filled with zeros.
    /// Collective. Option: `-dm_mat_type`.
    ///
    /// # Examples
    /// The pattern of the five-point stencil, with four neighbors of each interior point:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::matrix::Scope;
    /// let grid = Dmda::builder(comm).sizes([3, 3]).build()?;
    /// let a = grid.create_matrix()?;
    /// assert_eq!(a.size()?, (9, 9));
    /// assert_eq!(a.info(Scope::GlobalSum)?.used, 9.0 + 2.0 * 12.0); // points, and edges twice
    /// # Ok(()) })
    /// ```
    #[wraps(DMCreateMatrix)]
    #[track_caller]
    pub fn create_matrix(&self) -> Result<Matrix> {
        // SAFETY: a live DM.
        let raw = unsafe { get_raw!(DMCreateMatrix(self.as_ptr(), _)) }?;
        // SAFETY: just created; the reference is ours.
        let matrix = unsafe { Matrix::created(raw) }?;
        matrix.remember_grid()?;
        Ok(matrix)
    }

    /// Sets the type of the matrices that [`create_matrix`](Self::create_matrix) creates. Logically
    /// collective. Default: `aij`. Option: `-dm_mat_type`.
    ///
    /// # Errors
    /// `SUP` if the DM does not preallocate matrices of this type:
    ///
    /// - meshes support the AIJ types, `baij`, `sbaij` and `is`;
    /// - composites support the AIJ types and `nest`;
    /// - redundant DMs support the AIJ types and `baij`;
    /// - a one-dimensional `Dmda` on one rank does not support `mpiaij` and types derived from it;
    /// - a shell does not support `baij`, `sbaij` and `sell`;
    /// - no DM supports `mpiadj` and `blockmat`: sizes alone do not suffice to create such
    ///   matrices.
    #[wraps(DMSetMatType)]
    pub fn set_mat_type(&mut self, kind: MatrixType<'_>) -> Result<()> {
        self.check_mat_type(kind)?;
        // SAFETY: a live DM; PETSc copies the name.
        unsafe { call!(DMSetMatType(*self.busy()?, kind.as_ptr())) }
    }

    /// Checks the matrix type: `DMCreateMatrix` writes to the matrix even if it allocated no
    /// memory.
    fn check_mat_type(&self, kind: MatrixType<'_>) -> Result<()> {
        let name = kind.name().to_string_lossy();
        let plain = name.trim_start_matches("seq").trim_start_matches("mpi");
        let fits = |others: &[&str]| plain.starts_with("aij") || others.contains(&plain);
        let fits = match self.type_name()?.as_deref() {
            Some("plex") => fits(&["baij", "sbaij", "is"]),
            Some("composite") => fits(&["nest"]),
            Some("redundant") => fits(&["baij"]),
            // A shell copies a matrix that was never assembled.
            Some("shell") => !["baij", "sbaij", "sell"].contains(&plain) && has_storage(&name),
            Some("da") => {
                self.check_mat_type_of_line(kind)?;
                has_storage(&name)
            }
            _ => has_storage(&name),
        };
        if fits {
            return Ok(());
        }
        let text = format!("this DM does not create matrices of type {name}");
        Err(Error::new(ErrorCode::SUP, text))
    }

    /// Checks the matrix type of a one-dimensional DMDA: on one rank, C treats every type as
    /// `seqaij`.
    fn check_mat_type_of_line(&self, kind: MatrixType<'_>) -> Result<()> {
        let name = kind.name().to_string_lossy();
        let alone = comm::size_of_object(self.object_ptr())? == 1;
        if alone && name.starts_with("mpiaij") && self.dimension()? == 1 {
            return Err(Error::new(
                ErrorCode::SUP,
                format!(
                    "in one dimension and on one rank, this DM does not create matrices of type {name}; use aij"
                ),
            ));
        }
        Ok(())
    }

    /// Sets the type of the vectors that the DM creates from now on. Logically collective. Default:
    /// `standard`. Option: `-dm_vec_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` for `nest`, which has no array.
    #[wraps(DMSetVecType)]
    pub fn set_vec_type(&mut self, kind: VectorType<'_>) -> Result<()> {
        if kind == VectorType::NEST {
            return Err(Error::argument("the vectors of a DM cannot be nested"));
        }
        // SAFETY: a live DM; PETSc copies the name.
        unsafe { call!(DMSetVecType(*self.busy()?, kind.as_ptr())) }
    }

    /// Returns the map from local (ghosted) indices to global indices. Collective.
    #[wraps(DMGetLocalToGlobalMapping)]
    #[track_caller]
    pub fn local_to_global_map(&self) -> Result<LocalToGlobalMap> {
        // SAFETY: a live DM.
        let map = unsafe { get_raw!(DMGetLocalToGlobalMapping(self.as_ptr(), _)) }?;
        // SAFETY: a live map, to which the DM holds a reference.
        unsafe { LocalToGlobalMap::retain(map) }
    }

    /// Checks the type of the DM: functions of a type cast private data, and optimized PETSc does
    /// not check the type first.
    pub(crate) fn check_kind(&self, kind: &CStr) -> Result<()> {
        if self.is_kind(kind)? {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_WRONG,
            format!(
                "the DM must be of type {}, but is of type {}",
                kind.to_string_lossy(),
                self.type_name()?.as_deref().unwrap_or("none")
            ),
        ))
    }

    /// Returns an error on all ranks if `wrong` is true on any rank. Collective.
    pub(super) fn refuse_on_any(&self, wrong: bool, code: ErrorCode, text: &str) -> Result<()> {
        match comm::any_rank(self.object_ptr(), wrong)? {
            true => Err(Error::collective(code, text)),
            false => Ok(()),
        }
    }

    pub(super) fn is_kind(&self, kind: &CStr) -> Result<bool> {
        // SAFETY: a live object and a NUL-terminated name.
        unsafe { get!(PetscObjectTypeCompare(self.object_ptr(), kind.as_ptr(), _)) }
    }

    pub(crate) fn check_dmda(&self) -> Result<()> {
        self.check_kind(c"da")
    }

    pub(crate) fn is_dmda(&self) -> Result<bool> {
        self.is_kind(c"da")
    }
}

/// Returns whether a matrix of this type can be assembled if only its sizes are set.
fn has_storage(mat_type: &str) -> bool {
    !["mpiadj", "blockmat"].contains(&mat_type)
}
