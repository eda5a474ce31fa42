//! Port of PETSc's `src/snes/tutorials/ex14.c`: the Bratu problem in three dimensions.

use petsc_rs::prelude::*;
use petsc_rs::{Dmda, DmdaRef, MatrixRef, Snes, VectorRef};

use super::ex1::assemble;

type Point = (Int, Int, Int);

/// The sizes of a grid, and the weights of the seven-point stencil.
struct Shape {
    sizes: [Int; 3],
    h: [Real; 3],
    /// The weights of the neighbors in x, y, z.
    weights: [Scalar; 3],
    source: Scalar,
}

impl Shape {
    fn of(grid: &DmdaRef, lambda: Real) -> Result<Self> {
        let sizes = grid.layout()?.sizes;
        let [hx, hy, hz] = sizes.map(|m| 1.0 / (m - 1) as Real);
        let weights = [hy * hz / hx, hx * hz / hy, hx * hy / hz].map(Scalar::from_real);
        let source = Scalar::from_real(hx * hy * hz * lambda);
        Ok(Self { sizes, h: [hx, hy, hz], weights, source })
    }

    fn on_boundary(&self, (i, j, k): Point) -> bool {
        let [mx, my, mz] = self.sizes;
        [(i, mx), (j, my), (k, mz)].iter().any(|&(i, m)| i == 0 || i == m - 1)
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the solve, and a parameter out of range.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let lambda = options.real("-par")?.unwrap_or(6.0);
    if lambda >= 6.81 || lambda <= 0.0 {
        return Err(Error::input("Lambda is out of range"));
    }
    let mut snes = Snes::new(world)?;
    let mut grid = Dmda::builder(world).sizes([4, 4, 4]).from_options().build()?;
    let mut x = grid.create_global_vector()?;
    let mut residual = x.duplicate()?;
    snes.set_dm(&grid)?;
    snes.set_function(&residual, move |snes, x, f| function(snes.dm()?.as_dmda()?, lambda, x, f))?;
    if !options.bool("-snes_mf")?.unwrap_or(false) {
        grid.set_mat_type(MatrixType::AIJ)?;
        let a = grid.create_matrix()?;
        if options.bool("-fdcoloring")?.unwrap_or(false) {
            if options.bool("-fdcoloring_ds")?.unwrap_or(false) {
                options.set("-mat_fd_type", "ds")?;
            }
            if options.bool("-fdcoloring_local")?.unwrap_or(false) {
                snes.set_jacobian_fd_local(&a, &a, move |snes, x, f| {
                    ghosted_function(snes.dm()?.as_dmda()?, lambda, x, f)
                })?;
            } else {
                snes.set_jacobian_fd_coloring(&a, &a)?;
            }
        } else {
            snes.set_jacobian(&a, &a, move |snes, x, a, p| {
                jacobian(snes.dm()?.as_dmda()?, lambda, x, p)?;
                assemble(a, p)
            })?;
        }
    }
    snes.set_from_options()?;
    initial_guess(&grid, lambda, &mut x)?;
    let _ = snes.solve_unchecked(None, &mut x)?;
    let iterations = snes.iterations()?;
    function(&grid, lambda, &x, &mut residual)?;
    let norm = residual.norm(Norm::Two)?;
    petsc.print(format_args!("Number of SNES iterations = {iterations} fnorm {norm:e}\n"))
}

fn initial_guess(grid: &DmdaRef, lambda: Real, x: &mut VectorRef) -> Result<()> {
    let shape = Shape::of(grid, lambda)?;
    let factor = lambda / (lambda + 1.0);
    let mut u = grid.array_mut(x)?;
    for at in grid.corners()?.points3() {
        let distance = [at.0, at.1, at.2]
            .iter()
            .zip(shape.sizes)
            .zip(shape.h)
            .map(|((&i, m), h)| i.min(m - i - 1) as Real * h)
            .fold(Real::INFINITY, Real::min);
        let value = if shape.on_boundary(at) { 0.0 } else { factor * distance.sqrt() };
        u[at] = Scalar::from_real(value);
    }
    Ok(())
}

fn function(grid: &DmdaRef, lambda: Real, x: &VectorRef, f: &mut VectorRef) -> Result<()> {
    let x = grid.ghosted(x)?;
    ghosted_function(grid, lambda, &x, f)
}

/// Computes the function from current local values.
fn ghosted_function(grid: &DmdaRef, lambda: Real, x: &VectorRef, f: &mut VectorRef) -> Result<()> {
    let shape = Shape::of(grid, lambda)?;
    let [wx, wy, wz] = shape.weights;
    let two = Scalar::from_real(2.0);
    let x = grid.array(x)?;
    let mut f = grid.array_mut(f)?;
    for at in grid.corners()?.points3() {
        let u = x[at];
        if shape.on_boundary(at) {
            f[at] = u;
            continue;
        }
        let (i, j, k) = at;
        let uxx = (-x[(i + 1, j, k)] + two * u - x[(i - 1, j, k)]) * wx;
        let uyy = (-x[(i, j + 1, k)] + two * u - x[(i, j - 1, k)]) * wy;
        let uzz = (-x[(i, j, k + 1)] + two * u - x[(i, j, k - 1)]) * wz;
        f[at] = uxx + uyy + uzz - shape.source * u.exp();
    }
    Ok(())
}

fn jacobian(grid: &DmdaRef, lambda: Real, x: &VectorRef, p: &mut MatrixRef) -> Result<()> {
    let shape = Shape::of(grid, lambda)?;
    let [wx, wy, wz] = shape.weights;
    let two = Scalar::from_real(2.0);
    let x = grid.array(x)?;
    let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
    for at in grid.corners()?.points3() {
        if shape.on_boundary(at) {
            rows.set(at, at, Scalar::from_real(1.0))?;
            continue;
        }
        let (i, j, k) = at;
        let entries = [
            ((i, j, k - 1), -wz),
            ((i, j - 1, k), -wy),
            ((i - 1, j, k), -wx),
            (at, two * (wx + wy + wz) - shape.source * x[at].exp()),
            ((i + 1, j, k), -wx),
            ((i, j + 1, k), -wy),
            ((i, j, k + 1), -wz),
        ];
        rows.row(at, entries)?;
    }
    rows.finish()
}
