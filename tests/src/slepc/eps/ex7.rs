//! Port of SLEPc's `src/eps/tutorials/ex7.c`: a generalized problem from files, with initial
//! vectors and deflation vectors.

use petsc_rs::prelude::*;
use petsc_rs::{FileMode, Viewer};
use slepc_rs::prelude::*;

use crate::models::eigen::{loaded, report, requested, stopping};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    petsc.print(format_args!("\nGeneralized eigenproblem stored in file.\n\n"))?;
    let kind = if Scalar::IS_COMPLEX { "COMPLEX" } else { "REAL" };
    petsc.print(format_args!(" Reading {kind} matrices from binary files...\n"))?;
    let a = loaded(petsc, "-f1")?;
    let b = if petsc.options().has("-f2")? {
        Some(loaded(petsc, "-f2")?)
    } else {
        petsc.print(format_args!(" Matrix B was not provided, setting B=I\n\n"))?;
        None
    };
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, b.as_deref())?;
    let initial = vectors(petsc, "-ninitial", "-finitial")?;
    let constraints = vectors(petsc, "-nconstr", "-fconstr")?;
    eps.set_initial_space(&initial.iter().map(|v| &**v).collect::<Vec<_>>())?;
    eps.set_deflation_space(&constraints.iter().map(|v| &**v).collect::<Vec<_>>())?;
    eps.set_from_options()?;
    let _ = eps.solve_unchecked()?;
    let (its, inner) = (eps.iterations()?, eps.st()?.ksp()?.total_iterations()?);
    petsc.print(format_args!(" Number of iterations of the method: {its}\n"))?;
    petsc.print(format_args!(" Number of linear iterations of the method: {inner}\n"))?;
    requested(petsc, &eps)?;
    stopping(petsc, eps.tolerances()?)?;
    report(petsc, &eps)?;
    let Some(file) = petsc.options().string("-evecs")? else {
        return Ok(());
    };
    let out = Viewer::binary(world, &file, FileMode::Write)?;
    for pair in eps.eigenpairs()? {
        let vector = pair?.vector()?;
        vector.main().view(&out)?;
        if let Some(imaginary) = vector.imaginary() {
            imaginary.view(&out)?;
        }
    }
    Ok(())
}

/// Reads the number of vectors in one option from the file in the other option.
fn vectors(petsc: &Petsc, count: &str, file: &str) -> Result<Vec<Vector>> {
    let Some(n) = petsc.options().int(count)? else {
        return Ok(Vec::new());
    };
    let Some(name) = petsc.options().string(file)? else {
        return Err(format!("Must specify the name of a file with the {file} option").into());
    };
    let viewer = Viewer::binary(petsc.world(), &name, FileMode::Read)?;
    (0..n).map(|_| Vector::load(petsc.world(), &viewer)).collect()
}
