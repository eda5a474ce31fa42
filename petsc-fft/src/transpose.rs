//! From slabs of the first axis to slabs of the second, and back.

use std::ops::Range;

use mpi::Count;
use mpi::datatype::{Partition, PartitionMut};
use mpi::traits::{CommunicatorCollectives, Equivalence};
use num_complex::Complex64;
use petsc_rs::{Comm, Result};

use crate::slab::{block, place};

/// The exchange between `[n₀ dealt out][n₁][inner]` and `[n₀][n₁ dealt out][inner]`.
///
/// What a rank gets from the others, one after the other, is already in the order of the second form, so only the
/// side of the first form is packed. What a rank keeps goes from form to form and is not sent.
pub(crate) struct Transpose {
    comm: Comm,
    /// Rows of the first axis on this rank.
    rows: usize,
    /// For each rank, where in a row its part begins and how long it is.
    parts: Vec<(usize, usize)>,
    /// What this rank keeps of a row, where, and where it begins in the second form.
    kept: Range<usize>,
    kept_from: usize,
    first: Layout,
    second: Layout,
    second_len: usize,
    packed: Vec<Complex64>,
}

/// Counts and displacements of what goes to, or comes from, each rank.
pub(crate) struct Layout {
    counts: Vec<Count>,
    starts: Vec<Count>,
}

impl Layout {
    pub(crate) fn new(counts: impl Iterator<Item = usize>) -> Result<Self> {
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

    /// Leaves one rank out; the others stay where they are.
    fn without(mut self, rank: usize) -> Self {
        self.counts[rank] = 0;
        self
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
            kept: parts[rank].0..parts[rank].0 + parts[rank].1,
            kept_from: rows.start * columns.len() * inner,
            first: Layout::new(parts.iter().map(|(_, len)| rows.len() * len))?.without(rank),
            second: Layout::new((0..ranks).map(from))?.without(rank),
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

    /// Where the part of a row that goes to another rank lies in the packed form, and where in the row.
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

    /// Where what this rank keeps of a row of the first form lies in the second.
    fn kept_in_second(&self, row: usize) -> Range<usize> {
        let start = self.kept_from + row * self.kept.len();
        start..start + self.kept.len()
    }

    /// Puts a row of the first form where [`Transpose::send_packed`] sends it from, or into the second form.
    pub(crate) fn pack(&mut self, row: usize, values: &[Complex64], second: &mut [Complex64]) {
        second[self.kept_in_second(row)].copy_from_slice(&values[self.kept.clone()]);
        let mut packed = std::mem::take(&mut self.packed);
        for (to, from) in self.pieces(row) {
            packed[to].copy_from_slice(&values[from]);
        }
        self.packed = packed;
    }

    /// A row of the first form from the second, and from where [`Transpose::receive_packed`] has put it.
    pub(crate) fn unpack(&self, row: usize, second: &[Complex64], values: &mut [Complex64]) {
        values[self.kept.clone()].copy_from_slice(&second[self.kept_in_second(row)]);
        for (from, to) in self.pieces(row) {
            values[to].copy_from_slice(&self.packed[from]);
        }
    }

    /// The packed first form to the second, but for what this rank keeps. Collective.
    pub(crate) fn send_packed(&self, second: &mut [Complex64]) {
        exchange(&self.comm, &self.packed, &self.first, second, &self.second);
    }

    /// The second form to the packed first, but for what this rank keeps. Collective.
    pub(crate) fn receive_packed(&mut self, second: &[Complex64]) {
        let (send, receive) = (&self.second, &self.first);
        exchange(&self.comm, second, send, &mut self.packed, receive);
    }
}

/// What goes to, and comes from, each rank lies one behind the other. Collective.
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
