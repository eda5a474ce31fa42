//! Port of SLEPc's `src/eps/tutorials/ex11.c`: the Fiedler vector of a mesh, with the constant
//! vector deflated.

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
    let m = petsc.options().int("-m")?.unwrap_or(n);
    let size = n * m;
    petsc.print(format_args!(
        "\nFiedler vector of a 2-D regular mesh, N={size} ({n}x{m} grid)\n\n"
    ))?;
    // Each diagonal entry is the number of neighbors.
    let mut a = Matrix::builder(world).global_size(size, size).build()?;
    for row in a.ownership_range()? {
        let (i, j) = (row / n, row % n);
        let beside =
            [(i > 0, row - n), (i < m - 1, row + n), (j > 0, row - 1), (j < n - 1, row + 1)];
        let mut degree = 0.0;
        for (_, column) in beside.into_iter().filter(|(inside, _)| *inside) {
            a.set_value(row, column, Scalar::from_real(-1.0), InsertMode::Insert)?;
            degree += 1.0;
        }
        a.set_value(row, row, Scalar::from_real(degree), InsertMode::Insert)?;
    }
    a.assemble()?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_which(EpsWhich::SmallestReal)?;
    eps.set_from_options()?;
    let mut constant = a.vectors()?.0;
    constant.set(Scalar::from_real(1.0))?;
    eps.set_deflation_space(&[&constant])?;
    let _ = eps.solve_unchecked()?;
    requested(petsc, &eps)?;
    report(petsc, &eps)
}
