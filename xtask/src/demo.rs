//! `cargo xtask demo`

use crate::Outcome;

/// Arguments of `cargo xtask demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the task.
pub(crate) fn run(_args: &Args) -> Outcome {
    Err("`cargo xtask demo` is not written yet".into())
}
