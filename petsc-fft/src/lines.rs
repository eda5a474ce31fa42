//! Transforms along one axis of an array on one rank.

use std::sync::Arc;

use num_complex::Complex64;
use rustfft::{Fft, FftDirection, FftPlanner};

/// Lines beside each other that are transformed together: a tile of them is read and written in pieces as wide
/// as some cache lines.
const TILE: usize = 16;

/// Kernels for lines of one length.
pub(crate) struct Lines {
    n: usize,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    scratch: Vec<Complex64>,
    tile: Vec<Complex64>,
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

    /// Transforms every line of an array whose neighbours along the line are `stride` entries apart.
    pub(crate) fn transform(
        &mut self,
        data: &mut [Complex64],
        stride: usize,
        direction: FftDirection,
    ) {
        if self.n == 1 || data.is_empty() {
            return;
        }
        let kernel = match direction {
            FftDirection::Forward => &self.forward,
            FftDirection::Inverse => &self.inverse,
        };
        if stride == 1 {
            kernel.process_with_scratch(data, &mut self.scratch);
            return;
        }
        self.tile
            .resize(self.n * TILE.min(stride), Complex64::default());
        for block in data.chunks_exact_mut(self.n * stride) {
            for column in (0..stride).step_by(TILE) {
                let width = TILE.min(stride - column);
                let tile = &mut self.tile[..width * self.n];
                for (i, row) in block.chunks_exact(stride).enumerate() {
                    for (line, value) in row[column..column + width].iter().enumerate() {
                        tile[line * self.n + i] = *value;
                    }
                }
                kernel.process_with_scratch(tile, &mut self.scratch);
                for (i, row) in block.chunks_exact_mut(stride).enumerate() {
                    for (line, value) in row[column..column + width].iter_mut().enumerate() {
                        *value = tile[line * self.n + i];
                    }
                }
            }
        }
    }
}
