//! Port of SLEPc's `src/pep/tutorials/ex16.c`: a quadratic problem.

use petsc_rs::prelude::*;
use slepc_rs::pep::ErrorType;
use slepc_rs::prelude::*;

use crate::models::{eigen::number, laplacian};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(10);
    let m = petsc.options().int("-m")?.unwrap_or(n);
    let size = n * m;
    petsc.print(format_args!("\nQuadratic Eigenproblem, N={size} ({n}x{m} grid)\n\n"))?;
    // Stiffness in two dimensions, damping along lines, masses that grow.
    let k = laplacian(world, m, n, None)?;
    let mut c = Matrix::builder(world).global_size(size, size).build()?;
    let mut mass = Matrix::builder(world).global_size(size, size).build()?;
    for i in c.ownership_range()? {
        let line = i - i % n..i - i % n + n;
        for j in [i - 1, i, i + 1].into_iter().filter(|j| line.contains(j)) {
            let value = if i == j { 2.0 } else { -1.0 };
            c.set_value(i, j, Scalar::from_real(value), InsertMode::Insert)?;
        }
        mass.set_value(i, i, Scalar::from_real((i + 1) as Real), InsertMode::Insert)?;
    }
    c.assemble()?;
    mass.assemble()?;
    let mut pep = Pep::new(world)?;
    pep.set_operators(&[&k, &c, &mass])?;
    pep.set_problem_type(PepProblemType::Hermitian)?;
    pep.set_from_options()?;
    let _ = pep.solve_unchecked()?;
    let nev = pep.dimensions()?.nev;
    petsc.print(format_args!(" Number of requested eigenvalues: {nev}\n"))?;
    if petsc.options().has("-terse")? {
        return pep.error_view(ErrorType::Backward, &*petsc_rs::Viewer::stdout(world)?);
    }
    petsc.print(format_args!(
        "\n           k          ||P(k)x||/||kx||\n   ----------------- ------------------\n"
    ))?;
    for pair in pep.eigenpairs()? {
        let pair = pair?;
        let error = pair.error(ErrorType::Backward)?;
        let conjugate = pair.is_conjugate_pair().then(|| pair.value().conj());
        for value in [pair.value()].into_iter().chain(conjugate) {
            petsc.print(format_args!("{}   {error:12.4e}\n", number(value)))?;
        }
    }
    petsc.print(format_args!("\n"))
}
