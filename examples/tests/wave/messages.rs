//! What a step sends.

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::wave::Wave;

use super::settings;

/// What the chapter on clusters counts: a step sends the points beside each border, both ways, and nothing else.
#[petsc_test::test(ranks = [1, 2, 3])]
fn messages_are_those_that_the_model_counts(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let log = petsc.log();
    log.begin()?;
    let (nx, ny, steps) = (200, 120, 20);
    let mut wave = Wave::new(comm, settings(nx, ny))?;
    wave.advance()?;
    let stage = log.stage("steps of waves")?;
    stage.record(|| {
        for _ in 0..steps {
            wave.advance()?;
        }
        Ok(())
    })?;
    let figures = stage.figures()?;
    // Strips along x. Each message is counted by who sends it and by who receives it.
    let borders = f64::from(comm.size() - 1);
    let messages = 2.0 * borders * f64::from(steps);
    let bytes = messages * (ny * size_of::<Scalar>()) as f64;
    let mut sums = [0.0; 2];
    let own = [figures.messages, figures.message_length];
    comm.mpi().all_reduce_into(&own, &mut sums, SystemOperation::sum());
    assert_close!(sums[0] / 2.0, messages, 1e-12, 0.0);
    assert_close!(sums[1] / 2.0, bytes, 1e-12, 0.0);
    Ok(())
}
