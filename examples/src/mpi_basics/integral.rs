//! The integral of x² with the trapezoidal rule: on one core, on threads, on ranks, and with a task
//! farm.

use std::ops::Range;

use mpi::collective::SystemOperation;
use mpi::traits::{Communicator, CommunicatorCollectives, Destination, Source};
use petsc_rs::{Comm, Result};
use rayon::prelude::*;

use super::chunks::chunk;

/// The number of points in a block. Sums are accumulated in blocks, so rounding errors grow with
/// the number of blocks only.
const BLOCK: usize = 4096;
const LANES: usize = 8;

/// `[low, high]` in `count` equal intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The number of intervals.
    pub count: usize,
}

impl Interval {
    fn width(&self) -> f64 {
        (self.high - self.low) / self.count as f64
    }

    /// Returns the integral over some of the intervals. The points are computed from their numbers.
    /// Repeated addition of the width would accumulate 10⁸ rounding errors.
    #[must_use]
    pub fn sum(&self, parts: Range<usize>) -> f64 {
        if parts.is_empty() {
            return 0.0;
        }
        let h = self.width();
        let f = |i: usize| {
            let x = self.low + i as f64 * h;
            x * x
        };
        let ends = 0.5 * (f(parts.start) + f(parts.end));
        let mut total = 0.0;
        let mut start = parts.start + 1;
        while start < parts.end {
            let end = (start + BLOCK).min(parts.end);
            // The compiler computes independent sums in one vector register.
            let mut lanes = [0.0; LANES];
            let whole = (end - start) / LANES;
            for k in 0..whole {
                for (lane, sum) in lanes.iter_mut().enumerate() {
                    *sum += f(start + k * LANES + lane);
                }
            }
            let rest: f64 = (start + whole * LANES..end).map(f).sum();
            total += lanes.iter().sum::<f64>() + rest;
            start = end;
        }
        h * (ends + total)
    }

    /// Computes the integral on one core.
    #[must_use]
    pub fn serial(&self) -> f64 {
        self.sum(0..self.count)
    }

    /// Returns the exact value of the rule: the integral plus the error of the rule, which is
    /// `(high - low)·h²/6` for x².
    #[must_use]
    pub fn exact(&self) -> f64 {
        let h = self.width();
        (self.high.powi(3) - self.low.powi(3)) / 3.0 + (self.high - self.low) * h * h / 6.0
    }
}

/// Computes the integral on the threads of a pool, with a chunk for each.
#[must_use]
pub fn on_threads(pool: &rayon::ThreadPool, interval: Interval) -> f64 {
    let threads = pool.current_num_threads();
    let parts = |t| interval.sum(chunk(interval.count, threads, t));
    pool.install(|| (0..threads).into_par_iter().map(parts).sum())
}

/// Computes the integral on the ranks of a communicator. Each rank computes one chunk. All ranks
/// have the sum. Collective.
#[must_use]
pub fn on_ranks(comm: &Comm, interval: Interval) -> f64 {
    let (rank, size) = (comm.rank() as usize, comm.size() as usize);
    let own = interval.sum(chunk(interval.count, size, rank));
    let mut all = 0.0;
    comm.mpi().all_reduce_into(&own, &mut all, SystemOperation::sum());
    all
}

const RESULT: i32 = 1;
const TASK: i32 = 2;
const NO_TASK: u64 = u64::MAX;

/// Computes the integral with a task farm: rank 0 assigns `tasks` chunks, one at a time, to idle
/// ranks. This is efficient if tasks or cores differ in speed. On one rank, rank 0 computes all
/// tasks. Collective.
///
/// # Errors
/// A task number that does not fit into `usize`.
pub fn farm(comm: &Comm, interval: Interval, tasks: usize) -> Result<f64> {
    let work = |task: usize| interval.sum(chunk(interval.count, tasks, task));
    let mut total = 0.0;
    if comm.size() == 1 {
        total = (0..tasks).map(work).sum();
    } else if comm.rank() == 0 {
        // The sums are stored by task, so the rounding does not depend on the assignment.
        let mut sums = vec![0.0; tasks];
        let mut given = vec![None; comm.size() as usize];
        let mut next = 0;
        let mut busy = comm.size() - 1;
        while busy > 0 {
            // The first message of each worker contains no result.
            let (sum, status) = comm.mpi().any_process().receive_with_tag::<f64>(RESULT);
            let worker = status.source_rank();
            if let Some(task) = given[worker as usize].take() {
                sums[task] = sum;
            }
            let process = comm.mpi().process_at_rank(worker);
            if next < tasks {
                process.send_with_tag(&(next as u64), TASK);
                given[worker as usize] = Some(next);
                next += 1;
            } else {
                process.send_with_tag(&NO_TASK, TASK);
                busy -= 1;
            }
        }
        total = sums.iter().sum();
    } else {
        let master = comm.mpi().process_at_rank(0);
        let mut result = 0.0;
        loop {
            master.send_with_tag(&result, RESULT);
            let (task, _) = master.receive_with_tag::<u64>(TASK);
            if task == NO_TASK {
                break;
            }
            result = work(usize::try_from(task)?);
        }
    }
    let mut all = 0.0;
    comm.mpi().all_reduce_into(&total, &mut all, SystemOperation::sum());
    Ok(all)
}
