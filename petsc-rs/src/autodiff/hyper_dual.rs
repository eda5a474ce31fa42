//! Numbers that carry first and second derivatives.

use super::Dual;
use super::number::{Number, operators};
use crate::{Real, Scalar, ScalarExt as _};

/// A value and its derivatives in `W` directions, and the derivatives of all of these in one more
/// direction: a dual number of dual numbers. If the additional direction of the variables `x` is
/// `v`, the result `f(x)` also contains the product of the Hessian of `f` with `v`.
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
        Self { change: Dual::from(speed), ..self }
    }

    /// Returns the value and its derivatives.
    #[must_use]
    #[inline(always)]
    pub fn derivatives(&self) -> &Dual<W> {
        &self.here
    }

    /// Returns the derivative, in the additional direction, of the value and of each of its
    /// derivatives.
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
        Self { here: self.here.chain(value, derivative), change: self.change * slope }
    }
}

impl<const W: usize> From<Scalar> for HyperDual<W> {
    #[inline(always)]
    fn from(value: Scalar) -> Self {
        let change = Dual::from(Scalar::from_real(0.0));
        let here = Dual::from(value);
        Self { here, change }
    }
}

operators! {
    [const W: usize] HyperDual<W>, |a, b|
    neg: Self { here: -a.here, change: -a.change };
    Add add AddAssign add_assign:
        Self { here: a.here + b.here, change: a.change + b.change },
        Self { here: a.here + b, ..a };
    Sub sub SubAssign sub_assign:
        Self { here: a.here - b.here, change: a.change - b.change },
        Self { here: a.here - b, ..a };
    Mul mul MulAssign mul_assign:
        Self { here: a.here * b.here, change: a.change * b.here + a.here * b.change },
        Self { here: a.here * b, change: a.change * b };
    Div div DivAssign div_assign:
        {
            let here = a.here / b.here;
            Self { here, change: (a.change - here * b.change) / b.here }
        },
        Self { here: a.here / b, change: a.change / b };
}
