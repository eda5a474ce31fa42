//! Synthetic volumes, computed slice by slice.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use super::fit::Voxels;

/// A slice of voxels with T2 between 20 and 200 ms, amplitudes between 0.5 and 1.5, and noise.
#[derive(Clone, Debug)]
pub struct Synthetic {
    /// The exact T2 of each voxel; 0 for the background.
    pub t2: Vec<f64>,
    data: Vec<f32>,
}

impl Synthetic {
    /// Returns the slice with this number, the same on any rank.
    #[must_use]
    pub fn slice(times: &[f64], voxels: usize, number: usize, noise: f64) -> Self {
        Self::of(times, voxels, 0x7232 + number as u64, noise, |_, uniform| {
            (0.5 + uniform(), 20.0 + 180.0 * uniform())
        })
    }

    /// Returns a slice of tissues: a disk with T2 80 ms, an ellipse with 120 ms and spots with 45
    /// and 160 ms inside, and background.
    #[must_use]
    pub fn phantom(times: &[f64], (nx, ny): (usize, usize), noise: f64) -> Self {
        // Center and half axes in [-1, 1]², amplitude and T2. The last shape that contains a point
        // determines its values.
        const TISSUES: [[f64; 6]; 5] = [
            [0.0, 0.0, 0.9, 0.9, 1.0, 80.0],
            [0.1, -0.3, 0.6, 0.3, 0.8, 120.0],
            [-0.4, 0.35, 0.22, 0.22, 0.9, 45.0],
            [0.35, 0.4, 0.15, 0.2, 1.2, 160.0],
            [0.1, -0.3, 0.15, 0.1, 0.9, 60.0],
        ];
        Self::of(times, nx * ny, 0x6d72, noise, |v, _| {
            let middle = |i: usize, n: usize| (2.0 * i as f64 + 1.0 - n as f64) / n as f64;
            let (x, y) = (middle(v % nx, nx), middle(v / nx, ny));
            let holds = |t: &&[f64; 6]| ((x - t[0]) / t[2]).hypot((y - t[1]) / t[3]) <= 1.0;
            let tissue = TISSUES.iter().rev().find(holds);
            tissue.map_or((0.0, 0.0), |t| (t[4], t[5]))
        })
    }

    /// Returns curves with the amplitudes and T2 that `truth` returns. `truth` may draw random
    /// numbers between 0 and 1.
    fn of(
        times: &[f64],
        voxels: usize,
        seed: u64,
        noise: f64,
        truth: impl Fn(usize, &mut dyn FnMut() -> f64) -> (f64, f64),
    ) -> Self {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut uniform = || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let mut slice = Self { t2: vec![0.0; voxels], data: vec![0.0; voxels * times.len()] };
        for v in 0..voxels {
            let (a, t2) = truth(v, &mut uniform);
            slice.t2[v] = t2;
            for (e, t) in times.iter().enumerate() {
                // The sum of twelve uniform numbers is approximately normally distributed.
                let sum: f64 =
                    if noise > 0.0 { (0..12).map(|_| uniform()).sum::<f64>() - 6.0 } else { 0.0 };
                let decay = if t2 > 0.0 { (-t / t2).exp() } else { 0.0 };
                let s = a * decay + noise * sum;
                slice.data[e * voxels + v] = s.max(0.0) as f32;
            }
        }
        slice
    }
}

impl Voxels for Synthetic {
    fn len(&self) -> usize {
        self.t2.len()
    }

    fn signal(&self, echo: usize, voxel: usize) -> f64 {
        f64::from(self.data[echo * self.t2.len() + voxel])
    }
}
