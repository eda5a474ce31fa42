//! `cargo xtask test`

use crate::Outcome;

/// Arguments of `cargo xtask test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the task.
pub(crate) fn run(_args: &Args) -> Outcome {
    Err("`cargo xtask test` is not written yet".into())
}
