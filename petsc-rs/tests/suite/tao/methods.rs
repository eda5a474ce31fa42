//! Each method finds the same minimum.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::{Bound, Tolerances};
use petsc_rs::{ErrorCode, Tao, TaoRef, TaoType};
use petsc_test::{assert_code, assert_error};

use super::{bowl, bowl_with_hessian, error_of, named};

#[petsc_test::test(ranks = [1, 2, 3])]
fn each_method_finds_the_minimum_without_bounds(petsc: &Petsc) -> Result<()> {
    for kind in [
        "lmvm", "cg", "bncg", "nls", "ntr", "ntl", "bnls", "bntr", "bntl", "bqnls", "bqnkls",
        "bqnktr", "bqnktl", "blmvm", "tron",
    ] {
        let (mut tao, mut x) = bowl_with_hessian(petsc, 7)?;
        named(&mut tao, kind)?;
        tao.set_tolerances(Tolerances {
            gatol: 1e-9.into(),
            grtol: 0.0.into(),
            ..Tolerances::default()
        })?;
        let converged = tao.solve(&mut x)?;
        let error = error_of(&x, |i| i as Real)?;
        assert!(error < 1e-8, "{kind}: {error}, {converged}");
        assert!(converged.objective.abs() < 1e-15, "{kind}: {converged}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn each_method_finds_the_minimum_within_bounds(petsc: &Petsc) -> Result<()> {
    for kind in [
        "bncg", "bnls", "bntr", "bntl", "bqnls", "bqnkls", "bqnktr", "bqnktl", "blmvm", "tron",
        "gpcg", "bqpip",
    ] {
        let (mut tao, mut x) = bowl_with_hessian(petsc, 7)?;
        named(&mut tao, kind)?;
        // A vector on one side, a number on the other.
        let mut upper = x.duplicate()?;
        upper.set(2.5)?;
        tao.set_variable_bounds(0.5, &upper)?;
        let converged = tao.solve(&mut x)?;
        let error = error_of(&x, |i| (i as Real).clamp(0.5, 2.5))?;
        let tolerance = if kind == "bqpip" { 1e-4 } else { 1e-6 };
        assert!(error < tolerance, "{kind}: {error}, {converged}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn simplex_needs_no_gradient(petsc: &Petsc) -> Result<()> {
    let mut tao = Tao::new(petsc.world())?;
    tao.set_type(TaoType::NM)?;
    tao.set_objective(|_, x| {
        let mut g = x.duplicate()?;
        bowl(x, &mut g)
    })?;
    let mut x = Vector::new(petsc.world(), 3)?;
    let _ = tao.solve(&mut x)?;
    assert!(error_of(&x, |i| i as Real)? < 1e-3);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn objective_and_gradient_are_given_apart(petsc: &Petsc) -> Result<()> {
    let mut tao = Tao::new(petsc.world())?;
    tao.set_objective(|_, x| {
        let mut g = x.duplicate()?;
        bowl(x, &mut g)
    })?;
    tao.set_gradient(|_, x, g| bowl(x, g).map(drop))?;
    let mut x = Vector::new(petsc.world(), 5)?;
    x.set(0.1)?;
    let _ = tao.solve(&mut x)?;
    assert!(error_of(&x, |i| i as Real)? < 1e-7);
    let (mut g, mut d) = (x.duplicate()?, x.duplicate()?);
    x.set(0.3)?;
    let f = tao.compute_objective_and_gradient(&x, &mut g)?;
    assert_eq!(f, tao.compute_objective(&x)?);
    tao.compute_gradient_by_differences(&x, &mut d)?;
    g.axpy(-1.0, &d)?;
    assert!(g.norm(Norm::Infinity)? < 1e-6);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn newton_methods_work_with_products_of_the_hessian(petsc: &Petsc) -> Result<()> {
    for kind in ["nls", "ntr", "bnls"] {
        let mut x = Vector::new(petsc.world(), 6)?;
        let mut tao = Tao::new(petsc.world())?;
        named(&mut tao, kind)?;
        // f = Σ (xᵢ⁴ / 4 − i·xᵢ): the minimum is ∛i.
        tao.set_objective_and_gradient(|_, x, g| {
            let range = x.ownership_range()?;
            let mut terms = x.duplicate()?;
            {
                let (x, mut g, mut t) = (x.array()?, g.array_mut()?, terms.array_mut()?);
                for (k, i) in range.enumerate() {
                    let i = i as Real + 1.0;
                    g[k] = x[k].powi(3) - i;
                    t[k] = x[k].powi(4) / 4.0 - i * x[k];
                }
            }
            terms.sum()
        })?;
        tao.set_hessian_product(&x, |x, v, y| {
            let (x, v, mut y) = (x.array()?, v.array()?, y.array_mut()?);
            for k in 0..x.len() {
                y[k] = 3.0 * x[k] * x[k] * v[k];
            }
            Ok(())
        })?;
        x.set(1.0)?;
        let converged = tao.solve(&mut x)?;
        let error = error_of(&x, |i| (i as Real + 1.0).cbrt())?;
        assert!(error < 1e-6, "{kind}: {error}, {converged}");
        assert!(converged.iterations < 15, "{kind}: {converged}");
    }
    Ok(())
}

/// `aᵢ = i − 2` measured directly: least squares whose optimum is `a` itself.
fn line(petsc: &Petsc, kind: &str) -> Result<(Tao, Vector)> {
    let comm = petsc.world();
    let x = Vector::new(comm, 5)?;
    let mut tao = Tao::new(comm)?;
    named(&mut tao, kind)?;
    let residual = x.duplicate()?;
    tao.set_residual(&residual, |_, x, r| {
        let range = x.ownership_range()?;
        for ((r, x), i) in r.array_mut()?.iter_mut().zip(x.array()?.iter()).zip(range) {
            *r = x - (i as Real - 2.0);
        }
        Ok(())
    })?;
    let n = x.local_len()?;
    let j = Matrix::builder(comm).local_size(n, n).build()?;
    tao.set_residual_jacobian(&j, &j, |_, x, j, _| {
        for i in x.ownership_range()? {
            j.set_value(i, i, 1.0, InsertMode::Insert)?;
        }
        j.assemble()
    })?;
    Ok((tao, x))
}

#[petsc_test::test(ranks = [1, 2])]
fn least_squares_methods_fit_a_line(petsc: &Petsc) -> Result<()> {
    for kind in ["brgn", "pounders"] {
        let (mut tao, mut x) = line(petsc, kind)?;
        if kind == "pounders" && petsc.world().size() > 1 {
            let error = tao.solve(&mut x).expect_err("for one rank");
            assert_eq!(error.code(), ErrorCode::SUP, "{error}");
            continue;
        }
        let converged = tao.solve(&mut x)?;
        let error = error_of(&x, |i| i as Real - 2.0)?;
        // `brgn` pulls each step back a little.
        assert!(error < 1e-3, "{kind}: {error}, {converged}");
        assert!(converged.objective < 1e-3, "{kind}: {converged}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn an_l1_term_shrinks_the_least_squares_solution(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.insert_str(
            "-tao_brgn_regularization_type l1dict -tao_brgn_subsolver_tao_gatol 1e-9",
        )?;
        let (mut tao, mut x) = line(petsc, "brgn")?;
        tao.set_from_options()?;
        tao.set_brgn_regularizer_weight(0.5)?;
        tao.set_brgn_l1_smooth_epsilon(1e-7)?;
        let n = x.local_len()?;
        let mut d = Matrix::builder(petsc.world()).local_size(n, n).build()?;
        for i in x.ownership_range()? {
            d.set_value(i, i, 1.0, InsertMode::Insert)?;
        }
        d.assemble()?;
        tao.set_brgn_dictionary(&d)?;
        let _ = tao.solve(&mut x)?;
        // Soft thresholding.
        let error = error_of(&x, |i| {
            let a = i as Real - 2.0;
            a.signum() * (a.abs() - 0.5).max(0.0)
        })?;
        assert!(error < 1e-4, "{error}");
        assert_eq!(tao.brgn_subsolver()?.type_name()?.as_deref(), Some("bnls"));
        Ok(())
    })
}

#[petsc_test::test(ranks = [1, 2])]
fn a_regularizer_halves_the_least_squares_solution(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options
            .insert_str("-tao_brgn_regularization_type user -tao_brgn_subsolver_tao_gatol 1e-10")?;
        let (mut tao, mut x) = line(petsc, "brgn")?;
        tao.set_from_options()?;
        let error = tao.solve(&mut x).expect_err("no regulariser yet");
        let source = std::error::Error::source(&error).expect("the reason");
        assert!(source.to_string().contains("was not set"), "{source}");

        let (mut tao, mut x) = line(petsc, "brgn")?;
        tao.set_from_options()?;
        tao.set_brgn_regularizer_weight(1.0)?;
        let n = x.local_len()?;
        let mut h = Matrix::builder(petsc.world()).local_size(n, n).build()?;
        for i in x.ownership_range()? {
            h.set_value(i, i, 1.0, InsertMode::Insert)?;
        }
        h.assemble()?;
        // ½‖x‖²: the optimum is a/2.
        tao.set_brgn_regularizer(
            |_, x, g| {
                g.copy_from(x)?;
                Ok(x.dot(x)? / 2.0)
            },
            &h,
            |_, _, h| h.assemble(),
        )?;
        let _ = tao.solve(&mut x)?;
        assert!(error_of(&x, |i| (i as Real - 2.0) / 2.0)? < 1e-6);
        Ok(())
    })
}

/// Two residuals, `x − 1` and `x − 5`, that weights let count differently.
fn two_measurements(petsc: &Petsc, weigh: impl FnOnce(&mut Tao) -> Result<()>) -> Result<Real> {
    let own = petsc.self_comm();
    let (mut x, residual) = (Vector::new(own, 1)?, Vector::new(own, 2)?);
    let mut tao = Tao::new(own)?;
    tao.set_type(TaoType::POUNDERS)?;
    tao.set_residual(&residual, |_, x, r| {
        let x = x.array()?[0];
        r.array_mut()?.copy_from_slice(&[x - 1.0, x - 5.0]);
        Ok(())
    })?;
    weigh(&mut tao)?;
    let _ = tao.solve(&mut x)?;
    x.value(0)
}

#[petsc_test::test(ranks = [1, 2])]
fn weights_of_residuals_move_the_optimum(petsc: &Petsc) -> Result<()> {
    let equal = two_measurements(petsc, |_| Ok(()))?;
    assert!((equal - 3.0).abs() < 1e-5, "{equal}");
    let weights = Vector::from_slice(petsc.self_comm(), &[3.0, 1.0])?;
    let by_vector = two_measurements(petsc, |tao| tao.set_residual_weights(&weights))?;
    assert!((by_vector - 2.0).abs() < 1e-5, "{by_vector}");
    // 2 (x−1)² + (x−1)(x−5) + (x−5)², the second term as half of it each way.
    let pairs = |tao: &mut Tao| {
        let weights = [2.0, 0.5, 0.5, 1.0];
        tao.set_residual_weight_pairs(&[0, 0, 1, 1], &[0, 1, 0, 1], &weights)
    };
    let by_pairs = two_measurements(petsc, pairs)?;
    // 2·2 (x−1) + (2x − 6) + 2 (x−5) = 0
    assert!((by_pairs - 2.5).abs() < 1e-5, "{by_pairs}");
    let error = two_measurements(petsc, |tao| tao.set_residual_weight_pairs(&[2], &[0], &[1.0]));
    let error = error.expect_err("there is no third residual");
    assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE, "{error}");
    let other = Vector::from_slice(petsc.self_comm(), &[1.0])?;
    assert_error(
        two_measurements(petsc, |tao| tao.set_residual_weights(&other)),
        ErrorCode::ARG_SIZ,
        "weights of the residual",
    );
    let negative =
        two_measurements(petsc, |tao| tao.set_residual_weight_pairs(&[-1], &[0], &[1.0]));
    assert_code(negative, ErrorCode::ARG_OUTOFRANGE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn levenberg_marquardt_damps_by_the_diagonal(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.insert_str("-tao_brgn_regularization_type lm")?;
        let (mut tao, mut x) = line(petsc, "brgn")?;
        assert!(tao.brgn_damping()?.is_none());
        let _ = tao.solve(&mut x)?;
        assert!(error_of(&x, |i| i as Real - 2.0)? < 1e-3);
        let damping = tao.brgn_damping()?.expect("solved");
        // The diagonal of JᵀJ is 1 everywhere, times a weight.
        let (least, most) =
            (damping.min()?.expect("entries").1, damping.max()?.expect("entries").1);
        assert!(least > 0.0 && (most - least).abs() <= 1e-12 * most, "{least} {most}");
        Ok(())
    })
}

#[petsc_test::test(ranks = [1, 2])]
fn owlqn_minimizes_with_an_l1_term(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.set("-tao_owlqn_lambda", 0.5)?;
        let mut tao = Tao::new(petsc.world())?;
        tao.set_type(TaoType::OWLQN)?;
        tao.set_from_options()?;
        tao.set_objective_and_gradient(|_, x, g| {
            g.copy_from(x)?;
            g.shift(-0.75)?;
            let norm = g.norm(Norm::Two)?;
            // The value has the L1 term, the gradient has not.
            Ok(norm * norm / 2.0 + 0.5 * x.norm(Norm::One)?)
        })?;
        let mut x = Vector::new(petsc.world(), 4)?;
        x.set(2.0)?;
        let _ = tao.solve(&mut x)?;
        assert!(error_of(&x, |_| 0.25)? < 1e-6);
        Ok(())
    })
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn bounds_come_from_a_closure_or_are_absent(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = bowl_with_hessian(petsc, 5)?;
    tao.set_type(TaoType::BNLS)?;
    tao.set_compute_variable_bounds(|_, lower, upper| {
        lower.set(-1.0)?;
        upper.set(3.0)
    })?;
    let _ = tao.solve(&mut x)?;
    assert!(error_of(&x, |i| (i as Real).min(3.0))? < 1e-8);

    let (mut tao, mut x) = bowl_with_hessian(petsc, 5)?;
    tao.set_type(TaoType::BLMVM)?;
    tao.set_variable_bounds(Bound::None, 1.5)?;
    let _ = tao.solve(&mut x)?;
    assert!(error_of(&x, |i| (i as Real).min(1.5))? < 1e-7);
    tao.set_variable_bounds(Bound::None, Bound::None)?;
    let _ = tao.solve(&mut x)?;
    assert!(error_of(&x, |i| i as Real)? < 1e-7);
    Ok(())
}

/// The optimizer within calls the method that made it.
#[petsc_test::test(ranks = [1, 2])]
fn a_method_stays_while_an_inner_optimizer_has_a_handle(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = line(petsc, "brgn")?;
    let within = tao.brgn_subsolver()?;
    let refused = tao.set_type(TaoType::LMVM).map_err(|error| error.code());
    assert_eq!(refused, Err(ErrorCode::ARG_WRONGSTATE));
    petsc.recover()?;
    assert!(tao.is_type("brgn")? && within.is_type("bnls")?);
    drop(within);
    let _ = tao.solve(&mut x)?;
    tao.set_type(TaoType::LMVM)?;
    assert!(tao.is_type("lmvm")?);
    Ok(())
}

/// PETSc calls what it never gave to a method within that needs more.
#[petsc_test::test(ranks = [1, 2])]
fn subsolvers_of_least_squares_that_need_more_are_refused(petsc: &Petsc) -> Result<()> {
    let solve = |kind: &str| -> Result<Real> {
        let (mut tao, mut x) = line(petsc, "brgn")?;
        named(&mut *tao.brgn_subsolver()?, kind)?;
        let _ = tao.solve_unchecked(&mut x)?;
        error_of(&x, |i| i as Real - 2.0)
    };
    for kind in ["lmvm", "bqnls", "bntr", "bncg"] {
        let error = solve(kind)?;
        assert!(error < 1e-3, "{kind}: {error}");
    }
    for kind in [
        "pounders", "admm", "almm", "lcl", "ipm", "pdipm", "ssils", "ssfls", "asils", "asfls",
        "nm", "brgn", "bmrm",
    ] {
        let refused = solve(kind).map_err(|e| e.code());
        assert_eq!(refused, Err(ErrorCode::SUP), "{kind}");
    }
    let (mut tao, mut x) = line(petsc, "brgn")?;
    let long = Vector::new(petsc.world(), 30)?;
    tao.brgn_subsolver()?.set_variable_bounds(&long, &long)?;
    let refused = tao.solve(&mut x).map(drop).map_err(|e| e.code());
    assert_eq!(refused, Err(ErrorCode::ARG_SIZ));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_subsolver_of_least_squares_needs_a_gradient(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x) = line(petsc, "brgn")?;
    let _ = tao.solve(&mut x)?;
    let mut within = tao.brgn_subsolver()?;
    within.set_type(TaoType::NM)?;
    let refused = within.solve_unchecked(&mut x).map(drop).map_err(|e| e.code());
    assert_eq!(refused, Err(ErrorCode::SUP));
    petsc.recover()?;
    within.set_type(TaoType::BNLS)?;
    let _ = within.solve(&mut x)?;
    assert!(error_of(&x, |i| i as Real - 2.0)? < 1e-3);
    Ok(())
}

/// The Hessian within points to the method, and somebody else may have it when that is gone.
#[petsc_test::test(ranks = [1, 2])]
fn a_hessian_within_outlives_its_method(petsc: &Petsc) -> Result<()> {
    for by_type in [false, true] {
        let (mut tao, mut x) = line(petsc, "brgn")?;
        let _ = tao.solve(&mut x)?;
        let _ = tao.solve(&mut x)?;
        let mut ksp = Ksp::new(petsc.world())?;
        let hessian = tao.brgn_subsolver()?.hessian()?.ok_or("a Hessian")?;
        assert!(hessian.0.is_type("shell")?);
        ksp.set_operators(&hessian.0, &hessian.0)?;
        // Handles from an optimizer keep it.
        drop(hessian);
        let (mut ones, mut product) = (x.duplicate()?, x.duplicate()?);
        ones.set(1.0)?;
        ksp.operators()?.0.mult(&ones, &mut product)?;
        assert!(product.norm(Norm::Infinity)? > 0.1);
        if by_type {
            tao.set_type(TaoType::LMVM)?;
        } else {
            drop(tao);
        }
        let dead = ksp.operators()?.0.mult(&ones, &mut product);
        assert_eq!(dead.map_err(|e| e.code()), Err(ErrorCode::ARG_WRONGSTATE));
    }
    Ok(())
}

/// Solvers within are given the monitors too, before PETSc 3.25: each end of a solver gives one count back.
#[petsc_test::test(ranks = [1, 2])]
fn monitors_of_a_method_with_an_inner_solver_are_freed_once(petsc: &Petsc) -> Result<()> {
    let (called, alive) = (Rc::new(Cell::new(0)), Rc::new(()));
    let monitor = |alive: &Rc<()>| {
        let (called, alive) = (Rc::clone(&called), Rc::clone(alive));
        move |_: &TaoRef| {
            let _ = &alive;
            called.set(called.get() + 1);
            Ok(())
        }
    };
    for kind in ["brgn", "almm", "bnls"] {
        let (mut tao, mut x) = line(petsc, "brgn")?;
        if kind != "brgn" {
            (tao, x) = bowl_with_hessian(petsc, 4)?;
        }
        tao.add_monitor(monitor(&alive))?;
        tao.add_monitor(monitor(&alive))?;
        petsc.options().scope(|options| {
            options.set("-tao_bnk_max_cg_its", "2")?;
            named(&mut tao, kind)?;
            tao.set_from_options()
        })?;
        if kind == "almm" {
            // At the optimum anyway.
            let n = x.local_len()?;
            let j = Matrix::builder(petsc.world()).local_size(n, n).build()?;
            tao.set_equality_constraints(&*x.duplicate()?, |_, x, c| {
                let range = x.ownership_range()?;
                for ((c, x), i) in c.array_mut()?.iter_mut().zip(x.array()?.iter()).zip(range) {
                    *c = x - i as Real;
                }
                Ok(())
            })?;
            tao.set_equality_jacobian(&j, &j, |_, _, j, _| {
                for i in j.ownership_range()? {
                    j.set_value(i, i, 1.0, InsertMode::Insert)?;
                }
                j.assemble()
            })?;
        }
        called.set(0);
        let _ = tao.solve_unchecked(&mut x)?;
        // Since then, `brgn` itself has no iterations to watch.
        let watched = kind != "brgn" || !cfg!(petsc_ge_3_25);
        assert_eq!(called.get() > 0, watched, "{kind}");
        assert_eq!(Rc::strong_count(&alive), 3, "{kind}");
        drop(tao);
        assert_eq!(Rc::strong_count(&alive), 1, "{kind}");
    }
    Ok(())
}
