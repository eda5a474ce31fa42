//! Port of PETSc's `src/snes/tutorials/ex5.c`: the Bratu problem in two dimensions, with
//! manufactured solutions.

use std::f64::consts::PI;

use petsc_rs::dm::{GridMut, GridRead, StencilAssembler};
use petsc_rs::prelude::*;
use petsc_rs::{Dmda, DmdaRef, Snes, SnesRef, VectorRef};

use crate::models::{self, square::Square};

type In<'a> = GridRead<'a, Scalar>;
type Out<'a> = GridMut<'a, Scalar>;

/// The parameter of the problem and its manufactured solution.
#[derive(Clone, Copy)]
struct Problem {
    lambda: Real,
    solution: Solution,
}

/// The manufactured solution.
#[derive(Clone, Copy)]
enum Solution {
    /// No manufactured solution.
    None,
    Polynomial,
    Sine,
    Waves {
        m: Real,
        n: Real,
    },
    Quartic,
}

impl Solution {
    fn value(self, x: Real, y: Real) -> Real {
        match self {
            Self::None => 0.0,
            Self::Polynomial => x * (1.0 - x) * y * (1.0 - y),
            Self::Sine => (PI * x).sin() * (PI * y).sin(),
            Self::Waves { m, n } => (m * PI * x * (1.0 - y)).sin() * (n * PI * y * (1.0 - x)).sin(),
            Self::Quartic => (x.powi(4) - x * x) * (y.powi(4) - y * y),
        }
    }

    /// Returns the additional term of the right-hand side.
    fn forcing(self, lambda: Real, x: Real, y: Real) -> Real {
        let source = lambda * self.value(x, y).exp();
        match self {
            Self::None => 0.0,
            Self::Polynomial => 2.0 * x * (1.0 - x) + 2.0 * y * (1.0 - y) - source,
            Self::Sine => 2.0 * PI * PI * self.value(x, y) - source,
            Self::Waves { m, n } => {
                let (a, b) = (m * PI * x * (y - 1.0), n * PI * (x - 1.0) * y);
                let mixed = -2.0 * m * n * ((x - 1.0) * x + (y - 1.0) * y) * a.cos() * b.cos();
                let (mm, nn) = (m * m, n * n);
                let squares = mm * (x * x + (y - 1.0).powi(2)) + nn * ((x - 1.0).powi(2) + y * y);
                -source + PI * PI * (mixed + squares * a.sin() * b.sin())
            }
            Self::Quartic => {
                let (xx, yy) = (x * x, y * y);
                2.0 * xx * (xx - 1.0) * (1.0 - 6.0 * yy) + 2.0 * yy * (1.0 - 6.0 * xx) * (yy - 1.0)
                    - source
            }
        }
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the solve, and parameters out of range.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let lambda = options.real("-par")?.unwrap_or(6.0);
    if !(0.0..=6.81).contains(&lambda) {
        return Err(Error::input(format!("Lambda, {lambda}, is out of range, [0, 6.81]")));
    }
    let mms = options.int("-mms")?;
    let power = |name: &str, default: i32| -> Result<Real> {
        let exponent = options.int(name)?.map_or(Ok(default), i32::try_from)?;
        Ok((2.0 as Real).powi(exponent))
    };
    let solution = match mms.unwrap_or(1) {
        0 => Solution::None,
        1 => Solution::Polynomial,
        2 => Solution::Sine,
        3 => Solution::Waves { m: power("-m_par", 2)?, n: power("-n_par", 1)? },
        4 => Solution::Quartic,
        other => return Err(Error::input(format!("Unknown MMS type {other}"))),
    };
    let problem = Problem { lambda, solution };

    let mut snes = Snes::new(world)?;
    snes.set_counters_reset(false)?;
    let grid = Dmda::builder(world)
        .sizes([4, 4])
        .uniform_coordinates([(0.0, 1.0), (0.0, 1.0)])
        .from_options()
        .build()?;
    snes.set_dm(&grid)?;
    snes.set_ngs(move |snes, x, b| gauss_seidel(lambda, snes, x, b))?;
    let mut x = grid.create_global_vector()?;
    snes.set_function_local(move |grid: &DmdaRef, u: &In<'_>, f: &mut Out<'_>| {
        function(problem, grid, u, f)
    })?;
    if !options.bool("-fd")?.unwrap_or(false) {
        snes.set_jacobian_local(
            move |grid: &DmdaRef, u: &In<'_>, rows: &mut StencilAssembler<'_>| {
                jacobian(lambda, grid, u, rows)
            },
        )?;
    }
    if options.bool("-obj")?.unwrap_or(false) {
        let comm = world.duplicate()?;
        snes.set_objective(move |snes, x| objective(lambda, &comm, snes.dm()?.as_dmda()?, x))?;
    }
    snes.set_from_options()?;
    initial_guess(lambda, &grid, &mut x)?;
    let _ = snes.solve_unchecked(None, &mut x)?;
    if snes.linear_iterations()? != snes.ksp()?.total_iterations()? {
        return Err(Error::user("the numbers of linear iterations do not match"));
    }
    if mms.is_some() {
        let mut error = x.duplicate()?;
        exact(problem, &grid, &mut error)?;
        error.axpy(Scalar::from_real(-1.0), &x)?;
        let n = error.len()?;
        let root = u32::try_from(n).map_or(Real::INFINITY, Real::from).sqrt();
        let (two, max) = (error.norm(Norm::Two)? / root, error.norm(Norm::Infinity)?);
        petsc.print(format_args!("N: {n} error L2 {two:e} inf {max:e}\n"))?;
    }
    Ok(())
}

fn initial_guess(lambda: Real, grid: &DmdaRef, x: &mut VectorRef) -> Result<()> {
    let s = Square::of(grid)?;
    let factor = lambda / (lambda + 1.0);
    let mut u = grid.array_mut(x)?;
    for (i, j) in grid.corners()?.points() {
        let (dx, dy) = (i.min(s.mx - i - 1) as Real * s.hx, j.min(s.my - j - 1) as Real * s.hy);
        let value = if s.edge((i, j)) { 0.0 } else { factor * dx.min(dy).sqrt() };
        u[(i, j)] = Scalar::from_real(value);
    }
    Ok(())
}

fn exact(problem: Problem, grid: &DmdaRef, x: &mut VectorRef) -> Result<()> {
    let s = Square::of(grid)?;
    let mut u = grid.array_mut(x)?;
    for (i, j) in grid.corners()?.points() {
        let value = problem.solution.value(i as Real * s.hx, j as Real * s.hy);
        u[(i, j)] = Scalar::from_real(value);
    }
    Ok(())
}

fn function(problem: Problem, grid: &DmdaRef, x: &In<'_>, f: &mut Out<'_>) -> Result<()> {
    let s = Square::of(grid)?;
    let r = Scalar::from_real;
    let (hxdhy, hydhx, two) = (r(s.hx / s.hy), r(s.hy / s.hx), r(2.0));
    let made = |i: Int, j: Int| r(problem.solution.value(i as Real * s.hx, j as Real * s.hy));
    // At boundary points, the known values are used instead of unknowns, so the Jacobian is
    // symmetric.
    let at = |i: Int, j: Int| {
        if s.edge((i, j)) { made(i, j) } else { x[(i, j)] }
    };
    for (i, j) in grid.corners()?.points() {
        f[(i, j)] = if s.edge((i, j)) {
            two * (hydhx + hxdhy) * (x[(i, j)] - made(i, j))
        } else {
            let u = x[(i, j)];
            let uxx = (two * u - at(i - 1, j) - at(i + 1, j)) * hydhx;
            let uyy = (two * u - at(i, j - 1) - at(i, j + 1)) * hxdhy;
            let (px, py) = (i as Real * s.hx, j as Real * s.hy);
            let forcing = r(problem.solution.forcing(problem.lambda, px, py));
            uxx + uyy - r(s.hx * s.hy) * (r(problem.lambda) * u.exp() + forcing)
        };
    }
    Ok(())
}

fn objective(lambda: Real, comm: &Comm, grid: &DmdaRef, x: &VectorRef) -> Result<Real> {
    let s = Square::of(grid)?;
    let r = Scalar::from_real;
    let (hxdhy, hydhx, two) = (r(s.hx / s.hy), r(s.hy / s.hx), r(2.0));
    let source = r(s.hx * s.hy * lambda);
    let mut local = grid.local_vector()?;
    grid.global_to_local(x, InsertMode::Insert, &mut local)?;
    let x = grid.array(&local)?;
    let at = |i: Int, j: Int| {
        if s.edge((i, j)) { r(0.0) } else { x[(i, j)] }
    };
    let mut sum = 0.0;
    for (i, j) in grid.corners()?.points() {
        let u = x[(i, j)];
        sum += if s.edge((i, j)) {
            ((hydhx + hxdhy) * u * u).real()
        } else {
            let uxux = u * (two * u - at(i - 1, j) - at(i + 1, j)) * hydhx;
            let uyuy = u * (two * u - at(i, j - 1) - at(i, j + 1)) * hxdhy;
            (r(0.5) * (uxux + uyuy) - source * u.exp()).real()
        };
    }
    Ok(models::total(comm, sum))
}

fn jacobian(
    lambda: Real,
    grid: &DmdaRef,
    x: &In<'_>,
    rows: &mut StencilAssembler<'_>,
) -> Result<()> {
    let s = Square::of(grid)?;
    let r = Scalar::from_real;
    let (hxdhy, hydhx) = (r(s.hx / s.hy), r(s.hy / s.hx));
    let (center, source) = (r(2.0) * (hydhx + hxdhy), r(s.hx * s.hy * lambda));
    for (i, j) in grid.corners()?.points() {
        if s.edge((i, j)) {
            rows.set((i, j), (i, j), center)?;
            continue;
        }
        let entries = [
            ((i, j - 1), -hxdhy, j - 1 != 0),
            ((i - 1, j), -hydhx, i - 1 != 0),
            ((i, j), center - source * x[(i, j)].exp(), true),
            ((i + 1, j), -hydhx, i + 1 != s.mx - 1),
            // As in the C program, this compares with the number of columns, which is correct for
            // square grids only.
            ((i, j + 1), -hxdhy, j + 1 != s.mx - 1),
        ];
        let kept = entries.into_iter().filter(|e| e.2).map(|(at, value, _)| (at, value));
        rows.row((i, j), kept)?;
    }
    Ok(())
}

fn gauss_seidel(
    lambda: Real,
    snes: &SnesRef,
    x: &mut VectorRef,
    b: Option<&VectorRef>,
) -> Result<()> {
    let sweeps = snes.ngs_sweeps()?;
    let (atol, rtol, stol, most) = snes.ngs_tolerances()?;
    let grid = snes.dm()?.into_dmda()?;
    let s = Square::of(&grid)?;
    let r = Scalar::from_real;
    let (hxdhy, hydhx, two) = (r(s.hx / s.hy), r(s.hy / s.hx), r(2.0));
    let source = r(s.hx * s.hy * lambda);
    let mut local = grid.local_vector()?;
    for _ in 0..sweeps {
        grid.global_to_local(x, InsertMode::Insert, &mut local)?;
        {
            let right = b.map(|b| grid.array(b)).transpose()?;
            let mut v = grid.array_mut(&mut local)?;
            for (i, j) in grid.corners()?.points() {
                if s.edge((i, j)) {
                    v[(i, j)] = r(0.0);
                    continue;
                }
                let bij = right.as_ref().map_or(r(0.0), |b| b[(i, j)]);
                let (un, us) = (v[(i, j - 1)], v[(i, j + 1)]);
                let (ue, uw) = (v[(i - 1, j)], v[(i + 1, j)]);
                let mut u = v[(i, j)];
                let mut first = 0.0;
                for k in 0..most {
                    let eu = u.exp();
                    let uxx = (two * u - ue - uw) * hydhx;
                    let uyy = (two * u - un - us) * hxdhy;
                    let f = uxx + uyy - source * eu - bij;
                    let y = f / (two * (hydhx + hxdhy) - source * eu);
                    let size = f.real().abs();
                    if k == 0 {
                        first = size;
                    }
                    u -= y;
                    if atol > size || rtol * first > size || stol * u.real().abs() > y.real().abs()
                    {
                        break;
                    }
                }
                v[(i, j)] = u;
            }
        }
        grid.local_to_global(&local, InsertMode::Insert, x)?;
    }
    Ok(())
}
