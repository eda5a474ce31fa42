//! Port of SLEPc's `src/svd/tutorials/ex15.c`: singular values of the Läuchli matrix, most of which
//! are very small.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;
use slepc_rs::svd::{ErrorType, ProblemType};

use crate::models::eigen::stopping;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(100);
    let mu = petsc.options().real("-mu")?.unwrap_or(Real::EPSILON.sqrt());
    petsc.print(format_args!(
        "\nLauchli singular value decomposition, ({} x {n}) mu={mu:e}\n\n",
        n + 1
    ))?;
    // A row of ones above a small multiple of the identity.
    let mut a = Matrix::builder(world).global_size(n + 1, n).build()?;
    for i in a.ownership_range()? {
        if i == 0 {
            for j in 0..n {
                a.set_value(0, j, Scalar::from_real(1.0), InsertMode::Insert)?;
            }
        } else {
            a.set_value(i, i - 1, Scalar::from_real(mu), InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    let mut svd = Svd::new(world)?;
    svd.set_operators(&a, None)?;
    svd.set_problem_type(ProblemType::Standard)?;
    svd.set_type(SvdType::TRLANCZOS)?;
    svd.set_from_options()?;
    let _ = svd.solve_unchecked()?;
    let (its, kind) = (svd.iterations()?, svd.type_name()?.unwrap_or_default());
    petsc.print(format_args!(" Number of iterations of the method: {its}\n"))?;
    petsc.print(format_args!(" Solution method: {kind}\n\n"))?;
    let nsv = svd.dimensions()?.nev;
    petsc.print(format_args!(" Number of requested singular values: {nsv}\n"))?;
    stopping(petsc, svd.tolerances()?)?;
    let found = svd.converged()?;
    petsc.print(format_args!(" Number of converged approximate singular triplets: {found}\n\n"))?;
    if found == 0 {
        return Ok(());
    }
    petsc.print(format_args!(
        "          sigma           relative error\n  --------------------- ------------------\n"
    ))?;
    for triplet in svd.singular_triplets()? {
        let triplet = triplet?;
        let (sigma, error) = (triplet.value(), triplet.error(ErrorType::Relative)?);
        petsc.print(format_args!("       {sigma:6.6}       {error:12.5e}\n"))?;
    }
    petsc.print(format_args!("\n"))
}
