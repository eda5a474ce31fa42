//! Transforms along one axis of an array on one rank.

use std::sync::Arc;

use num_complex::Complex64;
use rustfft::{Fft, FftDirection, FftPlanner};

/// The number of entries of a tile. A tile consists of adjacent lines that are transformed
/// together; its half a MiB fits into the cache of a core. For lines of a thousand entries, a row
/// of the tile has 512 bytes; distant rows are on different pages.
const TILE: usize = 1 << 15;
/// The minimum and maximum number of lines of a tile: a row of the tile has a few cache lines.
const WIDTH: (usize, usize) = (8, 64);
/// The number of entries of a cache line. This is also the number of rows that are copied at once,
/// so that whole cache lines of the tile are written.
const ROWS: usize = 4;
/// Lines of at least this length are aligned to cache lines; shorter lines are contiguous.
const SHORT: usize = 64;

/// The kernels for lines of one length.
pub(crate) struct Lines {
    n: usize,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    scratch: Vec<Complex64>,
    tile: Tile,
}

/// Lines in sequence, aligned to a cache line.
struct Tile {
    values: Vec<Complex64>,
    /// The stride between transformed lines. It is an odd number of cache lines: with a stride of a
    /// power of 2, all transformed lines would share a few sets of the cache.
    step: usize,
}

impl Tile {
    fn new(n: usize) -> Self {
        let padded = (n.div_ceil(ROWS) | 1) * ROWS;
        Self { values: Vec::new(), step: if n < SHORT { n } else { padded } }
    }

    /// Allocates memory for this number of lines.
    fn lines(&mut self, count: usize) -> &mut [Complex64] {
        let len = count * self.step;
        if self.values.len() < len + ROWS {
            self.values.resize(len + ROWS, Complex64::default());
        }
        let start = to_cache_line(&self.values);
        &mut self.values[start..start + len]
    }
}

/// Returns the number of entries before the first one that is aligned to a cache line.
fn to_cache_line(values: &[Complex64]) -> usize {
    let offset = values.as_ptr().align_offset(ROWS * size_of::<Complex64>());
    offset % ROWS
}

/// Some columns of an array of rows.
#[derive(Clone, Copy)]
struct Columns {
    stride: usize,
    first: usize,
    width: usize,
}

impl Columns {
    /// Divides the columns into pieces with the width of a tile for lines of length `n`. The pieces
    /// begin at cache lines of the block.
    fn tiles(n: usize, stride: usize, block: &[Complex64]) -> impl Iterator<Item = Self> + use<> {
        let width = (TILE / n).clamp(WIDTH.0, WIDTH.1) / ROWS * ROWS;
        let early = (ROWS - to_cache_line(block)) % ROWS;
        let early = if width < stride { early } else { 0 };
        (0..(stride + early).div_ceil(width)).map(move |piece| {
            let first = (piece * width).saturating_sub(early);
            let end = ((piece + 1) * width - early).min(stride);
            Self { stride, first, width: end - first }
        })
    }

    /// Returns the part of a row in these columns.
    fn range(self, row: usize) -> std::ops::Range<usize> {
        let start = row * self.stride + self.first;
        start..start + self.width
    }

    /// Copies columns to contiguous lines of length `n`.
    fn gather(self, n: usize, block: &[Complex64], tile: &mut Tile) {
        let step = tile.step;
        let tile = tile.lines(self.width);
        let whole = n - n % ROWS;
        for i in (0..whole).step_by(ROWS) {
            let rows: [&[Complex64]; ROWS] = std::array::from_fn(|d| &block[self.range(i + d)]);
            for (line, to) in tile.chunks_exact_mut(step).enumerate() {
                for (to, row) in to[i..i + ROWS].iter_mut().zip(rows) {
                    *to = row[line];
                }
            }
        }
        for i in whole..n {
            for (to, value) in tile[i..].iter_mut().step_by(step).zip(&block[self.range(i)]) {
                *to = *value;
            }
        }
    }

    /// Copies contiguous lines to columns, multiplied by a factor.
    fn scatter(self, n: usize, tile: &mut Tile, block: &mut [Complex64], factor: f64) {
        let step = tile.step;
        let tile = tile.lines(self.width);
        let whole = n - n % ROWS;
        for i in (0..whole).step_by(ROWS) {
            let mut rows = block[i * self.stride..].chunks_mut(self.stride);
            let mut rows: [&mut [Complex64]; ROWS] = std::array::from_fn(|_| {
                let row = rows.next().unwrap_or_default();
                &mut row[self.first..self.first + self.width]
            });
            for (line, values) in tile.chunks_exact(step).enumerate() {
                for (row, value) in rows.iter_mut().zip(&values[i..i + ROWS]) {
                    row[line] = value * factor;
                }
            }
        }
        for i in whole..n {
            let row = &mut block[self.range(i)];
            for (to, value) in row.iter_mut().zip(tile[i..].iter().step_by(step)) {
                *to = value * factor;
            }
        }
    }
}

impl Lines {
    pub(crate) fn new(planner: &mut FftPlanner<f64>, n: usize) -> Self {
        let (forward, inverse) = (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
        let scratch = forward.get_inplace_scratch_len().max(inverse.get_inplace_scratch_len());
        Self {
            n,
            forward,
            inverse,
            scratch: vec![Complex64::default(); scratch],
            tile: Tile::new(n),
        }
    }

    /// Returns the length of the lines.
    pub(crate) fn len(&self) -> usize {
        self.n
    }

    /// Transforms every line of an array and multiplies the result by `factor`. Neighbors along the
    /// line are `stride` entries apart.
    pub(crate) fn transform(
        &mut self,
        data: &mut [Complex64],
        stride: usize,
        direction: FftDirection,
        factor: f64,
    ) {
        if data.is_empty() || self.contiguous(data, stride, direction, factor) {
            return;
        }
        for block in data.chunks_exact_mut(self.n * stride) {
            for columns in Columns::tiles(self.n, stride, block) {
                columns.gather(self.n, block, &mut self.tile);
                self.run(columns.width, direction);
                columns.scatter(self.n, &mut self.tile, block, factor);
            }
        }
    }

    /// Transforms from one array to another.
    pub(crate) fn transform_to(
        &mut self,
        from: &[Complex64],
        to: &mut [Complex64],
        stride: usize,
        direction: FftDirection,
        factor: f64,
    ) {
        if from.is_empty() {
            return;
        }
        if stride == 1 || self.n == 1 {
            to.copy_from_slice(from);
            self.contiguous(to, stride, direction, factor);
            return;
        }
        let size = self.n * stride;
        for (from, to) in from.chunks_exact(size).zip(to.chunks_exact_mut(size)) {
            for columns in Columns::tiles(self.n, stride, to) {
                columns.gather(self.n, from, &mut self.tile);
                self.run(columns.width, direction);
                columns.scatter(self.n, &mut self.tile, to, factor);
            }
        }
    }

    /// Transforms lines that need no tile. Returns false if a tile is needed.
    fn contiguous(
        &mut self,
        data: &mut [Complex64],
        stride: usize,
        direction: FftDirection,
        factor: f64,
    ) -> bool {
        if self.n > 1 && stride > 1 {
            return false;
        }
        if self.n > 1 {
            let kernel = Arc::clone(self.kernel(direction));
            kernel.process_with_scratch(data, &mut self.scratch);
        }
        if factor != 1.0 {
            data.iter_mut().for_each(|value| *value *= factor);
        }
        true
    }

    fn kernel(&self, direction: FftDirection) -> &Arc<dyn Fft<f64>> {
        match direction {
            FftDirection::Forward => &self.forward,
            FftDirection::Inverse => &self.inverse,
        }
    }

    fn run(&mut self, width: usize, direction: FftDirection) {
        let kernel = Arc::clone(self.kernel(direction));
        let (n, step) = (self.n, self.tile.step);
        let lines = self.tile.lines(width);
        if step == n {
            return kernel.process_with_scratch(lines, &mut self.scratch);
        }
        for line in lines.chunks_exact_mut(step) {
            kernel.process_with_scratch(&mut line[..n], &mut self.scratch);
        }
    }
}

#[cfg(test)]
mod tests {
    use num_complex::Complex64;
    use rustfft::{FftDirection, FftPlanner};

    use super::{Columns, Lines, ROWS, to_cache_line};

    fn values(count: usize) -> Vec<Complex64> {
        let value = |i: usize| (i * 7919 + 13) % 1009;
        (0..count)
            .map(|i| Complex64::new(value(i) as f64, value(i + 500) as f64) / 1009.0)
            .collect()
    }

    /// Computes the direct sums `Σ x[j]·exp(−2πi jk/n)` of each column of a block.
    fn sums(n: usize, stride: usize, block: &[Complex64]) -> Vec<Complex64> {
        let root = |m: usize| Complex64::cis(-std::f64::consts::TAU * m as f64 / n as f64);
        let roots: Vec<_> = (0..n).map(root).collect();
        let sum = |k: usize, column: usize| {
            (0..n).map(|j| block[j * stride + column] * roots[j * k % n]).sum()
        };
        (0..n * stride).map(|i| sum(i / stride, i % stride)).collect()
    }

    #[test]
    fn columns_of_any_number_length_and_place_are_transformed() {
        // Lengths below and above `SHORT`, whole cache lines or not, narrower and wider than a
        // tile.
        for n in [6, 63, 64, 67] {
            let mut lines = Lines::new(&mut FftPlanner::new(), n);
            for (stride, shift) in [(1, 1), (3, 0), (61, 2), (67, 1), (130, 3), (128, 0)] {
                let room = values(shift + 2 * n * stride);
                let from = &room[shift..];
                let expected: Vec<_> = from
                    .chunks_exact(n * stride)
                    .flat_map(|block| sums(n, stride, block))
                    .collect();
                let mut there = vec![Complex64::default(); room.len()];
                let to = &mut there[shift..];
                lines.transform_to(from, to, stride, FftDirection::Forward, 1.0);
                let mut place = room.clone();
                let own = &mut place[shift..];
                lines.transform(own, stride, FftDirection::Forward, 2.0);
                for ((to, own), expected) in to.iter().zip(own).zip(expected) {
                    let error = (to - expected).norm() + (*own - 2.0 * expected).norm();
                    assert!(error < 1e-11, "{n} {stride} {shift}: {error}");
                }
            }
        }
    }

    #[test]
    fn tiles_have_their_borders_at_cache_lines() {
        let room = values(4 * 200 + ROWS);
        for shift in 0..ROWS {
            let block = &room[shift..];
            let mut next = 0;
            for columns in Columns::tiles(4, 200, block) {
                let aligned = to_cache_line(&block[columns.first..]) == 0;
                assert!(columns.first == 0 || aligned);
                assert_eq!((columns.first, columns.width > 0), (next, true));
                next += columns.width;
            }
            assert_eq!(next, 200);
        }
    }
}
