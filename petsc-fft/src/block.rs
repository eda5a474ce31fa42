//! A block of an array.

use std::ops::Range;

/// The part of an array on one rank: a range of each axis, in row-major order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    shape: Vec<usize>,
    ranges: Vec<Range<usize>>,
}

impl Block {
    pub(crate) fn new(shape: &[usize], ranges: Vec<Range<usize>>) -> Self {
        Self { shape: shape.to_vec(), ranges }
    }

    /// Returns the shape of the whole array.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Returns the range of each axis on this rank.
    #[must_use]
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    /// Returns the shape of the part on this rank.
    #[must_use]
    pub fn local_shape(&self) -> Vec<usize> {
        self.ranges.iter().map(ExactSizeIterator::len).collect()
    }

    /// Returns the number of entries on this rank.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ranges.iter().map(ExactSizeIterator::len).product()
    }

    /// Returns whether this rank has no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the index in the whole array, in row-major order, of an entry on this rank.
    ///
    /// # Panics
    /// Panics if this rank has no entries.
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
