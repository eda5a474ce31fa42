//! Port of PETSc's `src/sys/tutorials/ex2.c`: printing in the order of the ranks.

use petsc_rs::{Petsc, Result};

/// Runs the port.
///
/// # Errors
/// Errors of printing.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let (rank, size) = (world.rank(), world.size());
    world.print(format_args!("Number of processors = {size}, rank = {rank}\n"))?;
    world.print_synchronized(format_args!(
        "[{rank}] Synchronized Hello World.\n[{rank}] Synchronized Hello World - Part II.\n"
    ))?;
    world.barrier()?;
    petsc.self_comm().print(format_args!("[{rank}] Jumbled Hello World\n"))
}
