//! Changes the axis along which an array is distributed among the ranks of one line of the process
//! grid.

use std::ops::Range;

use mpi::Count;
use mpi::datatype::{Partition, PartitionMut};
use mpi::traits::{CommunicatorCollectives, Equivalence};
use petsc_rs::{Comm, Result};

use crate::slab::block;

/// One side of an exchange: the pieces of an axis that are sent to, or received from, each rank.
pub(crate) struct Side {
    /// `outer` is the number of entries along all axes before the divided axis, `axis` the number
    /// along this axis, and `inner` the number along all axes after it.
    outer: usize,
    axis: usize,
    inner: usize,
    parts: Vec<Range<usize>>,
    counts: Vec<Count>,
    starts: Vec<Count>,
}

impl Side {
    /// Divides the axis of an array on this rank into as many parts as there are ranks.
    pub(crate) fn new(shape: &[usize], axis: usize, ranks: usize) -> Result<Self> {
        let outer: usize = shape[..axis].iter().product();
        let inner: usize = shape[axis + 1..].iter().product();
        let parts: Vec<_> = (0..ranks).map(|r| block(shape[axis], ranks, r)).collect();
        let count = |n: usize| Ok(Count::try_from(n * outer * inner)?);
        Ok(Self {
            counts: parts.iter().map(|p| count(p.len())).collect::<Result<_>>()?,
            starts: parts.iter().map(|p| count(p.start)).collect::<Result<_>>()?,
            outer,
            axis: shape[axis],
            inner,
            parts,
        })
    }

    fn len(&self) -> usize {
        self.outer * self.axis * self.inner
    }

    /// Returns whether the parts are contiguous, so that packing is not necessary.
    fn is_packed(&self) -> bool {
        self.outer <= 1
    }

    /// Returns the position of a piece in the packed buffer, and in the array.
    fn pieces(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let row = self.axis * self.inner;
        let parts = self.parts.iter().flat_map(move |part| {
            (0..self.outer).map(move |o| {
                let start = o * row + part.start * self.inner;
                start..start + part.len() * self.inner
            })
        });
        parts.scan(0, |at, piece| {
            let start = *at;
            *at += piece.len();
            Some((start..*at, piece))
        })
    }

    fn pack<T: Copy>(&self, array: &[T], packed: &mut [T]) {
        for (to, from) in self.pieces() {
            packed[to].copy_from_slice(&array[from]);
        }
    }

    fn unpack<T: Copy>(&self, packed: &[T], array: &mut [T]) {
        for (from, to) in self.pieces() {
            array[to].copy_from_slice(&packed[from]);
        }
    }
}

/// An array on this rank and its buffers, which are reused in each transform.
#[derive(Default)]
pub(crate) struct Array<T> {
    pub(crate) values: Vec<T>,
    next: Vec<T>,
    packed: Vec<T>,
}

impl<T: Copy + Default + Equivalence> Array<T> {
    pub(crate) fn fill(&mut self, values: &[T]) {
        self.values.clear();
        self.values.extend_from_slice(values);
    }

    /// Exchanges the array from layout `from` to layout `to`. Collective on `line`.
    pub(crate) fn exchange(&mut self, line: &Comm, from: &Side, to: &Side) {
        self.next.resize(to.len(), T::default());
        if !from.is_packed() {
            self.packed.resize(from.len(), T::default());
            from.pack(&self.values, &mut self.packed);
            std::mem::swap(&mut self.values, &mut self.packed);
        }
        let send = Partition::new(&self.values[..from.len()], &from.counts[..], &from.starts[..]);
        let mut receive = PartitionMut::new(&mut self.next[..], &to.counts[..], &to.starts[..]);
        line.mpi().all_to_all_varcount_into(&send, &mut receive);
        if to.is_packed() {
            std::mem::swap(&mut self.values, &mut self.next);
        } else {
            self.values.resize(to.len(), T::default());
            to.unpack(&self.next, &mut self.values);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Side;

    #[test]
    fn packing_goes_part_by_part() {
        let side = Side::new(&[2, 5, 1], 1, 2).unwrap();
        let array: Vec<_> = (0..10).collect();
        let mut packed = [0; 10];
        side.pack(&array, &mut packed);
        assert_eq!(packed, [0, 1, 2, 5, 6, 7, 3, 4, 8, 9]);
        assert_eq!((&side.counts[..], &side.starts[..]), (&[6, 4][..], &[0, 6][..]));
        let mut back = [0; 10];
        side.unpack(&packed, &mut back);
        assert_eq!(back[..], array);
        assert!(!side.is_packed() && Side::new(&[5, 2], 0, 3).unwrap().is_packed());
    }
}
