//! Progress, speed and summary.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};
use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;
use workshop::relaxometry::Flag;

/// Returns a progress bar, which is visible on the first rank if its output is a terminal.
pub(crate) fn bar(petsc: &Petsc, length: usize) -> ProgressBar {
    if petsc.world().rank() != 0 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} voxels, {eta} left");
    ProgressBar::new(length as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The time is that of the slowest rank.
pub(crate) fn speed(petsc: &Petsc, voxels: usize, seconds: f64) -> Result<()> {
    let comm = petsc.world();
    let mut slowest = 0.0_f64;
    comm.mpi().all_reduce_into(&seconds, &mut slowest, SystemOperation::max());
    let mut all = 0.0_f64;
    comm.mpi().all_reduce_into(&seconds, &mut all, SystemOperation::sum());
    let ranks = f64::from(comm.size());
    let per_core = voxels as f64 / (slowest.max(1e-9) * ranks);
    petsc.print(format_args!(
        "{voxels} fits in {slowest:.3} s, {per_core:.0} voxels/s a core, busiest rank {:.0} % above the mean\n",
        100.0 * (slowest * ranks / all.max(1e-9) - 1.0)
    ))
}

/// Returns the number of voxels with each flag.
pub(crate) fn counts_of(
    petsc: &Petsc,
    size: [usize; 3],
    echoes: usize,
    count: impl Fn(Flag) -> u64,
) -> Result<()> {
    let [x, y, z] = size;
    petsc.print(format_args!(
        "{x} x {y} x {z} voxels, {echoes} echoes: {} fitted, {} masked, {} bad signals, {} noise, {} at a bound, {} not converged\n",
        count(Flag::Fitted),
        count(Flag::Masked),
        count(Flag::BadSignal),
        count(Flag::Noise),
        count(Flag::AtBound),
        count(Flag::NotConverged),
    ))
}
