//! `cargo xtask doctor`

use crate::Outcome;

/// Arguments of `cargo xtask doctor`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the task.
pub(crate) fn run(_args: &Args) -> Outcome {
    Err("`cargo xtask doctor` is not written yet".into())
}
