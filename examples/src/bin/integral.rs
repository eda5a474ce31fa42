//! The integral of x² from 0 to 100 with 10⁸ trapezoids: one core, threads, ranks, and a task farm.
//!
//! ```text
//! cargo build --release -p workshop
//! mpiexec -n 2 --bind-to none target/release/integral
//! mpiexec -n 3 target/release/integral --intervals 1000000 --threads 4 --repeats 9 --tasks 100
//! ```
//!
//! The program runs on any number of ranks. Threads run on rank 0 while the other ranks sleep.
//! Start the program with `--bind-to none`; otherwise, all threads of a rank may share one core.

use std::process::ExitCode;
use std::thread;

use clap::Parser;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;
use workshop::app::{self, input_error};
use workshop::mpi_basics::{self as basics, Amdahl, Interval};

/// Measures the median time on one core, threads, ranks and a task farm, and fits Amdahl's law.
#[derive(Parser, Debug)]
#[command(name = "integral", version)]
struct Args {
    /// Lower end of the interval
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true)]
    from: f64,
    /// Upper end of the interval
    #[arg(long, default_value_t = 100.0, allow_negative_numbers = true)]
    to: f64,
    /// Number of trapezoids
    #[arg(long, default_value_t = 100_000_000, value_parser = clap::value_parser!(u64).range(1..=1 << 50))]
    intervals: u64,
    /// Maximum number of threads; by default the number of cores
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=4096))]
    threads: Option<u32>,
    /// Number of tasks of the farm
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    tasks: u32,
    /// Number of timed runs, of which the median is printed
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    repeats: u32,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        if !(args.from.is_finite() && args.to.is_finite()) {
            return Err(input_error("--from and --to must be finite"));
        }
        let interval =
            Interval { low: args.from, high: args.to, count: usize::try_from(args.intervals)? };
        let mut table = Table::new(petsc, interval, args.repeats as usize)?;
        table.one_core()?;
        let threads = thread::available_parallelism().map_or(1, |n| n.get());
        table.threads(args.threads.map_or(threads, |n| n as usize))?;
        table.ranks()?;
        table.farm(args.tasks as usize)?;
        petsc.print(format_args!(
            "integral {:.9}, expected {:.9}\n",
            table.serial.1,
            interval.exact()
        ))
    })
}

/// Returns 1, 2, 4, …, and the last value.
fn doubling(last: usize) -> Vec<usize> {
    let mut list: Vec<usize> =
        std::iter::successors(Some(1), |n| Some(2 * n)).take_while(|&n| n < last).collect();
    list.push(last);
    list
}

struct Table<'a> {
    petsc: &'a Petsc,
    interval: Interval,
    repeats: usize,
    /// The time in seconds and the integral, computed with one core on rank 0.
    serial: (f64, f64),
}

impl<'a> Table<'a> {
    fn new(petsc: &'a Petsc, interval: Interval, repeats: usize) -> Result<Self> {
        petsc.print(format_args!(
            "{:>10} {:>8} {:>12} {:>9} {:>12}\n",
            "by", "workers", "seconds", "speedup", "error"
        ))?;
        Ok(Self { petsc, interval, repeats, serial: (0.0, 0.0) })
    }

    fn row(&self, by: &str, workers: usize, (seconds, value): (f64, f64)) -> Result<()> {
        let exact = self.interval.exact();
        let error = if exact == 0.0 { value.abs() } else { (value / exact - 1.0).abs() };
        self.petsc.print(format_args!(
            "{by:>10} {workers:>8} {seconds:>12.6} {:>9.2} {error:>12.1e}\n",
            self.serial.0 / seconds
        ))
    }

    fn law(&self, by: &str, times: &[(usize, f64)]) -> Result<()> {
        match Amdahl::fit(times) {
            None => Ok(()),
            Some(fit) => self.petsc.print(format_args!(
                "Amdahl's law for {by}: {:.1} % serial, at most {:.1} times as fast\n",
                100.0 * fit.serial_fraction(),
                1.0 / fit.serial_fraction()
            )),
        }
    }

    /// Computes on rank 0 while the other ranks sleep.
    fn alone(&self, body: impl Fn() -> f64) -> Result<(f64, f64)> {
        let comm = self.petsc.world();
        let mut result = (0.0, 0.0);
        if comm.rank() == 0 {
            result = basics::median_time(self.repeats, || Ok(body()))?;
        }
        basics::wait_quietly(comm);
        Ok(result)
    }

    fn one_core(&mut self) -> Result<()> {
        self.serial = self.alone(|| self.interval.serial())?;
        self.row("one core", 1, self.serial)
    }

    fn threads(&self, most: usize) -> Result<()> {
        let mut times = Vec::new();
        for threads in doubling(most) {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .map_err(Error::user)?;
            let result = self.alone(|| basics::on_threads(&pool, self.interval))?;
            self.row("threads", threads, result)?;
            times.push((threads, result.0));
        }
        self.law("threads", &times)
    }

    /// Computes on the first ranks while the other ranks sleep.
    fn ranks(&self) -> Result<()> {
        let comm = self.petsc.world();
        let mut times = Vec::new();
        for ranks in doubling(comm.size() as usize) {
            let takes_part = (comm.rank() as usize) < ranks;
            let mut result = (0.0, 0.0);
            if let Some(part) = comm.split(takes_part.then_some(0), 0)? {
                result = basics::median_time(self.repeats, || {
                    part.mpi().barrier();
                    Ok(basics::on_ranks(&part, self.interval))
                })?;
            }
            basics::wait_quietly(comm);
            self.row("ranks", ranks, result)?;
            times.push((ranks, result.0));
        }
        self.law("ranks", &times)
    }

    fn farm(&self, tasks: usize) -> Result<()> {
        let comm = self.petsc.world();
        let result = basics::median_time(self.repeats, || {
            comm.mpi().barrier();
            basics::farm(comm, self.interval, tasks)
        })?;
        self.row("farm", comm.size() as usize, result)
    }
}
