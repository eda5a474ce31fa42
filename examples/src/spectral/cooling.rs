//! Cooling of a plate, `u(t) = exp(t·A)·u₀`, in one step for any time.

use std::f64::consts::PI;
use std::ops::Range;

use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, VectorRef};
use slepc_rs::mfn::{Converged, Tolerances};
use slepc_rs::prelude::*;

/// A plate with zero temperature at its edges. The initial temperature is 1 in the central third
/// along both directions, and 0 elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Slab {
    /// The number of interior points along the length.
    pub nx: usize,
    /// The number of interior points across the width.
    pub ny: usize,
    /// The length in m.
    pub length: f64,
    /// The width in m.
    pub width: f64,
    /// The thermal diffusivity in m²/s.
    pub diffusivity: f64,
}

impl Slab {
    /// Creates the DMDA of the interior points. Collective.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub fn grid(&self, comm: &Comm) -> Result<Dmda> {
        Dmda::builder(comm).sizes([self.nx, self.ny]).build()
    }

    fn spacing(&self) -> (f64, f64) {
        (self.length / (self.nx + 1) as f64, self.width / (self.ny + 1) as f64)
    }

    /// Computes `A = a·∇²` with the five-point stencil. Collective.
    ///
    /// # Errors
    /// Errors of the assembly.
    pub fn operator(&self, grid: &DmdaRef) -> Result<Matrix> {
        let (hx, hy) = self.spacing();
        let (x, y) = (self.diffusivity / (hx * hx), self.diffusivity / (hy * hy));
        let (nx, ny) = (Int::try_from(self.nx)?, Int::try_from(self.ny)?);
        let mut a = grid.create_matrix()?;
        let mut entries = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
        for (i, j) in grid.corners()?.points() {
            let around = [((i - 1, j), x), ((i + 1, j), x), ((i, j - 1), y), ((i, j + 1), y)];
            let inside =
                |&((i, j), _): &((Int, Int), f64)| (0..nx).contains(&i) && (0..ny).contains(&j);
            let mut row = vec![((i, j), -2.0 * (x + y))];
            row.extend(around.into_iter().filter(inside));
            let row: Vec<_> =
                row.into_iter().map(|(at, value)| (at, Scalar::from_real(value))).collect();
            entries.row((i, j), row)?;
        }
        entries.finish()?;
        Ok(a)
    }

    fn hot(n: usize) -> Range<usize> {
        n / 3..n - n / 3
    }

    /// Returns the initial temperatures. Collective.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub fn start(&self, grid: &DmdaRef) -> Result<Vector> {
        let mut u = grid.create_global_vector()?;
        let (x, y) = (Self::hot(self.nx), Self::hot(self.ny));
        let mut values = grid.array_mut(&mut u)?;
        for (i, j) in grid.corners()?.points() {
            if x.contains(&usize::try_from(i)?) && y.contains(&usize::try_from(j)?) {
                values[(i, j)] = Scalar::from_real(1.0);
            }
        }
        drop(values);
        Ok(u)
    }

    /// Computes the temperatures after a time in s with a Krylov method for `exp(t·A)·u₀`.
    /// Collective.
    ///
    /// # Errors
    /// A solver that does not converge.
    pub fn cool(&self, a: &Matrix, start: &VectorRef, time: f64) -> Result<(Vector, Converged)> {
        let mut mfn = Mfn::new(&a.comm()?)?;
        mfn.set_operator(a)?;
        let mut exponential = mfn.function()?;
        exponential.set_type(FnType::EXP)?;
        exponential.set_scale(Scalar::from_real(time), Scalar::from_real(1.0))?;
        mfn.set_tolerances(Tolerances { tolerance: 1e-10.into(), max_iterations: 1000.into() })?;
        mfn.set_from_options()?;
        let mut u = start.duplicate()?;
        let converged = mfn.solve(start, &mut u)?;
        Ok((u, converged))
    }

    /// Returns the exact discrete solution, with the points along the length first. The solution is
    /// a product of functions of one direction at all times. In each direction, sines are
    /// eigenvectors with the eigenvalues `-a·(2/h·sin(pπ/2(n+1)))²`.
    #[must_use]
    pub fn exact(&self, time: f64) -> Vec<f64> {
        let (hx, hy) = self.spacing();
        let x = self.line(self.nx, hx, time);
        let y = self.line(self.ny, hy, time);
        y.iter().flat_map(|y| x.iter().map(move |x| x * y)).collect()
    }

    fn line(&self, n: usize, h: f64, time: f64) -> Vec<f64> {
        let sine = |p: usize, i: usize| ((p * (i + 1)) as f64 * PI / (n + 1) as f64).sin();
        let mut u = vec![0.0; n];
        for p in 1..=n {
            let strength: f64 = Self::hot(n).map(|i| sine(p, i)).sum();
            let rate = 2.0 / h * (p as f64 * PI / (2 * (n + 1)) as f64).sin();
            let left = (-self.diffusivity * time * rate * rate).exp();
            for (i, u) in u.iter_mut().enumerate() {
                *u += 2.0 / (n + 1) as f64 * strength * left * sine(p, i);
            }
        }
        u
    }
}
