//! Port of PETSc's `src/sys/tutorials/ex1.c`: printing, once for all ranks and once for each.

use petsc_rs::{Petsc, Result};

/// Runs the port.
///
/// # Errors
/// Errors of printing.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let (rank, size) = (world.rank(), world.size());
    world.print(format_args!("Number of processors = {size}, rank = {rank}\n"))?;
    world.barrier()?;
    petsc.self_comm().print(format_args!("[{rank}] Jumbled Hello World\n"))
}
