//! Structured grids (`DMDA` in C).

mod builder;
mod index;
mod info;
mod natural;
mod stencil;
mod view;

use std::fmt;
use std::ops::{Deref, DerefMut};

pub use builder::DmdaBuilder;
pub use index::{GridIndex, RowIndex};
pub use info::{Corners, Info, Layout};
pub use stencil::{Component, StencilAssembler, StencilPoint, component};
pub use view::{GridMut, GridRead};

use super::{Dm, DmRef};
use crate::c_enum::c_enum;
use crate::error::Result;
use crate::object::Object;
use crate::sys;

c_enum! {
    /// What lies beyond the first and last point of a direction.
    #[doc(alias = "DMBoundaryType")]
    BoundaryType of DMBoundaryType;
    /// Nothing: there are no ghost points outside the grid.
    None = DM_BOUNDARY_NONE,
    /// Ghost points that nobody fills, for values that the program knows.
    Ghosted = DM_BOUNDARY_GHOSTED,
    /// Ghost points mirror the inner ones: point `-1` is point `1`. Only with star stencils.
    Mirror = DM_BOUNDARY_MIRROR,
    /// The first point follows the last: point `-1` is the last one.
    Periodic = DM_BOUNDARY_PERIODIC,
    /// Periodic, glued the other way round like a Möbius strip.
    Twist = DM_BOUNDARY_TWIST,
}

c_enum! {
    /// Which neighbours of a point are ghost points.
    #[doc(alias = "DMDAStencilType")]
    StencilType of DMDAStencilType;
    /// Only along the axes.
    Star = DMDA_STENCIL_STAR,
    /// The corners too.
    Box = DMDA_STENCIL_BOX,
}

c_enum! {
    /// How values get from a coarse grid to a fine one.
    #[doc(alias = "DMDAInterpolationType")]
    InterpolationType of DMDAInterpolationType;
    /// Constant in cells: the values belong to cells.
    Q0 = DMDA_Q0,
    /// Linear in each direction: the values belong to vertices.
    Q1 = DMDA_Q1,
}

/// A structured grid of one, two or three dimensions, with one or more unknowns at each point.
///
/// Owns one reference of the C object. Destroying it is collective; on a rank that failed it is
/// queued instead. Neither `Send` nor `Sync`: PETSc belongs to one thread.
///
/// # Examples
/// The five-point Laplacian applied to `x² + y²`, exact for quadratic polynomials:
/// ```
/// # petsc_rs::doctest(|comm| {
/// # use petsc_rs::{Dmda, Int, InsertMode, Scalar, ScalarExt};
/// let n = 5;
/// let grid = Dmda::builder(comm).sizes([n, n]).build()?;
/// let mut x = grid.create_global_vector()?;
/// let own = grid.corners()?;
/// let mut u = grid.array_mut(&mut x)?;
/// for j in own.y() {
///     for i in own.x() {
///         u[(i, j)] = Scalar::from_real((i * i + j * j).into());
///     }
/// }
/// drop(u);
/// let mut local = grid.local_vector()?;
/// grid.global_to_local(&x, InsertMode::Insert, &mut local)?;
/// let u = grid.array(&local)?;
/// let inner = |i: &Int| (1..4).contains(i);
/// for j in own.y().filter(inner) {
///     for i in own.x().filter(inner) {
///         let sum = u[(i - 1, j)] + u[(i + 1, j)] + u[(i, j - 1)] + u[(i, j + 1)];
///         assert_eq!((sum - u[(i, j)] * Scalar::from_real(4.0)).real(), 4.0);
///     }
/// }
/// # Ok(()) })
/// ```
#[doc(alias = "DMDA")]
#[repr(transparent)]
pub struct Dmda(Dm);

/// A borrowed [`Dmda`].
///
/// Has no size and owns nothing: getters and callbacks lend it, and the owned handle dereferences
/// to it.
#[repr(transparent)]
pub struct DmdaRef(DmRef);

impl Dm {
    /// The same grid as a [`Dmda`].
    ///
    /// # Errors
    /// `ARG_WRONG` if it is of another type.
    pub fn into_dmda(self) -> Result<Dmda> {
        self.check_dmda()?;
        Ok(Dmda(self))
    }
}

impl Dmda {
    /// Takes over one reference of a C object.
    ///
    /// # Safety
    /// `raw` is a live DM of type `da` that is set up, created in this session, and the caller gives
    /// up one reference to it.
    #[must_use]
    #[track_caller]
    pub unsafe fn from_raw(raw: sys::DM) -> Self {
        // SAFETY: by contract.
        Self(unsafe { Dm::from_raw(raw) })
    }

    /// Gives the reference to the caller, who destroys it before the session ends.
    #[must_use]
    pub fn into_raw(self) -> sys::DM {
        self.0.into_raw()
    }

    /// The same grid without its type.
    #[must_use]
    pub fn into_dm(self) -> Dm {
        self.0
    }
}

impl DmdaRef {
    /// A handle borrowed for `'a`.
    ///
    /// # Safety
    /// `raw` is a live DM of type `da` that is set up, during `'a`.
    #[must_use]
    #[inline]
    pub unsafe fn from_ptr<'a>(raw: sys::DM) -> &'a Self {
        // SAFETY: the type has no size, so the reference claims no memory.
        unsafe { &*raw.cast_const().cast::<Self>() }
    }

    /// The same for methods that change the object.
    ///
    /// # Safety
    /// As [`from_ptr`](Self::from_ptr).
    #[must_use]
    #[inline]
    pub unsafe fn from_ptr_mut<'a>(raw: sys::DM) -> &'a mut Self {
        // SAFETY: the type has no size, so the reference claims no memory.
        unsafe { &mut *raw.cast::<Self>() }
    }
}

impl Deref for Dmda {
    type Target = DmdaRef;

    #[inline]
    fn deref(&self) -> &DmdaRef {
        // SAFETY: this handle's reference keeps the object alive; its type was checked.
        unsafe { DmdaRef::from_ptr(self.0.as_ptr()) }
    }
}

impl DerefMut for Dmda {
    #[inline]
    fn deref_mut(&mut self) -> &mut DmdaRef {
        // SAFETY: this handle's reference keeps the object alive; its type was checked.
        unsafe { DmdaRef::from_ptr_mut(self.0.as_ptr()) }
    }
}

impl Deref for DmdaRef {
    type Target = DmRef;

    #[inline]
    fn deref(&self) -> &DmRef {
        &self.0
    }
}

impl DerefMut for DmdaRef {
    #[inline]
    fn deref_mut(&mut self) -> &mut DmRef {
        &mut self.0
    }
}

// SAFETY: this handle's reference keeps the object alive.
unsafe impl Object for Dmda {
    #[inline]
    fn object_ptr(&self) -> sys::PetscObject {
        self.0.object_ptr()
    }
}

// SAFETY: a borrowed handle exists only while its object lives.
unsafe impl Object for DmdaRef {
    #[inline]
    fn object_ptr(&self) -> sys::PetscObject {
        self.0.object_ptr()
    }
}

impl fmt::Debug for Dmda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::object::debug("Dmda", self, f)
    }
}

impl fmt::Debug for DmdaRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::object::debug("DmdaRef", self, f)
    }
}
