//! Number types of residuals: scalars, dual numbers, and traced numbers.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::{Real, Scalar, ScalarExt as _};

/// A number type of residuals: [`Scalar`] itself, a [`Dual`](super::Dual) number, which has
/// derivatives, or a [`Traced`](super::Traced) number, which records its dependencies.
///
/// The operators `+`, `-`, `*` and `/` take two numbers of the same type, or a [`Scalar`] or
/// [`Real`] as right operand: `u * 2.0 - 1.0`. All functions are based on [`chain`](Self::chain),
/// and for second derivatives on [`chain2`](Self::chain2). A type of another crate therefore needs
/// few lines to implement `Number`.
///
/// All functions are analytic: in complex builds the derivative is the complex one. Functions
/// without a complex derivative ([`abs`](Self::abs), [`max`](Self::max), [`min`](Self::min)) do not
/// exist there; branch on the real part of [`value`](Self::value) instead.
///
/// # Examples
/// ```
/// use petsc_rs::autodiff::{Dual, Number};
/// use petsc_rs::{Scalar, ScalarExt};
///
/// fn f<N: Number>(x: N) -> N {
///     x * x + x.sin()
/// }
/// let two = Scalar::from_real(2.0);
/// let y = f(Dual::<1>::variable(two, 0));
/// assert_eq!(y.value(), f(two));
/// assert_eq!(y.derivatives()[0].real(), 4.0 + 2.0_f64.cos());
/// ```
pub trait Number:
    Copy
    + Debug
    + From<Scalar>
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<Scalar, Output = Self>
    + Sub<Scalar, Output = Self>
    + Mul<Scalar, Output = Self>
    + Div<Scalar, Output = Self>
    + Add<Real, Output = Self>
    + Sub<Real, Output = Self>
    + Mul<Real, Output = Self>
    + Div<Real, Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
{
    /// Returns the value without derivatives, for branches.
    fn value(self) -> Scalar;

    /// Returns the independent variable with the number `direction`. Types with fewer directions,
    /// or none, ignore the number.
    fn variable(value: Scalar, direction: usize) -> Self;

    /// Returns `g(self)` for a function with `g(self.value()) = value` and
    /// `g′(self.value()) = derivative`.
    #[must_use]
    fn chain(self, value: Scalar, derivative: Scalar) -> Self;

    /// Returns `g(self)` like [`chain`](Self::chain), for numbers with second derivatives, where
    /// `second` is `g″(self.value())`. All functions below call it. Types with first derivatives
    /// only inherit it; it calls `chain`.
    #[must_use]
    #[inline(always)]
    fn chain2(self, value: Scalar, derivative: Scalar, second: Scalar) -> Self {
        let _ = second;
        self.chain(value, derivative)
    }

    /// Returns a real constant.
    #[must_use]
    #[inline(always)]
    fn real(value: Real) -> Self {
        Self::from(Scalar::from_real(value))
    }

    /// Returns `1 / self`.
    #[must_use]
    #[inline(always)]
    fn recip(self) -> Self {
        let y = one() / self.value();
        self.chain2(y, -y * y, y * y * y * 2.0)
    }

    /// Returns the exponential function.
    #[must_use]
    #[inline(always)]
    fn exp(self) -> Self {
        let y = Scalar::exp(self.value());
        self.chain2(y, y, y)
    }

    /// Returns the natural logarithm.
    #[must_use]
    #[inline(always)]
    fn ln(self) -> Self {
        let x = self.value();
        let slope = one() / x;
        self.chain2(Scalar::ln(x), slope, -slope * slope)
    }

    /// Returns the square root.
    #[must_use]
    #[inline(always)]
    fn sqrt(self) -> Self {
        let y = Scalar::sqrt(self.value());
        let slope = Scalar::from_real(0.5) / y;
        self.chain2(y, slope, -slope * 0.5 / (y * y))
    }

    /// Returns an integer power.
    #[must_use]
    #[inline(always)]
    fn powi(self, n: i32) -> Self {
        let x = self.value();
        // The derivative of a constant is 0, also at 0, where x⁻¹ is not finite.
        let slope = match n {
            0 => Scalar::from_real(0.0),
            _ => whole_power(x, n - 1) * Scalar::from_real(n.into()),
        };
        let second = match n {
            0 | 1 => Scalar::from_real(0.0),
            _ => whole_power(x, n - 2) * Scalar::from_real(Real::from(n) * Real::from(n - 1)),
        };
        self.chain2(whole_power(x, n), slope, second)
    }

    /// Returns a real power.
    #[must_use]
    #[inline(always)]
    fn powf(self, p: Real) -> Self {
        let x = self.value();
        let second = match p {
            0.0 | 1.0 => Scalar::from_real(0.0),
            _ => Scalar::powf(x, p - 2.0) * Scalar::from_real(p * (p - 1.0)),
        };
        self.chain2(
            Scalar::powf(x, p),
            Scalar::powf(x, p - 1.0) * Scalar::from_real(p),
            second,
        )
    }

    /// Returns the sine of an angle in radians.
    #[must_use]
    #[inline(always)]
    fn sin(self) -> Self {
        let x = self.value();
        let y = Scalar::sin(x);
        self.chain2(y, Scalar::cos(x), -y)
    }

    /// Returns the cosine of an angle in radians.
    #[must_use]
    #[inline(always)]
    fn cos(self) -> Self {
        let x = self.value();
        let y = Scalar::cos(x);
        self.chain2(y, -Scalar::sin(x), -y)
    }

    /// Returns the tangent of an angle in radians.
    #[must_use]
    #[inline(always)]
    fn tan(self) -> Self {
        let y = Scalar::tan(self.value());
        let slope = one() + y * y;
        self.chain2(y, slope, y * slope * 2.0)
    }

    /// Returns the arcsine in radians.
    #[must_use]
    #[inline(always)]
    fn asin(self) -> Self {
        let x = self.value();
        let slope = one() / Scalar::sqrt(one() - x * x);
        self.chain2(Scalar::asin(x), slope, x * slope * slope * slope)
    }

    /// Returns the arccosine in radians.
    #[must_use]
    #[inline(always)]
    fn acos(self) -> Self {
        let x = self.value();
        let slope = -one() / Scalar::sqrt(one() - x * x);
        self.chain2(Scalar::acos(x), slope, x * slope * slope * slope)
    }

    /// Returns the arctangent in radians.
    #[must_use]
    #[inline(always)]
    fn atan(self) -> Self {
        let x = self.value();
        let slope = one() / (one() + x * x);
        self.chain2(Scalar::atan(x), slope, -x * slope * slope * 2.0)
    }

    /// Returns the hyperbolic sine.
    #[must_use]
    #[inline(always)]
    fn sinh(self) -> Self {
        let x = self.value();
        let y = Scalar::sinh(x);
        self.chain2(y, Scalar::cosh(x), y)
    }

    /// Returns the hyperbolic cosine.
    #[must_use]
    #[inline(always)]
    fn cosh(self) -> Self {
        let x = self.value();
        let y = Scalar::cosh(x);
        self.chain2(y, Scalar::sinh(x), y)
    }

    /// Returns the hyperbolic tangent.
    #[must_use]
    #[inline(always)]
    fn tanh(self) -> Self {
        let y = Scalar::tanh(self.value());
        let slope = one() - y * y;
        self.chain2(y, slope, -y * slope * 2.0)
    }

    /// Returns the absolute value. Its derivative is the sign of the number, and 1 at 0. Only in
    /// real builds.
    #[cfg(petsc_scalar = "real")]
    #[must_use]
    #[inline(always)]
    fn abs(self) -> Self {
        let x = self.value();
        self.chain2(x.abs(), if x < 0.0 { -1.0 } else { 1.0 }, 0.0)
    }

    /// Returns the larger of two numbers, `self` if they are equal. Only in real builds.
    #[cfg(petsc_scalar = "real")]
    #[must_use]
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if other.value() > self.value() {
            other
        } else {
            self
        }
    }

    /// Returns the smaller of two numbers, `self` if they are equal. Only in real builds.
    #[cfg(petsc_scalar = "real")]
    #[must_use]
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if other.value() < self.value() {
            other
        } else {
            self
        }
    }
}

#[inline(always)]
fn one() -> Scalar {
    Scalar::from_real(1.0)
}

// Called with its path: complex numbers implement it for references, so that method syntax would
// call the trait's.
#[cfg(petsc_scalar = "complex")]
#[inline(always)]
fn whole_power(x: Scalar, n: i32) -> Scalar {
    Scalar::powi(&x, n)
}
#[cfg(petsc_scalar = "real")]
#[inline(always)]
fn whole_power(x: Scalar, n: i32) -> Scalar {
    Scalar::powi(x, n)
}

impl Number for Scalar {
    #[inline(always)]
    fn value(self) -> Scalar {
        self
    }

    #[inline(always)]
    fn variable(value: Scalar, _direction: usize) -> Self {
        value
    }

    #[inline(always)]
    fn chain(self, value: Scalar, _derivative: Scalar) -> Self {
        value
    }
}

/// Operators derived from those with a number of the same type and a `Scalar`.
macro_rules! derived_operators {
    ([$($generics:tt)*] $name:ty) => {
        derived_operators!(@ [$($generics)*] $name, Add add AddAssign add_assign);
        derived_operators!(@ [$($generics)*] $name, Sub sub SubAssign sub_assign);
        derived_operators!(@ [$($generics)*] $name, Mul mul MulAssign mul_assign);
        derived_operators!(@ [$($generics)*] $name, Div div DivAssign div_assign);
    };
    (@ [$($generics:tt)*] $name:ty, $op:ident $method:ident $assign:ident $assign_method:ident) => {
        impl<$($generics)*> std::ops::$assign for $name {
            #[inline(always)]
            fn $assign_method(&mut self, other: Self) {
                *self = std::ops::$op::$method(*self, other);
            }
        }

        #[cfg(petsc_scalar = "complex")]
        impl<$($generics)*> std::ops::$op<crate::Real> for $name {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: crate::Real) -> Self {
                std::ops::$op::$method(self, <crate::Scalar as crate::ScalarExt>::from_real(other))
            }
        }
    };
}

pub(super) use derived_operators;
