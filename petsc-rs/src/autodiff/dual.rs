//! Dual numbers: values with first derivatives in several directions.

use super::number::{Number, operators};
use crate::{Scalar, ScalarExt as _};

/// A value and its derivatives in `W` directions.
///
/// The derivatives are plain arrays without a variant for "no derivative", so that the compiler
/// vectorizes over the directions. They have the scalar type of the build, which may be complex.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual<const W: usize> {
    value: Scalar,
    derivatives: [Scalar; W],
}

/// Maximum number of directions of a dual number.
const MOST: usize = 32;

const ZERO: Scalar = zero();

#[cfg(petsc_scalar = "real")]
const fn zero() -> Scalar {
    0.0
}
#[cfg(petsc_scalar = "complex")]
const fn zero() -> Scalar {
    Scalar::new(0.0, 0.0)
}

#[cfg(petsc_scalar = "real")]
const fn one() -> Scalar {
    1.0
}
#[cfg(petsc_scalar = "complex")]
const fn one() -> Scalar {
    Scalar::new(1.0, 0.0)
}

/// An array with a one in the middle of zeros; every unit vector is a subarray of it.
static ONE_HOT: [Scalar; 2 * MOST + 1] = {
    let mut all = [ZERO; 2 * MOST + 1];
    all[MOST] = one();
    all
};

impl<const W: usize> Dual<W> {
    const FITS: () = assert!(W <= MOST, "a dual number has 32 directions at most");

    /// Returns the derivatives.
    #[must_use]
    #[inline(always)]
    pub fn derivatives(&self) -> &[Scalar; W] {
        &self.derivatives
    }

    /// Uses a loop and not `array::from_fn`, whose closures the compiler does not always inline.
    #[inline(always)]
    fn new(value: Scalar, derivative: impl Fn(usize) -> Scalar) -> Self {
        let mut derivatives = [ZERO; W];
        for (k, d) in derivatives.iter_mut().enumerate() {
            *d = derivative(k);
        }
        Self { value, derivatives }
    }

    #[inline(always)]
    fn times(self, b: Self) -> Self {
        Self::new(self.value * b.value, |k| {
            self.derivatives[k] * b.value + self.value * b.derivatives[k]
        })
    }
}

impl<const W: usize> Number for Dual<W> {
    #[inline(always)]
    fn value(self) -> Scalar {
        self.value
    }

    #[inline(always)]
    fn variable(value: Scalar, direction: usize) -> Self {
        const { Self::FITS };
        let first = MOST - direction.min(MOST);
        let mut derivatives = [ZERO; W];
        derivatives.copy_from_slice(&ONE_HOT[first..first + W]);
        Self { value, derivatives }
    }

    #[inline(always)]
    fn chain(self, value: Scalar, derivative: Scalar) -> Self {
        Self::new(value, |k| self.derivatives[k] * derivative)
    }
}

impl<const W: usize> From<Scalar> for Dual<W> {
    #[inline(always)]
    fn from(value: Scalar) -> Self {
        Self { value, derivatives: [ZERO; W] }
    }
}

operators! {
    [const W: usize] Dual<W>, |a, b|
    neg: Self::new(-a.value, |k| -a.derivatives[k]);
    Add add AddAssign add_assign:
        Self::new(a.value + b.value, |k| a.derivatives[k] + b.derivatives[k]),
        Self { value: a.value + b, ..a };
    Sub sub SubAssign sub_assign:
        Self::new(a.value - b.value, |k| a.derivatives[k] - b.derivatives[k]),
        Self { value: a.value - b, ..a };
    Mul mul MulAssign mul_assign:
        a.times(b),
        a.chain(a.value * b, b);
    Div div DivAssign div_assign:
        {
            let (quotient, inverse) = (a.value / b.value, Scalar::from_real(1.0) / b.value);
            Self::new(quotient, |k| {
                (a.derivatives[k] - quotient * b.derivatives[k]) * inverse
            })
        },
        a.chain(a.value / b, Scalar::from_real(1.0) / b);
}
