//! Every rank says where it is: workshop 01.
//!
//! ```text
//! cargo build --release -p workshop
//! mpiexec -n 4 target/release/hello
//! ```
//!
//! Any number of ranks.

use std::process::ExitCode;

use clap::Parser;
use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use workshop::app;

/// Greetings from all ranks, in their order.
#[derive(Parser, Debug)]
#[command(name = "hello", version)]
struct Args {
    /// Who is greeted
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
        // Proof that all took part.
        let mut sum = 0_u64;
        let own = comm.rank() as u64;
        comm.mpi()
            .all_reduce_into(&own, &mut sum, SystemOperation::sum());
        petsc.print(format_args!("sum of ranks: {sum}\n"))
    })
}
