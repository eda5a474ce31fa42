//! Factors and frequencies.

use rustfft::FftDirection;

/// Where the factor stands that makes forward and backward inverse to each other; `n` is the number of entries that
/// each sum runs over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scaling {
    /// `1/n` on the way back, as numpy has it.
    #[default]
    Backward,
    /// `1/n` on the way forward: the coefficients of the Fourier series.
    Forward,
    /// `1/√n` both ways: norms stay as they are.
    Orthonormal,
    /// Nowhere, as FFTW has it: both ways multiply by `n`.
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

/// The frequency of entry `k` of a transform of length `n`, in waves over the whole length: the upper half are negative.
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
    if k < n.div_ceil(2) {
        k as f64
    } else {
        k as f64 - n as f64
    }
}
