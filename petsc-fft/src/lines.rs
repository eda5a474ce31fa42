//! Transforms along one axis of an array on one rank.

use std::sync::Arc;

use num_complex::Complex64;
use rustfft::{Fft, FftDirection, FftPlanner};

/// Entries of a tile: lines beside each other that are transformed together. Half a MiB fits into a core's own cache, and of
/// a row of lines as long as a thousand entries there are 512 bytes: rows far apart are each on a page of their own.
const TILE: usize = 1 << 15;
/// Fewest and most lines of a tile: a piece of a row of it is some cache lines.
const WIDTH: (usize, usize) = (8, 64);
/// Rows that are copied at once, so that whole cache lines of the tile are written.
const ROWS: usize = 4;

/// Kernels for lines of one length.
pub(crate) struct Lines {
    n: usize,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    scratch: Vec<Complex64>,
    tile: Vec<Complex64>,
}

/// Some columns of an array of rows.
#[derive(Clone, Copy)]
struct Columns {
    stride: usize,
    first: usize,
    width: usize,
}

impl Columns {
    /// The columns in pieces as wide as tiles for lines of length `n`.
    fn tiles(n: usize, stride: usize) -> impl Iterator<Item = Self> {
        let width = (TILE / n).clamp(WIDTH.0, WIDTH.1);
        (0..stride).step_by(width).map(move |first| Self {
            stride,
            first,
            width: width.min(stride - first),
        })
    }

    /// What these columns have of a row.
    fn range(self, row: usize) -> std::ops::Range<usize> {
        let start = row * self.stride + self.first;
        start..start + self.width
    }

    /// Columns to contiguous lines of length `n`.
    fn gather(self, n: usize, block: &[Complex64], tile: &mut [Complex64]) {
        let whole = n - n % ROWS;
        for i in (0..whole).step_by(ROWS) {
            let rows: [&[Complex64]; ROWS] = std::array::from_fn(|d| &block[self.range(i + d)]);
            for (line, to) in tile.chunks_exact_mut(n).enumerate() {
                for (to, row) in to[i..i + ROWS].iter_mut().zip(rows) {
                    *to = row[line];
                }
            }
        }
        for i in whole..n {
            for (to, value) in tile[i..].iter_mut().step_by(n).zip(&block[self.range(i)]) {
                *to = *value;
            }
        }
    }

    /// Contiguous lines back to columns, times a factor.
    fn scatter(self, n: usize, tile: &[Complex64], block: &mut [Complex64], factor: f64) {
        let whole = n - n % ROWS;
        for i in (0..whole).step_by(ROWS) {
            let mut rows = block[i * self.stride..].chunks_mut(self.stride);
            let mut rows: [&mut [Complex64]; ROWS] = std::array::from_fn(|_| {
                let row = rows.next().unwrap_or_default();
                &mut row[self.first..self.first + self.width]
            });
            for (line, values) in tile.chunks_exact(n).enumerate() {
                for (row, value) in rows.iter_mut().zip(&values[i..i + ROWS]) {
                    row[line] = value * factor;
                }
            }
        }
        for i in whole..n {
            let row = &mut block[self.range(i)];
            for (to, value) in row.iter_mut().zip(tile[i..].iter().step_by(n)) {
                *to = value * factor;
            }
        }
    }
}

impl Lines {
    pub(crate) fn new(planner: &mut FftPlanner<f64>, n: usize) -> Self {
        let (forward, inverse) = (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
        let scratch = forward
            .get_inplace_scratch_len()
            .max(inverse.get_inplace_scratch_len());
        Self {
            n,
            forward,
            inverse,
            scratch: vec![Complex64::default(); scratch],
            tile: Vec::new(),
        }
    }

    /// Length of the lines.
    pub(crate) fn len(&self) -> usize {
        self.n
    }

    /// Transforms every line of an array whose neighbours along the line are `stride` entries apart; the result is times
    /// `factor`.
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
            for columns in Columns::tiles(self.n, stride) {
                columns.gather(self.n, block, self.tile(columns.width));
                self.run(columns.width, direction);
                columns.scatter(self.n, &self.tile, block, factor);
            }
        }
    }

    /// The same from one array to another.
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
            for columns in Columns::tiles(self.n, stride) {
                columns.gather(self.n, from, self.tile(columns.width));
                self.run(columns.width, direction);
                columns.scatter(self.n, &self.tile, to, factor);
            }
        }
    }

    /// Lines that need no tile; false if these do.
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

    fn tile(&mut self, width: usize) -> &mut [Complex64] {
        self.tile.resize(width * self.n, Complex64::default());
        &mut self.tile
    }

    fn run(&mut self, width: usize, direction: FftDirection) {
        let kernel = Arc::clone(self.kernel(direction));
        kernel.process_with_scratch(&mut self.tile[..width * self.n], &mut self.scratch);
    }
}
