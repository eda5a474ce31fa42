//! Maps of an image that is processed slice by slice.

use std::path::Path;
use std::time::Instant;

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;
use workshop::app::{agree, input_error};
use workshop::relaxometry::{Maps, Settings, SliceWriter, Slices, Voxels, fit};

use crate::args::{Args, settings, times};
use crate::progress::{bar, counts_of, speed};

pub(crate) fn image(petsc: &Petsc, args: &Args, path: &Path) -> Result<()> {
    let comm = petsc.world();
    let image = agree(comm, Slices::open(path))?;
    let settings = settings(args, times(args, image.echoes).map_err(input_error)?);
    let mask = match &args.mask {
        Some(path) => Some(agree(comm, mask(path, &image))?),
        None => None,
    };
    let threshold = agree(comm, image.noise_threshold(args.threshold))?;
    let writers = agree(comm, writers(comm, args, &settings, &image)?)?;

    let (ranks, rank, nz) = (comm.size() as usize, comm.rank() as usize, image.size[2]);
    let progress = bar(petsc, nz.div_ceil(ranks));
    let (mut counts, mut fits, mut seconds) = ([0_u64; 6], 0_u64, 0.0);
    // A file error on one rank becomes an error on all ranks.
    let mut outcome = Ok(());
    for z in (rank..nz).step_by(ranks) {
        let read = image.slice(z).and_then(|scan| match &mask {
            Some(mask) => Ok((scan, Some(mask.slice(z)?))),
            None => Ok((scan, None)),
        });
        let (scan, mask) = match read {
            Ok(read) => read,
            Err(e) => {
                outcome = Err(format!("{}: {e}", path.display()));
                break;
            }
        };
        let chosen = |v: &usize| {
            let first = scan.signal(0, *v);
            (first.is_nan() || first > threshold)
                && mask.as_ref().is_none_or(|m| m.signal(0, *v) != 0.0)
        };
        let list: Vec<usize> = (0..scan.len()).filter(chosen).collect();
        let mut maps = Maps::new(settings.model, scan.len());
        let started = Instant::now();
        fit(petsc.self_comm(), &scan, &list, &settings, &mut maps, |_| ())?;
        seconds += started.elapsed().as_secs_f64();
        fits += list.len() as u64;
        for flag in &maps.flags {
            counts[usize::from(*flag)] += 1;
        }
        for (writer, map) in writers.iter().zip(in_order(&maps)) {
            if let Err(e) = writer.write(z, map) {
                outcome = Err(e.to_string());
            }
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    agree(comm, outcome)?;
    let (mut all, mut total) = ([0_u64; 6], 0_u64);
    comm.mpi().all_reduce_into(&counts[..], &mut all[..], SystemOperation::sum());
    comm.mpi().all_reduce_into(&fits, &mut total, SystemOperation::sum());
    if total == 0 {
        return Err(input_error("no voxel is above the threshold and in the mask"));
    }
    counts_of(petsc, image.size, image.echoes, |flag| all[flag as usize])?;
    speed(petsc, total as usize, seconds)
}

fn mask(path: &Path, like: &Slices) -> std::result::Result<Slices, String> {
    let mask = Slices::open(path)?;
    if (mask.size, mask.echoes) != (like.size, 1) {
        return Err(format!("{}: the size differs from that of the image", path.display()));
    }
    Ok(mask)
}

/// Returns the files in the order of [`in_order`]; empty without a directory.
fn writers(
    comm: &Comm,
    args: &Args,
    settings: &Settings,
    image: &Slices,
) -> Result<std::result::Result<Vec<SliceWriter>, String>> {
    let Some(folder) = &args.out else {
        return Ok(Ok(Vec::new()));
    };
    let names = settings.model.names();
    let names = names
        .iter()
        .map(|name| format!("{name}.nii"))
        .chain(names.iter().map(|name| format!("se_{name}.nii")))
        .chain(["r2.nii".to_owned(), "flags.nii".to_owned()]);
    let paths: Vec<_> = names.map(|name| folder.join(name)).collect();
    let said = |e: std::io::Error| format!("{}: {e}", folder.display());
    let made = || {
        std::fs::create_dir_all(folder)?;
        paths.iter().try_for_each(|p| SliceWriter::create(p, image))
    };
    let made = if comm.rank() == 0 { made() } else { Ok(()) };
    agree(comm, made.map_err(said))?;
    let opened = paths.iter().map(|p| SliceWriter::open(p, image));
    Ok(opened.collect::<std::io::Result<_>>().map_err(said))
}

/// Returns parameters, their errors, fractions of variance, and flags.
fn in_order(maps: &Maps) -> impl Iterator<Item = Box<dyn Iterator<Item = f64> + '_>> {
    let numbers = maps.parameters.iter().chain(&maps.errors);
    let numbers = numbers.chain(std::iter::once(&maps.r_squared));
    let flags = maps.flags.iter().map(|f| f64::from(*f));
    numbers
        .map(|map| Box::new(map.iter().copied()) as Box<dyn Iterator<Item = f64>>)
        .chain(std::iter::once(Box::new(flags) as Box<dyn Iterator<Item = f64>>))
}
