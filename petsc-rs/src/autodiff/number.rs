//! Number types of residuals: scalars, dual numbers, and traced numbers.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::{Real, Scalar, ScalarExt as _};

/// Defines functions by their value and their first and second derivative at `x`.
macro_rules! elementary {
    ($($(#[$doc:meta])* $name:ident($x:ident) = $body:block)*) => {$(
        $(#[$doc])*
        #[must_use]
        #[inline(always)]
        fn $name(self) -> Self {
            let $x = self.value();
            let (value, derivative, second) = $body;
            self.chain2(value, derivative, second)
        }
    )*};
}

/// A number type of residuals: [`Scalar`] itself, a [`Dual`](super::Dual) number, which has
/// derivatives, or a [`Traced`](super::Traced) number, which records its dependencies.
///
/// The operators `+`, `-`, `*` and `/` take two numbers of the same type, or such a number and a
/// [`Scalar`] or [`Real`] as right operand: `u * 2.0 - 1.0`. All functions are based on
/// [`chain`](Self::chain), and for second derivatives on [`chain2`](Self::chain2). Another crate
/// can therefore implement `Number` for its own type with few lines.
///
/// All functions are analytic: in complex builds, the derivatives are complex derivatives.
/// Functions without a complex derivative ([`abs`](Self::abs), [`max`](Self::max),
/// [`min`](Self::min)) do not exist in complex builds; branch on the real part of
/// [`value`](Self::value) instead.
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
    /// `second` is `g″(self.value())`. All functions below call this method. Types with first
    /// derivatives only use the default, which calls `chain`.
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

    elementary! {
        /// Returns `1 / self`.
        recip(x) = {
            let y = one() / x;
            (y, -y * y, y * y * y * 2.0)
        }
        /// Returns the exponential function.
        exp(x) = {
            let y = Scalar::exp(x);
            (y, y, y)
        }
        /// Returns the natural logarithm.
        ln(x) = {
            let slope = one() / x;
            (Scalar::ln(x), slope, -slope * slope)
        }
        /// Returns the square root.
        sqrt(x) = {
            let y = Scalar::sqrt(x);
            let slope = Scalar::from_real(0.5) / y;
            (y, slope, -slope * 0.5 / (y * y))
        }
        /// Returns the sine of an angle in radians.
        sin(x) = {
            let y = Scalar::sin(x);
            (y, Scalar::cos(x), -y)
        }
        /// Returns the cosine of an angle in radians.
        cos(x) = {
            let y = Scalar::cos(x);
            (y, -Scalar::sin(x), -y)
        }
        /// Returns the tangent of an angle in radians.
        tan(x) = {
            let y = Scalar::tan(x);
            let slope = one() + y * y;
            (y, slope, y * slope * 2.0)
        }
        /// Returns the arcsine in radians.
        asin(x) = {
            let slope = one() / Scalar::sqrt(one() - x * x);
            (Scalar::asin(x), slope, x * slope * slope * slope)
        }
        /// Returns the arccosine in radians.
        acos(x) = {
            let slope = -one() / Scalar::sqrt(one() - x * x);
            (Scalar::acos(x), slope, x * slope * slope * slope)
        }
        /// Returns the arctangent in radians.
        atan(x) = {
            let slope = one() / (one() + x * x);
            (Scalar::atan(x), slope, -x * slope * slope * 2.0)
        }
        /// Returns the hyperbolic sine.
        sinh(x) = {
            let y = Scalar::sinh(x);
            (y, Scalar::cosh(x), y)
        }
        /// Returns the hyperbolic cosine.
        cosh(x) = {
            let y = Scalar::cosh(x);
            (y, Scalar::sinh(x), y)
        }
        /// Returns the hyperbolic tangent.
        tanh(x) = {
            let y = Scalar::tanh(x);
            let slope = one() - y * y;
            (y, slope, -y * slope * 2.0)
        }
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
        self.chain2(Scalar::powf(x, p), Scalar::powf(x, p - 1.0) * Scalar::from_real(p), second)
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
        if other.value() > self.value() { other } else { self }
    }

    /// Returns the smaller of two numbers, `self` if they are equal. Only in real builds.
    #[cfg(petsc_scalar = "real")]
    #[must_use]
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if other.value() < self.value() { other } else { self }
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

/// Defines the operators of a number type from their results with a number of the same type, and
/// with a `Scalar`.
macro_rules! operators {
    (
        $generics:tt $name:ty, |$a:ident, $b:ident|
        neg: $neg:expr;
        $($op:ident $method:ident $assign:ident $assign_method:ident: $same:expr, $scalar:expr;)*
    ) => {
        operators!(@neg $generics $name, $a = $neg);
        $(
            operators!(@binary $generics $name, $a $b, $op $method = $same, $scalar);
            operators!(@derived $generics $name, $op $method $assign $assign_method);
        )*
    };
    (@neg [$($generics:tt)*] $name:ty, $a:ident = $neg:expr) => {
        impl<$($generics)*> std::ops::Neg for $name {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                let $a = self;
                $neg
            }
        }
    };
    (
        @binary [$($generics:tt)*] $name:ty, $a:ident $b:ident,
        $op:ident $method:ident = $same:expr, $scalar:expr
    ) => {
        impl<$($generics)*> std::ops::$op for $name {
            type Output = Self;
            #[inline(always)]
            fn $method(self, $b: Self) -> Self {
                let $a = self;
                $same
            }
        }

        impl<$($generics)*> std::ops::$op<crate::Scalar> for $name {
            type Output = Self;
            #[inline(always)]
            fn $method(self, $b: crate::Scalar) -> Self {
                let $a = self;
                $scalar
            }
        }
    };
    (
        @derived [$($generics:tt)*] $name:ty,
        $op:ident $method:ident $assign:ident $assign_method:ident
    ) => {
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

pub(super) use operators;
