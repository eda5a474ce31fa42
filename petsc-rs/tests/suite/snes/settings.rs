//! Numbers that a solver keeps, and what they do.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::snes::{
    ConvergedReason, EisenstatWalker, EisenstatWalkerVersion, FunctionType, Lag,
    LineSearchTolerances, LineSearchType, MultistageType, NormSchedule, Tolerances,
};
use petsc_rs::{ErrorCode, Snes, SnesType};
use petsc_test::assert_close;

use super::{check_all, code, cubic, diagonal, r, squares};

#[petsc_test::test(ranks = [1, 2])]
fn what_is_set_is_there(petsc: &Petsc) -> Result<()> {
    let mut snes = Snes::new(petsc.world())?;
    snes.set_tolerances(Tolerances {
        atol: 1e-3.into(),
        rtol: 1e-4.into(),
        stol: 1e-5.into(),
        max_iterations: 7.into(),
        max_evaluations: 70.into(),
    })?;
    let t = snes.tolerances()?;
    assert_eq!((t.atol, t.rtol, t.stol), (1e-3, 1e-4, 1e-5));
    assert_eq!((t.max_iterations, t.max_evaluations), (7, Some(70)));
    snes.set_divergence_tolerance(Some(5.0))?;
    assert_eq!(snes.divergence_tolerance()?, Some(5.0));
    snes.set_divergence_tolerance(None)?;
    assert_eq!(snes.divergence_tolerance()?, None);
    assert_eq!(code(snes.set_divergence_tolerance(Some(0.5))), ErrorCode::ARG_OUTOFRANGE);
    snes.set_force_iteration(true)?;
    assert!(snes.force_iteration()?);
    snes.set_max_step_failures(3)?;
    snes.set_max_linear_failures(4)?;
    snes.set_grid_sequence(2)?;
    let counts = (snes.max_step_failures()?, snes.max_linear_failures()?, snes.grid_sequence()?);
    assert_eq!(counts, (3, 4, 2));
    snes.set_norm_schedule(NormSchedule::FinalOnly)?;
    assert_eq!(snes.norm_schedule()?, NormSchedule::FinalOnly);
    snes.set_function_type(FunctionType::Preconditioned)?;
    assert_eq!(snes.function_type()?, FunctionType::Preconditioned);
    for lag in [Lag::Every(3), Lag::Once, Lag::Never] {
        snes.set_lag_jacobian(lag)?;
        snes.set_lag_preconditioner(lag)?;
        assert_eq!((snes.lag_jacobian()?, snes.lag_preconditioner()?), (lag, lag));
    }
    assert_eq!(code(snes.set_lag_jacobian(Lag::Every(0))), ErrorCode::ARG_OUTOFRANGE);
    assert!(snes.solution()?.is_none() && snes.jacobian()?.is_none() && snes.rhs()?.is_none());
    assert_eq!(code(snes.set_up()), ErrorCode::ARG_WRONGSTATE);
    snes.set_options_prefix("a_")?;
    snes.append_options_prefix("b_")?;
    assert_eq!(snes.options_prefix()?.as_deref(), Some("a_b_"));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn line_searches(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = squares(petsc.world(), 5)?;
    let mut search = snes.line_search()?;
    search.set_type(LineSearchType::BT)?;
    search.set_order(2)?;
    assert_eq!(search.order()?, 2);
    assert_eq!(code(search.set_order(4)), ErrorCode::ARG_OUTOFRANGE);
    assert_close!(search.backtracking_alpha()?, 1e-4, 1e-15);
    search.set_backtracking_alpha(1e-3)?;
    assert_close!(search.backtracking_alpha()?, 1e-3, 1e-15);
    search.set_lambda(0.25)?;
    assert_close!(search.lambda()?, 0.25, 1e-15);
    search.set_type(LineSearchType::BASIC)?;
    assert_eq!(code(search.set_backtracking_alpha(1e-3)), ErrorCode::ARG_WRONG);
    search.set_tolerances(LineSearchTolerances { max_step: 1e6.into(), ..Default::default() })?;
    let found = search.tolerances()?;
    assert_eq!(found.max_step, 1e6.into());
    assert_eq!(found.rtol, 1e-8.into());
    assert_eq!(code(search.backtracking_alpha()), ErrorCode::ARG_WRONG);
    let negative = LineSearchTolerances { rtol: (-1.0).into(), ..Default::default() };
    assert_eq!(code(search.set_tolerances(negative)), ErrorCode::ARG_OUTOFRANGE);
    search.set_damping(0.5)?;
    // Half of Newton's step from 1 to 2.5.
    snes.set_tolerances(Tolerances { max_iterations: 1.into(), ..Default::default() })?;
    let reason = snes.solve_unchecked(None, &mut x)?;
    assert_eq!(reason, ConvergedReason::IterationLimit);
    assert_eq!(snes.converged_reason_word()?, "DIVERGED_MAX_IT");
    check_all(&x, 1.75)?;
    let norms = snes.line_search()?.norms()?;
    assert_close!(norms.function, x.norm(Norm::Two)? * (4.0 / 1.75 - 1.75), 1e-12);
    assert_close!(norms.solution, x.norm(Norm::Two)?, 1e-12);
    assert_close!(snes.solution_norm()?, norms.solution, 1e-12);
    assert_close!(snes.update_norm()?, norms.step, 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn lags_save_jacobians(petsc: &Petsc) -> Result<()> {
    let count = |lag: Lag| -> Result<(usize, usize)> {
        let (mut snes, mut x) = squares(petsc.world(), 5)?;
        let calls = Rc::new(Cell::new(0));
        let seen = Rc::clone(&calls);
        let a = Matrix::builder(petsc.world()).global_size(5, 5).build()?;
        snes.set_jacobian(&a, &a, move |_, x, a, _| {
            seen.set(seen.get() + 1);
            diagonal(x, a)
        })?;
        snes.set_lag_jacobian(lag)?;
        // Near enough for an old derivative to do.
        x.set(r(1.8))?;
        let iterations = snes.solve(None, &mut x)?.iterations;
        check_all(&x, 2.0)?;
        Ok((calls.get(), iterations))
    };
    let (calls, iterations) = count(Lag::Every(1))?;
    assert_eq!(calls, iterations);
    let (calls, iterations) = count(Lag::Every(2))?;
    assert_eq!(calls, iterations.div_ceil(2));
    assert_eq!(count(Lag::Once)?.0, 1);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn eisenstat_and_walker_save_linear_iterations(petsc: &Petsc) -> Result<()> {
    let solve = |with: bool| -> Result<usize> {
        let (mut snes, mut x) = cubic(petsc.world(), true)?;
        snes.ksp()?.pc()?.set_type(PcType::NONE)?;
        if with {
            snes.set_eisenstat_walker(EisenstatWalker {
                rtol_0: 0.5.into(),
                ..Default::default()
            })?;
        }
        assert_eq!(snes.uses_eisenstat_walker()?, with);
        Ok(snes.solve(None, &mut x)?.linear_iterations)
    };
    assert!(solve(true)? < solve(false)?);
    let (mut snes, _) = cubic(petsc.world(), true)?;
    snes.set_eisenstat_walker(EisenstatWalker { rtol_0: 0.5.into(), ..Default::default() })?;
    let found = snes.eisenstat_walker()?;
    assert_eq!(found.version, EisenstatWalkerVersion::Two.into());
    assert_eq!(
        (found.rtol_0, found.rtol_max, found.threshold),
        (0.5.into(), 0.9.into(), 0.1.into())
    );
    let wrong = EisenstatWalker { alpha: 3.0.into(), ..Default::default() };
    assert_eq!(code(snes.set_eisenstat_walker(wrong)), ErrorCode::ARG_OUTOFRANGE);
    snes.unset_eisenstat_walker()?;
    assert!(!snes.uses_eisenstat_walker()?);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn history_keeps_all_norms(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = squares(petsc.world(), 9)?;
    snes.set_convergence_history(2, true)?;
    snes.set_convergence_history(50, true)?;
    let converged = snes.solve(None, &mut x)?;
    let history = snes.convergence_history()?;
    assert_eq!(history.len(), converged.iterations + 1);
    // From 1, `‖F‖` is 3·√9; Newton's step goes to 2.5.
    assert_close!(history[0].norm, 9.0, 1e-12);
    assert_close!(history[1].norm, 6.75, 1e-6);
    assert!(history[1..].iter().all(|entry| entry.linear_iterations > 0));
    // A later solve begins anew.
    x.set(r(3.0))?;
    let _ = snes.solve(None, &mut x)?;
    assert_close!(snes.convergence_history()?[0].norm, 15.0, 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn settings_of_other_methods_are_refused(petsc: &Petsc) -> Result<()> {
    // C would take the private data of Newton's method for its own.
    let mut snes = Snes::new(petsc.world())?;
    snes.set_type(SnesType::NEWTONLS)?;
    assert_eq!(code(snes.set_fas_levels(2)), ErrorCode::ARG_WRONG);
    assert_eq!(code(snes.fas_levels()), ErrorCode::ARG_WRONG);
    assert_eq!(code(snes.fas_smoother(0)), ErrorCode::ARG_WRONG);
    assert_eq!(code(snes.set_fas_cycles(2)), ErrorCode::ARG_WRONG);
    assert_eq!(code(snes.set_ngs_sweeps(2)), ErrorCode::ARG_WRONG);
    assert_eq!(code(snes.ngs_tolerances()), ErrorCode::ARG_WRONG);
    assert_eq!(code(snes.composite_count()), ErrorCode::ARG_WRONG);
    assert_eq!(code(snes.composite_solver(0)), ErrorCode::ARG_WRONG);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn names_are_those_of_the_library(petsc: &Petsc) -> Result<()> {
    for kind in SnesType::ALL {
        // Only with packages that a build need not have.
        if *kind == SnesType::PATCH {
            continue;
        }
        let mut snes = Snes::new(petsc.world())?;
        if *kind == SnesType::ASPIN {
            // C asks for the length of the function's vector.
            assert_eq!(code(snes.set_type(*kind)), ErrorCode::ARG_WRONGSTATE);
            petsc.options().insert_str("-early_snes_type aspin")?;
            snes.set_options_prefix("early_")?;
            assert_eq!(code(snes.set_from_options()), ErrorCode::ARG_WRONGSTATE);
            (snes, _) = squares(petsc.world(), 4)?;
            // Newton's method with a preconditioner, and called so.
            snes.set_type(*kind)?;
            assert!(snes.has_npc()?);
            continue;
        }
        snes.set_type(*kind)?;
        assert_eq!(snes.type_name()?.as_deref(), kind.name().to_str().ok());
    }
    for kind in LineSearchType::ALL {
        let snes = Snes::new(petsc.world())?;
        snes.line_search()?.set_type(*kind)?;
        assert_eq!(snes.line_search()?.type_name()?.as_deref(), kind.name().to_str().ok());
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn lags_go_on_from_solve_to_solve(petsc: &Petsc) -> Result<()> {
    let count = |persists: bool| -> Result<usize> {
        let (mut snes, mut x) = squares(petsc.world(), 5)?;
        let calls = Rc::new(Cell::new(0));
        let seen = Rc::clone(&calls);
        let a = Matrix::builder(petsc.world()).global_size(5, 5).build()?;
        snes.set_jacobian(&a, &a, move |_, x, a, _| {
            seen.set(seen.get() + 1);
            diagonal(x, a)
        })?;
        snes.set_lag_jacobian(Lag::Every(100))?;
        snes.set_lag_jacobian_persists(persists)?;
        snes.set_lag_preconditioner(Lag::Every(100))?;
        snes.set_lag_preconditioner_persists(persists)?;
        for _ in 0..2 {
            x.set(r(1.8))?;
            let _ = snes.solve(None, &mut x)?;
            check_all(&x, 2.0)?;
        }
        Ok(calls.get())
    };
    assert_eq!(count(false)?, 2);
    assert_eq!(count(true)?, 1);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_trust_region_has_a_smallest_radius(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = cubic(petsc.world(), true)?;
    assert_eq!(code(snes.set_trust_region_tolerance(1.0)), ErrorCode::ARG_WRONG);
    snes.set_type(SnesType::NEWTONTR)?;
    assert_eq!(code(snes.set_trust_region_tolerance(-1.0)), ErrorCode::ARG_OUTOFRANGE);
    x.set(r(0.5))?;
    snes.set_trust_region_tolerance(1e-12)?;
    let _ = snes.solve(None, &mut x)?;
    Ok(())
}

/// Euler's smoother takes a part of the residual away: what is left falls by a fixed factor.
#[petsc_test::test(ranks = [1, 2])]
fn smoothers_of_several_stages(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 5)?;
    let residual = x.duplicate()?;
    let mut snes = Snes::new(petsc.world())?;
    snes.set_function(&residual, |_, x, f| {
        f.copy_from(x)?;
        f.shift(r(-2.0))
    })?;
    snes.set_type(SnesType::MS)?;
    snes.set_multistage_type(MultistageType::EULER)?;
    snes.set_multistage_damping(0.5)?;
    snes.set_tolerances(Tolerances { max_iterations: 3.into(), ..Default::default() })?;
    let _ = snes.solve_unchecked(None, &mut x)?;
    check_all(&x, 2.0 - 2.0 / 8.0)
}
