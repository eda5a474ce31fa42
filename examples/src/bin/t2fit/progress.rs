//! How far, and how fast.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};
use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;

/// A bar on the first rank, if someone looks.
pub(crate) fn bar(petsc: &Petsc, length: usize) -> ProgressBar {
    if petsc.world().rank() != 0 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} voxels, {eta} left");
    ProgressBar::new(length as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The slowest rank counts.
pub(crate) fn speed(petsc: &Petsc, voxels: usize, seconds: f64) -> Result<()> {
    let comm = petsc.world();
    let mut slowest = 0.0_f64;
    comm.mpi()
        .all_reduce_into(&seconds, &mut slowest, SystemOperation::max());
    let mut all = 0.0_f64;
    comm.mpi()
        .all_reduce_into(&seconds, &mut all, SystemOperation::sum());
    let ranks = f64::from(comm.size());
    let per_core = voxels as f64 / (slowest.max(1e-9) * ranks);
    petsc.print(format_args!(
        "{voxels} fits in {slowest:.3} s, {per_core:.0} voxels/s a core, busiest rank {:.0} % above the mean\n",
        100.0 * (slowest * ranks / all.max(1e-9) - 1.0)
    ))
}
