//! Port of SLEPc's `src/svd/tutorials/ex8.c`: the condition number of a Grcar matrix.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;
use slepc_rs::svd::Dimensions;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(30);
    petsc.print(format_args!("\nEstimate the condition number of a Grcar matrix, n={n}\n\n"))?;
    let mut a = Matrix::builder(world).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        for j in (i - 1..=i + 3).filter(|j| (0..n).contains(j)) {
            let value = if j < i { -1.0 } else { 1.0 };
            a.set_value(i, j, Scalar::from_real(value), InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    let mut svd = Svd::new(world)?;
    svd.set_operators(&a, None)?;
    svd.set_from_options()?;
    svd.set_dimensions(Dimensions::nev(1))?;
    let largest = one(petsc, &mut svd, SvdWhich::Largest, "large")?;
    let smallest = one(petsc, &mut svd, SvdWhich::Smallest, "small")?;
    let (Some(first), Some(last)) = (largest, smallest) else {
        return Ok(());
    };
    petsc.print(format_args!(
        " Computed singular values: sigma_1={first:.4}, sigma_n={last:.4}\n"
    ))?;
    petsc
        .print(format_args!(" Estimated condition number: sigma_1/sigma_n={:.4}\n\n", first / last))
}

fn one(petsc: &Petsc, svd: &mut Svd, which: SvdWhich, what: &str) -> Result<Option<Real>> {
    svd.set_which(which)?;
    let _ = svd.solve_unchecked()?;
    let value = svd.singular_values()?.first().copied();
    if value.is_none() {
        petsc.print(format_args!(" Unable to compute {what} singular value!\n\n"))?;
    }
    Ok(value)
}
