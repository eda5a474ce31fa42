//! Port of PETSc's `src/ksp/ksp/tutorials/ex6.c`: one symbolic factorization and several numeric
//! ones.

use petsc_rs::ksp::Tolerances;
use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;

use crate::models::tridiagonal;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options, r) = (petsc.world(), petsc.options(), Scalar::from_real);
    let mut a = tridiagonal(world, options.int("-N")?.unwrap_or(10))?;
    a.set_option(MatrixOption::NewNonzeroLocationErr, true)?;
    let (mut x, mut b) = a.vectors()?;
    let mut exact = x.duplicate()?;
    exact.set(r(1.0))?;
    let mut ksp = Ksp::new(world)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    ksp.set_tolerances(Tolerances { rtol: 1e-5.into(), ..Default::default() })?;
    ksp.set_operators(&a, &a)?;
    ksp.set_from_options()?;
    for _ in 0..options.int("-num_numfac")?.unwrap_or(1) {
        a.set_value(0, 0, r(1.0), InsertMode::Add)?;
        a.assemble()?;
        a.mult(&exact, &mut b)?;
        let _ = ksp.solve_unchecked(&b, &mut x)?;
        x.axpy(r(-1.0), &exact)?;
        let norm = x.norm(Norm::Two)?;
        if norm > 100.0 * Real::EPSILON {
            let iterations = ksp.iterations()?;
            petsc.print(format_args!("Norm of error {norm:e}, Iterations {iterations}\n"))?;
        }
    }
    Ok(())
}
