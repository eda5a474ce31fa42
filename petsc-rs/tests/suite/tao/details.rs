//! Watching, steering, and the life of closures.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::{ConvergedReason, LineSearchType, Tolerances};
use petsc_rs::{ErrorCode, Tao, TaoType};
use petsc_test::assert_error;

use super::{bowl, bowl_with_hessian, error_of};

#[petsc_test::test(ranks = [1, 2, 3])]
fn monitors_and_history_see_every_iteration(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = bowl_with_hessian(petsc, 6)?;
    let seen = Rc::new(RefCell::new(Vec::new()));
    let all = Rc::clone(&seen);
    tao.add_monitor(move |tao| {
        let status = tao.status()?;
        all.borrow_mut().push((status.iterations, status.objective));
        Ok(())
    })?;
    tao.set_convergence_history(100, true)?;
    assert_eq!(tao.set_convergence_history(5, true).map_err(|e| e.code()), Err(ErrorCode::ORDER));
    let converged = tao.solve(&mut x)?;
    let history = tao.convergence_history()?;
    let seen = seen.take();
    assert_eq!(seen.len(), converged.iterations + 1);
    assert_eq!(history.objectives, seen.iter().map(|s| s.1).collect::<Vec<_>>());
    assert_eq!(history.gradient_norms.last(), Some(&converged.gradient_norm));
    assert_eq!(history.constraint_norms.len(), seen.len());
    assert!(seen.windows(2).all(|w| w[1].0 == w[0].0 + 1 && w[1].1 <= w[0].1));
    assert!(tao.evaluations()? >= converged.iterations);
    assert_eq!(tao.total_iterations()?, converged.iterations);
    // f = ½ Σ w·(0.1 − i)² at the beginning.
    let first: Real =
        (0..6).map(|i| super::weight(i) * (0.1 - Real::from(i as f32)).powi(2) / 2.0).sum();
    assert!((seen[0].1 - first).abs() < 1e-12 * first);
    assert!(error_of(&tao.solution()?.expect("solved"), |i| i as Real)? < 1e-6);
    assert!(tao.gradient()?.is_some());
    tao.cancel_monitors()?;
    x.set(0.1)?;
    let _ = tao.solve(&mut x)?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn each_method_has_limits_of_its_own(petsc: &Petsc) -> Result<()> {
    // A method that was set leaves what the next one does not set, in TaoSetType before 3.26.
    fn kept<T>(before: T, default: T) -> T {
        if cfg!(petsc_ge_3_26) { default } else { before }
    }
    let mut tao = Tao::new(petsc.world())?;
    // The figures of PETSc's manual pages and sources.
    let limits = |tao: &Tao| -> Result<_> {
        let now = tao.tolerances()?;
        Ok((now.max_iterations, now.max_evaluations))
    };
    assert_eq!(limits(&tao)?, (2000, Some(4000)), "lmvm");
    let gatol = tao.tolerances()?.gatol;
    // TaoCreate sets no method: that of `Tao::new` leaves nothing behind.
    tao.set_type(TaoType::BQNLS)?;
    let unlimited = limits(&tao)?.1;
    assert!(unlimited.is_none_or(|n| n > 4000), "{unlimited:?}");
    tao.set_type(TaoType::POUNDERS)?;
    assert_eq!(limits(&tao)?, (2000, Some(4000)), "pounders");
    tao.set_type(TaoType::TRON)?;
    assert_eq!(limits(&tao)?, (50, kept(Some(4000), unlimited)), "tron");
    tao.set_type(TaoType::ALMM)?;
    assert_eq!(tao.tolerances()?.gatol, 1e-5);
    petsc.options().scope(|options| {
        options.set("-tao_type", "bntr")?;
        tao.set_from_options()?;
        assert_eq!(limits(&tao)?, (50, kept(Some(4000), unlimited)), "almm, bntr");
        assert_eq!(tao.tolerances()?.gatol, kept(1e-5, gatol));
        let mut tao = Tao::new(petsc.world())?;
        tao.set_from_options()?;
        assert_eq!(limits(&tao)?, (50, unlimited), "bntr");
        // A method that is set again is one that was set.
        let mut tao = Tao::new(petsc.world())?;
        tao.set_type(TaoType::LMVM)?;
        tao.set_from_options()?;
        assert_eq!(limits(&tao)?, (50, kept(Some(4000), unlimited)), "lmvm, bntr");
        Ok(())
    })?;
    // What was set stays, with any method.
    tao.set_tolerances(Tolerances { max_evaluations: 4000.into(), ..Tolerances::default() })?;
    tao.set_type(TaoType::NLS)?;
    assert_eq!(limits(&tao)?, (50, Some(4000)));
    tao.set_type(TaoType::GPCG)?;
    assert_eq!(limits(&tao)?, (500, Some(4000)));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_convergence_test_stays_when_the_method_changes(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = bowl_with_hessian(petsc, 6)?;
    tao.set_convergence_test(|tao| {
        let default = tao.default_convergence_test()?;
        Ok(if tao.status()?.iterations == 2 { ConvergedReason::User } else { default })
    })?;
    for kind in [TaoType::LMVM, TaoType::BLMVM, TaoType::CG] {
        tao.set_type(kind)?;
        x.set(0.1)?;
        let converged = tao.solve(&mut x)?;
        assert_eq!(converged.reason, ConvergedReason::User, "{kind:?}");
        assert_eq!(converged.iterations, 2);
    }
    // It cannot go on for ever.
    tao.set_convergence_test(|_| Ok(ConvergedReason::Iterating))?;
    tao.set_tolerances(Tolerances { max_iterations: 7.into(), ..Tolerances::default() })?;
    x.set(0.1)?;
    assert_eq!(tao.solve_unchecked(&mut x)?.reason, ConvergedReason::IterationLimit);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn limits_are_errors_with_a_hint(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = bowl_with_hessian(petsc, 6)?;
    tao.set_tolerances(Tolerances { max_iterations: 1.into(), ..Tolerances::default() })?;
    let error = tao.solve(&mut x).expect_err("one iteration is too few");
    assert_eq!(error.code(), ErrorCode::NOT_CONVERGED);
    assert!(error.to_string().contains("-tao_max_it"), "{error}");
    let now = tao.tolerances()?;
    assert_eq!((now.max_iterations, now.gatol), (1, 1e-8));
    let negative = Tolerances { gatol: (-1.0).into(), ..Tolerances::default() };
    assert_eq!(tao.set_tolerances(negative).map_err(|e| e.code()), Err(ErrorCode::ARG_OUTOFRANGE));

    let (mut tao, mut x) = bowl_with_hessian(petsc, 6)?;
    tao.set_function_lower_bound(20.0)?;
    assert_eq!(tao.function_lower_bound()?, 20.0);
    assert_eq!(tao.solve(&mut x)?.reason, ConvergedReason::Minimum);
    tao.set_initial_trust_region_radius(0.5)?;
    assert_eq!(tao.initial_trust_region_radius()?, 0.5);
    assert_error(
        tao.set_initial_trust_region_radius(-1.0),
        ErrorCode::ARG_OUTOFRANGE,
        "initial trust region radius",
    );
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn closures_are_freed_once_and_may_replace_themselves(petsc: &Petsc) -> Result<()> {
    struct Count(Rc<Cell<usize>>);
    impl Drop for Count {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let freed = Rc::new(Cell::new(0));
    let mut tao = Tao::new(petsc.world())?;
    tao.set_type(TaoType::BNLS)?;
    let mut x = Vector::new(petsc.world(), 4)?;
    for _ in 0..3 {
        let count = Count(Rc::clone(&freed));
        tao.set_objective_and_gradient(move |_, x, g| {
            let _ = &count;
            bowl(x, g)
        })?;
    }
    assert_eq!(freed.get(), 2);
    let count = Count(Rc::clone(&freed));
    tao.set_hessian_product(&x, move |_, v, y| {
        let _ = &count;
        for (k, i) in v.ownership_range()?.enumerate() {
            y.array_mut()?[k] = super::weight(i) * v.array()?[k];
        }
        Ok(())
    })?;
    let _ = tao.solve(&mut x)?;
    // The inner solvers of this method were set up with the old closure's context.
    tao.set_objective_and_gradient(|_, x, g| {
        g.copy_from(x)?;
        g.shift(-1.0)?;
        let norm = g.norm(Norm::Two)?;
        Ok(norm * norm / 2.0)
    })?;
    assert_eq!(freed.get(), 3);
    tao.set_hessian_product(&x, |_, v, y| y.copy_from(v))?;
    let _ = tao.solve(&mut x)?;
    assert!(error_of(&x, |_| 1.0)? < 1e-7);
    drop(tao);
    assert_eq!(freed.get(), 4);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn an_error_of_a_closure_comes_out(petsc: &Petsc) -> Result<()> {
    let mut tao = Tao::new(petsc.world())?;
    tao.set_objective_and_gradient(|_, _, _| Err(Error::user("no objective today")))?;
    let mut x = Vector::new(petsc.world(), 4)?;
    x.set(5.0)?;
    let error = tao.solve(&mut x).expect_err("it fails");
    let source = std::error::Error::source(&error).expect("the closure's own error");
    assert_eq!(source.to_string(), "no objective today");
    // The first guess is as it was, and the vector is free.
    assert_eq!(x.norm(Norm::Infinity)?, 5.0);
    x.set(1.0)?;
    drop(tao);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn an_initial_hessian_makes_the_first_step_one_of_newton(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = bowl_with_hessian(petsc, 6)?;
    let mut search = tao.line_search()?.expect("lmvm has one");
    search.set_type(LineSearchType::ARMIJO)?;
    search.set_initial_step_length(1.0)?;
    assert!(tao.ksp()?.is_none());
    let n = x.local_len()?;
    let mut h0 = Matrix::builder(petsc.world()).local_size(n, n).build()?;
    for i in x.ownership_range()? {
        h0.set_value(i, i, super::weight(i), InsertMode::Insert)?;
    }
    h0.assemble()?;
    tao.set_lmvm_h0(&h0)?;
    tao.ksp()?;
    let converged = tao.solve(&mut x)?;
    // With the Hessian itself to begin with, the first step is Newton's.
    assert_eq!(converged.iterations, 1, "{converged}");
    assert_eq!(tao.line_search()?.expect("as above").step_length()?, 1.0);
    assert_eq!(tao.set_lmvm_h0(&h0).map_err(|e| e.code()), Err(ErrorCode::ORDER));

    let (mut tao, mut x) = bowl_with_hessian(petsc, 6)?;
    tao.set_type(TaoType::BQNLS)?;
    let _ = tao.solve(&mut x)?;
    assert_eq!(tao.lmvm_matrix()?.size()?, (6, 6));
    tao.set_type(TaoType::NLS)?;
    assert!(tao.ksp()?.is_some());
    let _ = tao.solve(&mut x)?;
    assert!(tao.linear_iterations()? <= 6);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_closure_replaces_the_method(petsc: &Petsc) -> Result<()> {
    let mut tao = Tao::new(petsc.world())?;
    assert_error(tao.set_shell_solve(|_| Ok(())), ErrorCode::ARG_WRONG, "requires type shell");
    tao.set_type(TaoType::SHELL)?;
    tao.set_objective_and_gradient(|_, x, g| bowl(x, g))?;
    let x0 = Vector::new(petsc.world(), 4)?;
    let own = Rc::new(RefCell::new(x0.duplicate()?));
    tao.set_shell_solve(move |tao| {
        let mut g = own.borrow_mut();
        let x = tao.solution()?.expect("set by solve");
        tao.compute_objective_and_gradient(&x, &mut g)?;
        tao.set_converged_reason(ConvergedReason::User)
    })?;
    let mut x = x0;
    assert_eq!(tao.solve(&mut x)?.reason, ConvergedReason::User);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn updates_run_before_each_iteration(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = bowl_with_hessian(petsc, 6)?;
    let seen = Rc::new(RefCell::new(Vec::new()));
    let all = Rc::clone(&seen);
    tao.set_update(move |_, iteration| {
        all.borrow_mut().push(iteration);
        Ok(())
    })?;
    let converged = tao.solve(&mut x)?;
    assert_eq!(*seen.borrow(), (0..converged.iterations).collect::<Vec<_>>());
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn the_gradient_is_tested_by_option(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.set_flag("-tao_test_gradient")?;
        let (mut tao, mut x) = bowl_with_hessian(petsc, 3)?;
        tao.set_from_options()?;
        let _ = tao.solve(&mut x)?;
        Ok(())
    })
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_program_calls_the_functions_of_an_optimizer(petsc: &Petsc) -> Result<()> {
    let (tao, mut x) = bowl_with_hessian(petsc, 6)?;
    x.set(2.0)?;
    let (mut g, mut wanted) = (x.duplicate()?, x.duplicate()?);
    let value = bowl(&x, &mut wanted)?;
    assert_eq!(tao.compute_objective(&x)?, value);
    tao.compute_gradient(&x, &mut g)?;
    assert_eq!(g.error_norm(&wanted, Norm::Infinity)?, 0.0);
    {
        let (h, p) = tao.hessian()?.expect("it was set");
        tao.compute_hessian(&x, &h, &p)?;
        for i in h.ownership_range()? {
            assert_eq!(h.value(i, i)?, super::weight(i));
        }
        let long = Vector::new(petsc.world(), 9)?;
        let refused = tao.compute_hessian(&long, &h, &p).map_err(|e| e.code());
        assert_eq!(refused, Err(ErrorCode::ARG_SIZ));
    }
    let bare = Tao::new(petsc.world())?;
    assert!(bare.hessian()?.is_none());
    assert!(bare.variable_bounds()?.is_none());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_norm_of_the_gradient_follows_its_matrix(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = bowl_with_hessian(petsc, 6)?;
    let m = Matrix::constant_diagonal(petsc.world(), 6, 4.0)?;
    tao.set_gradient_norm(&m)?;
    let mut g = x.duplicate()?;
    g.set(1.0)?;
    assert!((tao.gradient_norm(&g)? - 24.0_f64.sqrt()).abs() < 1e-14);
    // So coarse that the start will do.
    tao.set_tolerances(Tolerances { gatol: 1e9.into(), ..Default::default() })?;
    let start = tao.solve_unchecked(&mut x)?;
    bowl(&x, &mut g)?;
    // Twice the usual norm.
    let usual = g.norm(Norm::Two)?;
    assert!((start.gradient_norm - 2.0 * usual).abs() < 1e-12 * usual);
    let short = Matrix::constant_diagonal(petsc.world(), 5, 1.0)?;
    tao.set_gradient_norm(&short)?;
    let refused = tao.solve(&mut x).map_err(|e| e.code());
    assert_eq!(refused.err(), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

/// `-tao_mf_hessian`: the operator calls the optimizer, and somebody else may have it when that is gone.
#[petsc_test::test(ranks = [1, 2, 3])]
fn an_operator_by_differences_outlives_its_optimizer(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = bowl_with_hessian(petsc, 6)?;
    tao.set_type(TaoType::NLS)?;
    petsc.options().scope(|options| {
        options.insert_str(
            "-tao_mf_hessian -tao_nls_pc_type none -tao_nls_ksp_type cg -tao_pc_type none",
        )?;
        tao.set_from_options()
    })?;
    let _ = tao.solve_unchecked(&mut x)?;
    // Options that do not name the operator leave it as it is.
    tao.set_from_options()?;
    x.set(0.2)?;
    let _ = tao.solve_unchecked(&mut x)?;
    let mut ksp = Ksp::new(petsc.world())?;
    let (h, p) = tao.hessian()?.ok_or("a Hessian")?;
    assert!(h.is_type("mffd")?);
    ksp.set_operators(&h, &h)?;
    let mut ones = x.duplicate()?;
    ones.set(1.0)?;
    let (mut before, mut after) = (x.duplicate()?, x.duplicate()?);
    // The gradient is linear: differences of it are exact but for rounding.
    bowl(&ones, &mut after)?;
    ksp.operators()?.0.mult(&ones, &mut before)?;
    assert!(before.norm(Norm::Infinity)? > 0.1);
    drop((h, p, tao));
    let dead = ksp.operators()?.0.mult(&ones, &mut after);
    assert_eq!(dead.map_err(|e| e.code()), Err(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}
