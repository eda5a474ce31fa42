//! Maps of an image, voxel by voxel.

use std::path::Path;
use std::time::Instant;

use petsc_rs::prelude::*;
use workshop::app::{agree, input_error};
use workshop::relaxometry::{
    Maps, Scan, Settings, Voxels, fit, log_linear, noise_threshold, read, read_mask,
};

use crate::args::{Args, settings, times};
use crate::progress::{bar, counts_of, speed};
use crate::write::write;

pub(crate) fn image(petsc: &Petsc, args: &Args, path: &Path) -> Result<()> {
    let comm = petsc.world();
    let scan = agree(comm, read(path))?;
    let settings = settings(args, times(args, scan.echoes).map_err(input_error)?);
    let chosen = voxels_to_fit(comm, args, &scan)?;
    let own = share(&chosen, comm.size() as usize, comm.rank() as usize);
    let mut maps = Maps::new(settings.model, scan.len());
    let progress = bar(petsc, own.len());
    let started = Instant::now();
    fit(petsc.self_comm(), &scan, &own, &settings, &mut maps, |n| progress.inc(n as u64))?;
    let seconds = started.elapsed().as_secs_f64();
    progress.finish_and_clear();
    maps.combine(comm);
    summary(petsc, &settings, &scan, &maps)?;
    speed(petsc, chosen.len(), seconds)?;
    let Some(folder) = &args.out else {
        return Ok(());
    };
    let written = if comm.rank() == 0 { write(folder, &settings, &scan, &maps) } else { Ok(()) };
    agree(comm, written.map_err(|e| format!("{}: {e}", folder.display())))?;
    petsc.print(format_args!("wrote the maps to {}\n", folder.display()))
}

/// The number of voxels in a block.
const BLOCK: usize = 64;

/// Returns the voxels of a rank: blocks assigned cyclically. The time of a fit depends on the
/// tissue, and tissues are larger than blocks, so each rank gets a part of the expensive voxels.
fn share(chosen: &[usize], ranks: usize, rank: usize) -> Vec<usize> {
    let blocks = chosen.chunks(BLOCK).skip(rank).step_by(ranks);
    blocks.flatten().copied().collect()
}

pub(crate) fn voxels_to_fit(comm: &Comm, args: &Args, scan: &Scan) -> Result<Vec<usize>> {
    let mask = match &args.mask {
        Some(path) => Some(agree(comm, read_mask(path, scan))?),
        None => None,
    };
    let threshold = noise_threshold(scan, args.threshold);
    // Voxels that are not numbers are included, and flagged.
    let bright = |v: &usize| scan.signal(0, *v).is_nan() || scan.signal(0, *v) > threshold;
    let inside = |v: &usize| mask.as_ref().is_none_or(|mask| mask[*v]);
    let chosen: Vec<usize> = (0..scan.len()).filter(bright).filter(inside).collect();
    if chosen.is_empty() {
        return Err(input_error("no voxel is above the threshold and in the mask"));
    }
    Ok(chosen)
}

/// Formats with at least five significant digits, because signals may be small in their unit.
fn digits(value: f64) -> String {
    if value == 0.0 || value.abs() >= 1.0 { format!("{value:.4}") } else { format!("{value:.4e}") }
}

fn summary(petsc: &Petsc, settings: &Settings, scan: &Scan, maps: &Maps) -> Result<()> {
    counts_of(petsc, scan.size, scan.echoes, |flag| maps.count(flag) as u64)?;
    for (i, name) in settings.model.names().iter().enumerate() {
        if let (Some(value), Some(error)) =
            (maps.median(&maps.parameters[i]), maps.median(&maps.errors[i]))
        {
            petsc.print(format_args!(
                "median {name:5} {:>12}, median standard error {:>10}\n",
                digits(value),
                digits(error)
            ))?;
        }
    }
    let lines: Vec<f64> = (0..scan.len())
        .map(|v| {
            let signal: Vec<f64> = (0..scan.echoes).map(|e| scan.signal(e, v)).collect();
            log_linear(&settings.times, &signal).map_or(0.0, |(_, rate)| 1.0 / rate)
        })
        .collect();
    if let Some(line) = maps.median(&lines) {
        petsc.print(format_args!("median T2 of the linear fit to the logarithms {line:.4}\n"))?;
    }
    if let Some(r) = maps.median(&maps.r_squared) {
        petsc.print(format_args!("median coefficient of determination {r:.4}\n"))?;
    }
    Ok(())
}
