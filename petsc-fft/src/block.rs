//! A box of an array.

use std::ops::Range;

/// The part of an array that one rank has: a range of each axis, in row-major order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    shape: Vec<usize>,
    ranges: Vec<Range<usize>>,
}

impl Block {
    pub(crate) fn new(shape: &[usize], ranges: Vec<Range<usize>>) -> Self {
        Self {
            shape: shape.to_vec(),
            ranges,
        }
    }

    /// Shape of the whole array.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// What this rank has of each axis.
    #[must_use]
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    /// Shape of what this rank has.
    #[must_use]
    pub fn local_shape(&self) -> Vec<usize> {
        self.ranges.iter().map(ExactSizeIterator::len).collect()
    }

    /// Number of entries on this rank.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ranges.iter().map(ExactSizeIterator::len).product()
    }

    /// Whether this rank has nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number in the whole array, in row-major order, of an entry on this rank.
    ///
    /// # Panics
    /// If this rank has no entry.
    #[must_use]
    pub fn global_index(&self, mut local: usize) -> usize {
        let (mut index, mut stride) = (0, 1);
        for (range, n) in self.ranges.iter().zip(&self.shape).rev() {
            index += (range.start + local % range.len()) * stride;
            local /= range.len();
            stride *= n;
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use super::Block;

    #[test]
    fn entries_are_numbered_as_in_the_whole_array() {
        let block = Block::new(&[4, 5, 6], vec![1..3, 2..5, 4..6]);
        assert_eq!((block.len(), block.local_shape()), (12, vec![2, 3, 2]));
        let found: Vec<_> = (0..12).map(|i| block.global_index(i)).collect();
        let expected: Vec<_> = (1..3)
            .flat_map(|i| (2..5).flat_map(move |j| (4..6).map(move |k| (i * 5 + j) * 6 + k)))
            .collect();
        assert_eq!(found, expected);
    }
}
