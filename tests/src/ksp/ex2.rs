//! Port of PETSc's `src/ksp/ksp/tutorials/ex2.c`: a Laplacian on a grid of `m` by `n` points.

use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let m = options.int("-m")?.unwrap_or(8);
    let n = options.int("-n")?.unwrap_or(7);
    let r = Scalar::from_real;
    let mut a = Matrix::builder(world).global_size(m * n, m * n).preallocate(5, 5).build()?;
    for row in a.ownership_range()? {
        let (i, j) = (row / n, row % n);
        let neighbours =
            [(i > 0, row - n), (i < m - 1, row + n), (j > 0, row - 1), (j < n - 1, row + 1)];
        for (_, column) in neighbours.into_iter().filter(|(inside, _)| *inside) {
            a.set_value(row, column, r(-1.0), InsertMode::Add)?;
        }
        a.set_value(row, row, r(4.0), InsertMode::Add)?;
    }
    a.assemble()?;
    a.set_option(MatrixOption::Symmetric, true)?;
    let mut exact = Vector::new(world, usize::try_from(m * n)?)?;
    let (mut x, mut b) = (exact.duplicate()?, exact.duplicate()?);
    exact.set(r(1.0))?;
    a.mult(&exact, &mut b)?;
    let mut ksp = Ksp::new(world)?;
    ksp.set_operators(&a, &a)?;
    let points = (m + 1) * (n + 1);
    ksp.set_tolerances(petsc_rs::ksp::Tolerances {
        rtol: (1e-2 / points as Real).into(),
        atol: 1e-50.into(),
        ..Default::default()
    })?;
    ksp.set_from_options()?;
    let _ = ksp.solve_unchecked(&b, &mut x)?;
    x.axpy(r(-1.0), &exact)?;
    let (norm, iterations) = (x.norm(Norm::Two)?, ksp.iterations()?);
    petsc.print(format_args!("Norm of error {norm:e} iterations {iterations}\n"))
}
