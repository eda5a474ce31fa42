//! Comparison of numbers.

use num_complex::Complex;
use petsc_rs::Real;

/// Values that can be compared with a tolerance.
pub trait Close {
    /// Finds the first entry in which both differ by more than `rtol·|expected| + atol`.
    ///
    /// # Errors
    /// A message with both numbers.
    fn close_to(&self, expected: &Self, rtol: Real, atol: Real) -> Result<(), String>;
}

impl Close for Real {
    fn close_to(&self, expected: &Self, rtol: Real, atol: Real) -> Result<(), String> {
        let difference = (self - expected).abs();
        // NaN differs from every number.
        if difference <= rtol * expected.abs() + atol {
            return Ok(());
        }
        Err(format!("{self:e} instead of {expected:e}, off by {difference:e}"))
    }
}

impl Close for Complex<Real> {
    fn close_to(&self, expected: &Self, rtol: Real, atol: Real) -> Result<(), String> {
        let difference = (*self - *expected).norm();
        if difference <= rtol * expected.norm() + atol {
            return Ok(());
        }
        Err(format!("{self:e} instead of {expected:e}, off by {difference:e}"))
    }
}

impl<T: Close> Close for [T] {
    fn close_to(&self, expected: &Self, rtol: Real, atol: Real) -> Result<(), String> {
        if self.len() != expected.len() {
            return Err(format!("{} entries instead of {}", self.len(), expected.len()));
        }
        for (i, (found, expected)) in self.iter().zip(expected).enumerate() {
            found.close_to(expected, rtol, atol).map_err(|text| format!("entry {i}: {text}"))?;
        }
        Ok(())
    }
}

impl<T: Close> Close for Vec<T> {
    fn close_to(&self, expected: &Self, rtol: Real, atol: Real) -> Result<(), String> {
        self.as_slice().close_to(expected, rtol, atol)
    }
}

impl<T: Close, const N: usize> Close for [T; N] {
    fn close_to(&self, expected: &Self, rtol: Real, atol: Real) -> Result<(), String> {
        self.as_slice().close_to(expected.as_slice(), rtol, atol)
    }
}

/// See [`assert_close!`](crate::assert_close).
///
/// # Panics
/// If the values differ.
#[track_caller]
pub fn check_close<T: Close + ?Sized>(found: &T, expected: &T, rtol: Real, atol: Real) {
    if let Err(text) = found.close_to(expected, rtol, atol) {
        #[expect(clippy::panic, reason = "an assertion")]
        {
            panic!("{text} (rtol {rtol:e}, atol {atol:e})");
        }
    }
}

/// Asserts that two numbers, or slices of numbers, agree:
/// `|found - expected| ≤ rtol·|expected| + atol`.
///
/// ```
/// petsc_test::assert_close!(0.1 + 0.2, 0.3, 1e-15);
/// petsc_test::assert_close!([1.0, 1e-20][..], [1.0, 0.0][..], 1e-15, 1e-15);
/// ```
#[macro_export]
macro_rules! assert_close {
    ($found:expr, $expected:expr, $rtol:expr $(,)?) => {
        $crate::check_close(&$found, &$expected, $rtol, 0.0)
    };
    ($found:expr, $expected:expr, $rtol:expr, $atol:expr $(,)?) => {
        $crate::check_close(&$found, &$expected, $rtol, $atol)
    };
}

#[cfg(test)]
mod tests {
    use num_complex::Complex;

    use super::Close as _;

    #[test]
    fn numbers_are_close_within_tolerances_and_nan_never_is() {
        assert!(1.0f64.close_to(&(1.0 + 1e-12), 1e-11, 0.0).is_ok());
        assert!(1.0f64.close_to(&(1.0 + 1e-10), 1e-11, 0.0).is_err());
        assert!(1e-15f64.close_to(&0.0, 1e-11, 1e-14).is_ok());
        assert!(f64::NAN.close_to(&f64::NAN, 1.0, 1.0).is_err());
        let z = Complex::new(3.0, 4.0);
        let text = [z, z].close_to(&[z, Complex::new(3.0, 4.1)], 1e-3, 0.0);
        assert!(text.unwrap_err().starts_with("entry 1: "));
        assert!(z.close_to(&Complex::new(3.0, 4.1), 0.03, 0.0).is_ok());
        assert!([1.0, 2.0][..].close_to(&[1.0][..], 1.0, 1.0).is_err());
    }
}
