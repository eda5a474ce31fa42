//! Closures in solvers: who owns them, when they are freed, what happens when they fail.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use petsc_rs::ksp::ConvergedReason;
use petsc_rs::{ErrorCode, prelude::*};
use petsc_test::{assert_close, assert_code};

use crate::vector::code;

use super::ksp::{laplacian, r, tight};

/// Counts how often it is dropped.
#[derive(Clone, Default)]
struct Drops(Rc<Cell<usize>>);

struct Counted(Drops);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.set(self.0.0.get() + 1);
    }
}

impl Drops {
    fn counted(&self) -> Counted {
        Counted(self.clone())
    }

    fn count(&self) -> usize {
        self.0.get()
    }
}

struct System {
    a: Matrix,
    x: Vector,
    b: Vector,
    ksp: Ksp,
}

fn system(petsc: &Petsc) -> Result<System> {
    let a = laplacian(petsc.world(), 20)?;
    let (x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.set_type(KspType::CG)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    ksp.set_tolerances(tight())?;
    Ok(System { a, x, b, ksp })
}

#[petsc_test::test(ranks = [1, 2])]
fn monitors_are_called_cancelled_and_dropped_once(petsc: &Petsc) -> Result<()> {
    let mut s = system(petsc)?;
    let (drops, seen) = (Drops::default(), Rc::new(RefCell::new(Vec::new())));
    for _ in 0..2 {
        let (counted, seen) = (drops.counted(), Rc::clone(&seen));
        s.ksp.add_monitor(move |ksp, iteration, norm| {
            let _ = &counted;
            assert_eq!(ksp.iterations()?, iteration);
            seen.borrow_mut().push((iteration, norm));
            Ok(())
        })?;
    }
    let converged = s.ksp.solve(&s.b, &mut s.x)?;
    assert_eq!(seen.borrow().len(), 2 * (converged.iterations + 1));
    let last = seen.borrow().last().map(|(_, norm)| *norm);
    assert_eq!(last, Some(converged.residual));
    s.ksp.cancel_monitors()?;
    assert_eq!(drops.count(), 2);
    let counted = drops.counted();
    s.ksp.add_monitor(move |_, _, _| {
        let _ = &counted;
        Ok(())
    })?;
    drop(s);
    assert_eq!(drops.count(), 3);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn too_many_monitors_are_an_error(petsc: &Petsc) -> Result<()> {
    let mut s = system(petsc)?;
    // PETSc has room for a fixed number of monitors.
    let mut codes = (0..11).map(|_| code(s.ksp.add_monitor(|_, _, _| Ok(()))));
    assert_eq!(codes.next(), Some(None));
    assert_eq!(codes.last(), Some(Some(ErrorCode::ARG_OUTOFRANGE)));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_convergence_test_decides_when_a_solve_ends(petsc: &Petsc) -> Result<()> {
    let mut s = system(petsc)?;
    let drops = Drops::default();
    let counted = drops.counted();
    s.ksp.set_convergence_test(move |test| {
        let _ = &counted;
        assert!(test.residual_norm() > 0.0 && test.ksp().iterations()? == test.iteration());
        Ok(match test.iteration() {
            0..4 => ConvergedReason::Iterating,
            _ => ConvergedReason::StepLength,
        })
    })?;
    let converged = s.ksp.solve(&s.b, &mut s.x)?;
    assert_eq!((converged.iterations, converged.reason), (4, ConvergedReason::StepLength));
    // Replaced: freed once. The new one asks the default test.
    let counted = drops.counted();
    s.ksp.set_convergence_test(move |test| {
        let _ = &counted;
        test.default_test()
    })?;
    assert_eq!(drops.count(), 1);
    let by_default = s.ksp.solve(&s.b, &mut s.x)?;
    s.ksp.reset_convergence_test()?;
    assert_eq!(drops.count(), 2);
    let default = s.ksp.solve(&s.b, &mut s.x)?;
    assert_eq!(by_default.iterations, default.iterations);
    assert_eq!(by_default.reason, default.reason);
    // Giving up is an error.
    let counted = drops.counted();
    s.ksp.set_convergence_test(move |_| {
        let _ = &counted;
        Ok(ConvergedReason::UserDivergence)
    })?;
    let error = s.ksp.solve(&s.b, &mut s.x).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NOT_CONVERGED);
    drop(s);
    assert_eq!(drops.count(), 3);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn closures_run_before_and_after_each_solve(petsc: &Petsc) -> Result<()> {
    let mut s = system(petsc)?;
    let (drops, log) = (Drops::default(), Rc::new(RefCell::new(String::new())));
    for text in ["x", "<"] {
        let (counted, log) = (drops.counted(), Rc::clone(&log));
        s.ksp.set_pre_solve(move |_, b, _| {
            let _ = (&counted, b.len()?);
            log.borrow_mut().push_str(text);
            Ok(())
        })?;
    }
    assert_eq!(drops.count(), 1, "the first was replaced");
    let (counted, text) = (drops.counted(), Rc::clone(&log));
    s.ksp.set_post_solve(move |ksp, _, _| {
        let _ = &counted;
        assert!(ksp.converged_reason()?.is_converged());
        text.borrow_mut().push('>');
        Ok(())
    })?;
    let _ = s.ksp.solve(&s.b, &mut s.x)?;
    let _ = s.ksp.solve(&s.b, &mut s.x)?;
    assert_eq!(*log.borrow(), "<><>");
    drop(s);
    assert_eq!(drops.count(), 3);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn computed_operators_live_on_the_dm(petsc: &Petsc) -> Result<()> {
    let s = system(petsc)?;
    let (drops, calls) = (Drops::default(), Rc::new(Cell::new(0)));
    let mut second = Ksp::new(petsc.world())?;
    let (mut x, mut y) = s.a.vectors()?;
    {
        let mut first = Ksp::new(petsc.world())?;
        first.set_template(&s.a)?;
        for scale in [1.0, 4.0] {
            let (counted, calls) = (drops.counted(), Rc::clone(&calls));
            first.set_compute_operators(move |_, a, _| {
                let _ = &counted;
                calls.set(calls.get() + 1);
                let n = Int::try_from(a.size()?.0)?;
                for i in a.ownership_range()? {
                    a.set_value(i, i, r(2.0 * scale), InsertMode::Insert)?;
                    for j in [i - 1, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
                        a.set_value(i, j, r(-scale), InsertMode::Insert)?;
                    }
                }
                a.assemble()
            })?;
        }
        assert_eq!(drops.count(), 1, "the first was replaced");
        let counted = drops.counted();
        first.set_compute_initial_guess(move |_, x| {
            let _ = &counted;
            x.set(r(7.0))
        })?;
        let counted = drops.counted();
        first.set_compute_rhs(move |_, b| {
            let _ = &counted;
            b.set(r(1.0))
        })?;
        first.set_tolerances(tight())?;
        let _ = first.solve(&s.b, &mut x)?;
        assert_eq!(calls.get(), 1);
        second.share_dm(&first)?;
    }
    // The solver that set them is gone; the DM is not.
    assert_eq!(drops.count(), 1);
    second.set_tolerances(tight())?;
    let _ = second.solve(&s.b, &mut y)?;
    assert_eq!(calls.get(), 2);
    y.axpy(r(-1.0), &x)?;
    assert!(y.norm(Norm::Infinity)? < 1e-9);
    // Four times the matrix: a quarter of the solution, whose largest value is 20·22/8 / 4.
    assert_close!(x.norm(Norm::Infinity)?, 55.0 / 4.0, 1e-9);
    drop(second);
    assert_eq!(drops.count(), 4);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn scoped_closures_borrow_and_leave(petsc: &Petsc) -> Result<()> {
    let mut s = system(petsc)?;
    let drops = Drops::default();
    s.ksp.set_convergence_test(|test| test.default_test())?;
    let mut norms = Vec::new();
    // More scopes than PETSc has room for monitors.
    for _ in 0..20 {
        let counted = drops.counted();
        let seen = &mut norms;
        let converged = s.ksp.scope(|scope| {
            scope.add_monitor(move |_, _, norm| {
                let _ = &counted;
                seen.push(norm);
                Ok(())
            })?;
            scope.set_convergence_test(|test| {
                Ok(if test.iteration() < 2 {
                    ConvergedReason::Iterating
                } else {
                    ConvergedReason::StepLength
                })
            })?;
            scope.solve(&s.b, &mut s.x)
        })?;
        assert_eq!(converged.iterations, 2);
    }
    assert_eq!((norms.len(), drops.count()), (60, 20));
    // The old test is back, and nobody listens.
    assert!(s.ksp.solve(&s.b, &mut s.x)?.iterations > 2);
    assert_eq!(norms.len(), 60);
    // Nested, canceled within, and left by an error.
    let (mut outer, mut inner) = (0, 0);
    let outcome: Result<()> = s.ksp.scope(|scope| {
        scope.add_monitor(|_, _, _| {
            outer += 1;
            Ok(())
        })?;
        scope.scope(|nested| {
            nested.add_monitor(|_, _, _| {
                inner += 1;
                Ok(())
            })?;
            let _ = nested.solve(&s.b, &mut s.x)?;
            nested.cancel_monitors()?;
            let _ = nested.solve(&s.b, &mut s.x)?;
            Ok(())
        })?;
        Err(Error::user("left"))
    });
    assert!(outcome.unwrap_err().to_string().contains("left"));
    assert!(outer > 2 && outer == inner, "{outer} {inner}");
    let before = drops.count();
    let counted = drops.counted();
    let solve = || {
        s.ksp.scope(|scope| {
            scope.add_monitor(move |_, _, _| {
                let _ = &counted;
                panic!("in a scoped monitor")
            })?;
            scope.solve(&s.b, &mut s.x)
        })
    };
    petsc_test::assert_panics(solve, "in a scoped monitor");
    assert_eq!(drops.count(), before + 1);
    let _ = s.ksp.solve(&s.b, &mut s.x)?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_failed_solve_leaves_the_solver_usable(petsc: &Petsc) -> Result<()> {
    let mut s = system(petsc)?;
    let mut fail = true;
    s.ksp.add_monitor(move |_, iteration, _| {
        if iteration == 2 && std::mem::take(&mut fail) {
            return Err(Error::user(std::io::Error::other("disk full")));
        }
        Ok(())
    })?;
    let error = s.ksp.solve(&s.b, &mut s.x).unwrap_err();
    assert!(error.downcast_ref::<std::io::Error>().is_some());
    assert!(error.frames().iter().any(|f| f.function.contains("KSPSolve")), "{error}");
    let _ = s.ksp.solve(&s.b, &mut s.x)?;
    assert!(s.ksp.true_residual_norm(&s.b, &s.x)? < 1e-8);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_callback_entered_again_is_an_error(petsc: &Petsc) -> Result<()> {
    let mut s = system(petsc)?;
    let (a, world) = (laplacian(petsc.world(), 20)?, petsc.world().clone());
    // The preconditioner of the outer solver solves with itself.
    let shared: Rc<RefCell<Option<Pc>>> = Rc::default();
    let inner = Rc::clone(&shared);
    let mut pc = Pc::new(&world)?;
    pc.set_operators(&a, &a)?;
    pc.set_shell(move |x, y| match inner.borrow_mut().as_mut() {
        Some(pc) => pc.apply(x, y),
        None => y.copy_from(x),
    })?;
    s.ksp.set_pc(&pc)?;
    *shared.borrow_mut() = Some(pc);
    let error = s.ksp.solve(&s.b, &mut s.x).unwrap_err();
    assert!(format!("{error:?}").contains("in use by a running solver"), "{error:?}");
    shared.borrow_mut().take();
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_closure_that_replaces_itself_finishes_first(petsc: &Petsc) -> Result<()> {
    let mut s = system(petsc)?;
    let drops = Drops::default();
    let shared: Rc<RefCell<Option<Pc>>> = Rc::default();
    let (counted, inner) = (drops.counted(), Rc::clone(&shared));
    let mut pc = Pc::new(petsc.world())?;
    pc.set_shell(move |x, y| {
        if let Some(mut pc) = inner.borrow_mut().take() {
            pc.set_shell(|x, y| y.copy_from(x))?;
        }
        assert_eq!(counted.0.count(), 0, "freed while it runs");
        y.copy_from(x)
    })?;
    s.ksp.set_pc(&pc)?;
    *shared.borrow_mut() = Some(pc);
    let _ = s.ksp.solve(&s.b, &mut s.x)?;
    assert_eq!(drops.count(), 1);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_monitor_builds_the_iterate(petsc: &Petsc) -> Result<()> {
    for kind in [KspType::GMRES, KspType::CG] {
        let mut s = system(petsc)?;
        s.ksp.set_type(kind)?;
        s.ksp.pc()?.set_type(PcType::NONE)?;
        s.ksp.add_monitor(|ksp, _, norm| {
            // Without a preconditioner the norm is that of the residual.
            assert_close!(ksp.build_residual()?.norm(Norm::Two)?, norm, 1e-6, 1e-9);
            Ok(())
        })?;
        let _ = s.ksp.solve(&s.b, &mut s.x)?;
        assert!(s.ksp.build_residual()?.norm(Norm::Two)? < 1e-8);
    }
    Ok(())
}

/// Since 3.22 PETSc keeps the locks of a call that a callback ended.
#[petsc_test::test(ranks = [1, 2, 3])]
fn vectors_are_free_after_a_failure(petsc: &Petsc) -> Result<()> {
    let System { a, mut x, mut b, mut ksp } = system(petsc)?;
    ksp.add_monitor(|_, n, _| match n {
        0 => Ok(()),
        _ => Err(Error::new(ErrorCode::USER, "enough")),
    })?;
    assert_code(ksp.solve(&b, &mut x), ErrorCode::USER);
    b.set(r(2.0))?;
    x.set(r(0.0))?;
    ksp.reset()?;
    ksp.cancel_monitors()?;
    ksp.set_operators(&a, &a)?;
    ksp.solve(&b, &mut x)?;
    let (rows, columns) = a.local_size()?;
    let failing = Matrix::shell(petsc.world(), rows, columns, |_, _| {
        Err(Error::new(ErrorCode::USER, "no product"))
    })
    .build()?;
    let mut y = b.duplicate()?;
    assert_code(failing.mult(&b, &mut y), ErrorCode::USER);
    b.set(r(1.0))?;
    y.set(r(1.0))?;
    Ok(())
}
