//! Broadcasts: unit 03 of the workshop.
//!
//! ```text
//! cargo build --release -p workshop
//! mpiexec -n 4 target/release/bcast
//! mpiexec -n 4 target/release/bcast --root 2 --len 10000000 --text "Newton, rtol 1e-8"
//! ```
//!
//! The program runs on any number of ranks.

use std::process::ExitCode;

use clap::Parser;
use mpi::traits::{Communicator, CommunicatorCollectives, Root};
use workshop::app::{self, input_error};
use workshop::mpi_basics as basics;

/// Broadcasts a string and an array, and compares the time with one message to each rank.
#[derive(Parser, Debug)]
#[command(name = "bcast", version)]
struct Args {
    /// Rank that broadcasts
    #[arg(long, default_value_t = 0)]
    root: i32,
    /// Number of entries in the array
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000_000))]
    len: u32,
    /// String that the root broadcasts
    #[arg(long, default_value = "tolerance 1e-8")]
    text: String,
    /// Number of timed runs, of which the median is printed
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    repeats: u32,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        let comm = petsc.world();
        if !(0..comm.size()).contains(&args.root) {
            return Err(input_error(format_args!(
                "--root {}: the ranks are 0 to {}",
                args.root,
                comm.size() - 1
            )));
        }
        let is_root = comm.rank() == args.root;
        let text = if is_root { args.text.as_str() } else { "" };
        let told = basics::broadcast_text(comm, args.root, text)?;
        comm.print_synchronized(format_args!("rank {}: \"{told}\"\n", comm.rank()))?;

        let data: Vec<f64> =
            if is_root { (0..args.len).map(f64::from).collect() } else { Vec::new() };
        let barrier = || comm.mpi().barrier();
        let all = basics::broadcast_vec(comm, args.root, &data)?;
        let mut copy = all.clone();
        let root = comm.mpi().process_at_rank(args.root);
        let (collective, ()) = basics::median_time(args.repeats as usize, || {
            barrier();
            root.broadcast_into(&mut copy[..]);
            barrier();
            Ok(())
        })?;
        let (messages, ()) = basics::median_time(args.repeats as usize, || {
            barrier();
            basics::broadcast_by_messages(comm, args.root, &mut copy);
            barrier();
            Ok(())
        })?;
        let sum: f64 = all.iter().sum();
        let n = f64::from(args.len);
        comm.print_synchronized(format_args!(
            "rank {}: {} numbers, sum {sum:.0}, expected {:.0}\n",
            comm.rank(),
            all.len(),
            0.5 * n * (n - 1.0)
        ))?;
        petsc.print(format_args!(
            "broadcast {:.3} ms, one message to each {:.3} ms\n",
            1e3 * collective,
            1e3 * messages
        ))
    })
}
