//! Blocking and nonblocking messages between pairs of ranks, and a deadlock: unit 02 of the
//! workshop.
//!
//! ```text
//! cargo build --release -p workshop
//! mpiexec -n 3 target/release/send_recv
//! mpiexec -n 2 target/release/send_recv --patience 1000 --largest 4194304
//! ```
//!
//! The program runs on any number of ranks, in a ring. A single rank is its own neighbor.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use workshop::app;
use workshop::mpi_basics as basics;

/// Shows blocking and nonblocking messages, tags, and a deadlock that is resolved.
#[derive(Parser, Debug)]
#[command(name = "send_recv", version)]
struct Args {
    /// Time in milliseconds to wait for the completion of sends that have no receive
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(..=60_000))]
    patience: u64,
    /// Largest message in bytes in the search for the buffer limit of MPI
    #[arg(long, default_value_t = 1 << 20, value_parser = clap::value_parser!(u32).range(1..=1 << 30))]
    largest: u32,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        let comm = petsc.world();
        let (rank, size) = (comm.rank() as u64, comm.size() as u64);

        petsc.print(format_args!(
            "\nBlocking: a token passes around the ring, each rank adds its number\n"
        ))?;
        let token = basics::pass_token(comm, rank);
        if let Some(token) = token {
            petsc.print(format_args!("  token: {token}, expected {}\n", size * (size - 1) / 2))?;
        }

        petsc
            .print(format_args!("\nNonblocking: a message from the left during a computation\n"))?;
        let left = basics::exchange(comm, 100 + rank);
        let (same, sum) = basics::exchange_immediate(comm, 100 + rank, || (0..=1000).sum::<u64>());
        comm.print_synchronized(format_args!(
            "  rank {rank}: received {left} with one call, {same} during the sum 0 + … + 1000 = {sum}\n"
        ))?;

        petsc.print(format_args!(
            "\nTags: sent as temperature, pressure; received as pressure, temperature\n"
        ))?;
        let (temperature, pressure) =
            basics::two_tags(comm, 300.0 + rank as f64, 1e5 + rank as f64);
        comm.print_synchronized(format_args!(
            "  rank {rank}: temperature {temperature} K, pressure {pressure} Pa\n"
        ))?;

        petsc.print(format_args!("\nDeadlock: every rank sends before any rank receives\n"))?;
        let end = basics::show_deadlock(comm, rank, Duration::from_millis(args.patience));
        comm.print_synchronized(format_args!(
            "  rank {rank}: {} after {} ms; received {} after its receive was posted\n",
            if end.stuck { "blocked" } else { "complete" },
            args.patience,
            end.received
        ))?;

        let sizes: Vec<usize> = (0..=30)
            .map(|power| 1 << power)
            .filter(|&bytes| bytes <= args.largest as usize)
            .collect();
        let eager = basics::eager_sends(comm, &sizes);
        let hidden = sizes.iter().zip(&eager).filter(|(_, e)| **e).map(|(s, _)| s).max();
        petsc.print(format_args!(
            "  a standard send completes without a receive {}: do not rely on it\n",
            hidden.map_or("for no tested size".into(), |bytes| format!("up to {bytes} bytes"))
        ))
    })
}
