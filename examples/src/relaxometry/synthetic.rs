//! Volumes that are made up slice by slice, never held as a whole.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use super::fit::Voxels;

/// A slice of voxels with T2 between 20 and 200 ms, amplitudes between 0.5 and 1.5, and noise.
#[derive(Clone, Debug)]
pub struct Synthetic {
    /// The T2 behind each curve.
    pub t2: Vec<f64>,
    data: Vec<f32>,
}

impl Synthetic {
    /// The slice of a number, the same on any rank.
    #[must_use]
    pub fn slice(times: &[f64], voxels: usize, number: usize, noise: f64) -> Self {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(0x7232 + number as u64);
        let mut uniform = || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let mut slice = Self {
            t2: vec![0.0; voxels],
            data: vec![0.0; voxels * times.len()],
        };
        for v in 0..voxels {
            let (a, t2) = (0.5 + uniform(), 20.0 + 180.0 * uniform());
            slice.t2[v] = t2;
            for (e, t) in times.iter().enumerate() {
                // Twelve uniform numbers are normal enough.
                let sum: f64 = if noise > 0.0 {
                    (0..12).map(|_| uniform()).sum::<f64>() - 6.0
                } else {
                    0.0
                };
                let s = a * (-t / t2).exp() + noise * sum;
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
