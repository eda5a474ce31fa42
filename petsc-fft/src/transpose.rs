//! From slabs of the first axis to slabs of the second, and back.

use mpi::Count;
use mpi::datatype::{Partition, PartitionMut};
use mpi::traits::CommunicatorCollectives;
use num_complex::Complex64;
use petsc_rs::{Comm, Result};

use crate::slab::{block, place};

/// The exchange between `[n₀ dealt out][n₁][inner]` and `[n₀][n₁ dealt out][inner]`.
///
/// What a rank gets from the others, one after the other, is already in the order of the second form, so only the
/// side of the first form is packed.
pub(crate) struct Transpose {
    comm: Comm,
    /// Rows of the first axis on this rank.
    rows: usize,
    /// Entries of the other axes but the first.
    row_len: usize,
    /// For each rank, where in a row its part begins and how long it is.
    parts: Vec<(usize, usize)>,
    first: Layout,
    second: Layout,
    second_len: usize,
    packed: Vec<Complex64>,
}

/// Counts and displacements of what goes to, or comes from, each rank.
struct Layout {
    counts: Vec<Count>,
    starts: Vec<Count>,
}

impl Layout {
    fn new(counts: impl Iterator<Item = usize>) -> Result<Self> {
        let mut layout = Self {
            counts: Vec::new(),
            starts: Vec::new(),
        };
        let mut start = 0;
        for count in counts {
            layout.counts.push(Count::try_from(count)?);
            layout.starts.push(Count::try_from(start)?);
            start += count;
        }
        Ok(layout)
    }
}

impl Transpose {
    /// The sizes have been checked: no slab is longer than a count can hold.
    pub(crate) fn new(comm: &Comm, shape: &[usize]) -> Result<Self> {
        let (rank, ranks) = place(comm)?;
        let inner: usize = shape[2..].iter().product();
        let (rows, columns) = (block(shape[0], ranks, rank), block(shape[1], ranks, rank));
        let parts: Vec<_> = (0..ranks)
            .map(|r| block(shape[1], ranks, r))
            .map(|columns| (columns.start * inner, columns.len() * inner))
            .collect();
        let from = |r| block(shape[0], ranks, r).len() * columns.len() * inner;
        Ok(Self {
            comm: comm.clone(),
            rows: rows.len(),
            row_len: shape[1] * inner,
            second_len: shape[0] * columns.len() * inner,
            first: Layout::new(parts.iter().map(|(_, len)| rows.len() * len))?,
            second: Layout::new((0..ranks).map(from))?,
            packed: vec![Complex64::default(); rows.len() * shape[1] * inner],
            parts,
        })
    }

    /// Entries of the second form on this rank.
    pub(crate) fn second_len(&self) -> usize {
        self.second_len
    }

    /// First form to second. Collective.
    pub(crate) fn forward(&mut self, first: &[Complex64], second: &mut [Complex64]) {
        let mut start = 0;
        for &(column, len) in &self.parts {
            for row in 0..self.rows {
                let from = row * self.row_len + column;
                self.packed[start..start + len].copy_from_slice(&first[from..from + len]);
                start += len;
            }
        }
        let (send, receive) = (&self.first, &self.second);
        exchange(&self.comm, &self.packed, send, second, receive);
    }

    /// Second form to first. Collective.
    pub(crate) fn backward(&mut self, second: &[Complex64], first: &mut [Complex64]) {
        let (send, receive) = (&self.second, &self.first);
        exchange(&self.comm, second, send, &mut self.packed, receive);
        let mut start = 0;
        for &(column, len) in &self.parts {
            for row in 0..self.rows {
                let to = row * self.row_len + column;
                first[to..to + len].copy_from_slice(&self.packed[start..start + len]);
                start += len;
            }
        }
    }
}

fn exchange(
    comm: &Comm,
    from: &[Complex64],
    send: &Layout,
    to: &mut [Complex64],
    receive: &Layout,
) {
    let from = Partition::new(from, &send.counts[..], &send.starts[..]);
    let mut to = PartitionMut::new(to, &receive.counts[..], &receive.starts[..]);
    comm.mpi().all_to_all_varcount_into(&from, &mut to);
}
