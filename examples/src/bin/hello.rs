//! Prints a line on every rank: unit 01 of the workshop.
//!
//! ```text
//! cargo build --release -p workshop
//! mpiexec -n 4 target/release/hello
//! ```
//!
//! The program runs on any number of ranks.

use std::process::ExitCode;

use clap::Parser;
use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use workshop::app;

/// Prints a greeting from all ranks, in order.
#[derive(Parser, Debug)]
#[command(name = "hello", version)]
struct Args {
    /// Name to greet
    #[arg(long, default_value = "world")]
    name: String,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        let comm = petsc.world();
        let (major, minor, patch) = petsc.version()?;
        petsc.print(format_args!(
            "PETSc {major}.{minor}.{patch} on {}\n",
            petsc.mpi_library().lines().next().unwrap_or_default()
        ))?;
        comm.print_synchronized(format_args!(
            "Hello {} from rank {} of {} on {}\n",
            args.name,
            comm.rank(),
            comm.size(),
            petsc.host_name()?
        ))?;
        // The sum shows that all ranks took part.
        let mut sum = 0_u64;
        let own = comm.rank() as u64;
        comm.mpi().all_reduce_into(&own, &mut sum, SystemOperation::sum());
        petsc.print(format_args!("sum of ranks: {sum}\n"))
    })
}
