//! Sensitivities carried forward against closed forms.

use petsc_rs::prelude::*;
use petsc_rs::ts::{ExactFinalTime, TsAdaptType};
use petsc_rs::{ErrorCode, Ts, TsType};
use petsc_test::assert_close;

use super::{fails, r, set_decay, set_decay_by_parameter, up_to_one};

const P: f64 = 0.7;

/// `u' = -p u²` from `1, 2, …, 5`: `u(t) = u₀ / (1 + p u₀ t)`. Columns: by `p`, then by each first value.
fn problem(petsc: &Petsc, kind: TsType<'_>) -> Result<(Ts, Vector, Matrix)> {
    let world = petsc.world();
    let j = Matrix::builder(world).global_size(5, 5).preallocate(1, 0).build()?;
    let by_p = Matrix::builder(world).global_size(5, 6).build()?;
    let (mut u, _) = j.vectors()?;
    for (i, u) in u.ownership_range()?.zip(u.array_mut()?.iter_mut()) {
        *u = r(i as Real + 1.0);
    }
    let mut s = Matrix::builder(world).kind(MatrixType::DENSE).global_size(5, 6).build()?;
    for i in s.ownership_range()? {
        s.set_value(i, i + 1, r(1.0), InsertMode::Insert)?;
    }
    s.assemble()?;
    let mut ts = Ts::new(world)?;
    ts.set_type(kind)?;
    set_decay(&mut ts, &j, P)?;
    set_decay_by_parameter(&mut ts, &by_p)?;
    ts.adapt()?.set_type(TsAdaptType::NONE)?;
    up_to_one(&mut ts, 0.01)?;
    Ok((ts, u, s))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn sensitivities_are_those_in_closed_form(petsc: &Petsc) -> Result<()> {
    for (kind, tolerance) in
        [(TsType::RK, 1e-4), (TsType::CN, 1e-3), (TsType::THETA, 1e-3), (TsType::BEULER, 8e-2)]
    {
        let (mut ts, mut u, s) = problem(petsc, kind)?;
        fails(ts.sensitivities().map(|_| ()), ErrorCode::ARG_WRONGSTATE);
        ts.set_sensitivities(&s)?;
        let _ = ts.solve(&mut u)?;
        assert!(ts.sensitivities()?.same_object(&s));
        for i in s.ownership_range()? {
            let u0 = i as Real + 1.0;
            let by_first = (1.0 + P * u0).powi(-2);
            let value = |column| Ok::<_, Error>(s.value(i, column)?.real());
            assert_close!(value(0)?, -u0 * u0 * by_first, tolerance);
            for column in 1..6 {
                let exact = if column == i + 1 { by_first } else { 0.0 };
                assert_close!(value(column)?, exact, tolerance, 1e-12);
            }
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn work_space_follows_scheme_and_matrix(petsc: &Petsc) -> Result<()> {
    // Another scheme has more stages, another method other work space, another matrix other columns.
    let (mut ts, mut u, s) = problem(petsc, TsType::RK)?;
    ts.set_sensitivities(&s)?;
    ts.set_max_steps(10)?;
    let mut run = |ts: &mut Ts| {
        u.set(r(1.0))?;
        ts.set_time(0.0)?;
        ts.set_step_number(0)?;
        ts.set_time_step(0.01)?;
        ts.solve(&mut u).map(|_| ())
    };
    run(&mut ts)?;
    ts.set_rk_type(petsc_rs::ts::RkType::RK8VR)?;
    run(&mut ts)?;
    ts.set_type(TsType::CN)?;
    run(&mut ts)?;
    let narrow =
        Matrix::builder(petsc.world()).kind(MatrixType::DENSE).global_size(5, 1).build()?;
    ts.set_sensitivities(&narrow)?;
    fails(run(&mut ts), ErrorCode::ARG_SIZ);
    ts.remove_sensitivities()?;
    ts.reset()?;
    run(&mut ts)
}

#[petsc_test::test(ranks = [1, 2])]
fn wrong_sensitivities_are_refused(petsc: &Petsc) -> Result<()> {
    let (mut ts, mut u, s) = problem(petsc, TsType::RK)?;
    let sparse = Matrix::builder(petsc.world()).global_size(5, 6).build()?;
    fails(ts.set_sensitivities(&sparse), ErrorCode::ARG_WRONG);
    let long = Matrix::builder(petsc.world()).kind(MatrixType::DENSE).global_size(50, 1).build()?;
    ts.set_sensitivities(&long)?;
    fails(ts.solve(&mut u), ErrorCode::ARG_SIZ);
    ts.set_sensitivities(&s)?;
    fails(ts.steps(&mut u).map(|_| ()), ErrorCode::SUP);
    ts.adapt()?.set_type(TsAdaptType::BASIC)?;
    fails(ts.solve(&mut u), ErrorCode::SUP);
    ts.set_type(TsType::SSP)?;
    fails(ts.solve(&mut u), ErrorCode::SUP);
    let mut bare = Ts::new(petsc.world())?;
    bare.set_type(TsType::RK)?;
    bare.set_rhs_function(&*u.duplicate()?, |_, _, u, g| g.copy_from(u))?;
    bare.adapt()?.set_type(TsAdaptType::NONE)?;
    bare.set_max_steps(1)?;
    bare.set_exact_final_time(ExactFinalTime::MatchStep)?;
    bare.set_sensitivities(&s)?;
    fails(bare.solve(&mut u), ErrorCode::ARG_WRONGSTATE);
    Ok(())
}
