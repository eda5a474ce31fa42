//! Port of PETSc's `src/ksp/ksp/tutorials/ex7.c`: block Jacobi with blocks of given sizes and a
//! separate solver for each block.

use petsc_rs::KspRef;
use petsc_rs::ksp::Tolerances;
use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;

use crate::models::laplacian;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, r) = (petsc.world(), Scalar::from_real);
    let m = petsc.options().int("-m")?.unwrap_or(4);
    let n = m + 2;
    let mut a = laplacian(world, m, n, Some(5))?;
    a.set_option(MatrixOption::Symmetric, true)?;
    let (mut exact, mut b) = a.vectors()?;
    let mut x = exact.duplicate()?;
    exact.set(r(1.0))?;
    a.mult(&exact, &mut b)?;

    let mut ksp = Ksp::new(world)?;
    ksp.set_operators(&a, &a)?;
    let mut pc = ksp.pc()?;
    pc.set_type(PcType::BJACOBI)?;
    pc.set_bjacobi_block_sizes(&vec![usize::try_from(n)?; usize::try_from(m)?])?;
    ksp.set_from_options()?;
    if ksp.pc()?.is_type("bjacobi")? {
        ksp.set_up()?;
        let first_rank = world.rank() == 0;
        for (i, sub) in ksp.pc()?.sub_solvers()?.iter_mut().enumerate() {
            choose(sub, first_rank, i)?;
        }
    }
    let _ = ksp.solve_unchecked(&b, &mut x)?;
    x.axpy(r(-1.0), &exact)?;
    let (norm, iterations) = (x.norm(Norm::Two)?, ksp.iterations()?);
    petsc.print(format_args!("Norm of error {norm:e} iterations {iterations}\n"))
}

/// Selects another method for each block, as a demonstration.
fn choose(sub: &mut KspRef, first_rank: bool, block: usize) -> Result<()> {
    let tight = Tolerances { rtol: 1e-6.into(), ..Default::default() };
    let (pc, ksp) = match (first_rank, block % 2) {
        (true, 1) => return sub.pc()?.set_type(PcType::ILU),
        (true, _) => (PcType::NONE, KspType::BCGS),
        (false, _) => (PcType::JACOBI, KspType::GMRES),
    };
    sub.pc()?.set_type(pc)?;
    sub.set_type(ksp)?;
    sub.set_tolerances(tight)
}
