//! The error of each method falls with the step as its order says.

use petsc_rs::prelude::*;
use petsc_rs::ts::{
    ArkimexType, BasicSymplecticType, EquationType, ExactFinalTime, GleeType, ProblemType, RkType,
    RoswType, SspType, TsAdaptType,
};
use petsc_rs::{ErrorCode, Ts, TsRef, TsType};
use petsc_test::assert_close;

use super::{fails, r, rational};

/// The order that two step lengths show.
fn order(
    petsc: &Petsc,
    kind: TsType<'_>,
    adjust: impl Fn(&mut TsRef) -> Result<()>,
) -> Result<f64> {
    let mut errors = [0.0; 2];
    for (error, steps) in errors.iter_mut().zip([10_u8, 20]) {
        let (mut ts, mut u) = rational(petsc, kind, 1.0 / f64::from(steps))?;
        adjust(&mut ts)?;
        ts.adapt()?.set_type(TsAdaptType::NONE)?;
        let snes = petsc_rs::snes::Tolerances { rtol: 1e-12.into(), ..Default::default() };
        ts.snes()?.set_tolerances(snes)?;
        let end = ts.solve(&mut u)?;
        assert_eq!(end.steps, usize::from(steps), "{kind:?}");
        u.shift(r(-0.5))?;
        *error = u.norm(Norm::Infinity)?;
    }
    Ok((errors[0] / errors[1]).log2())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn methods_have_their_order(petsc: &Petsc) -> Result<()> {
    let none = |_: &mut TsRef| Ok(());
    assert_close!(order(petsc, TsType::EULER, none)?, 1.0, 0.2);
    assert_close!(order(petsc, TsType::BEULER, none)?, 1.0, 0.2);
    assert_close!(order(petsc, TsType::CN, none)?, 2.0, 0.1);
    assert_close!(order(petsc, TsType::SSP, none)?, 2.0, 0.1);
    assert_close!(order(petsc, TsType::ALPHA, none)?, 2.0, 0.2);
    for (scheme, expected) in [(RkType::RK2A, 2.0), (RkType::RK3BS, 3.0), (RkType::RK4, 4.0)] {
        let found = order(petsc, TsType::RK, |ts| ts.set_rk_type(scheme))?;
        assert_close!(found, expected, 0.1);
    }
    // Better than it has to be for this equation.
    let found = order(petsc, TsType::RK, |ts| ts.set_rk_type(RkType::RK5DP))?;
    assert!((4.9..6.5).contains(&found), "{found}");
    let found = order(petsc, TsType::ROSW, |ts| ts.set_rosw_type(RoswType::RA34PW2))?;
    assert_close!(found, 3.0, 0.1);
    let found = order(petsc, TsType::ARKIMEX, |ts| ts.set_arkimex_fully_implicit(true))?;
    assert_close!(found, 3.0, 0.1);
    for (scheme, expected) in [(GleeType::GLEE23, 2.0), (GleeType::GLEE35, 3.0)] {
        let found = order(petsc, TsType::GLEE, |ts| ts.set_glee_type(scheme))?;
        assert_close!(found, expected, 0.2);
    }
    for (bdf_order, expected) in [(1, 1.0), (2, 2.0)] {
        let found = order(petsc, TsType::BDF, |ts| ts.set_bdf_order(bdf_order))?;
        assert_close!(found, expected, 0.2);
    }
    Ok(())
}

/// `u' + 2u = 2 cos t - sin t` from 1, whose solution is `cos t`: the left side implicit, the right side explicit.
#[petsc_test::test(ranks = [1, 2, 3])]
fn implicit_explicit_methods_have_their_order(petsc: &Petsc) -> Result<()> {
    for (scheme, expected) in [
        (ArkimexType::ARS122, 2.0),
        (ArkimexType::E2, 2.0),
        (ArkimexType::ARK3, 3.0),
        (ArkimexType::ARK4, 4.0),
        (ArkimexType::ARK5, 5.0),
    ] {
        let mut errors = [0.0; 2];
        for (error, steps) in errors.iter_mut().zip([10_u8, 20]) {
            let j = Matrix::builder(petsc.world()).global_size(5, 5).preallocate(1, 0).build()?;
            let (mut u, y) = j.vectors()?;
            u.set(r(1.0))?;
            let mut ts = Ts::new(petsc.world())?;
            ts.set_type(TsType::ARKIMEX)?;
            ts.set_arkimex_type(scheme)?;
            ts.set_i_function(&y, |_, _, u, v, y| {
                y.copy_from(v)?;
                y.axpy(r(2.0), u)
            })?;
            ts.set_i_jacobian(&j, &j, |_, state, _, p| {
                for i in p.ownership_range()? {
                    p.set_value(i, i, r(state.shift + 2.0), InsertMode::Insert)?;
                }
                p.assemble()
            })?;
            let g = u.duplicate()?;
            ts.set_rhs_function(&g, |_, t, _, g| g.set(r(2.0 * t.cos() - t.sin())))?;
            ts.adapt()?.set_type(TsAdaptType::NONE)?;
            ts.snes()?.set_tolerances(petsc_rs::snes::Tolerances {
                rtol: 1e-13.into(),
                ..Default::default()
            })?;
            ts.set_time_step(1.0 / f64::from(steps))?;
            ts.set_max_time(1.0)?;
            ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
            let _ = ts.solve(&mut u)?;
            u.shift(r(-1.0_f64.cos()))?;
            *error = u.norm(Norm::Infinity)?;
        }
        let found = (errors[0] / errors[1]).log2();
        assert!((expected - 0.25..expected + 1.3).contains(&found), "{scheme:?} {errors:?}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn theta_determines_the_order(petsc: &Petsc) -> Result<()> {
    assert_close!(order(petsc, TsType::THETA, |ts| ts.set_theta(0.5))?, 2.0, 0.1);
    assert_close!(order(petsc, TsType::THETA, |ts| ts.set_theta(0.8))?, 1.0, 0.2);
    let (mut ts, mut u) = rational(petsc, TsType::THETA, 0.1)?;
    ts.set_theta(0.7)?;
    ts.set_theta_endpoint(true)?;
    assert_eq!((ts.theta()?, ts.theta_endpoint()?), (0.7, true));
    fails(ts.set_theta(1.5), ErrorCode::ARG_OUTOFRANGE);
    let _ = ts.solve(&mut u)?;
    // The work space of the endpoint's form is made in the setup.
    fails(ts.set_theta_endpoint(false), ErrorCode::ARG_WRONGSTATE);
    ts.reset()?;
    ts.set_theta_endpoint(false)?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn alpha2_has_second_order_for_a_spring(petsc: &Petsc) -> Result<()> {
    let mut errors = [0.0; 2];
    for (error, step) in errors.iter_mut().zip([0.05, 0.025]) {
        let j = Matrix::builder(petsc.world()).global_size(4, 4).preallocate(1, 0).build()?;
        let (mut u, mut v) = j.vectors()?;
        u.set(r(1.0))?;
        // No acceleration at first: PETSc 3.18 estimates twice what it is, which costs an order.
        v.set(r(-5.0))?;
        let mut ts = Ts::new(petsc.world())?;
        ts.set_type(TsType::ALPHA2)?;
        ts.set_alpha_radius(0.9)?;
        // u'' + 0.2 u' + u = 0
        ts.set_i2_function(&*u.duplicate()?, |_, s, y| {
            y.copy_from(s.a)?;
            y.axpy(r(0.2), s.v)?;
            y.axpy(r(1.0), s.u)
        })?;
        ts.set_i2_jacobian(&j, &j, |_, s, _, p| {
            for i in p.ownership_range()? {
                let value = r(1.0 + 0.2 * s.shift_v + s.shift_a);
                p.set_value(i, i, value, InsertMode::Insert)?;
            }
            p.assemble()
        })?;
        ts.set_time_step(step)?;
        ts.set_max_time(2.0)?;
        ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
        fails(ts.solve(&mut u), ErrorCode::ARG_WRONGSTATE);
        // One linear step leaves the velocity as it was.
        ts.snes()?.set_type(petsc_rs::SnesType::KSPONLY)?;
        fails(ts.solve_second_order(&mut u, &mut v), ErrorCode::SUP);
        ts.snes()?.set_type(petsc_rs::SnesType::NEWTONLS)?;
        let _ = ts.solve_second_order(&mut u, &mut v)?;
        assert!(ts.velocity()?.same_object(&v));
        let w = 0.99_f64.sqrt();
        let (c, s) = ((2.0 * w).cos(), (2.0 * w).sin());
        let b = -4.9 / w;
        let exact = (-0.2_f64).exp() * (c + b * s);
        let slope = (-0.2_f64).exp() * (-5.0 * c - (0.1 * b + w) * s);
        u.shift(r(-exact))?;
        v.shift(r(-slope))?;
        *error = u.norm(Norm::Infinity)?.max(v.norm(Norm::Infinity)?);
    }
    assert!(errors[1] < 1e-2, "{errors:?}");
    assert_close!((errors[0] / errors[1]).log2(), 2.0, 0.1);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn schemes_belong_to_their_method(petsc: &Petsc) -> Result<()> {
    let mut ts = Ts::new(petsc.world())?;
    fails(ts.set_rk_type(RkType::RK4), ErrorCode::ARG_WRONG);
    ts.set_type(TsType::RK)?;
    for scheme in RkType::ALL {
        ts.set_rk_type(*scheme)?;
        assert_eq!(ts.rk_type()?, scheme.name().to_string_lossy());
    }
    assert_eq!(ts.rk_order()?, 8);
    fails(ts.set_rk_type(RkType::new(c"none of it")), ErrorCode::ARG_UNKNOWN_TYPE);
    fails(ts.set_theta(0.5), ErrorCode::ARG_WRONG);
    ts.set_type(TsType::ARKIMEX)?;
    for scheme in ArkimexType::ALL {
        ts.set_arkimex_type(*scheme)?;
        assert_eq!(ts.arkimex_type()?, scheme.name().to_string_lossy());
    }
    ts.set_type(TsType::ROSW)?;
    for scheme in RoswType::ALL {
        ts.set_rosw_type(*scheme)?;
        assert_eq!(ts.rosw_type()?, scheme.name().to_string_lossy());
    }
    ts.set_type(TsType::SSP)?;
    for scheme in SspType::ALL {
        ts.set_ssp_type(*scheme)?;
        assert_eq!(ts.ssp_type()?, scheme.name().to_string_lossy());
    }
    ts.set_type(TsType::BASICSYMPLECTIC)?;
    for scheme in BasicSymplecticType::ALL {
        ts.set_basic_symplectic_type(*scheme)?;
    }
    ts.set_type(TsType::GLEE)?;
    for scheme in GleeType::ALL {
        ts.set_glee_type(*scheme)?;
    }
    ts.set_type(TsType::BDF)?;
    ts.set_bdf_order(4)?;
    assert_eq!(ts.bdf_order()?, 4);
    fails(ts.set_bdf_order(7), ErrorCode::ARG_OUTOFRANGE);
    fails(ts.set_alpha_parameters(1.0, 1.0, 0.5), ErrorCode::ARG_WRONG);
    ts.set_type(TsType::ALPHA)?;
    ts.set_alpha_parameters(1.5, 0.75, 1.25)?;
    let alpha = ts.alpha_parameters()?;
    assert_eq!((alpha.alpha_m, alpha.alpha_f, alpha.gamma), (1.5, 0.75, 1.25));
    fails(ts.set_alpha_parameters(f64::NAN, 1.0, 1.0), ErrorCode::ARG_OUTOFRANGE);
    ts.set_alpha_radius(0.5)?;
    // αm = (3-ρ)/(2(1+ρ)), αf = 1/(1+ρ), γ = ½ + αm - αf
    let alpha = ts.alpha_parameters()?;
    assert_close!(alpha.alpha_m, 2.5 / 3.0, 1e-14);
    assert_close!(alpha.alpha_f, 1.0 / 1.5, 1e-14);
    assert_close!(alpha.gamma, 0.5 + 2.5 / 3.0 - 1.0 / 1.5, 1e-14);
    ts.set_problem_type(ProblemType::Linear)?;
    assert_eq!(ts.problem_type()?, ProblemType::Linear);
    ts.set_equation_type(EquationType::DaeImplicitIndex1)?;
    assert_eq!(ts.equation_type()?, EquationType::DaeImplicitIndex1);
    Ok(())
}
