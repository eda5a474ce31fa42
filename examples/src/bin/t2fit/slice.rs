//! Smooth maps of one slice.

use std::path::Path;
use std::time::Instant;

use petsc_rs::prelude::*;
use workshop::app::{agree, input_error};
use workshop::relaxometry::{
    Flag, Maps, Scan, Settings, Slice, Smoothed, Smoothness, Synthetic, fit_slice, read,
    write_nifti,
};

use crate::TIMES;
use crate::args::{Args, settings, times};
use crate::image::voxels_to_fit;
use crate::write::picture;

/// One slice of an image.
pub(crate) fn image(petsc: &Petsc, args: &Args, path: &Path) -> Result<()> {
    let comm = petsc.world();
    let scan = agree(comm, read(path))?;
    let settings = settings(args, times(args, scan.echoes).map_err(input_error)?);
    let [nx, ny, nz] = scan.size;
    let number = args.slice.unwrap_or(nz / 2 + 1);
    if !(1..=nz).contains(&number) {
        return Err(input_error(format_args!("--slice {number}: the image has slices 1 to {nz}")));
    }
    let first = (number - 1) * nx * ny;
    let mut chosen = vec![false; nx * ny];
    for v in voxels_to_fit(comm, args, &scan)? {
        if let Some(chosen) = v.checked_sub(first).and_then(|v| chosen.get_mut(v)) {
            *chosen = true;
        }
    }
    let slice = Slice { voxels: &scan, size: (nx, ny), first };
    let smoothed = solve(petsc, args, slice, &chosen, &settings)?;
    let Some(folder) = &args.out else {
        return Ok(());
    };
    let plane = Scan { size: [nx, ny, 1], data: Vec::new(), ..scan };
    let written = if comm.rank() == 0 { write(folder, &plane, &smoothed) } else { Ok(()) };
    agree(comm, written.map_err(|e| format!("{}: {e}", folder.display())))?;
    petsc.print(format_args!("wrote the maps to {}\n", folder.display()))
}

/// A synthetic slice with known T2.
pub(crate) fn made_up(petsc: &Petsc, args: &Args, size: &[usize]) -> Result<()> {
    let &[nx, ny, 1] = size else {
        return Err(input_error("--smooth fits one slice: use --synthetic NX NY 1"));
    };
    if nx == 0 || ny == 0 {
        return Err(input_error("--synthetic needs positive sizes"));
    }
    let settings = settings(args, TIMES.to_vec());
    let phantom = Synthetic::phantom(&settings.times, (nx, ny), args.noise);
    let chosen: Vec<bool> = phantom.t2.iter().map(|&t2| t2 > 0.0).collect();
    let slice = Slice { voxels: &phantom, size: (nx, ny), first: 0 };
    let smoothed = solve(petsc, args, slice, &chosen, &settings)?;
    let error = |map: &[f64]| {
        let relative = map.iter().zip(&phantom.t2).filter(|(_, t2)| **t2 > 0.0);
        let (n, sum) = relative
            .fold((0.0, 0.0), |(n, sum), (found, t2)| (n + 1.0, sum + ((found - t2) / t2).powi(2)));
        100.0 * f64::sqrt(sum / f64::max(n, 1.0))
    };
    petsc.print(format_args!(
        "error of T2: voxel by voxel {:.3} %, smooth {:.3} %\n",
        error(&smoothed.separate.parameters[1]),
        error(&smoothed.t2)
    ))
}

fn solve(
    petsc: &Petsc,
    args: &Args,
    slice: Slice<'_>,
    chosen: &[bool],
    settings: &Settings,
) -> Result<Smoothed> {
    let smoothness = Smoothness { spread: args.smooth.unwrap_or(0.1), edge: args.edge };
    let started = Instant::now();
    let smoothed = fit_slice(petsc, petsc.world(), slice, chosen, settings, smoothness)?;
    let maps = &smoothed.separate;
    petsc.print(format_args!(
        "{} x {} voxels, {} fitted together, noise {:.4e}\n{} after {} iterations, objective {:.10e}, {:.2} s\n",
        slice.size.0,
        slice.size.1,
        smoothed.t2.iter().filter(|&&t2| t2 > 0.0).count(),
        smoothed.noise,
        smoothed.status.reason,
        smoothed.status.iterations,
        smoothed.status.objective,
        started.elapsed().as_secs_f64()
    ))?;
    let medians = [&maps.parameters[1], &smoothed.t2].map(|map| maps.median(map).unwrap_or(0.0));
    petsc.print(format_args!(
        "median T2: voxel by voxel {:.4}, smooth {:.4}\n",
        medians[0], medians[1]
    ))?;
    Ok(smoothed)
}

fn write(
    folder: &Path,
    plane: &Scan,
    smoothed: &Smoothed,
) -> std::result::Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    let fitted = Maps {
        flags: smoothed
            .t2
            .iter()
            .map(|&t2| if t2 > 0.0 { Flag::Fitted as u8 } else { 0 })
            .collect(),
        ..Maps::default()
    };
    for (name, map, unit) in [
        ("a_smooth", &smoothed.amplitude, "signal"),
        ("t2_smooth", &smoothed.t2, "ms"),
        ("t2_separate", &smoothed.separate.parameters[1], "ms"),
    ] {
        write_nifti(&folder.join(format!("{name}.nii")), plane, map)?;
        let path = folder.join(format!("{name}.png"));
        picture(&path, plane, &fitted, map, name, unit)?;
    }
    Ok(())
}
