//! What all ranks find out together.

use mpi::collective::SystemOperation;
use mpi::traits::{Communicator, CommunicatorCollectives, Destination, Source};
use petsc_rs::{Comm, Result};

use super::statistics::p_value;
use crate::mpi_basics::{broadcast_vec, gather_chunks};

/// A value and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The value, not NaN.
    pub value: f64,
    /// Its place among all.
    pub index: u64,
}

/// The larger value first; of equal ones the one that stands first.
fn before(a: &Hit, b: &Hit) -> std::cmp::Ordering {
    b.value.total_cmp(&a.value).then(a.index.cmp(&b.index))
}

/// The `k` largest of all ranks' values, on all ranks. Collective.
///
/// A reduction up a binary tree, of lists that stay sorted: no rank ever has more than `2k` values, and as many rounds
/// are needed as the number of ranks has binary digits.
///
/// # Errors
/// Lists that a message cannot hold.
pub fn top(comm: &Comm, own: impl IntoIterator<Item = Hit>, k: usize) -> Result<Vec<Hit>> {
    let (rank, size) = (comm.rank(), comm.size());
    let mut best: Vec<Hit> = Vec::new();
    for hit in own {
        // Sorted only when as many have come as are kept.
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
            comm.mpi()
                .process_at_rank(rank - distance)
                .send(&pack(&best)[..]);
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

/// Value and place travel together, as two words.
fn pack(hits: &[Hit]) -> Vec<u64> {
    hits.iter()
        .flat_map(|hit| [hit.value.to_bits(), hit.index])
        .collect()
}

fn unpack(words: &[u64]) -> impl Iterator<Item = Hit> {
    words.chunks_exact(2).map(|pair| Hit {
        value: f64::from_bits(pair[0]),
        index: pair[1],
    })
}

/// The median of all ranks' values, none of them negative or NaN, without bringing them together: the bits of such
/// numbers are ordered as they are, and each round halves the range in which the wanted one lies. Collective. `None` where
/// there are no values.
#[must_use]
pub fn median(comm: &Comm, own: &[f64]) -> Option<f64> {
    let mut bits: Vec<u64> = own.iter().map(|value| value.to_bits()).collect();
    bits.sort_unstable();
    let total = count(comm, bits.len());
    // The smallest number that has `wanted` values at or below it.
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

/// The sum over all ranks. Collective.
#[must_use]
pub fn count(comm: &Comm, own: usize) -> u64 {
    let (own, mut all) = (own as u64, 0);
    comm.mpi()
        .all_reduce_into(&own, &mut all, SystemOperation::sum());
    all
}

/// All values on rank 0, `None` elsewhere: rank `r` has chunk `r` of `total`. Collective.
///
/// # Errors
/// More values than MPI can count.
pub fn gather(comm: &Comm, own: &[f64], total: usize) -> Result<Option<Vec<f64>>> {
    gather_chunks(comm, own, total)
}

/// How many of all ranks' chi-squares, NaN where there is none, are discoveries at a false discovery rate: the largest `k`
/// for which the `k`-th smallest probability is at most `rate·k/n` (Benjamini and Hochberg). Rank `r` has chunk `r` of
/// `total`. Collective.
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
