//! Port of SLEPc's `src/eps/tutorials/ex35.c`: spectrum folding with a user-defined transformation.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::{
    eigen::{report, requested},
    laplacian,
};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(10);
    let m = petsc.options().int("-m")?.unwrap_or(n);
    let target = petsc.options().scalar("-target")?.unwrap_or(Scalar::from_real(1.1));
    let size = n * m;
    petsc.print(format_args!(
        "\nSpectrum Folding via shell ST, N={size} ({n}x{m} grid) target={:.2}\n\n",
        target.real()
    ))?;
    let a = laplacian(world, m, n, None)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_target(target)?;
    eps.st()?.set_type(StType::SHELL)?;
    eps.set_from_options()?;
    if eps.st()?.is_type("shell")? {
        eps.set_which(EpsWhich::SmallestReal)?;
        let mut work = a.vectors()?.0;
        // The transformation is (A - t·I)². It has no inverse: two eigenvalues of A may have the
        // same image.
        eps.st()?.set_shell_apply(move |x, y| {
            a.mult(x, &mut work)?;
            work.axpy(-target, x)?;
            a.mult(&work, y)?;
            y.axpy(-target, &work)
        })?;
    }
    let _ = eps.solve_unchecked()?;
    requested(petsc, &eps)?;
    report(petsc, &eps)
}
