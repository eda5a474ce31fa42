//! Second differences on a box of points, as balances of cells around them: the five-point formula in two
//! dimensions, the seven-point formula in three.
//!
//! Each point has a cell that reaches half way to its neighbours, and what flows through a face is the difference
//! of two values over their distance, times the face. At a side that is not held the cell ends with the side: half
//! a cell, half a face. So the formula is symmetric whatever the sides are, and conjugate gradients are legal.

use petsc_rs::DmdaRef;
use petsc_rs::dm::{GridIndex, StencilPoint};
use petsc_rs::prelude::*;

/// A side of the box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Side {
    /// Zero there; its points are no unknowns.
    Held,
    /// What flows out is the value times this number: 0 where it is insulated.
    Open(Real),
}

impl Side {
    /// Nothing flows through.
    pub const INSULATED: Self = Self::Open(0.0);
}

/// The two sides of each direction.
pub type Sides = [[Side; 2]; 3];

/// A point in as many dimensions as the grid has.
pub trait Place: GridIndex + StencilPoint {
    /// The point with these indices.
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

/// The cells of a grid.
#[derive(Clone, Copy, Debug)]
pub struct Cells {
    dimension: usize,
    sizes: [Int; 3],
    spacing: [Real; 3],
    sides: Sides,
    /// Volume, weights and weight of the own value where no side is near.
    inner: (Real, [Real; 3], Real),
}

impl Cells {
    /// The cells of a grid of two or three dimensions over a box with these lengths.
    ///
    /// # Errors
    /// What the grid returns.
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

    /// Whether neither the point nor a neighbour is on a side.
    #[inline]
    fn is_inner(&self, at: [Int; 3]) -> bool {
        (0..self.dimension).all(|d| 1 < at[d] && at[d] < self.sizes[d] - 2)
    }

    /// The side on which a point lies along a direction.
    fn side(&self, d: usize, index: Int) -> Option<Side> {
        if index == 0 {
            Some(self.sides[d][0])
        } else if index == self.sizes[d] - 1 {
            Some(self.sides[d][1])
        } else {
            None
        }
    }

    /// Whether the value at a point is sought: it is not on a side that is held.
    #[must_use]
    #[inline]
    pub fn is_unknown(&self, at: [Int; 3]) -> bool {
        (0..self.dimension).all(|d| self.side(d, at[d]) != Some(Side::Held))
    }

    /// Length of the cell along a direction.
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

    /// Volume of the cell; its area in two dimensions.
    #[must_use]
    pub fn volume(&self, at: [Int; 3]) -> Real {
        if self.is_inner(at) {
            return self.inner.0;
        }
        (0..self.dimension).map(|d| self.extent(d, at[d])).product()
    }

    /// The neighbours that are unknowns, with the weights of their values.
    pub fn neighbours(&self, at: [Int; 3]) -> impl Iterator<Item = ([Int; 3], Real)> + '_ {
        let inner = self.is_inner(at);
        let all = self.around(at);
        all.filter(move |(to, _)| inner || self.is_unknown(*to))
    }

    fn around(&self, at: [Int; 3]) -> impl Iterator<Item = ([Int; 3], Real)> + '_ {
        let inner = self.is_inner(at);
        (0..self.dimension).flat_map(move |d| {
            let weight = if inner {
                self.inner.1[d]
            } else {
                self.face(d, at) / self.spacing[d]
            };
            [-1, 1].into_iter().filter_map(move |step| {
                let mut to = at;
                to[d] += step;
                (0..self.sizes[d]).contains(&to[d]).then_some((to, weight))
            })
        })
    }

    /// The weight of the point's own value.
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
