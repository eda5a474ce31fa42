//! Communicators: copies, parts, and objects on them.

use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;

use crate::matrix::r;

#[petsc_test::test(ranks = [1, 2, 3])]
fn parts_compute_for_themselves(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    // Even and odd ranks, in reverse order.
    let part = world
        .split(Some(world.rank() % 2), -world.rank())?
        .expect("every rank gives a color");
    let mates = (0..world.size()).filter(|i| i % 2 == world.rank() % 2);
    assert_eq!(part.size(), i32::try_from(mates.clone().count())?);
    let above = mates.filter(|&i| i > world.rank()).count();
    assert_eq!(part.rank(), i32::try_from(above)?);
    let mut x = Vector::with_local_len(&part, 1)?;
    x.array_mut()?[0] = r(f64::from(world.rank()));
    let expected: i32 = (0..world.size())
        .filter(|i| i % 2 == world.rank() % 2)
        .sum();
    assert_eq!(x.sum()?, r(f64::from(expected)));
    drop(part);
    assert_eq!(
        x.norm(Norm::One)?,
        f64::from(expected),
        "the vector keeps its ranks"
    );
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn some_ranks_stay_out(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let first = world.rank() == 0;
    let alone = world.split(first.then_some(0), 0)?;
    assert_eq!(alone.is_some(), first);
    if let Some(alone) = alone {
        assert_eq!(Vector::new(&alone, 4)?.local_len()?, 4);
    }
    let error = world.split(Some(-3), 0).expect_err("a negative color");
    assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE);
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn copies_are_apart_and_rsmpi_gets_along(petsc: &Petsc) -> Result<()> {
    use mpi::traits::{Communicator as _, CommunicatorCollectives as _};
    let world = petsc.world();
    let copy = world.duplicate()?;
    assert_eq!((copy.rank(), copy.size()), (world.rank(), world.size()));
    // Objects of different communicators do not mix, though they have the same ranks: PETSc compares ranks.
    let x = Vector::new(&copy, 3)?;
    assert_eq!(x.len()?, 3);
    let mut sum = 0;
    world.mpi().all_reduce_into(
        &world.rank(),
        &mut sum,
        mpi::collective::SystemOperation::sum(),
    );
    assert_eq!(sum, world.size() * (world.size() - 1) / 2);
    let again = Comm::from_mpi(petsc, world.mpi())?;
    assert_eq!(again.size(), world.mpi().size());
    Ok(())
}

#[petsc_test::test(ranks = [2, 3])]
fn objects_of_fewer_ranks_are_refused(petsc: &Petsc) -> Result<()> {
    let own = Vector::seq(petsc.self_comm(), 2)?;
    let nest = Vector::nest(petsc.world(), &[&own]);
    assert_eq!(
        nest.expect_err("other ranks").code(),
        ErrorCode::ARG_NOTSAMECOMM
    );
    petsc.collect_garbage()
}
