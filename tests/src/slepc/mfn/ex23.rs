//! Port of SLEPc's `src/mfn/tutorials/ex23.c`: the distribution of a random walk at a given time.

use petsc_rs::prelude::*;
use slepc_rs::mfn::Tolerances;
use slepc_rs::prelude::*;

use crate::models::eigen::{random_walk, stopping};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let m = petsc.options().int("-m")?.unwrap_or(15);
    let t = petsc.options().scalar("-t")?.unwrap_or(Scalar::from_real(2.0));
    let n = m * (m + 1) / 2;
    petsc.print(format_args!("\nMarkov y=exp(t*A)*e_1, N={n} (m={m})\n\n"))?;
    let a = random_walk(world, m)?;
    let (mut v, mut y) = a.vectors()?;
    if world.rank() == 0 {
        v.set_value(0, Scalar::from_real(1.0), InsertMode::Insert)?;
    }
    v.assemble()?;
    let mut mfn = Mfn::new(world)?;
    mfn.set_operator(&a)?;
    mfn.function()?.set_type(FnType::EXP)?;
    mfn.function()?.set_scale(t, Scalar::from_real(1.0))?;
    mfn.set_tolerances(Tolerances { tolerance: 1e-7.into(), ..Tolerances::default() })?;
    mfn.set_from_options()?;
    let its = mfn.solve(&v, &mut y)?.iterations;
    petsc.print(format_args!(" Number of iterations of the method: {its}\n"))?;
    let ncv = mfn.dimension()?.unwrap_or(0);
    petsc.print(format_args!(" Subspace dimension: {ncv}\n"))?;
    stopping(petsc, mfn.tolerances()?)?;
    petsc.print(format_args!(
        " Computed vector at time t={} has norm {:.5}\n\n",
        t.real(),
        y.norm(Norm::Two)?
    ))
}
