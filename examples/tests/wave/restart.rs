//! What a checkpoint keeps.

use petsc_rs::prelude::*;
use workshop::wave::{Absorb, Settings, Wave};

use crate::shaken;

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_restart_goes_on_as_if_nothing_had_been(petsc: &Petsc) -> Result<()> {
    let number = shared_number(petsc)?;
    let pml = Absorb::Pml { width: 6, reflection: 1e-3 };
    for absorb in [shaken(53, 31).absorb, pml, Absorb::None] {
        restarts(petsc, number, absorb)?;
    }
    Ok(())
}

fn restarts(petsc: &Petsc, number: u32, absorb: Absorb) -> Result<()> {
    let comm = petsc.world();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("wave-{}-{number}.chk", comm.size()));
    let of_size = |nx| Settings { absorb, ..shaken(nx, 31) };
    let mut whole = Wave::new(comm, of_size(53))?;
    for step in 0..120 {
        if step == 40 || step == 70 {
            whole.save(&file)?;
        }
        whole.advance()?;
    }
    let previous = file.with_extension("chk.previous");
    for (path, step) in [(&file, 70), (&previous, 40)] {
        let mut rest = Wave::new(comm, of_size(53))?;
        rest.restore(path)?;
        assert_eq!(rest.step(), step);
        while rest.step() < 120 {
            rest.advance()?;
        }
        assert_eq!(rest.gather()?, whole.gather()?, "bit by bit");
        assert_eq!(rest.seismogram()?, whole.seismogram()?);
    }
    let mut other = Wave::new(comm, of_size(40))?;
    let error = other.restore(&file).expect_err("another grid");
    assert!(error.to_string().contains("53 x 31 points"), "{error}");
    let mut settings = of_size(53);
    settings.dt *= 0.5;
    let mut other = Wave::new(comm, settings)?;
    let error = other.restore(&file).expect_err("another step");
    assert!(error.to_string().contains("another time step"), "{error}");
    if comm.size() > 1 {
        // One rank alone goes on from what all have written.
        let mut alone = Wave::new(petsc.self_comm(), of_size(53))?;
        alone.restore(&file)?;
        while alone.step() < 120 {
            alone.advance()?;
        }
        assert_eq!(alone.gather()?, whole.gather()?, "on any number of ranks");
    }
    comm.barrier()?;
    if comm.rank() == 0 {
        let bytes = std::fs::read(&file)?;
        std::fs::write(&file, &bytes[..bytes.len() - 8])?;
    }
    comm.barrier()?;
    let mut torn = Wave::new(comm, of_size(53))?;
    let error = torn.restore(&file).expect_err("a torn file");
    assert!(error.to_string().contains("bytes instead of"), "{error}");
    comm.barrier()?;
    if comm.rank() == 0 {
        std::fs::remove_file(&file)?;
        std::fs::remove_file(&previous)?;
    }
    comm.barrier()
}

/// Rank 0's process number.
fn shared_number(petsc: &Petsc) -> Result<u32> {
    use mpi::traits::{Communicator as _, Root as _};
    let mut number = std::process::id();
    petsc.world().mpi().process_at_rank(0).broadcast_into(&mut number);
    Ok(number)
}
