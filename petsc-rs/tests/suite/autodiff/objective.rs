//! Gradients and Hessians of functions against closed forms, and optimizers that live on them.

use petsc_rs::autodiff::{Derivatives, HyperDual, Number, Objective};
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, MatrixRef};

use super::super::vector::real;

/// `Σ exp(xᵢ)/(i + 1) + Σ xᵢ²·xᵢ₊₁`, its terms dealt to the ranks.
struct Chain {
    rank: usize,
    ranks: usize,
}

impl Chain {
    fn new(petsc: &Petsc) -> Self {
        let number = |n: i32| usize::try_from(n).unwrap_or(1);
        let world = petsc.world();
        Self { rank: number(world.rank()), ranks: number(world.size()) }
    }
}

impl Objective for Chain {
    fn evaluate<N: Number>(&mut self, x: &[N]) -> Result<N> {
        let mut sum = N::real(0.0);
        for i in (self.rank..x.len()).step_by(self.ranks) {
            sum += x[i].exp() / (i + 1) as Real;
            if i + 1 < x.len() {
                sum += x[i] * x[i] * x[i + 1];
            }
        }
        Ok(sum)
    }
}

const N: usize = 11;

fn point(i: usize) -> Real {
    0.3 * i as Real - 1.0
}

/// The entries of the Hessian of the chain.
fn entry(i: usize, j: usize) -> Real {
    let (low, high) = (i.min(j), i.max(j));
    match high - low {
        0 => {
            let next = if i + 1 < N { 2.0 * point(i + 1) } else { 0.0 };
            point(i).exp() / (i + 1) as Real + next
        }
        1 => 2.0 * point(low),
        _ => 0.0,
    }
}

fn at_the_point(petsc: &Petsc) -> Result<Vector> {
    let mut x = Vector::new(petsc.world(), N)?;
    let first = x.ownership_range()?.start;
    for (k, x) in x.array_mut()?.iter_mut().enumerate() {
        *x = real(point(k + usize::try_from(first)?));
    }
    Ok(x)
}

fn close(found: Scalar, wanted: Real) -> bool {
    (found.real() - wanted).abs() < 1e-13 * (1.0 + wanted.abs())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn value_and_gradient_have_their_closed_form(petsc: &Petsc) -> Result<()> {
    let x = at_the_point(petsc)?;
    let mut g = x.duplicate()?;
    let mut all = Derivatives::new(Chain::new(petsc));
    let mut wanted = 0.0;
    for i in 0..N {
        wanted += point(i).exp() / (i + 1) as Real;
        if i + 1 < N {
            wanted += point(i) * point(i) * point(i + 1);
        }
    }
    assert!(close(real(all.value(&x)?), wanted));
    assert!(close(real(all.value_and_gradient(&x, &mut g)?), wanted));
    for (k, g) in g.array()?.iter().enumerate() {
        let i = k + usize::try_from(x.ownership_range()?.start)?;
        let mut wanted = point(i).exp() / (i + 1) as Real;
        if i + 1 < N {
            wanted += 2.0 * point(i) * point(i + 1);
        }
        if i > 0 {
            wanted += point(i - 1) * point(i - 1);
        }
        assert!(close(*g, wanted), "{i}: {g} {wanted}");
    }
    let mut long = Vector::new(petsc.world(), N + 3)?;
    let refused = all.value_and_gradient(&x, &mut long).map_err(|e| e.code());
    assert_eq!(refused, Err(ErrorCode::ARG_SIZ));
    Ok(())
}

fn check_matrix(h: &MatrixRef) -> Result<()> {
    for i in h.ownership_range()? {
        for j in 0..N {
            let found = h.value(i, Int::try_from(j)?)?;
            let wanted = entry(usize::try_from(i)?, j);
            assert!(close(found, wanted), "{i} {j}: {found} {wanted}");
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn hessian_products_agree_with_the_hessian(petsc: &Petsc) -> Result<()> {
    let x = at_the_point(petsc)?;
    let n = x.local_len()?;
    let mut all = Derivatives::new(Chain::new(petsc));
    let dense = |n| Matrix::builder(petsc.world()).local_size(n, n).kind(MatrixType::DENSE).build();
    let mut h = dense(n)?;
    all.hessian(&x, &mut h)?;
    check_matrix(&h)?;
    let mut large = dense(n + 1)?;
    let refused = all.hessian(&x, &mut large).map_err(|e| e.code());
    assert_eq!(refused, Err(ErrorCode::ARG_SIZ));
    // At another point, and with another direction.
    let (mut v, mut y) = (x.duplicate()?, x.duplicate()?);
    let mut wanted = x.duplicate()?;
    v.copy_from(&x)?;
    v.shift(real(0.7))?;
    all.hessian_product(&x, &v, &mut y)?;
    h.mult(&v, &mut wanted)?;
    wanted.axpy(real(-1.0), &y)?;
    assert!(wanted.norm(Norm::Infinity)? < 1e-13);
    Ok(())
}

#[petsc_test::test]
fn second_derivatives_agree_with_differences(_petsc: &Petsc) -> Result<()> {
    fn check(name: &str, x: Real, f: impl Fn(HyperDual<1>) -> HyperDual<1>) {
        let at = |x: Real| f(HyperDual::variable(real(x), 0).along(real(1.0)));
        let slope = |x: Real| at(x).derivatives().derivatives()[0].real();
        let h = 1e-5;
        let difference = (slope(x + h) - slope(x - h)) / (2.0 * h);
        let second = at(x).change().derivatives()[0].real();
        assert!(
            (second - difference).abs() < 1e-7 * (1.0 + difference.abs()),
            "{name}: {second} {difference}"
        );
        assert!(close(at(x).change().value(), slope(x)), "{name}");
    }
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
        for n in [-2, 0, 1, 2, 3] {
            check("powi", x, |u| u.powi(n));
        }
        for p in [0.0, 1.0, 1.5] {
            check("powf", x, |u| u.powf(p));
        }
        check("operators", x, |u| -(u * u + 2.0) / (u - 3.0) * u / 4.0 - u * 0.5 + u.recip());
    }
    // At 0, powers that are constant or linear have no infinite derivatives.
    for flat in [
        HyperDual::<1>::variable(real(0.0), 0).powi(1),
        HyperDual::<1>::variable(real(0.0), 0).powf(1.0),
    ] {
        assert_eq!(flat.change().derivatives()[0].real(), 0.0);
    }
    let own = HyperDual::<1>::variable(real(1.0), 0).along(real(1.0)).chain(real(1.0), real(2.0));
    assert!(own.change().derivatives()[0].real().is_nan());
    assert_eq!(own.derivatives().derivatives()[0].real(), 2.0);
    Ok(())
}

#[cfg(petsc_scalar = "real")]
mod optimised {
    use std::cell::RefCell;
    use std::rc::Rc;

    use petsc_rs::{Tao, TaoType};

    use super::*;

    /// `Σ (dᵢ² + dᵢ⁴)·(i + 1)` with `dᵢ = xᵢ − i`, whose minimum is `xᵢ = i`.
    struct Bowl;

    impl Objective for Bowl {
        fn evaluate<N: Number>(&mut self, x: &[N]) -> Result<N> {
            let mut sum = N::real(0.0);
            for (i, &x) in x.iter().enumerate() {
                let d = x - i as Real;
                sum += (d.powi(2) + d.powi(4)) * (i + 1) as Real;
            }
            Ok(sum)
        }
    }

    /// Every rank computes the whole, which is then that many times itself.
    #[petsc_test::test(ranks = [1, 2, 3])]
    fn newton_and_others_find_the_minimum(petsc: &Petsc) -> Result<()> {
        for kind in [TaoType::LMVM, TaoType::NLS, TaoType::NTR, TaoType::BNTR, TaoType::NM] {
            let mut x = Vector::new(petsc.world(), 3)?;
            x.set(0.5)?;
            let mut tao = Tao::new(petsc.world())?;
            tao.set_type(kind)?;
            if kind == TaoType::BNTR {
                let n = x.local_len()?;
                let h = Matrix::builder(petsc.world())
                    .local_size(n, n)
                    .kind(MatrixType::AIJ)
                    .preallocate(3, 3)
                    .build()?;
                let all = Rc::new(RefCell::new(Derivatives::new(Bowl)));
                let both = Rc::clone(&all);
                tao.set_objective_and_gradient(move |_, x, g| {
                    both.borrow_mut().value_and_gradient(x, g)
                })?;
                tao.set_hessian(&h, &h, move |_, x, h, _| all.borrow_mut().hessian(x, h))?;
            } else {
                tao.set_objective_autodiff(&x, Bowl)?;
            }
            let converged = tao.solve(&mut x)?;
            let newton = [TaoType::NLS, TaoType::NTR, TaoType::BNTR].contains(&kind);
            assert!(!newton || converged.iterations < 10, "{kind:?}: {converged}");
            let first = x.ownership_range()?.start;
            let tolerance = if kind == TaoType::NM { 1e-3 } else { 1e-6 };
            for (k, x) in x.array()?.iter().enumerate() {
                let wanted = k as Real + first as Real;
                assert!((x - wanted).abs() < tolerance, "{kind:?}: {x} {wanted}");
            }
        }
        Ok(())
    }

    struct Refuses;

    impl Objective for Refuses {
        fn evaluate<N: Number>(&mut self, _: &[N]) -> Result<N> {
            Err(Error::user("no function today"))
        }
    }

    #[petsc_test::test(ranks = [1, 2])]
    fn an_error_of_the_objective_comes_out_of_the_solve(petsc: &Petsc) -> Result<()> {
        let mut x = Vector::new(petsc.world(), 3)?;
        let mut tao = Tao::new(petsc.world())?;
        tao.set_objective_autodiff(&x, Refuses)?;
        let error = tao.solve(&mut x).expect_err("it has no value");
        assert!(format!("{error:?}").contains("no function today"), "{error:?}");
        drop(tao);
        Ok(())
    }
}
