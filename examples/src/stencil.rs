//! Finite volume discretization of the Laplacian on a box: the five-point stencil in two dimensions
//! and the seven-point stencil in three dimensions.
//!
//! The control volume of a point extends half way to its neighbors. The flux through a face is the
//! difference of two values divided by their distance, times the area of the face. At a side
//! without a Dirichlet condition, the control volume ends at the side, so a point on the side has
//! half a cell, and the faces that meet the side are half faces. The matrix is therefore symmetric
//! for all boundary conditions, and the conjugate gradient method is applicable.

use petsc_rs::DmdaRef;
use petsc_rs::dm::{GridIndex, StencilPoint};
use petsc_rs::prelude::*;

/// The boundary condition on a side of the box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Side {
    /// The value is zero. The values at the points of this side are not unknowns.
    Held,
    /// The outward flux is this number times the value; 0 is insulated.
    Open(Real),
}

impl Side {
    /// The boundary condition with zero flux.
    pub const INSULATED: Self = Self::Open(0.0);
}

/// The boundary conditions at both sides in each direction.
pub type Sides = [[Side; 2]; 3];

/// The index of a grid point in two or three dimensions.
pub trait Place: GridIndex + StencilPoint {
    /// Returns the point with these indices.
    fn new(at: [Int; 3]) -> Self;
}

impl Place for (Int, Int) {
    fn new([i, j, _]: [Int; 3]) -> Self {
        (i, j)
    }
}

impl Place for (Int, Int, Int) {
    fn new([i, j, k]: [Int; 3]) -> Self {
        (i, j, k)
    }
}

/// The control volumes of a grid.
#[derive(Clone, Copy, Debug)]
pub struct Cells {
    dimension: usize,
    sizes: [Int; 3],
    spacing: [Real; 3],
    sides: Sides,
    /// Volume, weights and central weight of a point that is not near a side.
    inner: (Real, [Real; 3], Real),
}

impl Cells {
    /// Creates the control volumes of a two- or three-dimensional DMDA on a box with these lengths.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub fn new(grid: &DmdaRef, lengths: [Real; 3], sides: Sides) -> Result<Self> {
        let layout = grid.layout()?;
        let mut spacing = [1.0; 3];
        for d in 0..layout.dimension {
            spacing[d] = lengths[d] / (layout.sizes[d] - 1) as Real;
        }
        let volume: Real = spacing.iter().product();
        let mut weights = [0.0; 3];
        for d in 0..layout.dimension {
            weights[d] = volume / (spacing[d] * spacing[d]);
        }
        Ok(Self {
            dimension: layout.dimension,
            sizes: layout.sizes,
            spacing,
            sides,
            inner: (volume, weights, 2.0 * weights.iter().sum::<Real>()),
        })
    }

    /// Returns whether neither the point nor a neighbor is on a side.
    #[inline]
    fn is_inner(&self, at: [Int; 3]) -> bool {
        (0..self.dimension).all(|d| 1 < at[d] && at[d] < self.sizes[d] - 2)
    }

    /// Returns the boundary condition of the side on which a point lies in a direction.
    fn side(&self, d: usize, index: Int) -> Option<Side> {
        if index == 0 {
            Some(self.sides[d][0])
        } else if index == self.sizes[d] - 1 {
            Some(self.sides[d][1])
        } else {
            None
        }
    }

    /// Returns whether the value at a point is an unknown: the point is not on a Dirichlet side.
    #[must_use]
    #[inline]
    pub fn is_unknown(&self, at: [Int; 3]) -> bool {
        (0..self.dimension).all(|d| self.side(d, at[d]) != Some(Side::Held))
    }

    /// Returns the length of the control volume in a direction.
    fn extent(&self, d: usize, index: Int) -> Real {
        match self.side(d, index) {
            Some(Side::Open(_)) => 0.5 * self.spacing[d],
            _ => self.spacing[d],
        }
    }

    fn face(&self, d: usize, at: [Int; 3]) -> Real {
        let others = (0..self.dimension).filter(|&e| e != d);
        others.map(|e| self.extent(e, at[e])).product()
    }

    /// Returns the volume of the control volume, or its area in two dimensions.
    #[must_use]
    pub fn volume(&self, at: [Int; 3]) -> Real {
        if self.is_inner(at) {
            return self.inner.0;
        }
        (0..self.dimension).map(|d| self.extent(d, at[d])).product()
    }

    /// Returns the neighbors that are unknowns, with the weights of their values.
    pub fn neighbours(&self, at: [Int; 3]) -> impl Iterator<Item = ([Int; 3], Real)> + '_ {
        let inner = self.is_inner(at);
        let all = self.around(at);
        all.filter(move |(to, _)| inner || self.is_unknown(*to))
    }

    fn around(&self, at: [Int; 3]) -> impl Iterator<Item = ([Int; 3], Real)> + '_ {
        let inner = self.is_inner(at);
        (0..self.dimension).flat_map(move |d| {
            let weight = if inner { self.inner.1[d] } else { self.face(d, at) / self.spacing[d] };
            [-1, 1].into_iter().filter_map(move |step| {
                let mut to = at;
                to[d] += step;
                (0..self.sizes[d]).contains(&to[d]).then_some((to, weight))
            })
        })
    }

    /// Returns the weight of the value at the point itself.
    #[must_use]
    pub fn diagonal(&self, at: [Int; 3]) -> Real {
        if self.is_inner(at) {
            return self.inner.2;
        }
        let through: Real = self.around(at).map(|(_, weight)| weight).sum();
        let out = (0..self.dimension).map(|d| match self.side(d, at[d]) {
            Some(Side::Open(exchange)) => exchange * self.face(d, at),
            _ => 0.0,
        });
        through + out.sum::<Real>()
    }
}
