//! Sampling patterns of k-space, and measured samples.

use std::fs::File;
use std::path::Path;

use memmap2::Mmap;
use ndarray::ArrayView3;
use ndarray_npy::ViewNpyExt as _;
use num_complex::{Complex32, Complex64};

/// A file of measured samples in NumPy format, mapped into memory: `[coil][row][column]`, zero
/// frequency at the center, zeros at positions without measurements.
#[derive(Debug)]
pub struct Measured {
    map: Mmap,
}

impl Measured {
    /// Opens a `.npy` file of `complex64` numbers. The file must not be modified while it is open.
    ///
    /// # Errors
    /// A file that cannot be read, or has another format.
    pub fn open(path: &Path) -> Result<Self, String> {
        let fail = |text: &dyn std::fmt::Display| format!("{}: {text}", path.display());
        let file = File::open(path).map_err(|e| fail(&e))?;
        let measured = Self { map: map(&file).map_err(|e| fail(&e))? };
        let view = measured.view().map_err(|e| fail(&e))?;
        if view.is_empty() {
            return Err(fail(&"the file contains no samples"));
        }
        Ok(measured)
    }

    /// Returns the samples.
    ///
    /// # Errors
    /// The array does not have three dimensions of `complex64` numbers.
    pub fn view(&self) -> Result<ArrayView3<'_, Complex32>, String> {
        ArrayView3::view_npy(&self.map)
            .map_err(|e| format!("{e}; use complex64 with three dimensions (coil, row, column)"))
    }

    /// Returns whether any coil was measured at this position.
    #[must_use]
    pub fn is_sampled(view: &ArrayView3<'_, Complex32>, row: usize, column: usize) -> bool {
        (0..view.dim().0).any(|coil| view[[coil, row, column]] != Complex32::default())
    }

    /// Returns a sample in double precision.
    #[must_use]
    pub fn sample(view: &ArrayView3<'_, Complex32>, at: [usize; 3]) -> Complex64 {
        let value = view[at];
        Complex64::new(value.re.into(), value.im.into())
    }
}

#[expect(unsafe_code, reason = "another process could modify the mapped file")]
fn map(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: the file is open for reading, and the documentation of `Measured::open` forbids
    // modifications while it is open. All bit patterns are valid numbers.
    unsafe { Mmap::map(file) }
}

/// Returns a number in `[0, 1)` that depends on the index only.
fn hashed(index: usize) -> f64 {
    let mut z = (index as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    (z >> 11) as f64 / (1_u64 << 53) as f64
}

/// Returns a mask that keeps one in `acceleration` samples of k-space, most densely near zero
/// frequency, which is at the center. At the center, all samples in a square with `calibration`
/// samples on a side are kept. The mask is the same on all ranks.
#[must_use]
pub fn made_mask([ny, nx]: [usize; 2], acceleration: f64, calibration: usize) -> Vec<bool> {
    let frequency = |i: usize, n: usize| i as f64 - (n / 2) as f64;
    let places = || (0..ny).flat_map(|i| (0..nx).map(move |j| (i, j)));
    let density: Vec<Option<f64>> = places()
        .map(|(i, j)| {
            let (fy, fx) = (frequency(i, ny), frequency(j, nx));
            let inner = |f: f64| (2.0 * f + 1.0).abs() <= calibration as f64;
            if inner(fy) && inner(fx) {
                return None;
            }
            let (y, x) = (2.0 * fy / ny as f64, 2.0 * fx / nx as f64);
            let r = (0.5 * (y * y + x * x)).sqrt();
            Some((1.0 - r.min(1.0)).powi(4))
        })
        .collect();
    let odds = |scale: f64, d: Option<f64>| d.map_or(1.0, |d| (scale * d).min(1.0));
    let (mut low, mut high) = (0.0, 1e6);
    for _ in 0..100 {
        let scale = 0.5 * (low + high);
        let sum: f64 = density.iter().map(|&d| odds(scale, d)).sum();
        if sum / ((ny * nx) as f64) < 1.0 / acceleration {
            low = scale;
        } else {
            high = scale;
        }
    }
    let chosen = density.iter().enumerate();
    chosen.map(|(i, &d)| hashed(i) < odds(0.5 * (low + high), d)).collect()
}

#[cfg(test)]
mod tests {
    use super::made_mask;

    #[test]
    fn a_mask_has_as_many_samples_as_were_wanted() {
        let mask = made_mask([96, 80], 5.0, 20);
        let count = mask.iter().filter(|m| **m).count();
        assert!(count.abs_diff(96 * 80 / 5) < 80, "{count}");
        assert!((39..57).all(|i| (31..49).all(|j| mask[i * 80 + j])));
    }
}
