//! Port of SLEPc's `src/eps/tutorials/ex12.c`: all eigenvalues in one interval, and then those in
//! another interval.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::laplacian;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let show = petsc.options().bool("-showinertia")?.unwrap_or(true);
    let n = petsc.options().int("-n")?.unwrap_or(35);
    let m = petsc.options().int("-m")?.unwrap_or(n);
    let size = n * m;
    petsc.print(format_args!(
        "\nSymmetric-definite problem with two intervals, N={size} ({n}x{m} grid)\n\n"
    ))?;
    let a = laplacian(world, m, n, None)?;
    let mut b = Matrix::builder(world).global_size(size, size).build()?;
    let mut set = |i: Int, j: Int, value: Real| {
        b.set_value(i, j, Scalar::from_real(value), InsertMode::Insert)
    };
    let rows = a.ownership_range()?;
    for i in rows.clone() {
        set(i, i, 2.0)?;
    }
    if rows.start == 0 {
        set(0, 0, 6.0)?;
        set(0, 1, -1.0)?;
        set(1, 0, -1.0)?;
        set(1, 1, 1.0)?;
    }
    b.assemble()?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, Some(&b))?;
    eps.set_problem_type(EpsProblemType::GeneralizedHermitian)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    eps.set_which(EpsWhich::All)?;
    eps.set_interval(1.1, 1.3)?;
    eps.st()?.set_type(StType::SINVERT)?;
    let mut ksp = eps.krylovschur_ksp()?;
    ksp.pc()?.set_type(PcType::CHOLESKY)?;
    ksp.set_type(KspType::PREONLY)?;
    eps.set_from_options()?;
    solve(petsc, &mut eps, show)?;
    eps.set_interval(1.499, 1.6)?;
    solve(petsc, &mut eps, show)
}

fn solve(petsc: &Petsc, eps: &mut Eps, show: bool) -> Result<()> {
    let _ = eps.solve_unchecked()?;
    let (nev, (start, end)) = (eps.dimensions()?.nev, eps.interval()?);
    petsc.print(format_args!(" Found {nev} eigenvalues in interval [{start},{end}]\n"))?;
    if !show {
        return Ok(());
    }
    let inertias = eps.krylovschur_inertias()?;
    petsc.print(format_args!(" Used {} shifts (inertia):\n", inertias.len()))?;
    for at in inertias {
        petsc.print(format_args!(" .. {:.6} ({})\n", at.shift, at.below))?;
    }
    Ok(())
}
