//! What the Rust twins share: their one argument.

#[cfg(feature = "slepc")]
pub mod eigen;

/// The stage of the log in which twins set up and solve: `cargo xtask bench --messages` compares its messages.
pub const SOLVE: &str = "solve";

/// The size on the command line (its first word), or `default`.
#[must_use]
pub fn size(default: i32) -> petsc_rs::Int {
    let word = std::env::args().nth(1);
    // The width of `Int` depends on the PETSc in use.
    petsc_rs::Int::from(word.and_then(|w| w.parse().ok()).unwrap_or(default))
}

/// An error with exit code 3 unless the result is right.
///
/// # Errors
/// If `right` is false.
pub fn check(right: bool) -> petsc_rs::Result<()> {
    if right {
        return Ok(());
    }
    Err(petsc_rs::Error::new(petsc_rs::ErrorCode::PLIB, "wrong result").with_exit_code(3))
}

/// The size on the command line as a number of points.
#[must_use]
pub fn count(default: i32) -> usize {
    usize::try_from(size(default)).unwrap_or(0)
}

/// What callbacks cost, by PETSc's own log: `<program> <n> times` prints a line
/// `call <event> <count> <seconds in all>` for each event that is asked for.
#[derive(Debug)]
pub struct Calls(bool);

impl Calls {
    /// Begins to log if the command line asks for times.
    ///
    /// # Errors
    /// What `PetscLogDefaultBegin` returns.
    pub fn begin(petsc: &petsc_rs::Petsc) -> petsc_rs::Result<Self> {
        let on = std::env::args().nth(2).is_some_and(|word| word == "times");
        if on {
            petsc.log().begin()?;
        }
        Ok(Self(on))
    }

    /// How often to call what would be called too seldom, or with cold memory only; 0 if nobody asked for times.
    #[must_use]
    pub fn repeats(&self) -> usize {
        if self.0 { 20 } else { 0 }
    }

    /// Prints what was logged.
    ///
    /// # Errors
    /// What the log returns.
    pub fn print(&self, petsc: &petsc_rs::Petsc, events: &[&str]) -> petsc_rs::Result<()> {
        for name in events.iter().filter(|_| self.0) {
            let figures = petsc.log().event(name)?.figures(None)?;
            petsc.print(format_args!(
                "call {name} {} {:e}\n",
                figures.count, figures.time
            ))?;
        }
        Ok(())
    }
}
