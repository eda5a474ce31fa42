//! What is freed when, after errors too.

use std::rc::Rc;

use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;
use petsc_test::assert_code;

/// Fails on this rank, in a collective call for which this rank need not wait for others.
fn fail(petsc: &Petsc) -> Result<()> {
    let (mut x, y) = (Vector::new(petsc.world(), 3)?, Vector::new(petsc.world(), 4)?);
    assert_code(x.axpy(Scalar::from_real(1.0), &y), ErrorCode::ARG_INCOMP);
    Ok(())
}

/// A solver, and what shows whether it is still alive.
fn watched(petsc: &Petsc) -> Result<(Ksp, Rc<()>)> {
    let used = Rc::new(());
    let held = Rc::clone(&used);
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.add_monitor(move |_, _, _| {
        let _ = &held;
        Ok(())
    })?;
    Ok((ksp, used))
}

/// On 3.18 this kept everything that one rank owned alone, for nobody empties PETSc's queue there.
#[petsc_test::test(ranks = [1, 2, 3])]
fn objects_of_one_rank_go_at_once_after_an_error(petsc: &Petsc) -> Result<()> {
    let used = Rc::new(());
    let held = Rc::clone(&used);
    let mut ksp = Ksp::new(petsc.self_comm())?;
    ksp.add_monitor(move |_, _, _| {
        let _ = &held;
        Ok(())
    })?;
    fail(petsc)?;
    drop(ksp);
    assert_eq!(Rc::strong_count(&used), 1, "the closure went with the solver");
    petsc.recover()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn objects_of_all_ranks_go_when_all_agree(petsc: &Petsc) -> Result<()> {
    let (ksp, used) = watched(petsc)?;
    fail(petsc)?;
    drop(ksp);
    let alone = petsc.world().size() == 1;
    assert_eq!(Rc::strong_count(&used), if alone { 1 } else { 2 });
    petsc.recover()?;
    assert_eq!(Rc::strong_count(&used), 1);
    Ok(())
}

/// The rank that failed has queued its handles, the others have destroyed theirs.
#[petsc_test::test(ranks = [2, 3])]
fn objects_of_a_rank_that_failed_alone_go_when_all_recover(petsc: &Petsc) -> Result<()> {
    let first = petsc.world().rank() == 0;
    let alive = if first { 2 } else { 1 };
    let (mut x, y) = (Vector::new(petsc.world(), 3)?, Vector::new(petsc.world(), 4)?);
    let (ksp, used) = watched(petsc)?;
    let half = petsc.world().split(Some(0), 0)?;
    if first {
        assert_code(x.axpy(Scalar::from_real(1.0), &y), ErrorCode::ARG_INCOMP);
    }
    drop((x, y, ksp, half));
    assert_eq!(Rc::strong_count(&used), alive);
    petsc.recover()?;
    assert_eq!(Rc::strong_count(&used), 1);
    let (ksp, used) = watched(petsc)?;
    drop(ksp);
    assert_eq!(Rc::strong_count(&used), 1, "destruction is collective again");
    Ok(())
}

/// Nor do errors that all ranks have, and those of a communicator of one rank.
#[petsc_test::test(ranks = [1, 2, 3])]
fn errors_of_calls_that_are_not_collective_leave_destruction_alone(petsc: &Petsc) -> Result<()> {
    let mut alone = Vector::new(petsc.self_comm(), 3)?;
    let longer = Vector::new(petsc.self_comm(), 4)?;
    let x = Vector::new(petsc.world(), 7)?;
    let (ksp, used) = watched(petsc)?;
    if petsc.world().rank() == 0 {
        assert_code(x.value(99), ErrorCode::ARG_OUTOFRANGE);
        assert_code(alone.axpy(Scalar::from_real(1.0), &longer), ErrorCode::ARG_INCOMP);
        drop(Error::collective(ErrorCode::USER, "all have it"));
    }
    drop(ksp);
    assert_eq!(Rc::strong_count(&used), 1);
    Ok(())
}

/// Handles that go while a panic unwinds wait for the other ranks, also if the panic is caught.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_panic_that_is_caught_leaves_its_handles_to_recover(petsc: &Petsc) -> Result<()> {
    let (ksp, used) = watched(petsc)?;
    let unwind = move || -> () {
        let _ksp = ksp;
        std::panic::resume_unwind(Box::new("on purpose"))
    };
    petsc_test::assert_panics(unwind, "on purpose");
    let alone = petsc.world().size() == 1;
    assert_eq!(Rc::strong_count(&used), if alone { 1 } else { 2 });
    let (ksp, later) = watched(petsc)?;
    drop(ksp);
    assert_eq!(Rc::strong_count(&later), if alone { 1 } else { 2 });
    petsc.recover()?;
    // A communicator alone is left behind, too.
    let copy = petsc.world().duplicate()?;
    let unwind = move || -> () {
        let _copy = copy;
        std::panic::resume_unwind(Box::new("on purpose"))
    };
    petsc_test::assert_panics(unwind, "on purpose");
    let (ksp, last) = watched(petsc)?;
    drop(ksp);
    assert_eq!(Rc::strong_count(&last), if alone { 1 } else { 2 });
    petsc.recover()?;
    assert_eq!((Rc::strong_count(&used), Rc::strong_count(&later)), (1, 1));
    Ok(())
}
