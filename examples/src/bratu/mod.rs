//! Heat that makes itself: the Bratu problem `-Δu = λ·eᵘ` on the unit square, `u = 0` around it.
//!
//! `u` is the rise of temperature over the reaction's own scale, `λ` how fast heat is made against how fast it
//! leaves. Beyond the fold, λ = 6.8081 on the square, there is no steady state: thermal runaway.
//!
//! Five-point formula times the area of a cell. Boundary points keep their rows, and no other row refers to
//! them, so the Jacobian is symmetric and CG is legal.

mod continuation;

pub use continuation::{Branch, Point, follow};

use petsc_rs::dm::{GridMut, GridRead, StencilAssembler};
use petsc_rs::prelude::*;
use petsc_rs::snes::Converged;
use petsc_rs::{DmdaRef, Snes};

/// A steady state.
#[derive(Debug)]
pub struct Solution {
    /// The grid that was solved on, after any refinement.
    pub grid: Dmda,
    /// The rise of temperature.
    pub u: Vector,
    /// Its largest value.
    pub largest: Real,
    /// Proof of convergence.
    pub converged: Converged,
    /// `‖F(u)‖` before each Newton step and after the last.
    pub norms: Vec<Real>,
}

/// The grid of `nx` by `ny` points, which `-da_refine` makes finer.
///
/// # Errors
/// What the grid returns.
pub fn grid(comm: &Comm, nx: usize, ny: usize) -> Result<Dmda> {
    Dmda::builder(comm)
        .sizes([nx, ny])
        .uniform_coordinates([(0.0, 1.0), (0.0, 1.0)])
        .from_options()
        .build()
}

/// Solves by Newton's method from zero; `-snes_*`, `-ksp_*` and `-pc_*` choose how. Collective.
///
/// # Errors
/// No convergence, which beyond the fold says that there is no solution.
pub fn solve(grid: Dmda, lambda: Real) -> Result<Solution> {
    let comm = grid.comm()?;
    let mut snes = Snes::new(&comm)?;
    snes.set_dm(&grid)?;
    snes.set_function_local(move |grid, u: &GridRead<'_>, f: &mut GridMut<'_>| {
        residual(grid, lambda, u, f)
    })?;
    snes.set_jacobian_local(move |grid, u: &GridRead<'_>, rows| jacobian(grid, lambda, u, rows))?;
    let norms = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let seen = std::rc::Rc::clone(&norms);
    snes.add_monitor(move |_, _, norm| {
        seen.borrow_mut().push(norm);
        Ok(())
    })?;
    snes.set_from_options()?;
    let mut u = grid.create_global_vector()?;
    u.set_name("temperature")?;
    let converged = snes.solve(None, &mut u)?;
    let largest = u.max()?.map_or(0.0, |(_, value)| value);
    Ok(Solution {
        grid,
        u,
        largest,
        converged,
        norms: norms.take(),
    })
}

/// Sizes of the grid and weights of the formula.
struct Cells {
    nx: Int,
    ny: Int,
    /// `hy/hx`, for neighbours along x.
    along_x: Real,
    /// `hx/hy`.
    along_y: Real,
    area: Real,
}

impl Cells {
    fn new(grid: &DmdaRef) -> Result<Self> {
        let [nx, ny, _] = grid.layout()?.sizes;
        let (hx, hy) = (1.0 / (nx - 1) as Real, 1.0 / (ny - 1) as Real);
        Ok(Self {
            nx,
            ny,
            along_x: hy / hx,
            along_y: hx / hy,
            area: hx * hy,
        })
    }

    fn inside(&self, (i, j): (Int, Int)) -> bool {
        i > 0 && i < self.nx - 1 && j > 0 && j < self.ny - 1
    }

    fn diagonal(&self) -> Real {
        2.0 * (self.along_x + self.along_y)
    }

    /// The neighbours that are unknowns of the problem, with their weights.
    fn neighbours(&self, (i, j): (Int, Int)) -> impl Iterator<Item = ((Int, Int), Real)> + '_ {
        let all = [
            ((i - 1, j), self.along_x),
            ((i + 1, j), self.along_x),
            ((i, j - 1), self.along_y),
            ((i, j + 1), self.along_y),
        ];
        all.into_iter().filter(|(at, _)| self.inside(*at))
    }
}

/// `f = -Δu - λ·eᵘ`, times the area of a cell.
fn residual(grid: &DmdaRef, lambda: Real, u: &GridRead<'_>, f: &mut GridMut<'_>) -> Result<()> {
    let cells = Cells::new(grid)?;
    for at in grid.corners()?.points() {
        let here = u[at].real();
        let mut sum = cells.diagonal() * here;
        if cells.inside(at) {
            for (neighbour, weight) in cells.neighbours(at) {
                sum -= weight * u[neighbour].real();
            }
            sum -= cells.area * lambda * here.exp();
        }
        f[at] = Scalar::from_real(sum);
    }
    Ok(())
}

fn jacobian(
    grid: &DmdaRef,
    lambda: Real,
    u: &GridRead<'_>,
    rows: &mut StencilAssembler<'_>,
) -> Result<()> {
    let cells = Cells::new(grid)?;
    for at in grid.corners()?.points() {
        if cells.inside(at) {
            let own = cells.diagonal() - cells.area * lambda * u[at].real().exp();
            let others = cells.neighbours(at).map(|(to, weight)| (to, -weight));
            rows.row(at, others.chain([(at, own)]))?;
        } else {
            rows.row(at, [(at, cells.diagonal())])?;
        }
    }
    Ok(())
}
