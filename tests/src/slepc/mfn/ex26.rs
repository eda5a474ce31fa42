//! Port of SLEPc's `src/mfn/tutorials/ex26.c`: the square root of the Laplacian, applied twice.

use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::laplacian;

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
        "\nSquare root of Laplacian y=sqrt(A)*e_1, N={size} ({n}x{m} grid)\n\n"
    ))?;
    let mut a = laplacian(world, m, n, None)?;
    a.set_option(MatrixOption::Hermitian, true)?;
    let (mut v, mut y) = a.vectors()?;
    if world.rank() == 0 {
        v.set_value(0, Scalar::from_real(1.0), InsertMode::Insert)?;
    }
    v.assemble()?;
    let mut z = v.duplicate()?;
    let mut mfn = Mfn::new(world)?;
    mfn.set_operator(&a)?;
    mfn.function()?.set_type(FnType::SQRT)?;
    mfn.set_from_options()?;
    let _ = mfn.solve(&v, &mut y)?;
    petsc.print(format_args!(" Intermediate vector has norm {:.5}\n", y.norm(Norm::Two)?))?;
    let _ = mfn.solve(&y, &mut z)?;
    let tolerance = mfn.tolerances()?.tolerance.unwrap_or(0.0);
    a.mult(&v, &mut y)?;
    y.axpy(Scalar::from_real(-1.0), &z)?;
    let norm = y.norm(Norm::Two)?;
    if norm < tolerance {
        petsc.print(format_args!(" Error norm is less than the requested tolerance\n\n"))
    } else {
        petsc.print(format_args!(" Error norm larger than tolerance: {norm:.1e}\n\n"))
    }
}
