//! The exchange between slabs of the first axis and slabs of the second.

use std::ops::Range;

use mpi::Count;
use mpi::datatype::{Partition, PartitionMut};
use mpi::traits::{CommunicatorCollectives, Equivalence};
use num_complex::Complex64;
use petsc_rs::{Comm, Result};

use crate::slab::{block, place};

/// The exchange between `[n₀ distributed][n₁][inner]` and `[n₀][n₁ distributed][inner]`.
///
/// The data received from the other ranks, in rank order, already have the order of the second
/// layout, so only the first layout is packed. Data that stay on the rank are copied and not sent.
pub(crate) struct Transpose {
    comm: Comm,
    /// Number of rows, that is, of indices along the first axis, on this rank.
    rows: usize,
    /// For each rank, the start and length of its part of a row.
    parts: Vec<(usize, usize)>,
    /// `kept` is the part of each row that stays on this rank, and `kept_from` is the start of this
    /// part in the second layout.
    kept: Range<usize>,
    kept_from: usize,
    first: Layout,
    second: Layout,
    second_len: usize,
    packed: Vec<Complex64>,
}

/// The counts and displacements of the data sent to, or received from, each rank.
pub(crate) struct Layout {
    counts: Vec<Count>,
    starts: Vec<Count>,
}

impl Layout {
    pub(crate) fn new(counts: impl Iterator<Item = usize>) -> Result<Self> {
        let mut layout = Self { counts: Vec::new(), starts: Vec::new() };
        let mut start = 0;
        for count in counts {
            layout.counts.push(Count::try_from(count)?);
            layout.starts.push(Count::try_from(start)?);
            start += count;
        }
        Ok(layout)
    }

    /// Removes one rank; the positions of the others do not change.
    fn without(mut self, rank: usize) -> Self {
        self.counts[rank] = 0;
        self
    }
}

impl Transpose {
    /// The sizes were checked: no slab is longer than a count can represent.
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
            kept: parts[rank].0..parts[rank].0 + parts[rank].1,
            kept_from: rows.start * columns.len() * inner,
            first: Layout::new(parts.iter().map(|(_, len)| rows.len() * len))?.without(rank),
            second: Layout::new((0..ranks).map(from))?.without(rank),
            // On one rank, nothing is exchanged.
            packed: match ranks {
                1 => Vec::new(),
                _ => vec![Complex64::default(); rows.len() * shape[1] * inner],
            },
            parts,
        })
    }

    /// Returns whether there is only one rank, so that both layouts are the same.
    pub(crate) fn is_alone(&self) -> bool {
        self.parts.len() == 1
    }

    /// Returns the number of entries of the second layout on this rank.
    pub(crate) fn second_len(&self) -> usize {
        self.second_len
    }

    /// Returns the positions, in the packed buffer and in the row, of the part of a row for another
    /// rank.
    fn pieces(&self, row: usize) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let rows = self.rows;
        let mut start = 0;
        let pieces = self.parts.iter().map(move |&(column, len)| {
            let at = start + row * len;
            start += rows * len;
            (at..at + len, column..column + len)
        });
        pieces.filter(|(_, piece)| *piece != self.kept)
    }

    /// Returns the position in the second layout of the part of a row that stays on this rank.
    fn kept_in_second(&self, row: usize) -> Range<usize> {
        let start = self.kept_from + row * self.kept.len();
        start..start + self.kept.len()
    }

    /// Copies a row of the first layout to the buffer of [`Transpose::send_packed`], or to the
    /// second layout.
    pub(crate) fn pack(&mut self, row: usize, values: &[Complex64], second: &mut [Complex64]) {
        second[self.kept_in_second(row)].copy_from_slice(&values[self.kept.clone()]);
        let mut packed = std::mem::take(&mut self.packed);
        for (to, from) in self.pieces(row) {
            packed[to].copy_from_slice(&values[from]);
        }
        self.packed = packed;
    }

    /// Copies a row of the first layout from the second layout, and from the buffer of
    /// [`Transpose::receive_packed`].
    pub(crate) fn unpack(&self, row: usize, second: &[Complex64], values: &mut [Complex64]) {
        values[self.kept.clone()].copy_from_slice(&second[self.kept_in_second(row)]);
        for (from, to) in self.pieces(row) {
            values[to].copy_from_slice(&self.packed[from]);
        }
    }

    /// Exchanges the packed first layout to the second, except for the part that stays on this
    /// rank. Collective.
    pub(crate) fn send_packed(&self, second: &mut [Complex64]) {
        exchange(&self.comm, &self.packed, &self.first, second, &self.second);
    }

    /// Exchanges the second layout to the packed first, except for the part that stays on this
    /// rank. Collective.
    pub(crate) fn receive_packed(&mut self, second: &[Complex64]) {
        let (send, receive) = (&self.second, &self.first);
        exchange(&self.comm, second, send, &mut self.packed, receive);
    }
}

/// Exchanges contiguous data with each rank. Collective.
pub(crate) fn exchange<T: Equivalence>(
    comm: &Comm,
    from: &[T],
    send: &Layout,
    to: &mut [T],
    receive: &Layout,
) {
    let from = Partition::new(from, &send.counts[..], &send.starts[..]);
    let mut to = PartitionMut::new(to, &receive.counts[..], &receive.starts[..]);
    comm.mpi().all_to_all_varcount_into(&from, &mut to);
}
