//! Common functions of the benchmarks: command line, checks, and times of callbacks.

#[cfg(feature = "slepc")]
pub mod eigen;

/// The log stage of setup and solve. `cargo xtask bench --messages` compares the numbers of MPI
/// messages and reductions in this stage between C and Rust.
pub const SOLVE: &str = "solve";

/// Returns the size, which is the first argument on the command line, or `default`.
#[must_use]
pub fn size(default: i32) -> petsc_rs::Int {
    let word = std::env::args().nth(1);
    // The width of `Int` depends on the PETSc in use.
    petsc_rs::Int::from(word.and_then(|w| w.parse().ok()).unwrap_or(default))
}

/// Returns an error with exit code 3 unless the result is correct.
///
/// # Errors
/// `right` is false.
pub fn check(right: bool) -> petsc_rs::Result<()> {
    if right {
        return Ok(());
    }
    Err(petsc_rs::Error::new(petsc_rs::ErrorCode::PLIB, "wrong result").with_exit_code(3))
}

/// Returns the size on the command line as a number of points.
#[must_use]
pub fn count(default: i32) -> usize {
    usize::try_from(size(default)).unwrap_or(0)
}

/// The times of callbacks, from PETSc's log. `<program> <n> times` prints a line `call <event>
/// <count> <total seconds>` for each requested event.
#[derive(Debug)]
pub struct Calls(bool);

impl Calls {
    /// Starts the log if the command line requests times.
    ///
    /// # Errors
    /// Errors of `PetscLogDefaultBegin`.
    pub fn begin(petsc: &petsc_rs::Petsc) -> petsc_rs::Result<Self> {
        let on = std::env::args().nth(2).is_some_and(|word| word == "times");
        if on {
            petsc.log().begin()?;
        }
        Ok(Self(on))
    }

    /// Returns how often to repeat a call that would otherwise run too rarely, or with a cold
    /// cache; 0 if no times are requested.
    #[must_use]
    pub fn repeats(&self) -> usize {
        if self.0 { 20 } else { 0 }
    }

    /// Prints the times.
    ///
    /// # Errors
    /// Errors of the log.
    pub fn print(&self, petsc: &petsc_rs::Petsc, events: &[&str]) -> petsc_rs::Result<()> {
        for name in events.iter().filter(|_| self.0) {
            let figures = petsc.log().event(name)?.figures(None)?;
            petsc.print(format_args!("call {name} {} {:e}\n", figures.count, figures.time))?;
        }
        Ok(())
    }
}
