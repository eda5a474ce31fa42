//! Grids: what is distributed how, and which vectors and matrices belong to it (`DM` in C).
//!
//! [`Dmda`] is a structured grid of one to three dimensions. A rank owns a box of it; *global*
//! vectors hold the owned points, *local* ones also the ghost points around them.
//! [`DmRef::global_to_local`] brings the ghost points up to date.

mod coloring;
mod composite;
mod coordinates;
mod custom;
mod dmda;
mod hierarchy;
mod kind;
mod local;
mod local_ts;
mod plex;
mod redundant;
mod shell;
mod slots;
mod solvers;
mod stag;
mod transfer;
mod vectors;

use std::ffi::CStr;
use std::ptr;

use petsc_macros::{getter, wraps};

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
pub use plex::{AffineMap, BoxMesh, CellType, DmPlex, DmPlexRef, PointGeometry};
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
use crate::{call, comm, ffi, sys};

petsc_object! {
    /// A grid, or anything else that tells solvers how their vectors and matrices look.
    #[wraps(DM)]
    Dm,
    /// A borrowed [`Dm`].
    DmRef,
    DM,
    DMDestroy,
}

impl Dm {
    /// Takes over what a C function created and returned through an out-pointer.
    ///
    /// # Safety
    /// As `from_raw`.
    #[track_caller]
    pub(crate) unsafe fn created(raw: sys::DM) -> Result<Self> {
        if raw.is_null() {
            return Err(Error::new(ErrorCode::PLIB, "PETSc created no grid"));
        }
        // SAFETY: by contract.
        Ok(unsafe { Self::from_raw(raw) })
    }
}

prefixes! {
    DmRef, "grid";
    #[wraps(DMSetOptionsPrefix)]
    DMSetOptionsPrefix,
    #[doc(alias = "DMAppendOptionsPrefix")]
    DMAppendOptionsPrefix
}

impl DmRef {
    /// Number of dimensions.
    #[getter(DMGetDimension)]
    pub fn dimension() -> usize;

    /// A matrix with the nonzero pattern of the grid's stencil, filled with zeros. Collective.
    /// Option: `-dm_mat_type`.
    ///
    /// # Errors
    /// What `DMCreateMatrix` returns.
    #[wraps(DMCreateMatrix)]
    #[track_caller]
    pub fn create_matrix(&self) -> Result<Matrix> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live grid and a valid out-pointer.
        unsafe { call!(DMCreateMatrix(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let matrix = unsafe { Matrix::created(raw) }?;
        matrix.remember_grid()?;
        Ok(matrix)
    }

    /// Sets the type of the matrices of [`create_matrix`](Self::create_matrix). Logically
    /// collective. Default: `aij`. Option: `-dm_mat_type`.
    ///
    /// # Errors
    /// `SUP` if the DM does not preallocate matrices of this type: meshes, composites and redundant DMs work with the
    /// types of the AIJ family (composites also with `nest`, meshes also with `baij`, `sbaij` and `is`, redundant DMs
    /// also with `baij`); those of the family of `mpiaij` for a `Dmda` of one dimension on one rank; `baij`, `sbaij`
    /// and `sell` for a shell; and for all of them types that a size does not describe (`mpiadj`,
    /// `blockmat`).
    #[wraps(DMSetMatType)]
    pub fn set_mat_type(&mut self, kind: MatrixType<'_>) -> Result<()> {
        self.check_mat_type(kind)?;
        // SAFETY: a live grid; PETSc copies the name.
        unsafe { call!(DMSetMatType(*self.busy()?, kind.as_ptr())) }
    }

    /// `DMCreateMatrix` writes into the matrix, also where it has not given it memory.
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
        Err(Error::new(
            ErrorCode::SUP,
            format!("this DM makes no matrices of type {name}"),
        ))
    }

    /// On one rank, C fills the matrix of a line as if it were `seqaij`.
    fn check_mat_type_of_line(&self, kind: MatrixType<'_>) -> Result<()> {
        let name = kind.name().to_string_lossy();
        let alone = comm::size_of_object(self.object_ptr())? == 1;
        if alone && name.starts_with("mpiaij") && self.dimension()? == 1 {
            return Err(Error::new(
                ErrorCode::SUP,
                format!(
                    "in one dimension and on one rank, this DM makes no matrices of type {name}: aij"
                ),
            ));
        }
        Ok(())
    }

    /// Sets the type of the vectors made from here on. Logically collective. Default: `standard`.
    /// Option: `-dm_vec_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` for `nest`, which has no array of its own.
    #[wraps(DMSetVecType)]
    pub fn set_vec_type(&mut self, kind: VectorType<'_>) -> Result<()> {
        if kind == VectorType::NEST {
            return Err(Error::argument("the vectors of a grid cannot be nested"));
        }
        // SAFETY: a live grid; PETSc copies the name.
        unsafe { call!(DMSetVecType(*self.busy()?, kind.as_ptr())) }
    }

    /// The map from local (ghosted) indices to global ones. Collective.
    ///
    /// # Errors
    /// What `DMGetLocalToGlobalMapping` returns.
    #[wraps(DMGetLocalToGlobalMapping)]
    #[track_caller]
    pub fn local_to_global_map(&self) -> Result<LocalToGlobalMap> {
        let mut map = ptr::null_mut();
        // SAFETY: a live grid and a valid out-pointer.
        unsafe { call!(DMGetLocalToGlobalMapping(self.as_ptr(), &raw mut map)) }?;
        // SAFETY: a live map, which the grid keeps.
        unsafe { LocalToGlobalMap::retain(map) }
    }

    /// The functions of a type cast private data; optimised PETSc does not look at the type first.
    pub(crate) fn check_kind(&self, kind: &CStr) -> Result<()> {
        if self.is_kind(kind)? {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_WRONG,
            format!(
                "the grid is not of type {} but {}",
                kind.to_string_lossy(),
                self.type_name()?.as_deref().unwrap_or("none")
            ),
        ))
    }

    pub(super) fn is_kind(&self, kind: &CStr) -> Result<bool> {
        let mut same = ffi::raw_bool(false);
        // SAFETY: a live object, a NUL-terminated name, a valid out-pointer.
        unsafe {
            call!(PetscObjectTypeCompare(
                self.object_ptr(),
                kind.as_ptr(),
                &raw mut same
            ))
        }?;
        Ok(ffi::to_bool(same))
    }

    pub(crate) fn check_dmda(&self) -> Result<()> {
        self.check_kind(c"da")
    }

    pub(crate) fn is_dmda(&self) -> Result<bool> {
        self.is_kind(c"da")
    }
}

/// Whether a matrix of this type can be assembled that got sizes alone.
fn has_storage(mat_type: &str) -> bool {
    !["mpiadj", "blockmat"].contains(&mat_type)
}
