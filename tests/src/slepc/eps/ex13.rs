//! Port of SLEPc's `src/eps/tutorials/ex13.c`: a generalized problem, also with a singular `B`.

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
    let nulldim = petsc.options().int("-nulldim")?.unwrap_or(0);
    let size = n * m;
    petsc.print(format_args!(
        "\nGeneralized Symmetric Eigenproblem, N={size} ({n}x{m} grid), null(B)={nulldim}\n\n"
    ))?;
    let a = laplacian(world, m, n, None)?;
    let mut b = Matrix::builder(world).global_size(size, size).build()?;
    for i in b.ownership_range()?.filter(|i| *i >= nulldim) {
        b.set_value(i, i, Scalar::from_real(4.0), InsertMode::Insert)?;
    }
    b.assemble()?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, Some(&b))?;
    eps.set_problem_type(EpsProblemType::GeneralizedHermitian)?;
    eps.set_from_options()?;
    let _ = eps.solve_unchecked()?;
    requested(petsc, &eps)?;
    report(petsc, &eps)
}
