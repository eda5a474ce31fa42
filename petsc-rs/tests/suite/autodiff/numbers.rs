//! The functions of numbers.

use petsc_rs::autodiff::{Dual, Number};
use petsc_rs::prelude::*;

use super::super::vector::real;

fn check(name: &str, x: f64, f: impl Fn(Dual<2>) -> Dual<2>) {
    let y = f(Dual::variable(real(x), 1));
    let value = |x: f64| f(Dual::from(real(x))).value().real();
    let h = 1e-5;
    let difference = (value(x + h) - value(x - h)) / (2.0 * h);
    let [other, derivative] = *y.derivatives();
    assert_eq!(other.real(), 0.0, "{name}");
    assert!(
        (derivative.real() - difference).abs() < 1e-8 * (1.0 + difference.abs()),
        "{name}: {derivative:?}, {difference}"
    );
    assert_eq!(y.value(), f(Dual::from(real(x))).value(), "{name}");
}

#[petsc_test::test]
fn derivatives_of_functions_agree_with_differences(_petsc: &Petsc) -> Result<()> {
    for x in [0.3, 0.8] {
        check("recip", x, Number::recip);
        check("exp", x, Number::exp);
        check("ln", x, Number::ln);
        check("sqrt", x, Number::sqrt);
        check("sin", x, Number::sin);
        check("cos", x, Number::cos);
        check("tan", x, Number::tan);
        check("asin", x, Number::asin);
        check("acos", x, Number::acos);
        check("atan", x, Number::atan);
        check("sinh", x, Number::sinh);
        check("cosh", x, Number::cosh);
        check("tanh", x, Number::tanh);
        for n in [-2, 0, 1, 3] {
            check("powi", x, |u| u.powi(n));
        }
        check("powf", x, |u| u.powf(1.5));
        check("operators", x, |u| -(u * u + 2.0) / (u - 3.0) * u / 4.0 - u * 0.5 + u.recip());
        check("assigned", x, |u| {
            let mut y = u;
            y += u * u;
            y *= u;
            y -= Dual::real(1.0);
            y /= u.exp();
            y
        });
    }
    assert_eq!(Dual::<1>::variable(real(0.0), 0).powi(0).derivatives()[0].real(), 0.0);
    Ok(())
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test]
fn derivatives_of_abs_max_and_min_are_those_of_the_side_taken(_petsc: &Petsc) -> Result<()> {
    for x in [-0.4, 0.3] {
        check("abs", x, Number::abs);
        check("max", x, |u| u.max(u * 2.0));
        check("min", x, |u| u.min(Dual::real(0.1)));
    }
    Ok(())
}

#[cfg(petsc_scalar = "complex")]
#[petsc_test::test]
fn complex_derivatives_have_their_closed_form(_petsc: &Petsc) -> Result<()> {
    let z = Scalar::new(0.4, -0.7);
    let y = (Dual::<1>::variable(z, 0) * z).sin().exp();
    let expected = (z * z).sin().exp() * (z * z).cos() * z;
    assert!((y.derivatives()[0] - expected).norm() < 1e-15);
    Ok(())
}
