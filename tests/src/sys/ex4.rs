//! Port of PETSc's `src/sys/tutorials/ex4.c`: PETSc on a part of the ranks. The program initializes
//! MPI, and each half of the ranks has a separate session of PETSc.

use std::ffi::OsString;
use std::process::ExitCode;

use mpi::topology::{Color, Communicator as _};
use petsc_rs::{Petsc, Result};

/// Initializes MPI, and then PETSc on the half of the ranks that contains this one.
#[must_use]
pub fn start(args: Vec<OsString>) -> ExitCode {
    let Some(universe) = mpi::initialize() else {
        return ExitCode::FAILURE;
    };
    let world = universe.world();
    let half = world.split_by_color(Color::with_value(world.rank() % 2));
    let builder = half.map(|half| Petsc::builder().args(args).world(&half));
    match builder {
        Some(Ok(builder)) => builder.run(main),
        _ => ExitCode::FAILURE,
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of printing.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let (rank, size) = (world.rank(), world.size());
    world.print(format_args!("Number of processors = {size}, rank = {rank}\n"))
}
