//! User-defined DMs: a Rust trait implements the operations of a `DMShell`.

use std::any::Any;
use std::ffi::{CStr, c_void};
use std::ptr;
use std::rc::Rc;

use petsc_macros::wraps;

use super::{Dm, DmRef, DmShell, DmShellRef, Interpolation, shell};
use crate::callback::{self, Key, Keyed};
use crate::comm::{self, Comm};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::Matrix;
use crate::object::Object;
use crate::vector::Vector;
use crate::{call, get_raw, sys};

/// Name under which the Rust value is composed with the DM.
const GRID: &CStr = c"petsc-rs.dm.custom";

/// The operations of a user-defined DM. A solver that uses the DM calls them through its
/// [`DmShell`]; multigrid also calls refinement and coarsening.
///
/// All methods are collective over the ranks of the DM. Methods without an implementation return
/// the error `SUP`.
///
/// # Examples
/// Multigrid in one dimension. The methods call those of a DMDA, which creates the levels:
/// ```
/// # petsc_rs::doctest(|comm| {
/// use petsc_rs::dm::{CustomGrid, DmShell, Interpolation};
/// use petsc_rs::prelude::*;
/// use petsc_rs::{DmdaRef, KspRef, MatrixRef};
///
/// struct Line(Dmda);
///
/// impl CustomGrid for Line {
///     fn create_matrix(&self) -> Result<Matrix> {
///         self.0.create_matrix()
///     }
///     fn create_global_vector(&self) -> Result<Vector> {
///         self.0.create_global_vector()
///     }
///     fn coarsen(&self) -> Result<Self> {
///         Ok(Self(self.0.coarsen()?))
///     }
///     fn create_interpolation(&self, fine: &Self) -> Result<Interpolation> {
///         self.0.create_interpolation(&fine.0)
///     }
/// }
///
/// fn operators(ksp: &KspRef, a: &mut MatrixRef) -> Result<()> {
///     let line = ksp.dm()?.as_shell()?.custom::<Line>()?;
///     let n = Int::try_from(line.0.info()?.sizes[0])?;
///     let mut rows = line.0.stencil_assembler(a, InsertMode::Insert)?;
///     for i in line.0.corners()?.x() {
///         let beside = [(i - 1, -1.0), (i + 1, -1.0)];
///         let inside = beside.into_iter().filter(|(j, _)| (0..n).contains(j));
///         rows.row(i, inside.chain([(i, 2.0)]))?;
///     }
///     rows.finish()
/// }
///
/// let grid = DmShell::custom(comm, Line(Dmda::builder(comm).sizes([65]).build()?))?;
/// let mut ksp = Ksp::new(comm)?;
/// ksp.set_dm(&grid)?;
/// ksp.pc()?.set_type(PcType::MG)?;
/// ksp.pc()?.set_mg_levels(4)?;
/// ksp.set_compute_operators(|ksp, _, a| operators(ksp, a))?;
/// ksp.set_compute_rhs(|_, b| b.set(Scalar::from_real(1.0)))?;
/// assert!(ksp.solve_in_place()?.iterations < 20);
/// # Ok(()) })
/// ```
pub trait CustomGrid: Sized + 'static {
    /// Creates a matrix for the unknowns of the DM, with its nonzero pattern.
    ///
    /// # Errors
    /// Errors are returned to the calling solver.
    fn create_matrix(&self) -> Result<Matrix>;

    /// Creates a vector of the unknowns of the DM.
    ///
    /// # Errors
    /// Errors are returned to the calling solver.
    fn create_global_vector(&self) -> Result<Vector>;

    /// Creates a vector of the unknowns of this rank and the ghost unknowns around them.
    ///
    /// # Errors
    /// Errors are returned to the calling solver. Default: `SUP`.
    fn create_local_vector(&self) -> Result<Vector> {
        Err(missing("support for local vectors"))
    }

    /// Returns a refined DM.
    ///
    /// # Errors
    /// Errors are returned to the calling solver. Default: `SUP`.
    fn refine(&self) -> Result<Self> {
        Err(missing("refinement"))
    }

    /// Returns a coarsened DM.
    ///
    /// # Errors
    /// Errors are returned to the calling solver. Default: `SUP`.
    fn coarsen(&self) -> Result<Self> {
        Err(missing("coarsening"))
    }

    /// Creates the interpolation from this DM to a finer one; its transpose is the restriction.
    ///
    /// # Errors
    /// Errors are returned to the calling solver. Default: `SUP`.
    fn create_interpolation(&self, fine: &Self) -> Result<Interpolation> {
        let _ = fine;
        Err(missing("interpolation"))
    }
}

fn missing(what: &str) -> Error {
    Error::new(ErrorCode::SUP, format!("this DM does not implement {what}"))
}

/// The value composed with a DM; its type is checked at each access.
type GridValue = Rc<dyn Any>;

impl DmShell {
    /// Creates a DM from a Rust value. Collective.
    ///
    /// The C object owns the value. Each refined or coarsened DM has its own value. If the value
    /// owns a handle of its own DM, neither is ever freed.
    #[wraps(
        DMShellCreate,
        DMShellSetContext,
        DMShellSetCreateMatrix,
        DMShellSetCreateGlobalVector,
        DMShellSetCreateLocalVector,
        DMShellSetRefine,
        DMShellSetCoarsen,
        DMShellSetCreateInterpolation
    )]
    #[track_caller]
    pub fn custom<G: CustomGrid>(comm: &Comm, grid: G) -> Result<Self> {
        // SAFETY: a live communicator.
        let raw = unsafe { get_raw!(DMShellCreate(comm.as_raw(), _)) }?;
        // SAFETY: just created; the reference is ours.
        let shell = unsafe { Dm::created(raw) }?.into_shell()?;
        let held: GridValue = Rc::new(grid);
        let key = Key::new(held);
        let ctx = key.as_ctx();
        // SAFETY: a live DM; the key exists as long as it does.
        unsafe { callback::compose(raw.cast(), GRID, key) }?;
        // SAFETY: a live shell; the context is a number, which nobody dereferences.
        unsafe { call!(DMShellSetContext(raw, ctx)) }?;
        // SAFETY: a live shell and a function of the right form.
        unsafe { call!(DMShellSetCreateMatrix(raw, Some(create_matrix::<G>))) }?;
        // SAFETY: as above.
        unsafe { call!(DMShellSetCreateGlobalVector(raw, Some(create_global::<G>))) }?;
        // SAFETY: as above.
        unsafe { call!(DMShellSetCreateLocalVector(raw, Some(create_local::<G>))) }?;
        // SAFETY: as above.
        unsafe { call!(DMShellSetRefine(raw, Some(refine::<G>))) }?;
        // SAFETY: as above.
        unsafe { call!(DMShellSetCoarsen(raw, Some(coarsen::<G>))) }?;
        // SAFETY: as above.
        unsafe { call!(DMShellSetCreateInterpolation(raw, Some(interpolation::<G>))) }?;
        Ok(shell)
    }
}

impl DmShellRef {
    /// Returns the value of a DM created with [`DmShell::custom`].
    ///
    /// # Errors
    /// `ARG_WRONG` if the value has another type; `ARG_WRONGSTATE` if the DM has no Rust value.
    #[wraps(DMShellGetContext, not_collective)]
    pub fn custom<G: CustomGrid>(&self) -> Result<Rc<G>> {
        let mut ctx: *mut c_void = ptr::null_mut();
        // SAFETY: a live shell and a valid out-pointer for a pointer.
        unsafe { call!(DMShellGetContext(self.as_ptr(), (&raw mut ctx).cast())) }?;
        let share = |held: &mut GridValue| Ok(Rc::clone(held));
        // SAFETY: a number of the table, whose entries for shells are of this type; or of nothing in the table,
        // which is an error: numbers are never reused, and pointers are larger.
        let held = unsafe { Keyed::<GridValue>::with(ctx, share) }?;
        held.downcast().map_err(|_| {
            let name = std::any::type_name::<G>();
            Error::argument(format!("the DM does not contain a value of type {name}"))
        })
    }

    /// Sets the number of refinements that the DM reports. Logically collective.
    ///
    /// If the options select multigrid, this number is the default number of coarser levels.
    #[wraps(DMSetRefineLevel)]
    pub fn set_refine_level(&mut self, level: usize) -> Result<()> {
        let level = crate::ffi::petsc_int(level)?;
        // SAFETY: a live DM.
        unsafe { call!(DMSetRefineLevel(self.as_ptr(), level)) }
    }
}

/// Returns the Rust value that implements a DM received from C.
///
/// # Safety
/// `dm` is live.
unsafe fn value<G: CustomGrid>(dm: sys::DM) -> Result<Rc<G>> {
    // SAFETY: by contract.
    unsafe { DmRef::from_ptr(dm) }.as_shell()?.custom()
}

/// Refuses an object on a different communicator.
///
/// # Safety
/// `dm` is live.
unsafe fn on_ranks<O: Object>(dm: sys::DM, object: O) -> Result<O> {
    // SAFETY: by contract.
    let grid = unsafe { DmRef::from_ptr(dm) };
    comm::check_same_ranks(grid.object_ptr(), object.object_ptr())?;
    Ok(object)
}

unsafe extern "C" fn create_matrix<G: CustomGrid>(
    dm: sys::DM,
    out: *mut sys::Mat,
) -> sys::PetscErrorCode {
    let make = || {
        // SAFETY: PETSc lends a live DM.
        let matrix = unsafe { value::<G>(dm) }?.create_matrix()?;
        // SAFETY: as above.
        unsafe { on_ranks(dm, matrix) }
    };
    callback::guard_with(c"matrix of a DM", make, |matrix| {
        // SAFETY: a valid out-pointer of PETSc, which takes the reference.
        unsafe { *out = matrix.into_raw() };
    })
}

unsafe extern "C" fn create_global<G: CustomGrid>(
    dm: sys::DM,
    out: *mut sys::Vec,
) -> sys::PetscErrorCode {
    // SAFETY: the arguments of this function.
    unsafe { vector::<G>(dm, out, G::create_global_vector) }
}

unsafe extern "C" fn create_local<G: CustomGrid>(
    dm: sys::DM,
    out: *mut sys::Vec,
) -> sys::PetscErrorCode {
    // SAFETY: the arguments of this function.
    unsafe { vector::<G>(dm, out, G::create_local_vector) }
}

/// # Safety
/// `dm` is live and `out` valid.
unsafe fn vector<G: CustomGrid>(
    dm: sys::DM,
    out: *mut sys::Vec,
    create: fn(&G) -> Result<Vector>,
) -> sys::PetscErrorCode {
    let make = || {
        // SAFETY: a live DM by contract.
        let x = create(&*unsafe { value::<G>(dm) }?)?;
        let x = shell::of_no_grid(&x)?.unwrap_or(x);
        // SAFETY: as above.
        let x = unsafe { on_ranks(dm, x) }?;
        // SAFETY: live objects, and a vector that belongs to no other DM; PETSc takes a reference.
        unsafe { call!(VecSetDM(x.as_ptr(), dm)) }?;
        Ok(x)
    };
    callback::guard_with(c"vector of a DM", make, |x| {
        // SAFETY: a valid out-pointer by contract; PETSc takes the reference.
        unsafe { *out = x.into_raw() };
    })
}

unsafe extern "C" fn refine<G: CustomGrid>(
    dm: sys::DM,
    _: sys::mpi_sys::MPI_Comm,
    out: *mut sys::DM,
) -> sys::PetscErrorCode {
    // SAFETY: the arguments of this function.
    unsafe { another::<G>(dm, out, G::refine) }
}

unsafe extern "C" fn coarsen<G: CustomGrid>(
    dm: sys::DM,
    _: sys::mpi_sys::MPI_Comm,
    out: *mut sys::DM,
) -> sys::PetscErrorCode {
    // SAFETY: the arguments of this function.
    unsafe { another::<G>(dm, out, G::coarsen) }
}

/// # Safety
/// `dm` is live and `out` valid.
unsafe fn another<G: CustomGrid>(
    dm: sys::DM,
    out: *mut sys::DM,
    make: fn(&G) -> Result<G>,
) -> sys::PetscErrorCode {
    let make = || {
        // SAFETY: a live DM by contract.
        let made = make(&*unsafe { value::<G>(dm) }?)?;
        // SAFETY: as above.
        let comm = unsafe { DmRef::from_ptr(dm) }.comm()?;
        DmShell::custom(&comm, made)
    };
    callback::guard_with(c"refined or coarsened DM", make, |grid| {
        // SAFETY: a valid out-pointer by contract; PETSc takes the reference.
        unsafe { *out = grid.into_raw() };
    })
}

unsafe extern "C" fn interpolation<G: CustomGrid>(
    coarse: sys::DM,
    fine: sys::DM,
    matrix: *mut sys::Mat,
    scale: *mut sys::Vec,
) -> sys::PetscErrorCode {
    let make = || {
        // SAFETY: PETSc lends live DMs.
        let grid = unsafe { value::<G>(coarse) }?;
        // SAFETY: as above.
        let made = grid.create_interpolation(&*unsafe { value::<G>(fine) }?)?;
        // SAFETY: as above.
        let matrix = unsafe { on_ranks(coarse, made.matrix) }?;
        Ok((matrix, made.scale))
    };
    callback::guard_with(c"interpolation of a DM", make, |(made, factors)| {
        // SAFETY: a valid out-pointer of PETSc, which takes the reference.
        unsafe { *matrix = made.into_raw() };
        if !scale.is_null() {
            // SAFETY: as above; NULL says that there are no factors.
            unsafe { *scale = factors.map_or(ptr::null_mut(), Vector::into_raw) };
        }
    })
}
