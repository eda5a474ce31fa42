//! What the Rust twins share: their one argument.

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
