//! Scaling factors and frequencies.

use rustfft::FftDirection;

/// The scaling factor of the transforms. With every variant except [`None`](Self::None), the
/// backward transform is the inverse of the forward transform. `n` is the number of terms in the
/// sum that defines the transform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scaling {
    /// `1/n` in the backward transform, as in NumPy.
    #[default]
    Backward,
    /// `1/n` in the forward transform: the result is the coefficients of the Fourier series.
    Forward,
    /// `1/√n` in both transforms: each of them conserves the 2-norm.
    Orthonormal,
    /// No factor, as in FFTW: both transforms together multiply by `n`.
    None,
}

impl Scaling {
    pub(crate) fn factor(self, direction: FftDirection, n: f64) -> f64 {
        match (self, direction) {
            (Self::Orthonormal, _) => 1.0 / n.sqrt(),
            (Self::Backward, FftDirection::Inverse) | (Self::Forward, FftDirection::Forward) => {
                1.0 / n
            }
            _ => 1.0,
        }
    }
}

/// Returns the frequency of entry `k` of a transform of length `n`, as the number of periods over
/// this length. The frequencies of the upper half are negative.
///
/// # Examples
/// ```
/// use petsc_fft::wave_number;
/// let five: Vec<_> = (0..5).map(|k| wave_number(k, 5)).collect();
/// assert_eq!(five, [0.0, 1.0, 2.0, -2.0, -1.0]);
/// assert_eq!(wave_number(2, 4), -2.0);
/// ```
#[must_use]
pub fn wave_number(k: usize, n: usize) -> f64 {
    if k < n.div_ceil(2) { k as f64 } else { k as f64 - n as f64 }
}
