//! Port of PETSc's `src/tao/leastsquares/tutorials/chwirut2.c`: the fit of `chwirut1` with a task
//! farm for the residuals. The `Tao` runs on the first rank; the other ranks wait for tasks.

use mpi::Tag;
use mpi::traits::{Communicator, Destination, Source};
use petsc_rs::prelude::*;
use petsc_rs::{Tao, TaoType, Vector};

use crate::models::chwirut::{self, MEASURED};

/// The tag that ends a worker. Lower tags are the numbers of the 214 measurements.
const STOP: Tag = 214;

/// Computes all residuals: assigns a task to each worker, and another one after each answer.
fn residuals(world: &Comm, x: &[Real], f: &mut [Scalar]) -> Result<()> {
    if world.size() == 1 {
        for (i, f) in f.iter_mut().enumerate() {
            *f = Scalar::from_real(chwirut::residual(x, i));
        }
        return Ok(());
    }
    let mpi = world.mpi();
    let mut tasks = 0..STOP;
    for (worker, task) in (1..world.size()).zip(tasks.by_ref()) {
        mpi.process_at_rank(worker).send_with_tag(x, task);
    }
    for _ in 0..f.len() {
        let (value, status) = mpi.any_process().receive::<Real>();
        f[usize::try_from(status.tag())?] = Scalar::from_real(value);
        if let Some(task) = tasks.next() {
            mpi.process_at_rank(status.source_rank()).send_with_tag(x, task);
        }
    }
    Ok(())
}

/// Answers tasks until the last tag arrives.
fn work(world: &Comm) -> Result<()> {
    let master = world.mpi().process_at_rank(0);
    loop {
        let (x, status) = master.receive_vec::<Real>();
        if status.tag() == STOP {
            return Ok(());
        }
        let value = chwirut::residual(&x, usize::try_from(status.tag())?);
        master.send_with_tag(&value, status.tag());
    }
}

fn optimise(petsc: &Petsc) -> Result<()> {
    let (own, world) = (petsc.self_comm(), petsc.world().clone());
    let start = [0.15, 0.008, 0.010].map(Scalar::from_real);
    let mut x = Vector::from_slice(own, &start)?;
    let f = Vector::seq(own, MEASURED.len())?;
    let mut tao = Tao::new(own)?;
    tao.set_type(TaoType::POUNDERS)?;
    tao.set_residual(&f, move |_, x, f| {
        let x: Vec<Real> = x.array()?.iter().map(|x| x.real()).collect();
        residuals(&world, &x, &mut f.array_mut()?)
    })?;
    tao.set_from_options()?;
    tao.solve_unchecked(&mut x).map(drop)
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    if world.rank() > 0 {
        return work(world);
    }
    let done = optimise(petsc);
    // The workers are stopped also after an error, so that none waits forever.
    for worker in 1..world.size() {
        let nothing: [Real; 0] = [];
        world.mpi().process_at_rank(worker).send_with_tag(&nothing, STOP);
    }
    done
}
