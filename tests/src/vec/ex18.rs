//! Port of PETSc's `src/vec/vec/tutorials/ex18.c`: the integral of 2x/(1+x²) over the unit
//! interval, which is ln 2.

use petsc_rs::prelude::*;

const POINTS: usize = 1_000_000;

/// Runs the port.
///
/// # Errors
/// Errors of the reductions.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let h = 1.0 / POINTS as Real;
    let mut x = Vector::builder(world).global_len(POINTS).from_options().build()?;
    let mut ends = x.duplicate()?;
    let half = Scalar::from_real(0.5);
    if world.rank() == 0 {
        ends.set_value(0, half, InsertMode::Insert)?;
    }
    if world.rank() == world.size() - 1 {
        ends.set_value(Int::try_from(POINTS - 1)?, half, InsertMode::Insert)?;
    }
    ends.assemble()?;
    let owned = x.ownership_range()?;
    for (i, value) in owned.zip(x.array_mut()?.iter_mut()) {
        let x = i as Real * h;
        *value = Scalar::from_real(2.0 * x / (1.0 + x * x));
    }
    let integral = h * (x.sum()?.real() - x.dot(&ends)?.real());
    petsc.print(format_args!("ln(2) is {integral:.6}\n"))
}
