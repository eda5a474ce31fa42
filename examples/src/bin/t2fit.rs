//! T2 maps from multi-echo magnetic resonance images, and the workshop's fit of one curve.
//!
//! ```text
//! cargo run --release -p workshop --bin t2fit
//! mpiexec -n 2 target/release/t2fit --input brain.npy --te 10,25,50,90,150,250 --out out/
//! mpiexec -n 2 target/release/t2fit --input prostate.nii.gz --te-first 26.4 --te-step 13.2 --model offset \
//!     --engine tao -tao_type tron --out out/
//! mpiexec -n 2 target/release/t2fit --synthetic 256 256 128
//! ```
//!
//! Any number of ranks, with the same maps on each. `--engine tao` and the workshop's fit need a real PETSc.

use std::fs;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};
use workshop::app::{self, agree, input_error};
use workshop::mpi_basics::chunk;
use workshop::picture::{Colours, Field, Labels, draw_field};
use workshop::relaxometry::{
    Bounds, Engine, Flag, Maps, Model, Scan, Settings, Synthetic, Voxels, Workshop, fit,
    log_linear, noise_threshold, read, read_mask, write_nifti,
};

/// Fits decaying exponentials to the echoes of each voxel.
///
/// Options with one dash go to PETSc: -tao_type, -tao_monitor, -log_view … Times in ms.
#[derive(Parser, Debug)]
#[command(name = "t2fit", version)]
struct Args {
    /// Image, .npy, .nii or .nii.gz, the last axis being the echoes; without one, the workshop's curve
    #[arg(long)]
    input: Option<PathBuf>,
    /// Echo times
    #[arg(long, value_delimiter = ',', conflicts_with_all = ["te_first", "te_step"])]
    te: Vec<f64>,
    /// First echo time, for equal steps
    #[arg(long, requires = "te_step")]
    te_first: Option<f64>,
    /// Step between echo times
    #[arg(long, requires = "te_first")]
    te_step: Option<f64>,
    /// The curve
    #[arg(long, value_enum, default_value_t = Model::Mono)]
    model: Model,
    /// Who fits
    #[arg(long, value_enum, default_value_t = Engine::Batch)]
    engine: Engine,
    /// Image of the voxels to fit, those that are not zero
    #[arg(long)]
    mask: Option<PathBuf>,
    /// Voxels are background if their first echo is below this share of its 99th percentile
    #[arg(long, default_value_t = 0.05)]
    threshold: f64,
    /// Smallest T2
    #[arg(long, default_value_t = 1.0)]
    t2_min: f64,
    /// Largest T2
    #[arg(long, default_value_t = 5000.0)]
    t2_max: f64,
    /// Folder for the maps
    #[arg(long)]
    out: Option<PathBuf>,
    /// A volume made up slice by slice instead of an image
    #[arg(long, num_args = 3, value_names = ["NX", "NY", "NZ"], conflicts_with = "input")]
    synthetic: Option<Vec<usize>>,
    /// Standard deviation of the noise of what is made up
    #[arg(long, default_value_t = 0.02)]
    noise: f64,
}

/// The workshop's echo times.
const TIMES: [f64; 10] = [
    10.0, 20.0, 40.0, 60.0, 80.0, 120.0, 160.0, 200.0, 240.0, 280.0,
];

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        check(&args).map_err(input_error)?;
        if let Some(size) = &args.synthetic {
            return synthetic(petsc, &args, size);
        }
        match &args.input {
            None => workshop(petsc, &args),
            Some(path) => image(petsc, &args, path),
        }
    })
}

fn check(args: &Args) -> std::result::Result<(), String> {
    let positive = |v: f64| v.is_finite() && v > 0.0;
    if !(positive(args.t2_min) && positive(args.t2_max) && args.t2_min < args.t2_max) {
        return Err(format!(
            "--t2-min {} and --t2-max {} are no range",
            args.t2_min, args.t2_max
        ));
    }
    if !(args.threshold.is_finite() && args.noise.is_finite() && args.noise >= 0.0) {
        return Err("--threshold and --noise must be finite, and noise not negative".into());
    }
    Ok(())
}

/// The echo times for this number of echoes.
fn times(args: &Args, echoes: usize) -> std::result::Result<Vec<f64>, String> {
    let times = match (args.te_first, args.te_step) {
        (Some(first), Some(step)) => (0..echoes).map(|i| first + step * i as f64).collect(),
        _ if args.te.is_empty() => {
            return Err("echo times are missing: --te or --te-first and --te-step".into());
        }
        _ => args.te.clone(),
    };
    if times.len() != echoes {
        return Err(format!("{} echo times for {echoes} echoes", times.len()));
    }
    if !times.iter().all(|t| t.is_finite() && *t >= 0.0) {
        return Err("echo times must be finite and not negative".into());
    }
    if let Some(k) = times.windows(2).position(|w| w[0] >= w[1]) {
        return Err(format!(
            "echo times must increase, and {} is followed by {}",
            times[k],
            times[k + 1]
        ));
    }
    if echoes < args.model.parameters() {
        return Err(format!(
            "{echoes} echoes are too few for {} parameters",
            args.model.parameters()
        ));
    }
    Ok(times)
}

fn settings(args: &Args, times: Vec<f64>) -> Settings {
    Settings {
        model: args.model,
        engine: args.engine,
        bounds: Bounds {
            t2: (args.t2_min, args.t2_max),
        },
        times,
    }
}

fn workshop(petsc: &Petsc, args: &Args) -> Result<()> {
    let (amplitude, t2) = (1.0, 85.0);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut normal = || {
        (0..12)
            .map(|_| (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64)
            .sum::<f64>()
            - 6.0
    };
    let curve = Workshop {
        times: TIMES.to_vec(),
        signal: TIMES
            .iter()
            .map(|t| amplitude * (-t / t2).exp() + args.noise * normal())
            .collect(),
    };
    let (a, fitted, converged) = curve.fit(petsc.world())?;
    petsc.print(format_args!(
        "--- TAO MRI T2 fit ---\n\
         True parameters: amplitude = {amplitude:.3}, T2 = {t2:.3} ms\n\
         Estimated parameters: amplitude = {a:.3}, T2 = {fitted:.3} ms\n\
         Final objective value: {:.3e}\n\
         {converged}\n",
        converged.objective
    ))
}

fn bar(petsc: &Petsc, length: usize) -> ProgressBar {
    if petsc.world().rank() != 0 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} voxels, {eta} left");
    ProgressBar::new(length as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn image(petsc: &Petsc, args: &Args, path: &Path) -> Result<()> {
    let comm = petsc.world();
    let scan = agree(comm, read(path))?;
    let settings = settings(args, times(args, scan.echoes).map_err(input_error)?);
    let chosen = voxels_to_fit(comm, args, &scan)?;
    // The fits cost about the same: each rank takes its share of the voxels that are fitted.
    let own = &chosen[chunk(chosen.len(), comm.size() as usize, comm.rank() as usize)];
    let mut maps = Maps::new(settings.model, scan.len());
    let progress = bar(petsc, own.len());
    let started = Instant::now();
    fit(petsc.self_comm(), &scan, own, &settings, &mut maps, |n| {
        progress.inc(n as u64)
    })?;
    let seconds = started.elapsed().as_secs_f64();
    progress.finish_and_clear();
    maps.combine(comm);
    summary(petsc, &settings, &scan, &maps)?;
    speed(petsc, chosen.len(), seconds)?;
    let Some(folder) = &args.out else {
        return Ok(());
    };
    let written = if comm.rank() == 0 {
        write(folder, &settings, &scan, &maps)
    } else {
        Ok(())
    };
    agree(
        comm,
        written.map_err(|e| format!("{}: {e}", folder.display())),
    )?;
    petsc.print(format_args!("wrote the maps into {}\n", folder.display()))
}

fn voxels_to_fit(comm: &Comm, args: &Args, scan: &Scan) -> Result<Vec<usize>> {
    let mask = match &args.mask {
        Some(path) => Some(agree(comm, read_mask(path, scan))?),
        None => None,
    };
    let threshold = noise_threshold(scan, args.threshold);
    // What is not a number is looked at, and flagged.
    let bright = |v: &usize| scan.signal(0, *v).is_nan() || scan.signal(0, *v) > threshold;
    let inside = |v: &usize| mask.as_ref().is_none_or(|mask| mask[*v]);
    let chosen: Vec<usize> = (0..scan.len()).filter(bright).filter(inside).collect();
    if chosen.is_empty() {
        return Err(input_error("no voxel is bright enough or within the mask"));
    }
    Ok(chosen)
}

fn summary(petsc: &Petsc, settings: &Settings, scan: &Scan, maps: &Maps) -> Result<()> {
    let [x, y, z] = scan.size;
    petsc.print(format_args!(
        "{x} x {y} x {z} voxels, {} echoes: {} fitted, {} masked, {} bad signals, {} noise, {} at a bound, {} not converged\n",
        scan.echoes,
        maps.count(Flag::Fitted),
        maps.count(Flag::Masked),
        maps.count(Flag::BadSignal),
        maps.count(Flag::Noise),
        maps.count(Flag::AtBound),
        maps.count(Flag::NotConverged),
    ))?;
    for (i, name) in settings.model.names().iter().enumerate() {
        if let (Some(value), Some(error)) = (
            maps.median(&maps.parameters[i]),
            maps.median(&maps.errors[i]),
        ) {
            petsc.print(format_args!(
                "median {name:5} {value:12.4}, of its standard error {error:10.4}\n"
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
        petsc.print(format_args!(
            "median T2 of the straight line through the logarithms {line:.4}\n"
        ))?;
    }
    if let Some(r) = maps.median(&maps.r_squared) {
        petsc.print(format_args!("median R2    {r:12.4}\n"))?;
    }
    Ok(())
}

/// The slowest rank counts.
fn speed(petsc: &Petsc, voxels: usize, seconds: f64) -> Result<()> {
    let comm = petsc.world();
    let mut slowest = 0.0_f64;
    comm.mpi()
        .all_reduce_into(&seconds, &mut slowest, SystemOperation::max());
    let per_core = voxels as f64 / (slowest.max(1e-9) * f64::from(comm.size()));
    petsc.print(format_args!(
        "{voxels} fits in {slowest:.3} s, {per_core:.0} voxels/s a core\n"
    ))
}

fn write(
    folder: &Path,
    settings: &Settings,
    scan: &Scan,
    maps: &Maps,
) -> std::result::Result<(), Box<dyn std::error::Error>> {
    fs::create_dir_all(folder)?;
    let flags: Vec<f64> = maps.flags.iter().map(|&f| f64::from(f)).collect();
    write_nifti(&folder.join("flags.nii"), scan, &flags)?;
    write_nifti(&folder.join("r2.nii"), scan, &maps.r_squared)?;
    for (i, name) in settings.model.names().iter().enumerate() {
        write_nifti(
            &folder.join(format!("{name}.nii")),
            scan,
            &maps.parameters[i],
        )?;
        write_nifti(
            &folder.join(format!("se_{name}.nii")),
            scan,
            &maps.errors[i],
        )?;
        let unit = if settings.model.is_rate(i) {
            "ms"
        } else {
            "signal"
        };
        picture(
            &folder.join(format!("{name}.png")),
            scan,
            maps,
            &maps.parameters[i],
            name,
            unit,
        )?;
    }
    picture(
        &folder.join("r2.png"),
        scan,
        maps,
        &maps.r_squared,
        "R2",
        "share",
    )
}

/// The middle slice; what was not fitted is dark, and the brightest twentieth is cut off.
fn picture(
    path: &Path,
    scan: &Scan,
    maps: &Maps,
    map: &[f64],
    name: &str,
    unit: &str,
) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let [nx, ny, nz] = scan.size;
    let slice = nz / 2 * nx * ny..(nz / 2 + 1) * nx * ny;
    let good = |v: &usize| maps.flags[*v] == Flag::Fitted as u8;
    let mut sorted: Vec<f64> = slice.clone().filter(good).map(|v| map[v]).collect();
    sorted.sort_by(f64::total_cmp);
    let top = sorted.get(sorted.len() * 95 / 100).copied().unwrap_or(1.0);
    let values: Vec<f64> = slice
        .map(|v| if good(&v) { map[v].min(top) } else { 0.0 })
        .collect();
    let field = Field {
        values: &values,
        nx,
        ny,
        size: (
            nx as f64 * f64::from(scan.spacing[0]),
            ny as f64 * f64::from(scan.spacing[1]),
        ),
        down: scan.down,
    };
    let labels = Labels {
        title: &format!("{name}, slice {} of {nz}", nz / 2 + 1),
        value: &format!("{name} in {unit}"),
        axes: ("x", "y"),
    };
    draw_field(path, field, Colours::Sequential, &labels)
}

fn synthetic(petsc: &Petsc, args: &Args, size: &[usize]) -> Result<()> {
    let &[nx, ny, nz] = size else {
        return Err(input_error("--synthetic takes three sizes"));
    };
    if nx == 0 || ny == 0 || nz == 0 {
        return Err(input_error("--synthetic takes sizes above zero"));
    }
    let settings = settings(args, TIMES.to_vec());
    let comm = petsc.world();
    let voxels = nx * ny;
    let list: Vec<usize> = (0..voxels).collect();
    let progress = bar(petsc, voxels * nz / comm.size() as usize);
    let (mut seconds, mut sums) = (0.0, [0.0; 3]);
    // A slice at a time: memory does not grow with their number.
    for number in (comm.rank() as usize..nz).step_by(comm.size() as usize) {
        let slice = Synthetic::slice(&settings.times, voxels, number, args.noise);
        let mut maps = Maps::new(settings.model, voxels);
        let started = Instant::now();
        fit(
            petsc.self_comm(),
            &slice,
            &list,
            &settings,
            &mut maps,
            |n| progress.inc(n as u64),
        )?;
        seconds += started.elapsed().as_secs_f64();
        for (v, t2) in slice.t2.iter().enumerate() {
            if maps.flags[v] == Flag::Fitted as u8 {
                let error = maps.parameters[1][v] - t2;
                sums[0] += 1.0;
                sums[1] += (error / t2).abs();
                // How often the truth lies within one standard error: 68 % if these are right.
                sums[2] += f64::from(u8::from(error.abs() <= maps.errors[1][v]));
            }
        }
    }
    progress.finish_and_clear();
    let mut total = [0.0; 3];
    comm.mpi()
        .all_reduce_into(&sums[..], &mut total[..], SystemOperation::sum());
    petsc.print(format_args!(
        "{nx} x {ny} x {nz} voxels: {} fitted, mean error of T2 {:.2} %, truth within one standard error for {:.1} %\n",
        total[0],
        100.0 * total[1] / total[0],
        100.0 * total[2] / total[0]
    ))?;
    speed(petsc, voxels * nz, seconds)
}
