//! The grid points of a membrane or a plate.

use petsc_rs::dm::StencilType;
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, VectorRef};

use crate::app::divided;

/// A DMDA of the unknowns: all points except those on fixed edges.
#[derive(Debug)]
pub struct Sheet {
    grid: Dmda,
    /// The number of cells between the points, including the edges.
    cells: [usize; 2],
    size: [f64; 2],
    held: [[bool; 2]; 2],
    /// Whether vectors have PETSc's ordering of the DMDA. If not, they have the natural ordering.
    distributed: bool,
}

impl Sheet {
    /// Creates the DMDA with `inner` points between the edges of a rectangle of this size. `held`
    /// states which edges are fixed: first the two edges normal to `x`, then the two edges normal
    /// to `y`. If `distributed` is true, vectors have PETSc's ordering of the DMDA; otherwise, they
    /// have the natural ordering, along `x` first. Collective.
    ///
    /// # Errors
    /// Errors of the DMDA.
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
        Ok(Self { grid, cells, size, held, distributed })
    }

    /// Returns the DMDA of the unknowns.
    #[must_use]
    pub fn grid(&self) -> &DmdaRef {
        &self.grid
    }

    /// Returns length and width in m.
    #[must_use]
    pub fn size(&self) -> (f64, f64) {
        (self.size[0], self.size[1])
    }

    /// Returns the number of points in both directions, including the edges.
    #[must_use]
    pub fn points(&self) -> (usize, usize) {
        (self.cells[0] + 1, self.cells[1] + 1)
    }

    fn first(&self, d: usize) -> Int {
        Int::from(self.held[d][0])
    }

    /// Returns the points of this rank, counted from the corner of the sheet.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub(super) fn own_points(&self) -> Result<Vec<(Int, Int)>> {
        let (x, y) = (self.first(0), self.first(1));
        let points = self.grid.corners()?.points();
        Ok(points.map(|(i, j)| (i + x, j + y)).collect())
    }

    /// Returns whether this is an unknown of the sheet.
    pub(super) fn moves(&self, (i, j): (Int, Int)) -> bool {
        [i, j].into_iter().enumerate().all(|(d, k)| {
            let last = Int::try_from(self.cells[d]).unwrap_or(Int::MAX);
            self.first(d) <= k && k <= last - Int::from(self.held[d][1])
        })
    }

    /// Returns the vector indices of unknowns. Collective.
    pub(super) fn indices(&self, points: &[(Int, Int)]) -> Result<Vec<Int>> {
        let (x, y) = (self.first(0), self.first(1));
        let across = Int::try_from(self.cells[0] + 1)? - x - Int::from(self.held[0][1]);
        let mut list: Vec<Int> = points.iter().map(|(i, j)| (j - y) * across + (i - x)).collect();
        self.grid.ordering()?.application_to_petsc(&mut list)?;
        Ok(list)
    }

    /// Creates a vector in the ordering of the DMDA. Collective.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub fn on_grid(&self, shape: &VectorRef) -> Result<Vector> {
        let mut x = self.grid.create_global_vector()?;
        if self.distributed {
            x.copy_from(shape)?;
        } else {
            self.grid.natural_to_global(shape, InsertMode::Insert, &mut x)?;
        }
        Ok(x)
    }

    /// Returns the values at all points, including the edges, numbered along `x` first, on every
    /// rank. Collective.
    ///
    /// # Errors
    /// Errors of the communication.
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
