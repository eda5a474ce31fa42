//! Port of SLEPc's `src/eps/tutorials/ex3.c`: the Laplacian in two dimensions as a shell matrix.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::eigen::{report, requested};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(10);
    let size = n * n;
    petsc.print(format_args!(
        "\n2-D Laplacian Eigenproblem (matrix-free version), N={size} ({n}x{n} grid)\n\n"
    ))?;
    let (side, rows) = (usize::try_from(n)?, usize::try_from(size)?);
    let a = Matrix::shell(world, rows, rows, move |x, y| laplace(side, x, y))
        .mult_transpose(move |x, y| laplace(side, x, y))
        .diagonal(|d| d.set(Scalar::from_real(4.0)))
        .build()?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_from_options()?;
    let _ = eps.solve_unchecked()?;
    requested(petsc, &eps)?;
    report(petsc, &eps)
}

/// Computes `y = A·x`, line by line of the grid.
fn laplace(n: usize, x: &petsc_rs::VectorRef, y: &mut petsc_rs::VectorRef) -> Result<()> {
    let (x, mut y) = (x.array()?, y.array_mut()?);
    for (k, y) in y.iter_mut().enumerate() {
        let (i, j) = (k / n, k % n);
        let beside = [
            (j > 0, k.wrapping_sub(1)),
            (j + 1 < n, k + 1),
            (i > 0, k.wrapping_sub(n)),
            (i + 1 < n, k + n),
        ];
        *y = x[k] * Scalar::from_real(4.0);
        for (_, k) in beside.into_iter().filter(|(inside, _)| *inside) {
            *y -= x[k];
        }
    }
    Ok(())
}
