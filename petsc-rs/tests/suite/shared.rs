//! Objects of PETSc are shared: what a getter gave stays alive whatever happens to its solver, and a solver that runs
//! refuses to be rebuilt under its own feet.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use petsc_rs::pc::{PcRef, Preconditioner};
use petsc_rs::prelude::*;
use petsc_rs::snes::LineSearchType;
use petsc_rs::ts::TsType;
use petsc_rs::vector::VectorRef;
use petsc_rs::{ErrorCode, KspType, PcType, Snes, Ts};
use petsc_test::assert_close;

use crate::ksp::{laplacian, r};
use crate::vector::code;

/// `diag(value)`
fn scaled(comm: &Comm, n: usize, value: f64) -> Result<Matrix> {
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, r(value), InsertMode::Insert)?;
    }
    a.assemble()?;
    Ok(a)
}

#[petsc_test::test(ranks = [1, 2])]
fn what_a_getter_gave_outlives_its_replacement(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let (a, b) = (scaled(world, 6, 2.0)?, scaled(world, 6, 3.0)?);
    let mut ksp = Ksp::new(world)?;
    ksp.set_operators(&a, &a)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    let mut snes = Snes::new(world)?;
    snes.set_ksp(&ksp)?;
    let (mut pc, (operator, _)) = (ksp.pc()?, ksp.operators()?);
    drop(a);
    // Through the other handle.
    let mut other = Pc::new(world)?;
    other.set_type(PcType::NONE)?;
    snes.ksp()?.set_pc(&other)?;
    snes.ksp()?.set_operators(&b, &b)?;
    assert_eq!(ksp.pc()?.type_name()?.as_deref(), Some("none"));
    assert_eq!(pc.type_name()?.as_deref(), Some("jacobi"));
    let (mut x, mut y) = operator.vectors()?;
    x.set(r(4.0))?;
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 2.0, 1e-14);
    assert_close!(operator.norm(Norm::Infinity)?, 2.0, 1e-14);
    assert_close!(ksp.operators()?.0.norm(Norm::Infinity)?, 3.0, 1e-14);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn parts_keep_what_they_are_parts_of(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let mut x = Vector::new(world, 4)?;
    let residual = x.duplicate()?;
    let mut ts = Ts::new(world)?;
    ts.set_type(TsType::BEULER)?;
    // u' = -u
    let calls = Rc::new(Cell::new(0));
    let count = Rc::clone(&calls);
    ts.set_i_function(&residual, move |_, _, u, rate, f| {
        count.set(count.get() + 1);
        f.copy_from(u)?;
        f.axpy(r(1.0), rate)
    })?;
    ts.set_time_step(1.0)?;
    ts.set_max_steps(1)?;
    ts.snes()?.set_matrix_free(petsc_rs::snes::MatrixFree::All)?;
    ts.snes()?.ksp()?.pc()?.set_type(PcType::NONE)?;
    x.set(r(1.0))?;
    let _ = ts.solve(&mut x)?;
    assert_close!(x.norm(Norm::Infinity)?, 0.5, 1e-6);
    let snes = ts.snes()?;
    let ksp = snes.ksp()?;
    let search = snes.line_search()?;
    drop(ts);
    // The operator calls the residual of the stage, a function of the integrator, which C does not count.
    let mut f = x.duplicate()?;
    let (operator, _) = ksp.operators()?;
    drop(ksp);
    assert!(calls.replace(0) > 0);
    operator.mult(&x, &mut f)?;
    assert!(calls.get() > 0, "the product calls no residual");
    drop((operator, f));
    snes.line_search()?.set_type(LineSearchType::BASIC)?;
    drop(snes);
    assert!(search.snes()?.same_object(&search.snes()?));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn another_handle_to_a_part_keeps_the_whole_too(petsc: &Petsc) -> Result<()> {
    let snes = Snes::new(petsc.world())?;
    let search = snes.line_search()?.share()?;
    let mut holder = Vector::new(petsc.world(), 1)?;
    assert_eq!(code(holder.compose("search", &search)), Some(ErrorCode::ARG_INCOMP));
    drop(snes);
    assert_eq!(search.snes()?.class_name()?, "SNES");
    Ok(())
}

/// Asks for what is attached while that is replaced.
struct Looks(Rc<RefCell<Vector>>, Rc<RefCell<Vec<Option<String>>>>);

impl Drop for Looks {
    fn drop(&mut self) {
        let found = self.0.borrow().query::<Ksp>("solver");
        let name = found.ok().flatten().and_then(|found| found.name().ok());
        self.1.borrow_mut().push(name);
    }
}

#[petsc_test::test(ranks = [1, 2])]
fn what_is_replaced_is_not_found(petsc: &Petsc) -> Result<()> {
    let holder = Rc::new(RefCell::new(Vector::new(petsc.world(), 1)?));
    let seen = Rc::default();
    let mut twin = holder.borrow().share()?;
    let (mut ksp, mut other) = (Ksp::new(petsc.world())?, Ksp::new(petsc.world())?);
    other.set_name("other")?;
    let looks = Looks(Rc::clone(&holder), Rc::clone(&seen));
    ksp.add_monitor(move |_, _, _| {
        let _ = &looks;
        Ok(())
    })?;
    twin.compose("solver", &ksp)?;
    drop(ksp);
    twin.compose("solver", &other)?;
    assert_eq!(*seen.borrow(), [Some("other".to_owned())]);
    Ok(())
}

/// Asks a solver for its part while that is destroyed.
struct Asks(Rc<RefCell<Option<Snes>>>, Rc<RefCell<Vec<Option<ErrorCode>>>>);

impl Drop for Asks {
    fn drop(&mut self) {
        if let Some(snes) = &*self.0.borrow() {
            self.1.borrow_mut().push(code(snes.ksp()));
        }
    }
}

#[petsc_test::test(ranks = [1, 2])]
fn a_part_that_is_being_destroyed_gives_no_handle(petsc: &Petsc) -> Result<()> {
    let mut snes = Snes::new(petsc.world())?;
    let twin = Rc::new(RefCell::new(Some(snes.share()?)));
    let seen = Rc::new(RefCell::new(Vec::new()));
    let asks = Asks(Rc::clone(&twin), Rc::clone(&seen));
    snes.ksp()?.add_monitor(move |_, _, _| {
        let _ = &asks;
        Ok(())
    })?;
    let other = Ksp::new(petsc.world())?;
    snes.set_ksp(&other)?;
    twin.take();
    assert_eq!(*seen.borrow(), [Some(ErrorCode::ARG_WRONGSTATE)]);
    assert!(snes.ksp()?.same_object(&other));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_nest_is_not_rebuilt_under_its_product(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let twin = Rc::new(RefCell::new(None::<Matrix>));
    let (inside, seen) = (Rc::clone(&twin), Rc::new(RefCell::new(Vec::new())));
    let found = Rc::clone(&seen);
    let shell = Matrix::shell(comm, 4, 4, move |x, y| {
        if let Some(nest) = inside.borrow_mut().as_mut() {
            let refused = nest.convert_in_place(MatrixType::AIJ);
            found.borrow_mut().push(code(refused));
        }
        y.copy_from(x)
    })
    .build()?;
    let nest = Matrix::nest(comm, &[&[Some(&shell)]])?;
    *twin.borrow_mut() = Some(nest.share()?);
    let (mut x, mut y) = nest.vectors()?;
    x.set(r(1.0))?;
    nest.mult(&x, &mut y)?;
    twin.take();
    assert_eq!(*seen.borrow(), [Some(ErrorCode::ARG_WRONGSTATE)]);
    assert_close!(y.norm(Norm::Infinity)?, 1.0, 1e-15);
    Ok(())
}

/// A handle from a callback keeps the solver that ran, here the integrator around the one of the monitor.
#[petsc_test::test(ranks = [1, 2])]
fn an_object_taken_from_a_callback_keeps_the_running_solver(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let mut x = Vector::new(world, 4)?;
    let residual = x.duplicate()?;
    let mut ts = Ts::new(world)?;
    ts.set_type(TsType::BEULER)?;
    let alive = Rc::new(());
    let held = Rc::clone(&alive);
    ts.set_i_function(&residual, move |_, _, u, rate, f| {
        let _ = &held;
        f.copy_from(u)?;
        f.axpy(r(1.0), rate)
    })?;
    ts.set_time_step(0.5)?;
    ts.set_max_steps(1)?;
    let mut snes = ts.snes()?;
    snes.set_matrix_free(petsc_rs::snes::MatrixFree::All)?;
    snes.ksp()?.pc()?.set_type(PcType::NONE)?;
    let taken = Rc::new(RefCell::new(None));
    let place = Rc::clone(&taken);
    snes.add_monitor(move |snes, _, _| {
        *place.borrow_mut() = snes.jacobian()?;
        Ok(())
    })?;
    drop(snes);
    x.set(r(1.0))?;
    let _ = ts.solve(&mut x)?;
    ts.snes()?.cancel_monitors()?;
    drop(ts);
    let (operator, p) = taken.take().ok_or("there was a step")?;
    let mut y = x.duplicate()?;
    operator.mult(&x, &mut y)?;
    assert_eq!(Rc::strong_count(&alive), 2, "the operator calls it");
    drop((operator, p, x, y));
    assert_eq!(Rc::strong_count(&alive), 1);
    Ok(())
}

/// A preconditioner that keeps its operator, which does not keep the preconditioner.
struct Keeps(Option<Matrix>, Rc<()>);

impl Preconditioner for Keeps {
    fn apply(&mut self, _: &PcRef, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        let _ = &self.1;
        match &self.0 {
            Some(a) => a.mult(x, y),
            None => Err("not set up".into()),
        }
    }

    fn set_up(&mut self, pc: &PcRef) -> Result<()> {
        self.0 = Some(pc.operators()?.1);
        Ok(())
    }
}

#[petsc_test::test(ranks = [1, 2])]
fn a_preconditioner_may_keep_its_operator(petsc: &Petsc) -> Result<()> {
    let alive = Rc::new(());
    let a = scaled(petsc.world(), 6, 2.0)?;
    let mut pc = Pc::new(petsc.world())?;
    pc.set_preconditioner(Keeps(None, Rc::clone(&alive)))?;
    pc.set_operators(&a, &a)?;
    let (mut x, mut y) = a.vectors()?;
    x.set(r(1.0))?;
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 2.0, 1e-14);
    drop(pc);
    assert_eq!(Rc::strong_count(&alive), 1);
    Ok(())
}

/// What a program may try on a solver that runs.
type Surgery = fn(&mut Ksp, &Matrix, &mut Vector) -> Result<()>;

const SURGERY: [(&str, Surgery); 10] = [
    ("set_type", |ksp, _, _| ksp.set_type(KspType::CG)),
    ("reset", |ksp, _, _| ksp.reset()),
    ("set_operators", |ksp, a, _| ksp.set_operators(a, a)),
    ("set_from_options", |ksp, _, _| ksp.set_from_options()),
    ("set_gmres_restart", |ksp, _, _| ksp.set_gmres_restart(4)),
    ("set_up", |ksp, _, _| ksp.set_up()),
    ("set_pc", |ksp, a, _| {
        let pc = Pc::new(&a.comm()?)?;
        ksp.set_pc(&pc)
    }),
    ("pc.set_type", |ksp, _, _| ksp.pc()?.set_type(PcType::NONE)),
    ("pc.reset", |ksp, _, _| ksp.pc()?.reset()),
    ("solve", |ksp, a, x| {
        let b = a.vectors()?.1;
        ksp.solve(&b, x).map(drop)
    }),
];

/// Gives a solver an operator, for which it needs some iterations; with a start and a right-hand side.
fn system_for(ksp: &mut Ksp) -> Result<(Matrix, Vector, Vector)> {
    let a = laplacian(&ksp.comm()?, 40)?;
    let (x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    ksp.set_operators(&a, &a)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    Ok((a, x, b))
}

#[petsc_test::test(ranks = [1, 2])]
fn a_solver_that_runs_refuses_surgery(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    for (name, surgery) in SURGERY {
        let mut ksp = Ksp::new(world)?;
        let (a, mut x, b) = system_for(&mut ksp)?;
        let twin = Rc::new(RefCell::new(Some(ksp.share()?)));
        let (inside, mut y) = (Rc::clone(&twin), x.duplicate()?);
        let (mut tried, refused) = (0, Rc::new(RefCell::new(Vec::new())));
        let seen = Rc::clone(&refused);
        ksp.add_monitor(move |_, _, _| {
            if let Some(twin) = inside.borrow_mut().as_mut().filter(|_| tried < 2) {
                tried += 1;
                seen.borrow_mut().push(code(surgery(twin, &a, &mut y)));
            }
            Ok(())
        })?;
        let _ = ksp.solve(&b, &mut x)?;
        twin.take();
        let state = Some(ErrorCode::ARG_WRONGSTATE);
        assert_eq!(*refused.borrow(), [state, state], "{name}");
        assert!(ksp.true_residual_norm(&b, &x)? < 1e-2, "{name}");
    }
    Ok(())
}

/// What nobody else has can be made and configured inside of a callback.
#[petsc_test::test(ranks = [1, 2])]
fn a_solver_of_the_callback_is_free(petsc: &Petsc) -> Result<()> {
    let world = petsc.world().clone();
    let a = laplacian(&world, 20)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(&world)?;
    ksp.set_type(KspType::FGMRES)?;
    ksp.set_operators(&a, &a)?;
    let (mut inner, operator) = (None::<Ksp>, a.share()?);
    ksp.pc()?.set_shell(move |x, y| {
        let solver = match &mut inner {
            Some(solver) => solver,
            None => inner.insert(Ksp::new(&world)?),
        };
        solver.reset()?;
        solver.set_operators(&operator, &operator)?;
        solver.set_type(KspType::CG)?;
        solver.pc()?.set_type(PcType::JACOBI)?;
        let mut pc = solver.pc()?;
        pc.set_type(PcType::NONE)?;
        drop(pc);
        solver.solve(x, y).map(drop)
    })?;
    let _ = ksp.solve(&b, &mut x)?;
    assert!(ksp.true_residual_norm(&b, &x)? < 1e-3);
    Ok(())
}

/// A part is free while its whole is, and no longer when a solver that runs has it too.
#[petsc_test::test(ranks = [1, 2])]
fn a_part_that_moved_to_a_running_solver_is_in_use(petsc: &Petsc) -> Result<()> {
    let world = petsc.world().clone();
    let a = laplacian(&world, 20)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut mine = Ksp::new(&world)?;
    mine.set_operators(&a, &a)?;
    let mut pc = mine.pc()?;
    pc.set_type(PcType::JACOBI)?;
    let mut ksp = Ksp::new(&world)?;
    ksp.set_operators(&a, &a)?;
    ksp.set_pc(&pc)?;
    let replacement = Pc::new(&world)?;
    mine.set_pc(&replacement)?;
    let found = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&found);
    ksp.add_monitor(move |_, _, _| {
        seen.borrow_mut().push(code(pc.set_type(PcType::NONE)));
        seen.borrow_mut().push(code(mine.set_type(KspType::CG)));
        Ok(())
    })?;
    let _ = ksp.solve(&b, &mut x)?;
    assert_eq!(found.borrow()[..2], [Some(ErrorCode::ARG_WRONGSTATE), None]);
    ksp.cancel_monitors()?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn the_state_that_is_lent_outlives_its_replacement(petsc: &Petsc) -> Result<()> {
    let mut ts = Ts::new(petsc.world())?;
    let mut first = Vector::new(petsc.world(), 8)?;
    first.set(r(7.0))?;
    ts.set_solution(&mut first)?;
    drop(first);
    let mut twin = ts.share()?;
    let state = ts.solution()?;
    let values = state.array()?;
    let mut second = Vector::new(petsc.world(), 8)?;
    second.set(r(1.0))?;
    twin.set_solution(&mut second)?;
    assert!(values.iter().all(|&value| value == r(7.0)));
    assert_close!(twin.solution()?.norm(Norm::Infinity)?, 1.0, 1e-15);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn single_steps_refuse_surgery_by_their_closures(petsc: &Petsc) -> Result<()> {
    let mut u = Vector::new(petsc.world(), 4)?;
    u.set(r(1.0))?;
    let mut ts = Ts::new(petsc.world())?;
    ts.set_type(TsType::EULER)?;
    ts.set_rhs_function(&*u.duplicate()?, |_, _, u, g| g.copy_from(u))?;
    ts.set_time_step(0.25)?;
    ts.set_max_steps(2)?;
    let twin = Rc::new(RefCell::new(Some(ts.share()?)));
    let seen = Rc::new(RefCell::new(Vec::new()));
    let ask = || {
        let (twin, seen) = (Rc::clone(&twin), Rc::clone(&seen));
        move || {
            let mut twin = twin.borrow_mut();
            let twin = twin.as_mut().expect("before the end");
            seen.borrow_mut().extend([code(twin.reset()), code(twin.cancel_monitors())]);
        }
    };
    let (monitor, before, evaluated, after) = (ask(), ask(), ask(), ask());
    ts.add_monitor(move |_, _, _, _| {
        monitor();
        Ok(())
    })?;
    ts.add_monitor(|_, _, _, _| Ok(()))?;
    ts.set_pre_step(move |_| {
        before();
        Ok(())
    })?;
    ts.set_post_evaluate(move |_| {
        evaluated();
        Ok(())
    })?;
    ts.set_post_step(move |_| {
        after();
        Ok(())
    })?;
    let mut steps = ts.steps(&mut u)?;
    let step = steps.advance()?.expect("a step");
    assert_close!(step.state.norm(Norm::Infinity)?, 1.25, 1e-15);
    drop(step);
    twin.take();
    assert_eq!(*seen.borrow(), [Some(ErrorCode::ARG_WRONGSTATE); 8]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_solver_does_not_become_its_own_part(petsc: &Petsc) -> Result<()> {
    let ksp = Ksp::new(petsc.world())?;
    let mut pc = ksp.pc()?;
    pc.set_type(PcType::KSP)?;
    let mut inner = pc.inner_solver()?;
    assert_eq!(code(inner.set_pc(&pc)), Some(ErrorCode::ARG_INCOMP));
    let mut twin = inner.share()?;
    assert_eq!(code(twin.set_pc(&pc)), Some(ErrorCode::ARG_INCOMP));
    inner.pc()?.set_type(PcType::KSP)?;
    let mut innermost = inner.pc()?.inner_solver()?;
    drop(inner);
    assert_eq!(code(innermost.set_pc(&pc)), Some(ErrorCode::ARG_INCOMP));
    Ok(())
}

/// What another solver, which has a part of `ksp`, does in a monitor of it.
type OtherWhole = fn(&Ksp, &Matrix) -> Result<(Snes, Ksp)>;

const OTHER_WHOLES: [(&str, OtherWhole); 2] = [
    ("the solver", |ksp, _| {
        let mut snes = Snes::new(&ksp.comm()?)?;
        snes.set_ksp(ksp)?;
        Ok((snes, Ksp::new(&ksp.comm()?)?))
    }),
    ("its preconditioner", |ksp, _| {
        let mut snes = Snes::new(&ksp.comm()?)?;
        let other = Ksp::new(&ksp.comm()?)?;
        snes.set_ksp(&other)?;
        snes.ksp()?.set_pc(&*ksp.pc()?)?;
        Ok((snes, other))
    }),
];

#[petsc_test::test(ranks = [1, 2])]
fn a_part_that_runs_is_not_rebuilt_through_another_solver(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    for (name, other_whole) in OTHER_WHOLES {
        let mut ksp = Ksp::new(world)?;
        let (a, mut x, b) = system_for(&mut ksp)?;
        let (mut snes, other) = other_whole(&ksp, &a)?;
        let (mut kept, refused) = (Some(other), Rc::new(RefCell::new(Vec::new())));
        let seen = Rc::clone(&refused);
        ksp.add_monitor(move |_, iteration, _| {
            if iteration == 1 {
                seen.borrow_mut().push(code(snes.reset()));
                if let Some(other) = kept.as_mut().filter(|_| name != "the solver") {
                    seen.borrow_mut().push(code(other.reset()));
                }
                // The last reference of each waits until the solve ends.
                snes = Snes::new(&snes.comm()?)?;
                kept = None;
            }
            Ok(())
        })?;
        let _ = ksp.solve(&b, &mut x)?;
        assert!(ksp.iterations()? > 2, "{name}");
        let refused = refused.borrow();
        assert!(!refused.is_empty(), "{name}");
        for code in refused.iter() {
            assert_eq!(*code, Some(ErrorCode::ARG_WRONGSTATE), "{name}");
        }
        // The end of the others has reset what they shared, so the solver cannot be asked.
        let mut residual = b.duplicate()?;
        a.mult(&x, &mut residual)?;
        residual.axpy(r(-1.0), &b)?;
        assert!(residual.norm(Norm::Two)? < 1e-2, "{name}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_part_that_runs_is_not_rebuilt_through_its_whole(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let snes = Snes::new(world)?;
    let mut ksp = snes.ksp()?;
    let (_, mut x, b) = system_for(&mut ksp)?;
    let refused = Rc::new(RefCell::new(Vec::new()));
    let (seen, mut snes) = (Rc::clone(&refused), Some(snes));
    ksp.add_monitor(move |_, iteration, _| {
        if iteration == 1 {
            let outcome = snes.as_mut().map(|snes| code(snes.reset()));
            seen.borrow_mut().extend(outcome);
            snes = None;
        }
        Ok(())
    })?;
    let _ = ksp.solve(&b, &mut x)?;
    assert_eq!(*refused.borrow(), [Some(ErrorCode::ARG_WRONGSTATE)]);
    assert!(ksp.true_residual_norm(&b, &x)? < 1e-2);
    Ok(())
}

/// Rings of solvers that setters would make.
#[petsc_test::test(ranks = [1, 2])]
fn solvers_do_not_become_parts_of_each_other(petsc: &Petsc) -> Result<()> {
    let (mut a, mut b) = (Snes::new(petsc.world())?, Snes::new(petsc.world())?);
    let itself = a.share()?;
    assert_eq!(code(a.set_npc(&itself)), Some(ErrorCode::ARG_INCOMP));
    a.set_npc(&b)?;
    assert_eq!(code(b.set_npc(&a)), Some(ErrorCode::ARG_INCOMP));
    assert!(!b.has_npc()?);
    let mut pc = Pc::new(petsc.world())?;
    pc.set_type(PcType::KSP)?;
    let mut outer = Ksp::new(petsc.world())?;
    pc.inner_solver()?.set_pc(&*outer.pc()?)?;
    assert_eq!(code(outer.set_pc(&pc)), None);
    Ok(())
}

/// Nobody would free them.
#[petsc_test::test(ranks = [1, 2])]
fn objects_are_not_attached_in_a_ring(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut vectors = Vec::new();
    for _ in 0..3 {
        vectors.push(Vector::new(comm, 2)?);
    }
    let [a, b, c] = &mut vectors[..] else {
        return Err("three vectors".into());
    };
    a.compose("next", b)?;
    b.compose("next", c)?;
    assert_eq!(code(c.compose("next", a)), Some(ErrorCode::ARG_INCOMP));
    assert!(c.query::<Vector>("next")?.is_none());
    // Not a ring any more.
    a.uncompose("next")?;
    c.compose("next", a)?;
    a.compose("other", &Vector::new(comm, 1)?)?;
    let (mut ksp, mut snes) = (Ksp::new(comm)?, Snes::new(comm)?);
    snes.set_ksp(&ksp)?;
    assert_eq!(code(ksp.compose("outer", &snes)), Some(ErrorCode::ARG_INCOMP));
    Ok(())
}

/// The grid of a solver that runs is as much in use as the solver.
#[petsc_test::test(ranks = [1, 2])]
fn the_grid_of_a_solver_that_runs_refuses_surgery(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let dm = Dmda::builder(world).sizes([8]).build()?;
    let mut snes = Snes::new(world)?;
    snes.set_dm(&dm)?;
    let (mut x, residual) = (dm.create_global_vector()?, dm.create_global_vector()?);
    let refused = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&refused);
    // The next one has nobody but this closure.
    let own = Dmda::builder(world).sizes([8]).build()?;
    // The grid keeps the closure, so that must not keep the grid.
    let slot = Rc::new(RefCell::new(Some((dm, own))));
    let inside = Rc::clone(&slot);
    snes.set_function(&residual, move |_, x, f| {
        let mut seen = seen.borrow_mut();
        if let Some((dm, own)) = inside.borrow_mut().as_mut().filter(|_| seen.is_empty()) {
            seen.push(code(dm.set_vec_type(petsc_rs::VectorType::MPI)));
            seen.push(code(dm.set_uniform_coordinates(&[(0.0, 1.0)])));
            seen.push(code(own.set_vec_type(petsc_rs::VectorType::MPI)));
            seen.push(code(own.set_uniform_coordinates(&[(0.0, 1.0)])));
        }
        f.copy_from(x)
    })?;
    snes.set_matrix_free(petsc_rs::snes::MatrixFree::All)?;
    snes.ksp()?.pc()?.set_type(PcType::NONE)?;
    x.set(r(1.0))?;
    let _ = snes.solve(None, &mut x)?;
    slot.take();
    let state = Some(ErrorCode::ARG_WRONGSTATE);
    assert_eq!(*refused.borrow(), [state, state, None, None]);
    Ok(())
}

/// Where no solver runs, nothing waits.
#[petsc_test::test(ranks = [1, 2])]
fn a_solver_that_a_closure_had_ends_with_it(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let pc = Pc::new(world)?;
    let (mut first, mut second) = (Ksp::new(world)?, Ksp::new(world)?);
    first.set_pc(&pc)?;
    second.set_pc(&pc)?;
    let mut owner = Ksp::new(world)?;
    owner.add_monitor(move |_, _, _| second.iterations().map(drop))?;
    assert_eq!(pc.reference_count()?, 3);
    drop(owner);
    assert_eq!(pc.reference_count()?, 2);
    Ok(())
}
