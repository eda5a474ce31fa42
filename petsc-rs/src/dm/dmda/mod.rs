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
    /// Periodic, glued the other way round like a Möbius strip: a name without an implementation.
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
    /// Constant in cells: the values belong to cells. In one dimension, PETSc has it only for periodic
    /// grids.
    Q0 = DMDA_Q0,
    /// Linear in each direction: the values belong to vertices.
    Q1 = DMDA_Q1,
}

dm_kind! {
    /// A structured grid of one, two or three dimensions, with one or more unknowns at each point.
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
    #[wraps(DMDA)]
    Dmda,
    /// A borrowed [`Dmda`].
    DmdaRef,
    c"da",
    as_dmda,
    into_dmda,
}
