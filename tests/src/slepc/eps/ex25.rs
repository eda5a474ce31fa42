//! Port of SLEPc's `src/eps/tutorials/ex25.c`: all eigenvalues in an interval, with MUMPS if it is
//! available.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::{eigen::report, laplacian};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(10);
    let m = petsc.options().int("-m")?.unwrap_or(n);
    let show = petsc.options().bool("-show_inertias")?.unwrap_or(false);
    let size = n * m;
    petsc.print(format_args!("\nSpectrum slicing on GHEP, N={size} ({n}x{m} grid)\n\n"))?;
    let a = laplacian(world, m, n, None)?;
    let mut b = Matrix::builder(world).global_size(size, size).build()?;
    for i in b.ownership_range()? {
        b.set_value(i, i, Scalar::from_real(4.0), InsertMode::Insert)?;
    }
    b.assemble()?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, Some(&b))?;
    eps.set_problem_type(EpsProblemType::GeneralizedHermitian)?;
    eps.set_interval(0.1, 0.2)?;
    eps.set_which(EpsWhich::All)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    eps.st()?.set_type(StType::SINVERT)?;
    // MUMPS counts negative pivots of real matrices only.
    let mumps = cfg!(petsc_have_mumps) && !Scalar::IS_COMPLEX;
    if mumps {
        // Disable ScaLAPACK, and detect shifts that are eigenvalues.
        petsc.options().set("-st_mat_mumps_icntl_13", 1)?;
        petsc.options().set("-st_mat_mumps_icntl_24", 1)?;
        petsc.options().set("-st_mat_mumps_cntl_3", 1e-12)?;
        eps.set_krylovschur_detect_zeros(true)?;
    }
    let mut ksp = eps.krylovschur_ksp()?;
    ksp.set_type(KspType::PREONLY)?;
    let mut pc = ksp.pc()?;
    pc.set_type(PcType::CHOLESKY)?;
    if mumps {
        pc.set_factor_solver(petsc_rs::matrix::SolverType::MUMPS)?;
    }
    eps.set_from_options()?;
    eps.set_up()?;
    if show {
        inertias(petsc, &eps, "Subintervals (after setup):")?;
    }
    let _ = eps.solve_unchecked()?;
    if show {
        inertias(petsc, &eps, "All shifts (after solve):")?;
    }
    let (kind, nev) = (eps.type_name()?.unwrap_or_default(), eps.dimensions()?.nev);
    petsc.print(format_args!(" Solution method: {kind}\n\n"))?;
    let (start, end) = eps.interval()?;
    petsc.print(format_args!(" {nev} eigenvalues found in [{start}, {end}]\n"))?;
    report(petsc, &eps)
}

fn inertias(petsc: &Petsc, eps: &Eps, title: &str) -> Result<()> {
    petsc.print(format_args!("{title}\n"))?;
    for at in eps.krylovschur_inertias()? {
        petsc.print(format_args!("Shift {:.6}  Inertia {} \n", at.shift, at.below))?;
    }
    petsc.print(format_args!("\n"))
}
