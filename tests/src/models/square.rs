//! The unit square of several ports: mesh widths, boundary points, and the initial state.

use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, VectorRef};

/// A grid of points on the unit square.
#[derive(Clone, Copy, Debug)]
pub struct Square {
    /// The number of points along x.
    pub mx: Int,
    /// The number of points along y.
    pub my: Int,
    /// The mesh width along x.
    pub hx: Real,
    /// The mesh width along y.
    pub hy: Real,
}

impl Square {
    /// Returns the points of a DMDA.
    ///
    /// # Errors
    /// Errors of `DMDAGetInfo`.
    pub fn of(grid: &DmdaRef) -> Result<Self> {
        let [mx, my, _] = grid.layout()?.sizes;
        Ok(Self { mx, my, hx: 1.0 / (mx - 1) as Real, hy: 1.0 / (my - 1) as Real })
    }

    /// Returns whether a point is on the boundary.
    #[must_use]
    pub fn edge(self, (i, j): (Int, Int)) -> bool {
        i == 0 || j == 0 || i == self.mx - 1 || j == self.my - 1
    }

    /// Returns the coordinates of a point.
    #[must_use]
    pub fn place(self, (i, j): (Int, Int)) -> (Real, Real) {
        (i as Real * self.hx, j as Real * self.hy)
    }

    /// Returns the mesh widths.
    #[must_use]
    pub fn widths(self) -> (Real, Real) {
        (self.hx, self.hy)
    }

    /// Returns `1/hx²` and `1/hy²`.
    #[must_use]
    pub fn weights(self) -> (Real, Real) {
        let (hx, hy) = self.widths();
        (1.0 / (hx * hx), 1.0 / (hy * hy))
    }
}

/// Sets `exp(-30 r³)` within the distance 1/8 from the center, and 0 outside.
///
/// # Errors
/// Errors of the DMDA.
pub fn hill(grid: &DmdaRef, u: &mut VectorRef) -> Result<()> {
    let (hx, hy) = Square::of(grid)?.widths();
    let mut u = grid.array_mut(u)?;
    for (i, j) in grid.corners()?.points() {
        let (x, y) = (i as Real * hx - 0.5, j as Real * hy - 0.5);
        let r = (x * x + y * y).sqrt();
        let height = if r < 0.125 { (-30.0 * r * r * r).exp() } else { 0.0 };
        u[(i, j)] = Scalar::from_real(height);
    }
    Ok(())
}
