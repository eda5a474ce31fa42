//! Magnetic resonance imaging with undersampled data; extends unit 07 of the workshop.
//!
//! ```text
//! cargo build --release -p workshop
//! mpiexec -n 2 target/release/mri --out out/
//! mpiexec -n 2 target/release/mri --kspace cartesian_ksp.npy --parallel coils --out out/
//! mpiexec -n 3 target/release/mri --size 128 128 --slices 6 --parallel slices
//! mpiexec -n 2 target/release/mri --latency
//! ```
//!
//! The program runs on any number of ranks. Rank 0 writes the figures; phantom, transforms, maps
//! and solvers are parallel. PETSc's options apply to the solver: `-ksp_monitor`, `-log_view`.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use num_complex::Complex64;
use petsc_rs::prelude::*;
use workshop::app::{self, agree, input_error};
use workshop::mpi_basics::{chunk, median_time};
use workshop::mri::{self, Encoding, Measured, Share, Summary, Variation};
use workshop::picture::{Grey, draw_grey};

/// Reconstructs images from k-space data of several coils: zero-filled, with SENSE, and with total
/// variation.
#[derive(Parser, Debug)]
#[command(name = "mri", version)]
struct Args {
    /// Measured samples in a .npy file: complex64, coil by row by column; without it, a phantom is
    /// simulated
    #[arg(long, value_name = "FILE")]
    kspace: Option<PathBuf>,
    /// Numbers of rows and columns of the phantom
    #[arg(long, num_args = 2, value_names = ["ROWS", "COLUMNS"], default_values_t = [96, 80], conflicts_with = "kspace")]
    size: Vec<usize>,
    /// Number of coils around the phantom
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=1024), conflicts_with = "kspace")]
    coils: u32,
    /// Number of slices of the phantom, from below its center to above it
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000), conflicts_with = "kspace")]
    slices: u32,
    /// Acceleration: one in this number of samples of the phantom is kept
    #[arg(long, default_value_t = 5.0, value_parser = at_least_one, conflicts_with = "kspace")]
    acceleration: f64,
    /// Width of the center of k-space from which the sensitivity maps are computed
    #[arg(long, value_name = "SAMPLES", default_value_t = 20, value_parser = clap::value_parser!(u32).range(2..))]
    calibration: u32,
    /// Distribution over the ranks: rows of all images, coils, or slices
    #[arg(long, value_enum, default_value_t = Parallel::Rows)]
    parallel: Parallel,
    /// Weight of the squared norm of the image, the penalty term of SENSE
    #[arg(long, default_value_t = 1e-2, value_parser = positive)]
    regularise: f64,
    /// Weight of the total variation, relative to the maximum of the adjoint applied to the samples
    #[arg(long, default_value_t = 1e-3, value_parser = positive)]
    weight: f64,
    /// Penalty parameter of the splitting for total variation
    #[arg(long, default_value_t = 0.02, value_parser = positive)]
    penalty: f64,
    /// Number of rounds of the splitting
    #[arg(long, default_value_t = 60)]
    rounds: u32,
    /// Number of conjugate gradient iterations in each round
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..))]
    inner: u32,
    /// Print norm, maximum and nine pixels of each image
    #[arg(long)]
    numbers: bool,
    /// Directory for slice1.png and so on; without it, no file is written
    #[arg(long)]
    out: Option<PathBuf>,
    /// Instead, measure times for images of these sizes (default: 256, 512, 1024) and 8, 16 and 32
    /// coils
    #[arg(long, num_args = 0.., value_name = "SIZE")]
    latency: Option<Vec<usize>>,
}

/// The distribution over the ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Parallel {
    /// All ranks compute each transform
    Rows,
    /// Each rank transforms the images of its coils
    Coils,
    /// Each rank has whole slices
    Slices,
}

fn at_least_one(text: &str) -> std::result::Result<f64, String> {
    match text.parse() {
        Ok(value) if (1.0..1e6).contains(&value) => Ok(value),
        _ => Err("use a number of at least 1".into()),
    }
}

fn positive(text: &str) -> std::result::Result<f64, String> {
    match text.parse() {
        Ok(value) if value > 0.0 && value < 1e6 => Ok(value),
        _ => Err("use a positive number".into()),
    }
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| match &args.latency {
        Some(sizes) => latency(petsc, sizes),
        None => images(petsc, &args),
    })
}

/// The source of the samples.
enum Source {
    Phantom { shape: [usize; 2], coils: usize, mask: Vec<bool> },
    Measured(Measured),
}

impl Source {
    fn new(comm: &Comm, args: &Args) -> Result<Self> {
        match &args.kspace {
            Some(path) => Ok(Self::Measured(agree(comm, Measured::open(path))?)),
            None => {
                let shape = [args.size[0], args.size[1]];
                Ok(Self::Phantom {
                    shape,
                    coils: args.coils as usize,
                    mask: mri::made_mask(shape, args.acceleration, args.calibration as usize),
                })
            }
        }
    }

    fn shape(&self) -> Result<([usize; 2], usize)> {
        match self {
            Self::Phantom { shape, coils, .. } => Ok((*shape, *coils)),
            Self::Measured(measured) => {
                let (coils, ny, nx) = measured.view()?.dim();
                Ok(([ny, nx], coils))
            }
        }
    }

    /// Returns the fraction of k-space that is sampled.
    fn sampled(&self) -> Result<f64> {
        let ([ny, nx], _) = self.shape()?;
        let count = match self {
            Self::Phantom { mask, .. } => mask.iter().filter(|m| **m).count(),
            Self::Measured(measured) => {
                let view = measured.view()?;
                let places = (0..ny).flat_map(|i| (0..nx).map(move |j| (i, j)));
                places.filter(|&(i, j)| Measured::is_sampled(&view, i, j)).count()
            }
        };
        Ok(count as f64 / (ny * nx) as f64)
    }

    /// Sets the samples. For a phantom, also returns the fully sampled image and the error of a
    /// forward and a backward transform.
    fn fill(&self, encoding: &mut Encoding, height: f64) -> Result<Option<(Vec<f64>, f64)>> {
        match self {
            Self::Phantom { shape, coils, mask } => {
                let error = encoding.simulate(|c, i, j| {
                    mri::coil(c, *coils, i, j, *shape) * mri::phantom(i, j, *shape, height)
                })?;
                let reference = encoding.root_of_squares()?;
                encoding.set_mask(|i, j| mask[i * shape[1] + j]);
                Ok(Some((reference, error)))
            }
            Self::Measured(measured) => {
                let view = measured.view()?;
                encoding.load(|c, i, j| Measured::sample(&view, [c, i, j]));
                encoding.set_mask(|i, j| Measured::is_sampled(&view, i, j));
                Ok(None)
            }
        }
    }
}

const NAMES: [&str; 3] = ["filled", "sense", "variation"];

/// The results of a slice: characteristic numbers and quality of the three images, iterations,
/// seconds, transform error.
#[derive(Clone, Copy, Default)]
struct Slice {
    images: [Summary; 3],
    psnr: [f64; 3],
    iterations: f64,
    seconds: [f64; 3],
    error: f64,
}

fn images(petsc: &Petsc, args: &Args) -> Result<()> {
    let world = petsc.world();
    let source = Source::new(world, args)?;
    let (shape, coils) = source.shape()?;
    let slices = args.slices as usize;
    let alone = args.parallel == Parallel::Slices;
    let team = match alone {
        true => world.split(Some(world.rank()), 0)?.ok_or("no colour")?,
        false => world.clone(),
    };
    if shape[0] < team.size() as usize || shape[1] == 0 {
        return Err(input_error(format_args!(
            "{} ranks cannot share an image of {} x {} pixels",
            team.size(),
            shape[0],
            shape[1]
        )));
    }
    if let Some(folder) = &args.out {
        let made = match world.rank() {
            0 => fs::create_dir_all(folder),
            _ => Ok(()),
        };
        agree(world, made.map_err(|e| format!("{}: {e}", folder.display())))?;
    }
    petsc.print(format_args!(
        "{} x {} pixels, {coils} coils, {slices} slices, {:.1} % sampled; {} ranks share {}\n",
        shape[0],
        shape[1],
        100.0 * source.sampled()?,
        world.size(),
        format!("{:?}", args.parallel).to_lowercase()
    ))?;
    let own = match alone {
        true => chunk(slices, world.size() as usize, world.rank() as usize),
        false => 0..slices,
    };
    let mut all = vec![0.0; slices * LEN];
    for number in own {
        let slice = one_slice(&team, &source, args, number)?;
        if team.rank() == 0 {
            all[number * LEN..(number + 1) * LEN].copy_from_slice(&slice.pack());
        }
    }
    let mut sums = vec![0.0; all.len()];
    world.mpi().all_reduce_into(&all[..], &mut sums[..], SystemOperation::sum());
    for (number, words) in sums.chunks_exact(LEN).enumerate() {
        report(petsc, args, number, &Slice::unpack(words))?;
    }
    Ok(())
}

const LEN: usize = 3 * 11 + 3 + 1 + 3 + 1;

impl Slice {
    fn pack(&self) -> [f64; LEN] {
        let mut words = [0.0; LEN];
        let images = self.images.iter().flatten();
        let rest = self.psnr.iter().chain([&self.iterations]);
        let all = images.chain(rest).chain(&self.seconds).chain([&self.error]);
        words.iter_mut().zip(all).for_each(|(to, from)| *to = *from);
        words
    }

    fn unpack(words: &[f64]) -> Self {
        let mut slice = Self::default();
        let images = slice.images.iter_mut().flatten();
        let rest = slice.psnr.iter_mut().chain([&mut slice.iterations]);
        let all = images.chain(rest).chain(&mut slice.seconds);
        let all = all.chain([&mut slice.error]);
        all.zip(words).for_each(|(to, from)| *to = *from);
        slice
    }
}

fn one_slice(team: &Comm, source: &Source, args: &Args, number: usize) -> Result<Slice> {
    let (shape, coils) = source.shape()?;
    let share = match args.parallel {
        Parallel::Coils => Share::Coils,
        _ => Share::Rows,
    };
    let mut slice = Slice::default();
    let mut encoding =
        Encoding::new(team, share, shape, coils).map_err(|e| input_error(e.message()))?;
    let count = f64::from(args.slices);
    let height = 0.6 * (2.0 * number as f64 + 1.0 - count) / count;
    let reference = source.fill(&mut encoding, height)?;
    let started = Instant::now();
    let filled = encoding.root_of_squares()?;
    slice.seconds[0] = started.elapsed().as_secs_f64();
    encoding.estimate_maps(args.calibration as usize, 0.05)?;
    let adjoint = encoding.adjoint()?;
    let encoding = Rc::new(RefCell::new(encoding));
    let started = Instant::now();
    let (sense, iterations) = mri::sense(&encoding, &adjoint, args.regularise)?;
    slice.seconds[1] = started.elapsed().as_secs_f64();
    let how = Variation {
        weight: args.weight,
        penalty: args.penalty,
        rounds: args.rounds as usize,
        inner: args.inner as usize,
    };
    let started = Instant::now();
    let variation = mri::total_variation(&encoding, &adjoint, how)?;
    slice.seconds[2] = started.elapsed().as_secs_f64();
    slice.iterations = iterations as f64;
    let size = |image: &[Complex64]| image.iter().map(|v| v.norm()).collect::<Vec<_>>();
    let images = [filled, size(&sense), size(&variation)];
    for (k, image) in images.iter().enumerate() {
        slice.images[k] = mri::summary(team, image, shape)?;
        if let Some((reference, error)) = &reference {
            slice.psnr[k] = mri::psnr(team, image, reference);
            slice.error = *error;
        }
    }
    if let Some(folder) = &args.out {
        let mut panels = Vec::new();
        let reference = reference.as_ref().map(|(image, _)| ("all samples", image));
        let named = ["zero-filled", "SENSE", "total variation"].into_iter().zip(&images);
        for (title, image) in named.chain(reference) {
            if let Some(image) = mri::gather(team, image, shape)? {
                panels.push((title, image));
            }
        }
        let drawn = if panels.is_empty() {
            Ok(())
        } else {
            draw(&folder.join(format!("slice{}.png", number + 1)), shape, &panels)
        };
        agree(team, drawn)?;
    }
    Ok(slice)
}

/// Draws all images from black to the value that one pixel in 200 exceeds.
fn draw(
    path: &std::path::Path,
    shape: [usize; 2],
    panels: &[(&str, Vec<f64>)],
) -> std::result::Result<(), String> {
    let greys: Vec<_> = panels
        .iter()
        .map(|(title, values)| {
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let white = sorted[(sorted.len() * 199 / 200).min(sorted.len() - 1)];
            Grey { title, values, white: white.max(f64::MIN_POSITIVE) }
        })
        .collect();
    draw_grey(path, shape, &greys).map_err(|e| format!("{}: {e}", path.display()))
}

fn report(petsc: &Petsc, args: &Args, number: usize, slice: &Slice) -> Result<()> {
    petsc.print(format_args!("slice {}\n", number + 1))?;
    let phantom = args.kspace.is_none();
    if phantom {
        petsc.print(format_args!(
            "  complete samples: relative error {:.1e} of a forward and a backward transform\n",
            slice.error
        ))?;
    }
    for (k, name) in NAMES.iter().enumerate() {
        let quality = match phantom {
            true => format!(", {:.4} dB", slice.psnr[k]),
            false => String::new(),
        };
        let iterations = match k {
            1 => format!(", {} iterations", slice.iterations),
            2 => format!(", {} x {} iterations", args.rounds, args.inner),
            _ => String::new(),
        };
        petsc.print(format_args!(
            "  {name:<10} norm {:.8}{quality}{iterations}, {:.3} s\n",
            slice.images[k][0], slice.seconds[k]
        ))?;
        if args.numbers {
            let numbers: Vec<_> = slice.images[k].iter().map(|v| format!("{v:.10e}")).collect();
            petsc.print(format_args!("{name} {}\n", numbers.join(" ")))?;
        }
    }
    Ok(())
}

/// Measures the zero-filled image and one product of the solvers, for both distributions.
fn latency(petsc: &Petsc, sizes: &[usize]) -> Result<()> {
    let comm = petsc.world();
    let sizes = if sizes.is_empty() { &[256, 512, 1024] } else { sizes };
    petsc.print(format_args!(
        "milliseconds on {} ranks, median of 3   zero-filled image      product of SENSE\n\
         {:>8} {:>6} {:>29} {:>9} {:>11} {:>9}\n",
        comm.size(),
        "pixels",
        "coils",
        "rows",
        "coils",
        "rows",
        "coils"
    ))?;
    for &n in sizes {
        for coils in [8, 16, 32] {
            let mut times = Vec::new();
            for share in [Share::Rows, Share::Coils] {
                let shape = [n, n];
                let mut encoding = Encoding::new(comm, share, shape, coils)
                    .map_err(|e| input_error(e.message()))?;
                encoding.load(|c, i, j| Complex64::new((c + i) as f64, j as f64));
                let (image, _) = median_time(3, || {
                    encoding.root_of_squares()?;
                    comm.barrier()
                })?;
                let x = vec![Complex64::ONE; encoding.rows().len() * n];
                let mut y = x.clone();
                let (product, ()) = median_time(3, || {
                    encoding.normal(&x, &mut y)?;
                    comm.barrier()
                })?;
                times.push([image, product].map(|t| 1e3 * t));
            }
            petsc.print(format_args!(
                "{n:>4}x{n:<4}{coils:>6} {:>28.2} {:>9.2} {:>11.2} {:>9.2}\n",
                times[0][0], times[1][0], times[0][1], times[1][1]
            ))?;
        }
    }
    Ok(())
}
