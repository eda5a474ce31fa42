//! The membrane of the workshop with fixed edges: the 5-point Laplacian and a lumped mass matrix.

use std::f64::consts::PI;

use petsc_rs::prelude::*;

use super::{Problem, Sheet};

/// A rectangular membrane with fixed edges on a grid of interior points. Units are meters and
/// seconds.
#[derive(Clone, Copy, Debug)]
pub struct Membrane {
    /// The number of interior points along the length.
    pub nx: usize,
    /// The number of interior points across the width.
    pub ny: usize,
    /// The length in m.
    pub length: f64,
    /// The width in m.
    pub width: f64,
    /// The wave speed in m/s: the square root of tension divided by mass per area.
    pub speed: f64,
}

/// A mode with known eigenvalue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exact {
    /// The number of half waves along the length.
    pub p: usize,
    /// The number of half waves across the width.
    pub q: usize,
    /// `ω²` of the discrete problem in 1/s².
    pub discrete: f64,
    /// `ω²` of the membrane. The discretization error is of second order in the grid spacing.
    pub continuum: f64,
}

impl Exact {
    /// Returns the `count` lowest of all pairs of half waves, from both eigenvalues of each pair.
    pub(super) fn lowest(
        [nx, ny]: [usize; 2],
        count: usize,
        values: impl Fn(usize, usize) -> (f64, f64),
    ) -> Vec<Self> {
        let mut list: Vec<Self> = (1..=nx)
            .flat_map(|p| (1..=ny).map(move |q| (p, q)))
            .map(|(p, q)| {
                let (discrete, continuum) = values(p, q);
                Self { p, q, discrete, continuum }
            })
            .collect();
        list.sort_by(|a, b| a.discrete.total_cmp(&b.discrete));
        list.truncate(count);
        list
    }
}

impl Membrane {
    /// Returns the number of interior points.
    #[must_use]
    pub fn points(&self) -> usize {
        self.nx * self.ny
    }

    fn spacing(&self) -> (f64, f64) {
        (self.length / (self.nx + 1) as f64, self.width / (self.ny + 1) as f64)
    }

    /// Computes the matrices of `K·u = ω²·M·u`: the energy of the differences between neighbors,
    /// and the mass of the cell of each point with area `hx·hy`. (The workshop's script has
    /// `hx·hx`, which is correct for square cells only.) Points are numbered along the length
    /// first. Collective.
    ///
    /// # Errors
    /// Errors of the assembly.
    pub fn problem(&self, comm: &Comm) -> Result<Problem> {
        let (hx, hy) = self.spacing();
        let square = self.speed * self.speed;
        let (kx, ky) = (square * hy / hx, square * hx / hy);
        let (nx, n) = (Int::try_from(self.nx)?, Int::try_from(self.points())?);
        let mut stiffness = Matrix::builder(comm).global_size(n, n).preallocate(5, 5).build()?;
        let mut mass = Matrix::builder(comm).global_size(n, n).preallocate(1, 0).build()?;
        for row in stiffness.ownership_range()? {
            let mut set = |column, value| {
                stiffness.set_value(row, column, Scalar::from_real(value), InsertMode::Insert)
            };
            set(row, 2.0 * (kx + ky))?;
            if row % nx > 0 {
                set(row - 1, -kx)?;
            }
            if row % nx < nx - 1 {
                set(row + 1, -kx)?;
            }
            if row >= nx {
                set(row - nx, -ky)?;
            }
            if row < n - nx {
                set(row + nx, -ky)?;
            }
            mass.set_value(row, row, Scalar::from_real(hx * hy), InsertMode::Insert)?;
        }
        stiffness.assemble()?;
        mass.assemble()?;
        Ok(Problem::new(stiffness, Some(mass)))
    }

    /// Returns the points, for figures. Collective.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub fn sheet(&self, comm: &Comm) -> Result<Sheet> {
        let held = [[true; 2]; 2];
        Sheet::new(comm, [self.nx, self.ny], [self.length, self.width], held, false)
    }

    /// Returns the `count` lowest eigenvalues in closed form. Products of sines are discrete modes
    /// with `ω² = (2c/hx)²·sin²(pπ/2(nx+1)) + (2c/hy)²·sin²(qπ/2(ny+1))`.
    #[must_use]
    pub fn exact(&self, count: usize) -> Vec<Exact> {
        let (hx, hy) = self.spacing();
        let discrete = |mode: usize, n: usize, h: f64| {
            (2.0 * self.speed / h * (mode as f64 * PI / (2.0 * (n + 1) as f64)).sin()).powi(2)
        };
        let continuum = |mode: usize, l: f64| (self.speed * mode as f64 * PI / l).powi(2);
        Exact::lowest([self.nx, self.ny], count, |p, q| {
            (
                discrete(p, self.nx, hx) + discrete(q, self.ny, hy),
                continuum(p, self.length) + continuum(q, self.width),
            )
        })
    }
}
