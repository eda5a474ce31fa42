//! The points of a membrane or a plate, where they are and which of them move.

use petsc_rs::dm::StencilType;
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, VectorRef};

use crate::app::divided;

/// A grid of the points that move: all but those on edges that are held.
#[derive(Debug)]
pub struct Sheet {
    grid: Dmda,
    /// Number of cells between the points, edges included.
    cells: [usize; 2],
    size: [f64; 2],
    held: [[bool; 2]; 2],
    /// Whether vectors are in the grid's order, else in the natural one.
    distributed: bool,
}

impl Sheet {
    /// The grid with `inner` points between the edges of a rectangle of this size; `held` says which edges stay where
    /// they are, those of `x` first. Vectors are `distributed` as the grid is, or numbered along `x` first. Collective.
    ///
    /// # Errors
    /// What the grid returns.
    pub fn new(
        comm: &Comm,
        inner: [usize; 2],
        size: [f64; 2],
        held: [[bool; 2]; 2],
        distributed: bool,
    ) -> Result<Self> {
        let cells = inner.map(|n| n + 1);
        let axis = |d: usize| {
            let h = size[d] / cells[d] as f64;
            let first = if held[d][0] { h } else { 0.0 };
            let last = if held[d][1] { size[d] - h } else { size[d] };
            let points = cells[d] + 1 - held[d].iter().filter(|&&held| held).count();
            (points, (first, last))
        };
        let (x, y) = (axis(0), axis(1));
        let grid = Dmda::builder(comm)
            .sizes([x.0, y.0])
            .stencil(StencilType::Star, 1)
            .uniform_coordinates([x.1, y.1])
            .field_names(["displacement"])
            .build();
        let grid = divided(comm, &[x.0, y.0], grid)?;
        Ok(Self {
            grid,
            cells,
            size,
            held,
            distributed,
        })
    }

    /// The grid of the points that move.
    #[must_use]
    pub fn grid(&self) -> &DmdaRef {
        &self.grid
    }

    /// Length and width in m.
    #[must_use]
    pub fn size(&self) -> (f64, f64) {
        (self.size[0], self.size[1])
    }

    /// Number of points along both directions, edges included.
    #[must_use]
    pub fn points(&self) -> (usize, usize) {
        (self.cells[0] + 1, self.cells[1] + 1)
    }

    fn first(&self, d: usize) -> Int {
        Int::from(self.held[d][0])
    }

    /// The points of this rank, counted from the corner of the sheet.
    ///
    /// # Errors
    /// What the grid returns.
    pub(super) fn own_points(&self) -> Result<Vec<(Int, Int)>> {
        let (x, y) = (self.first(0), self.first(1));
        let points = self.grid.corners()?.points();
        Ok(points.map(|(i, j)| (i + x, j + y)).collect())
    }

    /// Whether this is a point of the sheet that is not held.
    pub(super) fn moves(&self, (i, j): (Int, Int)) -> bool {
        [i, j].into_iter().enumerate().all(|(d, k)| {
            let last = Int::try_from(self.cells[d]).unwrap_or(Int::MAX);
            self.first(d) <= k && k <= last - Int::from(self.held[d][1])
        })
    }

    /// Indices in vectors of points that move. Collective.
    pub(super) fn indices(&self, points: &[(Int, Int)]) -> Result<Vec<Int>> {
        let (x, y) = (self.first(0), self.first(1));
        let across = Int::try_from(self.cells[0] + 1)? - x - Int::from(self.held[0][1]);
        let mut list: Vec<Int> = points
            .iter()
            .map(|(i, j)| (j - y) * across + (i - x))
            .collect();
        self.grid.ordering()?.application_to_petsc(&mut list)?;
        Ok(list)
    }

    /// A vector in the order of the grid. Collective.
    ///
    /// # Errors
    /// What the grid returns.
    pub fn on_grid(&self, shape: &VectorRef) -> Result<Vector> {
        let mut x = self.grid.create_global_vector()?;
        if self.distributed {
            x.copy_from(shape)?;
        } else {
            self.grid
                .natural_to_global(shape, InsertMode::Insert, &mut x)?;
        }
        Ok(x)
    }

    /// The values at all points, edges included, numbered along `x` first, on every rank. Collective.
    ///
    /// # Errors
    /// What the communication returns.
    pub fn gather(&self, shape: &VectorRef) -> Result<Vec<Scalar>> {
        let values = if self.distributed {
            self.grid.gather_natural(shape)?
        } else {
            shape.gather_to_all()?
        };
        let mut values = values.into_iter();
        let (nx, ny) = self.points();
        let mut all = Vec::with_capacity(nx * ny);
        for j in 0..ny {
            for i in 0..nx {
                let at = (Int::try_from(i)?, Int::try_from(j)?);
                let value = if self.moves(at) { values.next() } else { None };
                all.push(value.unwrap_or_default());
            }
        }
        Ok(all)
    }
}
