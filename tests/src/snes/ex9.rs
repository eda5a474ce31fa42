//! Port of PETSc's `src/snes/tutorials/ex9.c`: a membrane over an obstacle.

use petsc_rs::dm::{GridMut, GridRead, StencilAssembler};
use petsc_rs::prelude::*;
use petsc_rs::{Dmda, DmdaRef, Snes, SnesType, VectorRef};

type In<'a> = GridRead<'a, Scalar>;
type Out<'a> = GridMut<'a, Scalar>;

/// The sizes and distances of the grid on the square from -2 to 2.
struct Square {
    mx: Int,
    my: Int,
    dx: Real,
    dy: Real,
}

impl Square {
    fn of(grid: &DmdaRef) -> Result<Self> {
        let [mx, my, _] = grid.layout()?.sizes;
        Ok(Self { mx, my, dx: 4.0 / (mx - 1) as Real, dy: 4.0 / (my - 1) as Real })
    }

    fn place(&self, (i, j): (Int, Int)) -> (Real, Real) {
        (i as Real * self.dx - 2.0, j as Real * self.dy - 2.0)
    }

    fn on_boundary(&self, (i, j): (Int, Int)) -> bool {
        i == 0 || j == 0 || i == self.mx - 1 || j == self.my - 1
    }
}

/// Returns the obstacle: a hemisphere, and its tangent outside.
fn obstacle((x, y): (Real, Real)) -> Real {
    let (r, r0): (Real, Real) = (x * x + y * y, 0.9);
    let psi0 = (1.0 - r0 * r0).sqrt();
    if r <= r0 { (1.0 - r).sqrt() } else { psi0 - r0 / psi0 * (r - r0) }
}

/// Returns the solution, which leaves the obstacle at a known radius.
fn exact(at: (Real, Real)) -> Real {
    const FREE: Real = 0.697_965_148_223_374;
    const A: Real = 0.680_259_411_891_719;
    const B: Real = 0.471_519_893_402_112;
    let r = (at.0 * at.0 + at.1 * at.1).sqrt();
    if r <= FREE { obstacle(at) } else { -A * r.ln() + B }
}

/// Runs the port.
///
/// # Errors
/// Errors of the solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let grid = Dmda::builder(world)
        .sizes([5, 5])
        .uniform_coordinates([(-2.0, 2.0), (-2.0, 2.0)])
        .from_options()
        .build()?;
    let mut u = grid.create_global_vector()?;
    let mut snes = Snes::new(world)?;
    snes.set_dm(&grid)?;
    snes.set_type(SnesType::VINEWTONRSLS)?;
    snes.set_compute_variable_bounds(|snes, lower, upper| {
        let grid = snes.dm()?.into_dmda()?;
        fill(&grid, lower, obstacle)?;
        upper.set(Scalar::from_real(Real::INFINITY))
    })?;
    snes.set_function_local(|grid: &DmdaRef, u: &In<'_>, f: &mut Out<'_>| function(grid, u, f))?;
    snes.set_jacobian_local(|grid: &DmdaRef, _: &In<'_>, rows: &mut StencilAssembler<'_>| {
        jacobian(grid, rows)
    })?;
    snes.set_from_options()?;
    let _ = snes.solve_unchecked(None, &mut u)?;
    drop((u, grid));
    // With -snes_grid_sequence, the solver has another grid and solution after the solve.
    let grid = snes.dm()?.into_dmda()?;
    let mut error = grid.create_global_vector()?;
    fill(&grid, &mut error, exact)?;
    if let Some(u) = snes.solution()? {
        error.axpy(Scalar::from_real(-1.0), &u)?;
    }
    let [mx, my, _] = grid.layout()?.sizes;
    let mean = error.norm(Norm::One)? / (mx as Real * my as Real);
    let max = error.norm(Norm::Infinity)?;
    petsc.print(format_args!(
        "errors on {mx} x {my} grid:  av |u-uexact|  = {mean:.3e},  |u-uexact|_inf = {max:.3e}\n"
    ))
}

fn fill(grid: &DmdaRef, x: &mut VectorRef, value: fn((Real, Real)) -> Real) -> Result<()> {
    let square = Square::of(grid)?;
    let mut x = grid.array_mut(x)?;
    for at in grid.corners()?.points() {
        x[at] = Scalar::from_real(value(square.place(at)));
    }
    Ok(())
}

fn function(grid: &DmdaRef, u: &In<'_>, f: &mut Out<'_>) -> Result<()> {
    let s = Square::of(grid)?;
    let (r, two) = (Scalar::from_real, Scalar::from_real(2.0));
    let (wx, wy) = (r(s.dy / s.dx), r(s.dx / s.dy));
    // At boundary points, the known values are used instead of unknowns, so the Jacobian is
    // symmetric.
    let at = |p: (Int, Int)| {
        if s.on_boundary(p) { r(exact(s.place(p))) } else { u[p] }
    };
    for (i, j) in grid.corners()?.points() {
        let c = u[(i, j)];
        f[(i, j)] = if s.on_boundary((i, j)) {
            r(4.0) * (c - r(exact(s.place((i, j)))))
        } else {
            -wx * (at((i - 1, j)) - two * c + at((i + 1, j)))
                - wy * (at((i, j - 1)) - two * c + at((i, j + 1)))
        };
    }
    Ok(())
}

fn jacobian(grid: &DmdaRef, rows: &mut StencilAssembler<'_>) -> Result<()> {
    let s = Square::of(grid)?;
    let r = Scalar::from_real;
    let (wx, wy) = (r(s.dy / s.dx), r(s.dx / s.dy));
    for (i, j) in grid.corners()?.points() {
        if s.on_boundary((i, j)) {
            rows.set((i, j), (i, j), r(4.0))?;
            continue;
        }
        let entries = [
            ((i, j), r(2.0) * (wx + wy)),
            ((i - 1, j), -wx),
            ((i + 1, j), -wx),
            ((i, j - 1), -wy),
            ((i, j + 1), -wy),
        ];
        let kept = entries.into_iter().filter(|&(at, _)| !s.on_boundary(at));
        rows.row((i, j), kept)?;
    }
    Ok(())
}
