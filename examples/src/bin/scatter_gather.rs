//! Scatter, gather, reductions and a halo exchange: unit 04 of the workshop.
//!
//! ```text
//! cargo build --release -p workshop
//! mpiexec -n 3 target/release/scatter_gather
//! mpiexec -n 2 target/release/scatter_gather --len 17 --rounds 10000 --cells 1000 --steps 500
//! ```
//!
//! The program runs on any number of ranks. Chunks may have different sizes, and some may be empty.

use std::f64::consts::PI;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::Parser;
use mpi::collective::SystemOperation;
use mpi::traits::{Communicator, CommunicatorCollectives, Root};
use petsc_rs::prelude::*;
use workshop::app;
use workshop::mpi_basics::{self as basics, Ring};

/// Shows chunks of different sizes, reductions, a barrier, the latency of messages, and a halo
/// exchange.
#[derive(Parser, Debug)]
#[command(name = "scatter_gather", version)]
struct Args {
    /// Number of values to scatter
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(..=100_000_000))]
    len: u32,
    /// Number of round trips for each message size; 0 omits the measurement
    #[arg(long, default_value_t = 1000)]
    rounds: usize,
    /// Number of cells in the ring
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    cells: u32,
    /// Number of time steps
    #[arg(long, default_value_t = 50)]
    steps: u32,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        chunks(petsc, args.len as usize)?;
        reductions(petsc)?;
        barrier(petsc)?;
        latency(petsc, args.rounds)?;
        heat(petsc, args.cells as usize, args.steps)
    })
}

fn chunks(petsc: &Petsc, len: usize) -> Result<()> {
    let comm = petsc.world();
    petsc.print(format_args!("\nScatter, square, gather: {len} numbers\n"))?;
    let all: Option<Vec<f64>> = (comm.rank() == 0).then(|| (0..len).map(|i| i as f64).collect());
    let own = basics::scatter_chunks(comm, all.as_deref(), len)?;
    comm.print_synchronized(format_args!(
        "  rank {}: {} numbers{}\n",
        comm.rank(),
        own.len(),
        own.first().map_or(String::new(), |first| format!(", from {first}"))
    ))?;
    let squares: Vec<f64> = own.iter().map(|x| x * x).collect();
    if let Some(all) = basics::gather_chunks(comm, &squares, len)? {
        let n = len as f64;
        petsc.print(format_args!(
            "  sum of squares: {:.0}, expected {:.0}\n",
            all.iter().fold(0.0, |sum, x| sum + x),
            (n - 1.0) * n * (2.0 * n - 1.0) / 6.0
        ))?;
    }
    Ok(())
}

fn reductions(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    petsc.print(format_args!("\nReductions of (rank + 1)²\n"))?;
    let own = f64::from((comm.rank() + 1).pow(2));
    let root = comm.mpi().process_at_rank(0);
    if comm.rank() == 0 {
        let mut sum = 0.0;
        root.reduce_into_root(&own, &mut sum, SystemOperation::sum());
        petsc.print(format_args!("  sum on rank 0: {sum}\n"))?;
    } else {
        root.reduce_into(&own, SystemOperation::sum());
    }
    let (mut low, mut high) = (0.0, 0.0);
    comm.mpi().all_reduce_into(&own, &mut low, SystemOperation::min());
    comm.mpi().all_reduce_into(&own, &mut high, SystemOperation::max());
    comm.print_synchronized(format_args!(
        "  rank {}: smallest {low}, largest {high} on all ranks\n",
        comm.rank()
    ))
}

fn barrier(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    petsc.print(format_args!(
        "\nBarrier: rank r works for 20·r ms, then waits for the others; MPI_Wtime ticks every {:.0e} s\n",
        mpi::time_resolution()
    ))?;
    comm.mpi().barrier();
    // MPI_Wtime returns the seconds since a time in the past. Only differences on one rank are
    // meaningful.
    let start = mpi::time();
    thread::sleep(Duration::from_millis(20 * comm.rank() as u64));
    let worked = mpi::time() - start;
    comm.mpi().barrier();
    let waited = mpi::time() - start - worked;
    comm.print_synchronized(format_args!(
        "  rank {}: {:.0} ms of work, {:.0} ms of waiting\n",
        comm.rank(),
        1e3 * worked,
        1e3 * waited
    ))
}

fn latency(petsc: &Petsc, rounds: usize) -> Result<()> {
    if rounds == 0 {
        return Ok(());
    }
    petsc.print(format_args!("\nPing-pong between the first and the last rank, one way\n"))?;
    if petsc.world().size() == 1 {
        return petsc.print(format_args!("  needs two ranks\n"));
    }
    let sizes: Vec<usize> = (0..=20).step_by(4).map(|power| 1 << power).collect();
    for result in basics::ping_pong(petsc.world(), &sizes, rounds) {
        petsc.print(format_args!(
            "  {:>8} bytes {:>10.2} µs {:>10.1} MB/s\n",
            result.bytes,
            1e6 * result.seconds,
            1e-6 * result.bandwidth()
        ))?;
    }
    Ok(())
}

fn heat(petsc: &Petsc, cells: usize, steps: u32) -> Result<()> {
    const RATIO: f64 = 0.25;
    petsc
        .print(format_args!("\nHalo exchange: heat in a ring of {cells} cells, {steps} steps\n"))?;
    let wave = |i: usize| (2.0 * PI * i as f64 / cells as f64).cos();
    let mut ring = Ring::new(petsc.world(), cells, wave);
    for _ in 0..steps {
        ring.step(RATIO);
    }
    let Some(end) = ring.gather()? else {
        return Ok(());
    };
    // A cosine is an eigenvector of the step, which only changes its amplitude.
    let decay = (1.0 - 4.0 * RATIO * (PI / cells as f64).sin().powi(2)).powf(f64::from(steps));
    let errors = end.iter().enumerate().map(|(i, u)| (u - decay * wave(i)).abs());
    petsc.print(format_args!(
        "  amplitude {:.12}, expected {decay:.12}, largest error {:.1e}\n",
        end[0],
        errors.fold(0.0, f64::max)
    ))
}
