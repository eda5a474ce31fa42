//! The sequence of exchanges and transforms of an array, and the axes that are not distributed
//! (each rank has all their points) in each step.

use std::ops::Range;

use petsc_rs::{Comm, Error, ErrorCode, Result};

use crate::block::Block;
use crate::exchange::Side;
use crate::slab::{block, place};

/// The process grid. The last direction runs fastest, as the last axis does.
pub(crate) struct Grid {
    sizes: Vec<usize>,
    place: Vec<usize>,
    /// For each direction, the ranks whose position differs from that of this rank in this
    /// direction only; `None` if there are no other ranks.
    lines: Vec<Option<Comm>>,
}

fn refuse<T>(text: String) -> Result<T> {
    Err(Error::collective(ErrorCode::ARG_OUTOFRANGE, text))
}

impl Grid {
    pub(crate) fn new(comm: &Comm, sizes: &[usize]) -> Result<Self> {
        let (rank, ranks) = place(comm)?;
        if sizes.iter().try_fold(1, |n: usize, &m| n.checked_mul(m)) != Some(ranks) {
            return refuse(format!("a process grid of {sizes:?} does not have {ranks} ranks"));
        }
        let (mut places, mut rest) = (vec![0; sizes.len()], rank);
        for (place, size) in places.iter_mut().zip(sizes).rev() {
            (*place, rest) = (rest % size, rest / size);
        }
        let mut lines = Vec::new();
        let mut stride = 1;
        for (&size, &at) in sizes.iter().zip(&places).rev() {
            let (color, key) = (i32::try_from(rank - at * stride)?, i32::try_from(at)?);
            lines.push(match size {
                1 => None,
                _ => comm.split(Some(color), key)?,
            });
            stride *= size;
        }
        lines.reverse();
        Ok(Self { sizes: sizes.to_vec(), place: places, lines })
    }

    pub(crate) fn line(&self, direction: usize) -> Option<&Comm> {
        self.lines[direction].as_ref()
    }

    pub(crate) fn sizes(&self) -> &[usize] {
        &self.sizes
    }
}

/// Returns the two factors of a number of ranks that are closest to each other, the smaller one
/// first.
pub(crate) fn square(ranks: usize) -> [usize; 2] {
    let root = (1..=ranks).take_while(|n| n * n <= ranks);
    let first = root.filter(|n| ranks % n == 0).last().unwrap_or(1);
    [first, ranks / first]
}

/// The directions of the process grid that distribute each axis, nested in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    shape: Vec<usize>,
    splits: Vec<Vec<usize>>,
}

impl Layout {
    /// Creates the layout in which each direction of the process grid distributes the axis with its
    /// number.
    pub(crate) fn new(shape: &[usize], grid: &[usize]) -> Result<Self> {
        if shape.len() < 2 || shape.contains(&0) {
            return refuse(format!(
                "an array of shape {shape:?} cannot be transformed: use two or more axes with entries"
            ));
        }
        if grid.len() > shape.len() {
            return refuse(format!(
                "a process grid of {grid:?} has more directions than an array of shape {shape:?}"
            ));
        }
        let split = |axis: usize| match grid.get(axis) {
            None | Some(1) => Vec::new(),
            Some(_) => vec![axis],
        };
        Ok(Self { splits: (0..shape.len()).map(split).collect(), shape: shape.to_vec() })
    }

    fn ranges(&self, grid: &[usize], place: &[usize]) -> Vec<Range<usize>> {
        let range = |(&n, splits): (&usize, &Vec<usize>)| {
            splits.iter().fold(0..n, |all, &g| {
                let part = block(all.len(), grid[g], place[g]);
                all.start + part.start..all.start + part.end
            })
        };
        self.shape.iter().zip(&self.splits).map(range).collect()
    }

    pub(crate) fn block(&self, grid: &Grid) -> Block {
        Block::new(&self.shape, self.ranges(&grid.sizes, &grid.place))
    }

    /// Checks that a message can hold each part. The rank at the origin of the process grid has the
    /// largest part. The result is the same on all ranks.
    fn check(&self, grid: &Grid) -> Result<()> {
        let largest = self.ranges(&grid.sizes, &vec![0; grid.sizes.len()]);
        let mut lengths = largest.iter().map(ExactSizeIterator::len);
        let total = lengths.try_fold(1_usize, usize::checked_mul);
        if total.is_none_or(|n| i32::try_from(n).is_err()) {
            return refuse(format!(
                "a part of an array of shape {:?} over {:?} ranks has more than 2³¹ entries",
                self.shape, grid.sizes
            ));
        }
        Ok(())
    }

    fn moved(&self, way: Move) -> Self {
        let mut next = self.clone();
        next.splits[way.from].pop();
        next.splits[way.to].push(way.direction);
        next
    }

    /// Returns the axis that a direction distributes next, after `axis`: if possible an axis that
    /// has already been transformed, otherwise one that few directions distribute.
    fn receiver(&self, axis: usize, todo: &[usize]) -> usize {
        let others = (0..self.shape.len()).filter(|&a| a != axis);
        let choice = others.min_by_key(|&a| {
            let open = todo.contains(&a);
            (open, self.splits[a].len(), std::cmp::Reverse(self.shape[a]))
        });
        choice.unwrap_or_default()
    }
}

/// An exchange: a direction that distributed one axis distributes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    direction: usize,
    from: usize,
    to: usize,
}

/// A step.
pub(crate) enum Step {
    Exchange {
        direction: usize,
        before: Side,
        after: Side,
    },
    /// Transforms an axis that is not distributed. `stride` is the distance between neighboring
    /// entries along the axis.
    Transform {
        axis: usize,
        stride: usize,
    },
}

/// The steps from one layout to another.
pub(crate) struct Route {
    pub(crate) steps: Vec<Step>,
    moves: Vec<Move>,
    layout: Layout,
}

impl Route {
    pub(crate) fn new(layout: Layout, grid: &Grid) -> Result<Self> {
        layout.check(grid)?;
        Ok(Self { steps: Vec::new(), moves: Vec::new(), layout })
    }

    /// Returns the final layout.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    fn exchange(&mut self, way: Move, grid: &Grid) -> Result<()> {
        let ranks = grid.sizes[way.direction];
        let next = self.layout.moved(way);
        next.check(grid)?;
        let (before, after) = (self.layout.block(grid), next.block(grid));
        self.steps.push(Step::Exchange {
            direction: way.direction,
            before: Side::new(&before.local_shape(), way.to, ranks)?,
            after: Side::new(&after.local_shape(), way.from, ranks)?,
        });
        self.moves.push(way);
        self.layout = next;
        Ok(())
    }

    /// Adds the exchanges that make an axis complete.
    pub(crate) fn gather(&mut self, axis: usize, todo: &[usize], grid: &Grid) -> Result<()> {
        while let Some(&direction) = self.layout.splits[axis].last() {
            let to = self.layout.receiver(axis, todo);
            let way = Move { direction, from: axis, to };
            self.exchange(way, grid)?;
        }
        Ok(())
    }

    /// Adds the transforms of the given axes, starting with those that are complete.
    pub(crate) fn transform(&mut self, mut todo: Vec<usize>, grid: &Grid) -> Result<()> {
        while let Some(&last) = todo.last() {
            let whole = todo.iter().rev().find(|&&a| self.layout.splits[a].is_empty());
            let axis = whole.copied().unwrap_or(last);
            self.gather(axis, &todo, grid)?;
            let shape = self.layout.block(grid).local_shape();
            self.steps.push(Step::Transform { axis, stride: shape[axis + 1..].iter().product() });
            todo.retain(|&a| a != axis);
        }
        Ok(())
    }

    /// Adds the reverse of all exchanges, including the exchanges `before` of an earlier route, in
    /// reverse order.
    pub(crate) fn return_home(&mut self, before: &[Move], grid: &Grid) -> Result<()> {
        let moves: Vec<_> = before.iter().chain(&self.moves).copied().collect();
        for way in moves.into_iter().rev() {
            let back = Move { direction: way.direction, from: way.to, to: way.from };
            self.exchange(back, grid)?;
        }
        Ok(())
    }

    pub(crate) fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// Returns the final layout, with the length of the complete axis `axis` replaced by `len`.
    pub(crate) fn with_len(&self, axis: usize, len: usize) -> Layout {
        let mut layout = self.layout.clone();
        layout.shape[axis] = len;
        layout
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, square};

    #[test]
    fn grids_are_as_square_as_can_be() {
        let found: Vec<_> = [1, 2, 3, 4, 6, 7, 12, 16].into_iter().map(square).collect();
        let expected = [[1, 1], [1, 2], [1, 3], [2, 2], [2, 3], [1, 7], [3, 4], [4, 4]];
        assert_eq!(found, expected);
    }

    #[test]
    fn blocks_within_blocks_cover_everything_once() {
        let layout = Layout { shape: vec![7, 5], splits: vec![vec![1, 0], vec![]] };
        let mut rows: Vec<usize> = (0..3)
            .flat_map(|p| (0..2).map(move |q| (p, q)))
            .flat_map(|(p, q)| layout.ranges(&[3, 2], &[p, q])[0].clone())
            .collect();
        rows.sort_unstable();
        assert_eq!(rows, (0..7).collect::<Vec<_>>());
    }
}
