//! The distribution of an array in slabs.

use std::ops::Range;

use petsc_rs::{Comm, Error, ErrorCode, Result};

/// The part of an array on one rank: a range along one axis and the full length of all other axes,
/// in row-major order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slab {
    shape: Vec<usize>,
    axis: usize,
    range: Range<usize>,
}

/// Returns the range of `total` items on rank `rank` of `ranks`. If the division has a remainder,
/// the first ranks have one more item.
pub(crate) fn block(total: usize, ranks: usize, rank: usize) -> Range<usize> {
    let (size, more) = (total / ranks, total % ranks);
    let start = rank * size + rank.min(more);
    start..start + size + usize::from(rank < more)
}

/// Returns rank and number of ranks.
pub(crate) fn place(comm: &Comm) -> Result<(usize, usize)> {
    Ok((usize::try_from(comm.rank())?, usize::try_from(comm.size())?))
}

/// Returns an error for a shape without entries, or with a slab that has more entries than MPI can
/// count. The result is the same on all ranks.
pub(crate) fn check_shape(shape: &[usize], axes: &[usize], ranks: usize) -> Result<()> {
    let refuse = |text: String| Err(Error::collective(ErrorCode::ARG_OUTOFRANGE, text));
    if shape.contains(&0) {
        return refuse(format!("an array of shape {shape:?} has no entries"));
    }
    let total = shape.iter().try_fold(1_usize, |n, &m| n.checked_mul(m));
    for &axis in axes {
        let largest = total.map(|n| n / shape[axis] * shape[axis].div_ceil(ranks));
        if largest.is_none_or(|n| i32::try_from(n).is_err()) {
            return refuse(format!(
                "a slab of an array of shape {shape:?} over {ranks} ranks has more than 2³¹ entries"
            ));
        }
    }
    Ok(())
}

impl Slab {
    pub(crate) fn new(shape: &[usize], axis: usize, ranks: usize, rank: usize) -> Self {
        Self { shape: shape.to_vec(), axis, range: block(shape[axis], ranks, rank) }
    }

    /// Returns the shape of the whole array.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Returns the distributed axis.
    #[must_use]
    pub fn axis(&self) -> usize {
        self.axis
    }

    /// Returns the range of the distributed axis on this rank.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Returns the shape of the part on this rank.
    #[must_use]
    pub fn local_shape(&self) -> Vec<usize> {
        let mut shape = self.shape.clone();
        shape[self.axis] = self.range.len();
        shape
    }

    /// Returns the number of entries on this rank.
    #[must_use]
    pub fn len(&self) -> usize {
        self.range.len() * self.inner() * self.shape[..self.axis].iter().product::<usize>()
    }

    /// Returns whether this rank has no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    /// Returns the number of entries between neighbors along the distributed axis.
    fn inner(&self) -> usize {
        self.shape[self.axis + 1..].iter().product()
    }

    /// Returns the index in the whole array, in row-major order, of an entry on this rank.
    ///
    /// # Panics
    /// Panics if this rank has no entries.
    #[must_use]
    pub fn global_index(&self, local: usize) -> usize {
        let inner = self.inner();
        let (line, within) = (local / inner, local % inner);
        let (outer, along) = (line / self.range.len(), line % self.range.len());
        (outer * self.shape[self.axis] + self.range.start + along) * inner + within
    }
}

#[cfg(test)]
mod tests {
    use super::{Slab, block, check_shape};

    #[test]
    fn blocks_cover_everything_once() {
        for (total, ranks) in [(1, 3), (2, 3), (7, 3), (12, 4), (5, 1)] {
            let all: Vec<_> = (0..ranks).flat_map(|r| block(total, ranks, r)).collect();
            assert_eq!(all, (0..total).collect::<Vec<_>>());
        }
    }

    #[test]
    fn slabs_of_any_axis_number_every_entry_once() {
        let shape = [3, 5, 2];
        for axis in 0..3 {
            let mut all: Vec<usize> = (0..4)
                .map(|rank| Slab::new(&shape, axis, 4, rank))
                .flat_map(|slab| (0..slab.len()).map(move |i| slab.global_index(i)))
                .collect();
            all.sort_unstable();
            assert_eq!(all, (0..30).collect::<Vec<_>>(), "{axis}");
        }
    }

    #[test]
    fn slabs_that_messages_cannot_hold_are_refused() {
        assert!(check_shape(&[1 << 16, 1 << 16], &[0, 1], 2).is_err());
        assert!(check_shape(&[1 << 16, 1 << 16], &[0, 1], 4).is_ok());
        assert!(check_shape(&[usize::MAX, 2], &[0], 4).is_err());
        assert!(check_shape(&[4, 0], &[0], 1).is_err());
    }
}
