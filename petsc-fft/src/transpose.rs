//! From slabs of the first axis to slabs of the second, and back.

use std::ops::Range;

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
            second_len: shape[0] * columns.len() * inner,
            first: Layout::new(parts.iter().map(|(_, len)| rows.len() * len))?,
            second: Layout::new((0..ranks).map(from))?,
            // Alone, nothing is exchanged.
            packed: match ranks {
                1 => Vec::new(),
                _ => vec![Complex64::default(); rows.len() * shape[1] * inner],
            },
            parts,
        })
    }

    /// Whether there is nobody to exchange with: both forms are the same then.
    pub(crate) fn is_alone(&self) -> bool {
        self.parts.len() == 1
    }

    /// Entries of the second form on this rank.
    pub(crate) fn second_len(&self) -> usize {
        self.second_len
    }

    /// Where the part of a row that goes to a rank lies in the packed form, and where in the row.
    fn pieces(&self, row: usize) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let rows = self.rows;
        let mut start = 0;
        self.parts.iter().map(move |&(column, len)| {
            let at = start + row * len;
            start += rows * len;
            (at..at + len, column..column + len)
        })
    }

    /// Puts a row of the first form where [`Transpose::send_packed`] sends it from.
    pub(crate) fn pack(&mut self, row: usize, values: &[Complex64]) {
        let mut packed = std::mem::take(&mut self.packed);
        for (to, from) in self.pieces(row) {
            packed[to].copy_from_slice(&values[from]);
        }
        self.packed = packed;
    }

    /// A row of the first form from where [`Transpose::receive_packed`] has put it.
    pub(crate) fn unpack(&self, row: usize, values: &mut [Complex64]) {
        for (from, to) in self.pieces(row) {
            values[to].copy_from_slice(&self.packed[from]);
        }
    }

    /// The packed first form to the second. Collective.
    pub(crate) fn send_packed(&self, second: &mut [Complex64]) {
        exchange(&self.comm, &self.packed, &self.first, second, &self.second);
    }

    /// The second form to the packed first. Collective.
    pub(crate) fn receive_packed(&mut self, second: &[Complex64]) {
        let (send, receive) = (&self.second, &self.first);
        exchange(&self.comm, second, send, &mut self.packed, receive);
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
