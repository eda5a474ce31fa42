//! Port of PETSc's `src/sys/tutorials/ex3.c`: a user-defined event in the log.

use std::thread::sleep;
use std::time::Duration;

use petsc_rs::log::LogClass;
use petsc_rs::{Error, Petsc, Result, Viewer};

const PAUSE: Duration = Duration::from_millis(500);

/// Runs the port.
///
/// # Errors
/// Errors of the log.
pub fn main(petsc: &Petsc) -> Result<()> {
    let log = petsc.log();
    let viewers = LogClass::of(&Viewer::stdout(petsc.self_comm())?)?;
    let event = log.event_of("User event", Some(viewers))?;
    if log.event("User event")? != event {
        return Err(Error::user("the event is not known by its name"));
    }
    event.record(|| {
        let count = (0..10_000).fold(0, |count, _| std::hint::black_box(count + 1));
        log.flops(f64::from(count))?;
        sleep(PAUSE);
        Ok(())
    })?;

    // This call is not recorded.
    event.deactivate()?;
    event.record(|| {
        sleep(PAUSE);
        Ok(())
    })?;

    event.activate()?;
    event.record(|| {
        sleep(PAUSE);
        Ok(())
    })?;

    // The time that the other ranks wait for rank 0 is recorded as imbalance.
    if petsc.world().rank() == 0 {
        sleep(PAUSE);
    }
    event.sync(petsc.world())?;
    event.record(|| {
        petsc.world().barrier()?;
        sleep(PAUSE);
        Ok(())
    })
}
