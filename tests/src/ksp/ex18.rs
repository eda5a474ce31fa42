//! Port of PETSc's `src/ksp/ksp/tutorials/ex18.c`: a Laplacian whose unknowns are reordered.

use std::ffi::CString;

use petsc_rs::Viewer;
use petsc_rs::ksp::Tolerances;
use petsc_rs::matrix::{MatrixOption, OrderingType};
use petsc_rs::prelude::*;

use crate::models::laplacian;

/// Runs the port.
///
/// # Errors
/// Errors of assembly, ordering and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options, r) = (petsc.world(), petsc.options(), Scalar::from_real);
    let m = options.int("-m")?.unwrap_or(8);
    let n = options.int("-n")?.unwrap_or(m - 1);
    let mut a = petsc.log().stage("Assembly")?.record(|| laplacian(world, m, n, Some(5)))?;
    a.set_option(MatrixOption::Symmetric, true)?;
    let (mut exact, mut b) = a.vectors()?;
    let mut x = exact.duplicate()?;
    if options.bool("-random_exact_sol")?.unwrap_or(false) {
        let mut random = Random::new(world)?;
        random.set_from_options()?;
        exact.set_random(&mut random)?;
    } else {
        exact.set(r(1.0))?;
    }
    a.mult(&exact, &mut b)?;
    if options.bool("-view_exact_sol")?.unwrap_or(false) {
        let stdout = Viewer::stdout(world)?;
        exact.view(&stdout)?;
    }
    let mut rows = None;
    if let Some(ordering) = options.string("-permute")? {
        let name = CString::new(ordering)?;
        let (row_order, column_order) = a.ordering(OrderingType::new(&name))?;
        a = a.permute(&row_order, &column_order)?;
        b.permute(&column_order, false)?;
        rows = Some(row_order);
    }
    let mut ksp = Ksp::new(world)?;
    ksp.set_operators(&a, &a)?;
    ksp.set_tolerances(Tolerances {
        rtol: (1e-2 / ((m + 1) * (n + 1)) as Real).into(),
        ..Default::default()
    })?;
    ksp.set_from_options()?;
    let _ = ksp.solve_unchecked(&b, &mut x)?;
    if let Some(rows) = &rows {
        x.permute(rows, true)?;
    }
    x.axpy(r(-1.0), &exact)?;
    let (norm, iterations) = (x.norm(Norm::Two)?, ksp.iterations()?);
    petsc.print(format_args!("Norm of error {norm:e} iterations {iterations}\n"))
}
