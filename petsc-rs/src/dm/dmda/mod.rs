//! Structured grids (`DMDA` in C).

mod builder;
mod create;
mod elements;
mod index;
mod info;
mod natural;
mod places;
mod stencil;
mod view;

pub use builder::DmdaBuilder;
pub use elements::{ElementType, Elements};
pub(super) use index::Shape;
pub use index::{GridIndex, RowIndex};
pub use info::{Corners, Info, Layout};
pub use places::{Component, StencilPoint, component};
pub use stencil::StencilAssembler;
pub use view::{GridMut, GridRead};

use petsc_macros::wraps;

use super::types::dm_kind;
use crate::c_enum::c_enum;
use crate::sys;

c_enum! {
    /// Boundary type of a direction of a grid.
    #[doc(alias = "DMBoundaryType")]
    BoundaryType of DMBoundaryType;
    /// No ghost points outside the grid.
    None = DM_BOUNDARY_NONE,
    /// Ghost points that PETSc does not fill; the program sets their values.
    Ghosted = DM_BOUNDARY_GHOSTED,
    /// Ghost points mirror interior points: point `-1` is point `1`. Requires a star stencil.
    Mirror = DM_BOUNDARY_MIRROR,
    /// Periodic: point `-1` is the last point.
    Periodic = DM_BOUNDARY_PERIODIC,
    /// Periodic with reversed orientation, like a Möbius strip. PETSc does not implement this type.
    Twist = DM_BOUNDARY_TWIST,
}

c_enum! {
    /// Shape of a stencil: the neighbors of a point.
    #[doc(alias = "DMDAStencilType")]
    StencilType of DMDAStencilType;
    /// Neighbors along the axes.
    Star = DMDA_STENCIL_STAR,
    /// Neighbors along the axes and diagonals, including corners.
    Box = DMDA_STENCIL_BOX,
}

c_enum! {
    /// Type of interpolation from a coarse to a fine grid.
    #[doc(alias = "DMDAInterpolationType")]
    InterpolationType of DMDAInterpolationType;
    /// Piecewise constant, for values in cells. In one dimension, PETSc supports this type only for
    /// periodic grids.
    Q0 = DMDA_Q0,
    /// Linear in each direction, for values at vertices.
    Q1 = DMDA_Q1,
}

dm_kind! {
    /// A structured grid of one, two or three dimensions, with one or more unknowns at each point.
    ///
    /// A program creates a grid with [`Dmda::builder`], and the grid creates vectors and matrices. Each
    /// rank owns a box of points ([`corners`](DmdaRef::corners)). Global vectors contain the points of
    /// the rank; local vectors also contain the ghost points around them. Dropping the handle destroys
    /// the grid, unless a vector, a matrix or a solver has a reference to it.
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
    ///         u[(i, j)] = Scalar::from_real((i * i + j * j) as f64);
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
    ///
    /// # Options
    /// With [`DmdaBuilder::from_options`]: `-da_grid_x`, `-da_refine`, `-da_processors_x`,
    /// `-dm_mat_type`.
    ///
    /// # See also
    /// [`Dm`](crate::Dm) (the methods of all DMs), [`DmdaRef::array`] (values by grid point),
    /// [`DmdaRef::stencil_assembler`] (matrix entries by grid point),
    /// [`DmRef::global_to_local`](crate::DmRef::global_to_local) (ghost points),
    /// [`DmStag`](crate::dm::DmStag) (unknowns on edges and faces).
    #[wraps(DMDA)]
    Dmda,
    /// A borrowed [`Dmda`].
    DmdaRef,
    c"da",
    as_dmda,
    into_dmda,
}
