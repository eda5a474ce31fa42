//! Sparse factorization of the matrix of a network.

use petsc_rs::pc::ShiftType;
use petsc_rs::prelude::*;
use petsc_rs::{KspRef, PcRef};

/// Sets `FGMRES` with an LU factorization as preconditioner. The ordering is minimum degree, which
/// has less fill than nested dissection on power networks. On more than one rank, each rank factors
/// the whole matrix (`redundant`).
///
/// PETSc's LU does not pivot. A pivot below `tiny` is increased by that amount (static pivoting),
/// and FGMRES corrects the error. Without such pivots, one iteration is sufficient.
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

/// Returns whether the preconditioner is a complete factorization.
pub(super) fn is_factorisation(pc: &PcRef) -> Result<bool> {
    let kind = pc.type_name()?.unwrap_or_default();
    Ok(["lu", "cholesky", "redundant", "qr", "svd"].contains(&kind.as_str()))
}
