//! `cargo xtask parity`

use crate::Outcome;

/// Arguments of `cargo xtask parity`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the task.
pub(crate) fn run(_args: &Args) -> Outcome {
    Err("`cargo xtask parity` is not written yet".into())
}
