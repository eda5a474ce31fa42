//! Closures: when they are called, how long they live.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::dm::{GridMut, GridRead};
use petsc_rs::prelude::*;
use petsc_rs::snes::{Changed, ConvergedReason, LineSearchType, Tolerances};
use petsc_rs::{DmdaRef, ErrorCode, Snes, SnesType};
use petsc_test::assert_close;

use super::{check_all, check_root, code, cubic, r, squares};

#[petsc_test::test(ranks = [1, 2, 3])]
fn checks_change_steps_and_points(petsc: &Petsc) -> Result<()> {
    let one_step = |snes: &mut Snes| {
        snes.line_search()?.set_type(LineSearchType::BASIC)?;
        snes.set_tolerances(Tolerances { max_iterations: 1.into(), ..Default::default() })
    };
    // Newton's step from 1 goes to 2.5.
    let (mut snes, mut x) = squares(petsc.world(), 5)?;
    one_step(&mut snes)?;
    snes.line_search()?.set_pre_check(|search, x, y| {
        assert_eq!(search.snes()?.iterations()?, 0);
        check_all(x, 1.0)?;
        check_all(y, -1.5)?;
        y.scale(r(0.5))?;
        Ok(true)
    })?;
    let _ = snes.solve_unchecked(None, &mut x)?;
    check_all(&x, 1.75)?;
    let (mut snes, mut x) = squares(petsc.world(), 5)?;
    one_step(&mut snes)?;
    snes.line_search()?.set_post_check(|_, x, y, w| {
        check_all(x, 1.0)?;
        check_all(y, -1.5)?;
        check_all(w, 2.5)?;
        w.set(r(3.0))?;
        Ok(Changed { step: false, point: true })
    })?;
    let _ = snes.solve_unchecked(None, &mut x)?;
    check_all(&x, 3.0)?;
    assert_close!(snes.function_norm()?, 5.0 * 5f64.sqrt(), 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn objectives_are_asked_by_the_line_search(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = squares(petsc.world(), 5)?;
    let calls = Rc::new(Cell::new(0));
    let seen = Rc::clone(&calls);
    snes.set_objective(move |_, x| {
        seen.set(seen.get() + 1);
        // Its derivative is x² - 4.
        let local: Real = x.array()?.iter().map(|x| (x * x * x / 3.0 - r(4.0) * x).real()).sum();
        let mut one = x.duplicate()?;
        one.set(r(0.0))?;
        for (one, _) in one.array_mut()?.iter_mut().zip(0..1) {
            *one = r(local);
        }
        Ok(one.sum()?.real())
    })?;
    x.set(r(3.0))?;
    assert_close!(snes.compute_objective(&x)?, -15.0, 1e-12);
    let before = calls.get();
    let _ = snes.solve(None, &mut x)?;
    check_all(&x, 2.0)?;
    assert!(calls.get() > before);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn convergence_tests_updates_and_guesses_are_called(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = squares(petsc.world(), 5)?;
    let norms = Rc::new(Cell::new([0.0; 3]));
    let seen = Rc::clone(&norms);
    snes.set_convergence_test(move |test| {
        seen.set([test.solution_norm(), test.step_norm(), test.function_norm()]);
        assert_eq!(test.snes().iterations()?, test.iteration());
        Ok(if test.iteration() == 2 {
            ConvergedReason::AbsoluteTolerance
        } else {
            ConvergedReason::Iterating
        })
    })?;
    let steps = Rc::new(Cell::new(0));
    let count = Rc::clone(&steps);
    snes.set_update(move |snes, iteration| {
        assert_eq!(iteration, count.replace(count.get() + 1));
        assert_eq!(snes.iterations()?, iteration);
        Ok(())
    })?;
    snes.set_initial_guess(|_, x| x.set(r(1.0)))?;
    x.set(r(77.0))?;
    let converged = snes.solve(None, &mut x)?;
    assert_eq!((converged.iterations, converged.reason), (2, ConvergedReason::AbsoluteTolerance));
    assert_eq!(steps.get(), 2);
    // 1, 2.5, 2.05.
    check_all(&x, 2.05)?;
    let [solution, step, function] = norms.get();
    assert_close!(solution, 2.05 * 5f64.sqrt(), 1e-6);
    assert_close!(step, 0.45 * 5f64.sqrt(), 1e-6);
    assert_close!(function, (2.05 * 2.05 - 4.0) * 5f64.sqrt(), 1e-6);
    // The default test goes on to the root, in the solver's own vector.
    snes.reset_convergence_test()?;
    steps.set(0);
    let converged = snes.solve_in_place(None)?;
    assert!(converged.iterations > 2);
    check_all(&snes.solution()?.unwrap(), 2.0)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_default_test_can_be_asked(petsc: &Petsc) -> Result<()> {
    let (mut plain, mut x) = squares(petsc.world(), 5)?;
    let expected = plain.solve(None, &mut x)?;
    let (mut snes, mut x) = squares(petsc.world(), 5)?;
    snes.set_convergence_test(|test| test.default_test())?;
    assert_eq!(snes.solve(None, &mut x)?, expected);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_jacobian_domain_error_of_one_rank_reaches_all(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let (mut snes, mut x) = squares(world, 5)?;
    let a = Matrix::builder(world).global_size(5, 5).build()?;
    let here = world.rank() == world.size() - 1;
    snes.set_jacobian(&a, &a, move |_, x, a, _| {
        if here {
            return Err(Error::domain("not here"));
        }
        super::diagonal(x, a)
    })?;
    snes.set_check_jacobian_domain_error(true)?;
    assert!(snes.check_jacobian_domain_error()?);
    if world.size() == 1 {
        let reason = snes.solve_unchecked(None, &mut x)?;
        assert_eq!(reason, ConvergedReason::JacobianDomain);
    } else {
        // The other ranks assemble: here too.
        let b = Matrix::builder(world).global_size(5, 5).build()?;
        snes.set_jacobian(&b, &b, move |_, x, a, _| {
            super::diagonal(x, a)?;
            if here { Err(Error::domain("not here")) } else { Ok(()) }
        })?;
        let reason = snes.solve_unchecked(None, &mut x)?;
        assert_eq!(reason, ConvergedReason::JacobianDomain);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_of_a_scope_are_removed_at_its_end(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = cubic(petsc.world(), true)?;
    let mut norms = Vec::new();
    let iterations = snes.scope(|s| {
        s.add_monitor(|_, _, norm| {
            norms.push(norm);
            Ok(())
        })?;
        Ok(s.solve(None, &mut x)?.iterations)
    })?;
    assert_eq!(norms.len(), iterations + 1);
    check_root(&x, 1e-7)?;
    // The monitor is gone.
    x.set(r(0.0))?;
    let _ = snes.solve(None, &mut x)?;
    assert_eq!(norms.len(), iterations + 1);

    let shift = Cell::new(4.0);
    let (mut other, mut y) = squares(petsc.world(), 5)?;
    let residual = y.duplicate()?;
    let a = Matrix::builder(petsc.world()).global_size(5, 5).build()?;
    let mut jacobians = 0;
    other.scope(|s| {
        s.set_function(&residual, |_, x, f| {
            f.pointwise_mult(x, x)?;
            f.shift(r(-shift.get()))
        })?;
        s.set_jacobian(&a, &a, |_, x, a, _| {
            jacobians += 1;
            super::diagonal(x, a)
        })?;
        let _ = s.solve(None, &mut y)?;
        check_all(&y, 2.0)?;
        shift.set(9.0);
        let _ = s.solve(None, &mut y)?;
        check_all(&y, 3.0)
    })?;
    assert!(jacobians > 2);
    // PETSc still points to it.
    let mut f = y.duplicate()?;
    assert_eq!(code(other.compute_function(&y, &mut f)), ErrorCode::ARG_WRONGSTATE);
    Ok(())
}

struct Counted(Rc<Cell<usize>>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_survive_a_nonlinear_preconditioner(petsc: &Petsc) -> Result<()> {
    // PETSc wraps the context of the function anew for it, and drops the old wrapper.
    let drops = Rc::new(Cell::new(0));
    let (mut snes, mut x) = squares(petsc.world(), 5)?;
    let (residual, counted) = (x.duplicate()?, Counted(Rc::clone(&drops)));
    snes.set_function(&residual, move |_, x, f| {
        let _ = &counted;
        f.pointwise_mult(x, x)?;
        f.shift(r(-4.0))
    })?;
    snes.set_type(SnesType::NGMRES)?;
    snes.npc()?.set_type(SnesType::NEWTONLS)?;
    assert!(snes.has_npc()?);
    let _ = snes.solve(None, &mut x)?;
    check_all(&x, 2.0)?;
    assert_eq!(drops.get(), 0);
    let _ = snes.solve(None, &mut x)?;
    drop(snes);
    assert_eq!(drops.get(), 1);
    Ok(())
}

type In<'a> = GridRead<'a, Scalar>;
type Out<'a> = GridMut<'a, Scalar>;

fn cubes(grid: &DmdaRef, u: &In<'_>, f: &mut Out<'_>) -> Result<()> {
    for i in grid.corners()?.x() {
        f[i] = u[i] * u[i] * u[i] - r(8.0);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_of_a_solver_that_is_gone_live_on_the_grid(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let drops = Rc::new(Cell::new(0));
    {
        let mut first = Snes::new(petsc.world())?;
        first.set_dm(&grid)?;
        let counted = Counted(Rc::clone(&drops));
        first.set_function_local(move |grid: &DmdaRef, u: &In<'_>, f: &mut Out<'_>| {
            let _ = &counted;
            cubes(grid, u, f)
        })?;
        first.set_objective(|_, _| Ok(42.0))?;
        first.set_ngs(|_, x, _| x.set(r(2.0)))?;
    }
    assert_eq!(drops.get(), 0);
    let mut x = grid.create_global_vector()?;
    {
        let mut second = Snes::new(petsc.world())?;
        second.set_dm(&grid)?;
        assert_eq!(second.compute_objective(&x)?, 42.0);
        second.compute_ngs(None, &mut x)?;
        check_all(&x, 2.0)?;
        x.set(r(1.0))?;
        second.set_objective(|_, x| x.norm(Norm::Two))?;
        assert_close!(second.compute_objective(&x)?, 3.0, 1e-12);
    }
    let coarse = grid.coarsen()?;
    let mut third = Snes::new(petsc.world())?;
    third.set_dm(&coarse)?;
    let mut y = coarse.create_global_vector()?;
    let mut f = y.duplicate()?;
    y.set(r(1.0))?;
    third.compute_function(&y, &mut f)?;
    check_all(&f, -7.0)?;
    drop(x);
    drop(grid);
    assert_eq!(drops.get(), 1);
    // The coarse grid knows the closure by its number only.
    let outcome = third.compute_function(&y, &mut f);
    let text = format!("{:?}", outcome.as_ref().err());
    assert!(text.contains("destroyed"), "{text}");
    assert_eq!(code(outcome), ErrorCode::ARG_WRONGSTATE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_set_before_the_grid_move_to_it(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let mut x = grid.create_global_vector()?;
    x.set(r(3.0))?;
    let mut f = x.duplicate()?;
    {
        let mut first = Snes::new(petsc.world())?;
        let residual = f.duplicate()?;
        first.set_function(&residual, |_, x, f| f.copy_from(x))?;
        first.set_dm(&grid)?;
        first.compute_function(&x, &mut f)?;
        check_all(&f, 3.0)?;
    }
    f.set(r(0.0))?;
    let mut second = Snes::new(petsc.world())?;
    second.set_dm(&grid)?;
    second.compute_function(&x, &mut f)?;
    check_all(&f, 3.0)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_grid_sequence_solves_on_finer_and_finer_grids(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([5]).build()?;
    let mut x = grid.create_global_vector()?;
    x.set(r(1.0))?;
    let mut snes = Snes::new(petsc.world())?;
    snes.set_dm(&grid)?;
    snes.set_function_local(cubes)?;
    // Only the solver holds the grid while it goes to finer ones.
    drop(grid);
    snes.set_grid_sequence(2)?;
    let _ = snes.solve(None, &mut x)?;
    check_all(&x, 2.0)?;
    let fine = snes.solution()?.unwrap();
    assert_eq!((x.len()?, fine.len()?), (5, 17));
    check_all(&fine, 2.0)
}
