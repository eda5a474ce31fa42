//! Reductions over all ranks.

use mpi::collective::SystemOperation;
use mpi::traits::{Communicator, CommunicatorCollectives, Destination, Source};
use petsc_rs::{Comm, Result};

use super::statistics::p_value;
use crate::mpi_basics::{broadcast_vec, gather_chunks};

/// A value and its position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The value, which is not NaN.
    pub value: f64,
    /// The position among all values.
    pub index: u64,
}

/// Compares by decreasing value; equal values are ordered by position.
fn before(a: &Hit, b: &Hit) -> std::cmp::Ordering {
    b.value.total_cmp(&a.value).then(a.index.cmp(&b.index))
}

/// Returns the `k` largest values of all ranks, on all ranks. Collective.
///
/// The lists of the ranks are merged with a binary tree reduction and stay sorted. No rank stores
/// more than `2k` values at a time. The number of rounds is `log₂` of the number of ranks, rounded
/// up.
///
/// # Errors
/// Lists that are longer than an MPI count can represent.
pub fn top(comm: &Comm, own: impl IntoIterator<Item = Hit>, k: usize) -> Result<Vec<Hit>> {
    let (rank, size) = (comm.rank(), comm.size());
    let mut best: Vec<Hit> = Vec::new();
    for hit in own {
        // The list is sorted only when it has `k` new values.
        if best.len() < 2 * k {
            best.push(hit);
        }
        if best.len() == 2 * k {
            best.sort_by(before);
            best.truncate(k);
        }
    }
    best.sort_by(before);
    best.truncate(k);
    let mut distance = 1;
    while distance < size {
        if rank % (2 * distance) == distance {
            comm.mpi().process_at_rank(rank - distance).send(&pack(&best)[..]);
            break;
        }
        if rank + distance < size {
            let partner = comm.mpi().process_at_rank(rank + distance);
            let (list, _) = partner.receive_vec::<u64>();
            best.extend(unpack(&list));
            best.sort_by(before);
            best.truncate(k);
        }
        distance *= 2;
    }
    Ok(unpack(&broadcast_vec(comm, 0, &pack(&best))?).collect())
}

/// Value and position are sent together, as two words.
fn pack(hits: &[Hit]) -> Vec<u64> {
    hits.iter().flat_map(|hit| [hit.value.to_bits(), hit.index]).collect()
}

fn unpack(words: &[u64]) -> impl Iterator<Item = Hit> {
    words.chunks_exact(2).map(|pair| Hit { value: f64::from_bits(pair[0]), index: pair[1] })
}

/// Returns the median of the values of all ranks without gathering them. The values must be
/// nonnegative and not NaN, because the method requires that their bit patterns have the same order
/// as the numbers. Each round halves the range that contains the median. Returns `None` if there
/// are no values. Collective.
#[must_use]
pub fn median(comm: &Comm, own: &[f64]) -> Option<f64> {
    let mut bits: Vec<u64> = own.iter().map(|value| value.to_bits()).collect();
    bits.sort_unstable();
    let total = count(comm, bits.len());
    // Bisection for the smallest number with `wanted` values less than or equal to it.
    let ranked = |wanted: u64| {
        let (mut low, mut high) = (0, f64::INFINITY.to_bits());
        while low < high {
            let middle = low + (high - low) / 2;
            if count(comm, bits.partition_point(|&value| value <= middle)) >= wanted {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        f64::from_bits(low)
    };
    match total {
        0 => None,
        _ if total % 2 == 1 => Some(ranked(total / 2 + 1)),
        _ => Some(0.5 * (ranked(total / 2) + ranked(total / 2 + 1))),
    }
}

/// Returns the sum over all ranks. Collective.
#[must_use]
pub fn count(comm: &Comm, own: usize) -> u64 {
    let (own, mut all) = (own as u64, 0);
    comm.mpi().all_reduce_into(&own, &mut all, SystemOperation::sum());
    all
}

/// Gathers all values on rank 0; other ranks return `None`. The `total` values are distributed in
/// chunks; `own` is the chunk of this rank. Collective.
///
/// # Errors
/// More values than MPI can count.
pub fn gather(comm: &Comm, own: &[f64], total: usize) -> Result<Option<Vec<f64>>> {
    gather_chunks(comm, own, total)
}

/// Returns the number of discoveries at a false discovery rate (Benjamini and Hochberg): the
/// largest `k` for which the `k`-th smallest p-value is at most `rate·k/n`. The `total` chi-squares
/// are distributed in chunks; `own` is the chunk of this rank. NaN stands for a variant without a
/// chi-square. Collective.
///
/// # Errors
/// More values than MPI can count.
pub fn discoveries(comm: &Comm, own: &[f64], total: usize, rate: f64) -> Result<u64> {
    let all = gather(comm, own, total)?.unwrap_or_default();
    let mut values: Vec<f64> = all.into_iter().filter(|c| !c.is_nan()).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    let n = values.len() as f64;
    let small = |(k, c): (usize, &f64)| p_value(*c) <= rate * (k + 1) as f64 / n;
    let last = values.iter().enumerate().rposition(small);
    let own = [last.map_or(0, |k| k as u64 + 1)];
    Ok(broadcast_vec(comm, 0, &own)?[0])
}
