//! Sparse factorisation of the matrix of a network.

use petsc_rs::pc::ShiftType;
use petsc_rs::prelude::*;
use petsc_rs::{KspRef, PcRef};

/// Sets `FGMRES`, preconditioned by an LU factorisation ordered by minimum degree, which fills less
/// than nested dissection on power grids. On more than one rank, each rank factors the whole matrix (`redundant`).
///
/// PETSc's LU does not exchange rows. A pivot below `tiny` is raised by that amount instead (static pivoting), and
/// FGMRES removes the error: one iteration where no pivot was raised.
pub(super) fn factorise(ksp: &mut KspRef, comm: &Comm, tiny: f64) -> Result<()> {
    ksp.set_type(KspType::FGMRES)?;
    let mut pc = ksp.pc()?;
    if comm.size() == 1 {
        return lu(&mut pc, tiny);
    }
    pc.set_type(PcType::REDUNDANT)?;
    lu(&mut *pc.inner_solver()?.pc()?, tiny)
}

fn lu(pc: &mut PcRef, tiny: f64) -> Result<()> {
    pc.set_type(PcType::LU)?;
    pc.set_factor_ordering("qmd")?;
    pc.set_factor_shift(ShiftType::InBlocks)?;
    pc.set_factor_shift_amount(tiny)?;
    pc.set_factor_zero_pivot(tiny)
}

/// Whether the preconditioner is a complete factorisation.
pub(super) fn is_factorisation(pc: &PcRef) -> Result<bool> {
    let kind = pc.type_name()?.unwrap_or_default();
    Ok(["lu", "cholesky", "redundant", "qr", "svd"].contains(&kind.as_str()))
}
