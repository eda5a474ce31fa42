//! Communicators: copies, parts, and objects on them.

use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;
use petsc_test::assert_error;

use crate::matrix::r;

#[petsc_test::test(ranks = [1, 2, 3])]
fn parts_of_a_communicator_compute_apart(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    // Even and odd ranks, in reverse order.
    let part =
        world.split(Some(world.rank() % 2), -world.rank())?.expect("every rank gives a color");
    let mates = (0..world.size()).filter(|i| i % 2 == world.rank() % 2);
    assert_eq!(part.size(), i32::try_from(mates.clone().count())?);
    let above = mates.filter(|&i| i > world.rank()).count();
    assert_eq!(part.rank(), i32::try_from(above)?);
    let mut x = Vector::with_local_len(&part, 1)?;
    x.array_mut()?[0] = r(f64::from(world.rank()));
    let expected: i32 = (0..world.size()).filter(|i| i % 2 == world.rank() % 2).sum();
    assert_eq!(x.sum()?, r(f64::from(expected)));
    drop(part);
    assert_eq!(x.norm(Norm::One)?, f64::from(expected), "the vector keeps its ranks");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_rank_without_a_color_has_no_part(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let first = world.rank() == 0;
    let alone = world.split(first.then_some(0), 0)?;
    assert_eq!(alone.is_some(), first);
    if let Some(alone) = alone {
        assert_eq!(Vector::new(&alone, 4)?.local_len()?, 4);
    }
    let error = world.split(Some(-3), 0).expect_err("a negative color");
    assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn duplicates_and_rsmpi_communicators_have_the_same_ranks(petsc: &Petsc) -> Result<()> {
    use mpi::traits::{Communicator as _, CommunicatorCollectives as _};
    let world = petsc.world();
    let copy = world.duplicate()?;
    assert_eq!((copy.rank(), copy.size()), (world.rank(), world.size()));
    // Objects of different communicators do not mix, though they have the same ranks: PETSc compares ranks.
    let x = Vector::new(&copy, 3)?;
    assert_eq!(x.len()?, 3);
    let mut sum = 0;
    world.mpi().all_reduce_into(&world.rank(), &mut sum, mpi::collective::SystemOperation::sum());
    assert_eq!(sum, world.size() * (world.size() - 1) / 2);
    let again = Comm::from_mpi(petsc, world.mpi())?;
    assert_eq!(again.size(), world.mpi().size());
    Ok(())
}

#[petsc_test::test(ranks = [2, 3])]
fn objects_of_fewer_ranks_are_refused(petsc: &Petsc) -> Result<()> {
    let own = Vector::seq(petsc.self_comm(), 2)?;
    let nest = Vector::nest(petsc.world(), &[&own]);
    assert_eq!(nest.expect_err("other ranks").code(), ErrorCode::ARG_NOTSAMECOMM);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn ranks_with_different_objects_are_not_in_step(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let _known_to_petsc = Vector::new(world, 1)?;
    assert!(world.is_in_step()?);
    let extra = (world.rank() == 0).then(|| Ksp::new(world)).transpose()?;
    assert_eq!(world.is_in_step()?, world.size() == 1);
    // The others do the same: from here on, their messages meet again.
    let same = (world.rank() != 0).then(|| Ksp::new(world)).transpose()?;
    assert!(world.is_in_step()?);
    drop((extra, same));
    assert!(world.is_in_step()?);
    assert!(petsc.self_comm().is_in_step()?);
    Ok(())
}

/// The first tag that PETSc has for messages on a communicator: the largest there is where nothing lives on it.
fn next_tag(comm: &Comm) -> i32 {
    use petsc_rs::sys;
    let (mut inner, mut tag) = (comm.as_raw(), 0);
    // SAFETY: a live communicator and valid out-pointers.
    let code = unsafe { sys::PetscCommDuplicate(comm.as_raw(), &raw mut inner, &raw mut tag) };
    assert_eq!(code, 0);
    // SAFETY: gives up the reference that was just taken.
    let code = unsafe { sys::PetscCommDestroy(&raw mut inner) };
    assert_eq!(code, 0);
    tag
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn communicators_dropped_after_an_error_are_freed(petsc: &Petsc) -> Result<()> {
    let copy = petsc.world().duplicate()?;
    let first = next_tag(&copy);
    let x = Vector::new(&copy, 3)?;
    assert!(next_tag(&copy) < first);
    assert_error(copy.split(Some(-3), 0), ErrorCode::ARG_OUTOFRANGE, "the color -3");
    drop(x.comm()?);
    drop(x);
    petsc.recover()?;
    assert_eq!(next_tag(&copy), first, "nothing lives on it any more");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn extremes_of_all_ranks_are_found(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (me, last) = (Int::from(comm.rank()), Int::from(comm.size()) - 1);
    assert_eq!(comm.global_min_max(10 - me, me)?, (10 - last, last));
    assert_eq!(comm.global_min_max(Int::MIN, Int::MAX)?, (Int::MIN, Int::MAX));
    let me = Real::from(comm.rank());
    let last = Real::from(comm.size() - 1);
    assert_eq!(comm.global_min_max_real(0.5 - me, me)?, (0.5 - last, last));
    Ok(())
}
