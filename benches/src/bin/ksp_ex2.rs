//! Rust version of `c/ksp_ex2.c`: PETSc's tutorial ksp/ex2 without output. The matrix is the
//! five-point Laplacian on an n by n grid, set entry by entry. The right-hand side has a known
//! solution, options select the solver, and the error norm is computed.
//!
//! Run: `ksp_ex2 <n>`

use petsc_benches::{SOLVE, check, size};
use petsc_rs::ksp::Tolerances;
use petsc_rs::prelude::*;

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let n = size(100);
        let stage = petsc.log().stage(SOLVE)?.begin()?;
        let mut a =
            Matrix::builder(petsc.world()).global_size(n * n, n * n).preallocate(5, 5).build()?;
        assemble(&mut a, n)?;
        let (mut x, mut b) = a.vectors()?;
        let mut u = x.duplicate()?;
        u.set(Scalar::from_real(1.0))?;
        a.mult(&u, &mut b)?;
        let mut ksp = Ksp::new(petsc.world())?;
        ksp.set_operators(&a, &a)?;
        ksp.set_tolerances(Tolerances {
            rtol: (1e-2 / ((n + 1) * (n + 1)) as Real).into(),
            atol: 1e-50.into(),
            ..Tolerances::default()
        })?;
        ksp.set_from_options()?;
        let converged = ksp.solve(&b, &mut x)?;
        drop(stage);
        x.axpy(Scalar::from_real(-1.0), &u)?;
        check(converged.reason.is_converged() && x.norm(Norm::Two)? < 1e-1)
    })
}

fn assemble(a: &mut Matrix, n: Int) -> Result<()> {
    let (centre, side) = (Scalar::from_real(4.0), Scalar::from_real(-1.0));
    let rows = a.ownership_range()?;
    let mut entries = a.assembler(InsertMode::Add)?;
    for row in rows {
        let (i, j) = (row / n, row % n);
        if i > 0 {
            entries.set(row, row - n, side)?;
        }
        if i < n - 1 {
            entries.set(row, row + n, side)?;
        }
        if j > 0 {
            entries.set(row, row - 1, side)?;
        }
        if j < n - 1 {
            entries.set(row, row + 1, side)?;
        }
        entries.set(row, row, centre)?;
    }
    entries.finish()
}
