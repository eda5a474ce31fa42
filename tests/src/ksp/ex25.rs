//! Port of PETSc's `src/ksp/ksp/tutorials/ex25.c`: diffusion in one dimension with an oscillating
//! conductivity, solved with multigrid.

use petsc_rs::prelude::*;
use petsc_rs::{KspRef, MatrixRef};

use crate::models;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let k = options.int("-k")?.unwrap_or(1);
    let e = options.scalar("-e")?.unwrap_or(Scalar::from_real(0.99));
    let grid = Dmda::builder(world).sizes([128]).from_options().build()?;
    let mut ksp = Ksp::new(world)?;
    ksp.set_dm(&grid)?;
    ksp.set_compute_rhs(|ksp, b| {
        let [n, _, _] = models::sizes(ksp.dm()?.as_dmda()?)?;
        let zero = Scalar::from_real(0.0);
        b.set(Scalar::from_real(1.0 / (n - 1) as Real))?;
        b.set_values(&[0, n - 1], &[zero, zero], InsertMode::Insert)?;
        b.assemble()
    })?;
    ksp.set_compute_operators(move |ksp, _, p| operators(ksp, p, k, e))?;
    ksp.set_from_options()?;
    let _ = ksp.solve_in_place_unchecked()?;
    let norm = models::residual_norm(&ksp, Norm::Infinity)?;
    petsc.print(format_args!("Residual norm {norm:e}\n"))
}

fn operators(ksp: &KspRef, p: &mut MatrixRef, k: Int, e: Scalar) -> Result<()> {
    let grid = ksp.dm()?.into_dmda()?;
    let [n, _, _] = models::sizes(&grid)?;
    let h = 1.0 / (n - 1) as Real;
    let (one, by_h) = (Scalar::from_real(1.0), Scalar::from_real(1.0 / h));
    let rho = |x: Real| {
        let angle = 2.0 * std::f64::consts::PI as Real * k as Real * x;
        e * Scalar::from_real(angle.sin())
    };
    let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
    for i in grid.corners()?.x() {
        if i == 0 || i == n - 1 {
            rows.set(i, i, 2.0 / h)?;
            continue;
        }
        let left = h * i as Real - 0.5 * h;
        let (low, high) = (rho(left), rho(left + h));
        rows.row(
            i,
            [
                (i - 1, (-one - low) * by_h),
                (i, (one + one + low + high) * by_h),
                (i + 1, (-one - high) * by_h),
            ],
        )?;
    }
    rows.finish()
}
