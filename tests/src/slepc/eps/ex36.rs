//! Port of SLEPc's `src/eps/tutorials/ex36.c`: the rightmost eigenvalues, computed as the largest
//! ones of the exponential.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::brusselator::assembled;
use crate::models::eigen::{report, requested};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(30);
    petsc.print(format_args!("\nBrusselator wave model with matrix exponential, n={n}\n\n"))?;
    let a = assembled(petsc, n)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::NonHermitian)?;
    eps.set_which(EpsWhich::LargestReal)?;
    eps.st()?.set_type(StType::SHELL)?;
    eps.set_from_options()?;
    if eps.st()?.is_type("shell")? {
        let mut mfn = Mfn::new(world)?;
        mfn.set_operator(&a)?;
        mfn.function()?.set_type(FnType::EXP)?;
        mfn.function()?.set_scale(Scalar::from_real(0.03), Scalar::from_real(1.0))?;
        mfn.set_from_options()?;
        let (tau, eta) = mfn.function()?.scale()?;
        let mut st = eps.st()?;
        st.set_shell_apply(move |x, y| mfn.solve(x, y).map(drop))?;
        st.set_shell_back_transform(move |theta| Ok((theta / eta.real()).ln() / tau.real()))?;
    }
    let _ = eps.solve_unchecked()?;
    requested(petsc, &eps)?;
    report(petsc, &eps)
}
