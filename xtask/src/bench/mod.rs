//! `cargo xtask bench`

use crate::Outcome;

/// Arguments of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the task.
pub(crate) fn run(_args: &Args) -> Outcome {
    Err("`cargo xtask bench` is not written yet".into())
}
