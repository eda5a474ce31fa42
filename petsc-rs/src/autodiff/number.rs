//! What a residual computes with: scalars, dual numbers, or numbers that remember where they come from.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::{Real, Scalar, ScalarExt as _};

/// A number that a residual can be written in: [`Scalar`] itself, a [`Dual`](super::Dual) number, which
/// carries derivatives, or a [`Traced`](super::Traced) one, which carries what it depends on.
///
/// Two numbers of a kind are added, subtracted, multiplied and divided; a [`Scalar`] or [`Real`] may
/// stand on the right: `u * 2.0 - 1.0`. Everything else follows from [`chain`](Self::chain), so a type
/// of another crate becomes a `Number` by a few lines.
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
        self.chain(y, -y * y)
    }

    /// The exponential function.
    #[must_use]
    #[inline(always)]
    fn exp(self) -> Self {
        let y = Scalar::exp(self.value());
        self.chain(y, y)
    }

    /// The natural logarithm.
    #[must_use]
    #[inline(always)]
    fn ln(self) -> Self {
        let x = self.value();
        self.chain(Scalar::ln(x), one() / x)
    }

    /// The square root.
    #[must_use]
    #[inline(always)]
    fn sqrt(self) -> Self {
        let y = Scalar::sqrt(self.value());
        self.chain(y, Scalar::from_real(0.5) / y)
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
        self.chain(whole_power(x, n), slope)
    }

    /// A real power.
    #[must_use]
    #[inline(always)]
    fn powf(self, p: Real) -> Self {
        let x = self.value();
        self.chain(
            Scalar::powf(x, p),
            Scalar::powf(x, p - 1.0) * Scalar::from_real(p),
        )
    }

    /// The sine of an angle in radians.
    #[must_use]
    #[inline(always)]
    fn sin(self) -> Self {
        let x = self.value();
        self.chain(Scalar::sin(x), Scalar::cos(x))
    }

    /// The cosine of an angle in radians.
    #[must_use]
    #[inline(always)]
    fn cos(self) -> Self {
        let x = self.value();
        self.chain(Scalar::cos(x), -Scalar::sin(x))
    }

    /// The tangent of an angle in radians.
    #[must_use]
    #[inline(always)]
    fn tan(self) -> Self {
        let y = Scalar::tan(self.value());
        self.chain(y, one() + y * y)
    }

    /// The angle with this sine.
    #[must_use]
    #[inline(always)]
    fn asin(self) -> Self {
        let x = self.value();
        self.chain(Scalar::asin(x), one() / Scalar::sqrt(one() - x * x))
    }

    /// The angle with this cosine.
    #[must_use]
    #[inline(always)]
    fn acos(self) -> Self {
        let x = self.value();
        self.chain(Scalar::acos(x), -one() / Scalar::sqrt(one() - x * x))
    }

    /// The angle with this tangent.
    #[must_use]
    #[inline(always)]
    fn atan(self) -> Self {
        let x = self.value();
        self.chain(Scalar::atan(x), one() / (one() + x * x))
    }

    /// The hyperbolic sine.
    #[must_use]
    #[inline(always)]
    fn sinh(self) -> Self {
        let x = self.value();
        self.chain(Scalar::sinh(x), Scalar::cosh(x))
    }

    /// The hyperbolic cosine.
    #[must_use]
    #[inline(always)]
    fn cosh(self) -> Self {
        let x = self.value();
        self.chain(Scalar::cosh(x), Scalar::sinh(x))
    }

    /// The hyperbolic tangent.
    #[must_use]
    #[inline(always)]
    fn tanh(self) -> Self {
        let y = Scalar::tanh(self.value());
        self.chain(y, one() - y * y)
    }

    /// The absolute value, with the derivative of the side that the number is on, and 1 at 0. Only in
    /// real builds.
    #[cfg(petsc_scalar = "real")]
    #[must_use]
    #[inline(always)]
    fn abs(self) -> Self {
        let x = self.value();
        self.chain(x.abs(), if x < 0.0 { -1.0 } else { 1.0 })
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
