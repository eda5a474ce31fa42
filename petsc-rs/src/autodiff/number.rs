//! What a residual computes with: scalars, dual numbers, or numbers that remember where they come from.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::{Real, Scalar, ScalarExt as _};

/// A number that a residual can be written in: [`Scalar`] itself, a [`Dual`](super::Dual) number, which
/// carries derivatives, or a [`Traced`](super::Traced) one, which carries what it depends on.
///
/// Two numbers of a kind are added, subtracted, multiplied and divided; a [`Scalar`] or [`Real`] may
/// stand on the right: `u * 2.0 - 1.0`. Everything else follows from [`chain`](Self::chain) (and from
/// [`chain2`](Self::chain2) for second derivatives), so a type of another crate becomes a `Number` by a few lines.
///
/// All functions are analytic: in complex builds the derivative is the complex one. What has no such
/// derivative ([`abs`](Self::abs), [`max`](Self::max), [`min`](Self::min)) does not exist there; branch on
/// the real part of [`value`](Self::value) instead.
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
    /// The value without what is carried along, for branches.
    fn value(self) -> Scalar;

    /// The independent variable number `direction`. A type that carries fewer, or nothing, ignores it.
    fn variable(value: Scalar, direction: usize) -> Self;

    /// `g(self)` for a function with `g(self.value()) = value` and `g′(self.value()) = derivative`.
    #[must_use]
    fn chain(self, value: Scalar, derivative: Scalar) -> Self;

    /// The same for a number that carries second derivatives, with `second` = `g″(self.value())`. All functions below
    /// call it. What carries first derivatives only takes [`chain`](Self::chain).
    #[must_use]
    #[inline(always)]
    fn chain2(self, value: Scalar, derivative: Scalar, second: Scalar) -> Self {
        let _ = second;
        self.chain(value, derivative)
    }

    /// A real constant.
    #[must_use]
    #[inline(always)]
    fn real(value: Real) -> Self {
        Self::from(Scalar::from_real(value))
    }

    /// `1 / self`.
    #[must_use]
    #[inline(always)]
    fn recip(self) -> Self {
        let y = one() / self.value();
        self.chain2(y, -y * y, y * y * y * 2.0)
    }

    /// The exponential function.
    #[must_use]
    #[inline(always)]
    fn exp(self) -> Self {
        let y = Scalar::exp(self.value());
        self.chain2(y, y, y)
    }

    /// The natural logarithm.
    #[must_use]
    #[inline(always)]
    fn ln(self) -> Self {
        let x = self.value();
        let slope = one() / x;
        self.chain2(Scalar::ln(x), slope, -slope * slope)
    }

    /// The square root.
    #[must_use]
    #[inline(always)]
    fn sqrt(self) -> Self {
        let y = Scalar::sqrt(self.value());
        let slope = Scalar::from_real(0.5) / y;
        self.chain2(y, slope, -slope * 0.5 / (y * y))
    }

    /// A whole power.
    #[must_use]
    #[inline(always)]
    fn powi(self, n: i32) -> Self {
        let x = self.value();
        // The derivative of a constant is 0 at 0 too, where x⁻¹ is not finite.
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

    /// A real power.
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

    /// The sine of an angle in radians.
    #[must_use]
    #[inline(always)]
    fn sin(self) -> Self {
        let x = self.value();
        let y = Scalar::sin(x);
        self.chain2(y, Scalar::cos(x), -y)
    }

    /// The cosine of an angle in radians.
    #[must_use]
    #[inline(always)]
    fn cos(self) -> Self {
        let x = self.value();
        let y = Scalar::cos(x);
        self.chain2(y, -Scalar::sin(x), -y)
    }

    /// The tangent of an angle in radians.
    #[must_use]
    #[inline(always)]
    fn tan(self) -> Self {
        let y = Scalar::tan(self.value());
        let slope = one() + y * y;
        self.chain2(y, slope, y * slope * 2.0)
    }

    /// The angle with this sine.
    #[must_use]
    #[inline(always)]
    fn asin(self) -> Self {
        let x = self.value();
        let slope = one() / Scalar::sqrt(one() - x * x);
        self.chain2(Scalar::asin(x), slope, x * slope * slope * slope)
    }

    /// The angle with this cosine.
    #[must_use]
    #[inline(always)]
    fn acos(self) -> Self {
        let x = self.value();
        let slope = -one() / Scalar::sqrt(one() - x * x);
        self.chain2(Scalar::acos(x), slope, x * slope * slope * slope)
    }

    /// The angle with this tangent.
    #[must_use]
    #[inline(always)]
    fn atan(self) -> Self {
        let x = self.value();
        let slope = one() / (one() + x * x);
        self.chain2(Scalar::atan(x), slope, -x * slope * slope * 2.0)
    }

    /// The hyperbolic sine.
    #[must_use]
    #[inline(always)]
    fn sinh(self) -> Self {
        let x = self.value();
        let y = Scalar::sinh(x);
        self.chain2(y, Scalar::cosh(x), y)
    }

    /// The hyperbolic cosine.
    #[must_use]
    #[inline(always)]
    fn cosh(self) -> Self {
        let x = self.value();
        let y = Scalar::cosh(x);
        self.chain2(y, Scalar::sinh(x), y)
    }

    /// The hyperbolic tangent.
    #[must_use]
    #[inline(always)]
    fn tanh(self) -> Self {
        let y = Scalar::tanh(self.value());
        let slope = one() - y * y;
        self.chain2(y, slope, -y * slope * 2.0)
    }

    /// The absolute value, with the derivative of the side that the number is on, and 1 at 0. Only in
    /// real builds.
    #[cfg(petsc_scalar = "real")]
    #[must_use]
    #[inline(always)]
    fn abs(self) -> Self {
        let x = self.value();
        self.chain2(x.abs(), if x < 0.0 { -1.0 } else { 1.0 }, 0.0)
    }

    /// The larger of two numbers, `self` if they are equal. Only in real builds.
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

    /// The smaller of two numbers, `self` if they are equal. Only in real builds.
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

// By its path: a complex number has it by reference, so that a method call would find the trait's.
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

/// Operators that follow from those with a number of the same type and a `Scalar`.
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
