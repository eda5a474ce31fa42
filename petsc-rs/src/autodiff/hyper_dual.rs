//! Numbers that carry first and second derivatives.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::Dual;
use super::number::{Number, derived_operators};
use crate::{Real, Scalar, ScalarExt as _};

/// A value and its derivatives in `W` directions, and the derivatives of all of these in one more
/// direction: a dual number of dual numbers. With the variables `x + t·v`, `f(x)` also has the
/// product of its Hessian with `v`.
///
/// A function that uses [`chain`](Number::chain) instead of [`chain2`](Number::chain2) returns NaN
/// for the second derivatives.
///
/// # Examples
/// ```
/// use petsc_rs::autodiff::{HyperDual, Number};
/// use petsc_rs::{Scalar, ScalarExt};
///
/// // x³·y at (2, 5): the product of the Hessian with the direction (1, 0) is its first row.
/// let of = Scalar::from_real;
/// let x = HyperDual::<2>::variable(of(2.0), 0).along(of(1.0));
/// let y = HyperDual::<2>::variable(of(5.0), 1);
/// let f = x.powi(3) * y;
/// assert_eq!(f.derivatives().derivatives(), &[of(60.0), of(8.0)]);
/// assert_eq!(f.change().derivatives(), &[of(60.0), of(12.0)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HyperDual<const W: usize> {
    here: Dual<W>,
    change: Dual<W>,
}

impl<const W: usize> HyperDual<W> {
    /// Returns the same variable, with the derivative `speed` in the additional direction.
    #[must_use]
    #[inline(always)]
    pub fn along(self, speed: Scalar) -> Self {
        Self {
            change: Dual::from(speed),
            ..self
        }
    }

    /// Returns the value and its derivatives.
    #[must_use]
    #[inline(always)]
    pub fn derivatives(&self) -> &Dual<W> {
        &self.here
    }

    /// Returns the derivatives of the value and of its derivatives in the additional direction.
    #[must_use]
    #[inline(always)]
    pub fn change(&self) -> &Dual<W> {
        &self.change
    }
}

impl<const W: usize> Number for HyperDual<W> {
    #[inline(always)]
    fn value(self) -> Scalar {
        self.here.value()
    }

    #[inline(always)]
    fn variable(value: Scalar, direction: usize) -> Self {
        let change = Dual::from(Scalar::from_real(0.0));
        let here = Dual::variable(value, direction);
        Self { here, change }
    }

    #[inline(always)]
    fn chain(self, value: Scalar, derivative: Scalar) -> Self {
        self.chain2(value, derivative, Scalar::from_real(Real::NAN))
    }

    #[inline(always)]
    fn chain2(self, value: Scalar, derivative: Scalar, second: Scalar) -> Self {
        let slope = self.here.chain(derivative, second);
        Self {
            here: self.here.chain(value, derivative),
            change: self.change * slope,
        }
    }
}

impl<const W: usize> From<Scalar> for HyperDual<W> {
    #[inline(always)]
    fn from(value: Scalar) -> Self {
        let change = Dual::from(Scalar::from_real(0.0));
        Self {
            here: Dual::from(value),
            change,
        }
    }
}

impl<const W: usize> Neg for HyperDual<W> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self {
            here: -self.here,
            change: -self.change,
        }
    }
}

impl<const W: usize> Add for HyperDual<W> {
    type Output = Self;
    #[inline(always)]
    fn add(self, b: Self) -> Self {
        Self {
            here: self.here + b.here,
            change: self.change + b.change,
        }
    }
}

impl<const W: usize> Sub for HyperDual<W> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, b: Self) -> Self {
        Self {
            here: self.here - b.here,
            change: self.change - b.change,
        }
    }
}

impl<const W: usize> Mul for HyperDual<W> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, b: Self) -> Self {
        Self {
            here: self.here * b.here,
            change: self.change * b.here + self.here * b.change,
        }
    }
}

impl<const W: usize> Div for HyperDual<W> {
    type Output = Self;
    #[inline(always)]
    fn div(self, b: Self) -> Self {
        let quotient = self.here / b.here;
        Self {
            here: quotient,
            change: (self.change - quotient * b.change) / b.here,
        }
    }
}

/// Operators with a constant as right operand, which changes only the value, or scales all
/// components.
macro_rules! with_constant {
    ($($op:ident $method:ident: $change:expr;)*) => {$(
        impl<const W: usize> $op<Scalar> for HyperDual<W> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, b: Scalar) -> Self {
                let change: fn(Dual<W>, Scalar) -> Dual<W> = $change;
                Self {
                    here: self.here.$method(b),
                    change: change(self.change, b),
                }
            }
        }
    )*};
}

with_constant! {
    Add add: |change, _| change;
    Sub sub: |change, _| change;
    Mul mul: |change, b| change * b;
    Div div: |change, b| change / b;
}

derived_operators!([const W: usize] HyperDual<W>);
