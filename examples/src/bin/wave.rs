//! Acoustic waves in the ground, from a point source to receivers.
//!
//! ```text
//! cargo run --release -p workshop --bin wave -- --nx 400 --ny 240 --dt 0.028 --steps 500 --out out/
//! mpiexec -n 2 target/release/wave --model marmousi.bin --model-size 941 301 --nx 941 --ny 301 \
//!     --length-x 9400 --length-y 3000 --dt 0.0012 --source-freq 15 --wavelet ricker --snapshot 250 --out out/
//! mpiexec -n 2 target/release/wave --absorb pml --snapshot 20 --snapshot-as gif,vtk --out out/
//! mpiexec -n 2 target/release/wave --steps 500 --dt 0.01 -ts_type rk -ts_rk_type 4
//! mpiexec -n 2 target/release/wave --steps 2000 --checkpoint run.chk --checkpoint-every 100
//! mpiexec -n 3 target/release/wave --steps 2000 --checkpoint run.chk --restart
//! ```
//!
//! The program runs on any number of ranks, with identical results.

use std::cell::RefCell;
use std::fs;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use petsc_rs::prelude::*;
use workshop::app::{self, agree, input_error};
use workshop::wave::{
    Absorb, Format, Medium, Pictures, Seismogram, Settings, Signal, Source, Wave, Wavelet,
    checkpoint_place, integrate,
};

/// The time integration method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Integrator {
    /// Second differences in time
    Leapfrog,
    /// The methods of PETSc's TS: -ts_type rk, ssp, cn, alpha2
    Ts,
}

/// The absorbing layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Edges {
    /// No layer: the edges reflect
    None,
    /// A sponge, as in the workshop
    Sponge,
    /// A perfectly matched layer
    Pml,
}

/// Computes acoustic waves in a rectangle, from a point source to receivers.
///
/// PETSc options begin with one dash: -ts_type, -ts_monitor, -log_view. Lengths are in m, times in
/// s, frequencies in Hz.
#[derive(Parser, Debug)]
#[command(name = "wave", version)]
struct Args {
    /// Points along x
    #[arg(long, default_value_t = 200)]
    nx: usize,
    /// Points along y
    #[arg(long, default_value_t = 120)]
    ny: usize,
    /// Length along x
    #[arg(long, default_value_t = 40_000.0)]
    length_x: f64,
    /// Length along y
    #[arg(long, default_value_t = 24_000.0)]
    length_y: f64,
    /// Wave speed in m/s
    #[arg(long = "c", default_value_t = 2_500.0)]
    speed: f64,
    /// File with wave speeds: 32-bit little-endian floating-point numbers, x running fastest
    #[arg(long, requires = "model_size", conflicts_with = "speed")]
    model: Option<PathBuf>,
    /// Numbers of columns and rows of the file
    #[arg(long, num_args = 2, value_names = ["NX", "NY"], requires = "model")]
    model_size: Option<Vec<usize>>,
    /// Time step
    #[arg(long, default_value_t = 0.002)]
    dt: f64,
    /// Total number of steps, including those before a restart
    #[arg(long, default_value_t = 1100)]
    steps: usize,
    /// Amplitude of the source
    #[arg(long, default_value_t = 1.0)]
    source_amp: f64,
    /// Dominant frequency of the source
    #[arg(long, default_value_t = 1.0)]
    source_freq: f64,
    /// Grid point of the source. Default: one fifth along x, half along y
    #[arg(long, num_args = 2, value_names = ["I", "J"])]
    source: Option<Vec<usize>>,
    /// Signal of the source
    #[arg(long, value_enum, default_value_t = Wavelet::Sine)]
    wavelet: Wavelet,
    /// File with a recorded signal: lines with a time and a value
    #[arg(long, value_name = "FILE", conflicts_with_all = ["wavelet", "source_freq"])]
    source_file: Option<PathBuf>,
    /// Grid point of a receiver; may be repeated. Default: four fifths along x, half along y
    #[arg(long, num_args = 2, value_names = ["I", "J"])]
    receiver: Vec<usize>,
    /// Absorbing layer at the edges
    #[arg(long, value_enum, default_value_t = Edges::Sponge)]
    absorb: Edges,
    /// Width of the sponge or the matched layer in cells
    #[arg(long, default_value_t = 15)]
    absorb_width: usize,
    /// Strength of the sponge
    #[arg(long, default_value_t = 4.0)]
    absorb_strength: f64,
    /// Reflection coefficient of the matched layer in the continuous equation
    #[arg(long, default_value_t = 1e-4)]
    absorb_reflection: f64,
    /// Time integration method; with the option -ts_type, the default is ts
    #[arg(long, value_enum, default_value_t = Integrator::Leapfrog)]
    integrator: Integrator,
    /// Number of steps between progress lines; 0 for none
    #[arg(long, default_value_t = 200)]
    output_interval: usize,
    /// Directory for seismogram.csv, seismogram.png and snapshots; without it, no file is written
    #[arg(long)]
    out: Option<PathBuf>,
    /// Number of steps between snapshots; 0 for the final state only
    #[arg(long, default_value_t = 0)]
    snapshot: usize,
    /// Formats of snapshots, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', default_value = "png")]
    snapshot_as: Vec<Format>,
    /// Checkpoint file
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Number of steps between checkpoints
    #[arg(long, alias = "checkpoint-interval", default_value_t = 500, requires = "checkpoint", value_parser = clap::value_parser!(u32).range(1..))]
    checkpoint_every: u32,
    /// Restart from the checkpoint
    #[arg(long, requires = "checkpoint")]
    restart: bool,
}

impl Args {
    fn settings(&self, comm: &Comm) -> Result<Settings> {
        let medium = match (&self.model, self.model_size.as_deref()) {
            (Some(path), Some(&[nx, ny])) => agree(comm, Medium::read(path, nx, ny))?,
            _ => Medium::Uniform(self.speed),
        };
        let (nx, ny) = (self.nx, self.ny);
        if !(self.source_freq.is_finite() && self.source_freq > 0.0) {
            let text = format!("--source-freq {} must be positive", self.source_freq);
            return Err(input_error(text));
        }
        let signal = match &self.source_file {
            Some(path) => agree(comm, Signal::read(path))?,
            None => Signal::Pulse { wavelet: self.wavelet, frequency: self.source_freq },
        };
        let pair = |at: &[usize]| (at[0], at[1]);
        let mut receivers: Vec<_> = self.receiver.chunks_exact(2).map(pair).collect();
        if receivers.is_empty() {
            receivers.push((4 * nx / 5, ny / 2));
        }
        let width = self.absorb_width;
        Ok(Settings {
            points: (nx, ny),
            length: (self.length_x, self.length_y),
            dt: self.dt,
            medium,
            absorb: match self.absorb {
                Edges::None => Absorb::None,
                Edges::Sponge => Absorb::Sponge { width, strength: self.absorb_strength },
                Edges::Pml => Absorb::Pml { width, reflection: self.absorb_reflection },
            },
            source: Some(Source {
                at: self.source.as_deref().map_or((nx / 5, ny / 2), pair),
                signal,
                amplitude: self.source_amp,
            }),
            receivers,
        })
    }

    /// Returns whether a progress line is printed after a step.
    fn tells(&self, step: usize) -> bool {
        self.output_interval > 0 && step % self.output_interval == 0
    }

    fn takes_picture(&self, step: usize) -> bool {
        self.snapshot > 0 && step % self.snapshot == 0
    }
}

/// The output during the computation, if there is any.
type Shared = Rc<RefCell<Option<Pictures>>>;

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        let by_ts = args.integrator == Integrator::Ts || petsc.options().has("-ts_type")?;
        if by_ts && args.checkpoint.is_some() {
            return Err(input_error("--checkpoint works with leapfrog only: remove -ts_type"));
        }
        let settings = args.settings(petsc.world())?;
        let checked = if by_ts { settings.check_any_method() } else { settings.check() };
        checked.map_err(input_error)?;
        if let Some(path) = &args.checkpoint {
            checkpoint_place(petsc.world(), path)?;
        }
        let (dx, dy) = settings.spacing();
        petsc.print(format_args!(
            "Grid: {} x {}, dx={dx:.2} m, dy={dy:.2} m, dt={:.4} s, CFL={:.3}\n",
            args.nx,
            args.ny,
            args.dt,
            settings.courant()
        ))?;
        if let Some(source) = settings.source.as_ref().filter(|s| settings.absorbs_at(s.at)) {
            petsc.print(format_args!(
                "note: the source at {:?} lies in the absorbing layer\n",
                source.at
            ))?;
        }
        let pictures = args.out.clone().map(|folder| {
            let formats = args.snapshot_as.clone();
            Pictures::new(folder, formats, &settings, args.model.is_some())
        });
        if let Some(folder) = &args.out {
            let made = fs::create_dir_all(folder);
            agree(petsc.world(), made.map_err(|e| format!("{}: {e}", folder.display())))?;
        }
        let pictures = Rc::new(RefCell::new(pictures));
        let seismogram = if by_ts {
            by_integrator(petsc, &args, &settings, &pictures)?
        } else {
            by_leapfrog(petsc, &args, &settings, &pictures)?
        };
        finish(petsc, &args, &settings, &seismogram, &pictures)
    })
}

fn by_leapfrog(
    petsc: &Petsc,
    args: &Args,
    settings: &Settings,
    pictures: &Shared,
) -> Result<Seismogram> {
    let mut wave = Wave::new(petsc.world(), settings.clone())?;
    if let (true, Some(path)) = (args.restart, &args.checkpoint) {
        wave.restore(path)?;
        petsc.print(format_args!("restart at step {} of {}\n", wave.step(), path.display()))?;
    }
    let bar = progress(petsc, args.steps);
    let (started, first) = (Instant::now(), wave.step());
    while wave.step() < args.steps {
        let step = wave.step();
        wave.advance()?;
        bar.set_position(wave.step() as u64);
        if args.tells(step) {
            wave.check()?;
            let largest = wave.displacement().norm(Norm::Infinity)?;
            let time = step as f64 * args.dt;
            bar.suspend(|| {
                petsc.print(format_args!(
                    "Step {step:5} / {}, time {time:7.3} s, |u|_inf = {largest:.3e}\n",
                    args.steps
                ))
            })?;
        }
        let last = wave.step() == args.steps;
        if args.takes_picture(wave.step()) || last {
            if let Some(pictures) = &mut *pictures.borrow_mut() {
                let time = wave.step() as f64 * args.dt;
                pictures.snapshot(wave.step(), time, wave.grid(), wave.displacement())?;
            }
        }
        if let Some(path) = &args.checkpoint {
            if wave.step() % args.checkpoint_every as usize == 0 {
                wave.save(path)?;
            }
        }
    }
    bar.finish_and_clear();
    let done = wave.step().saturating_sub(first);
    say_cost(petsc, done, started)?;
    wave.seismogram()
}

fn by_integrator(
    petsc: &Petsc,
    args: &Args,
    settings: &Settings,
    pictures: &Shared,
) -> Result<Seismogram> {
    let bar = progress(petsc, args.steps);
    let (takes, shared) = (args.snapshot, Rc::clone(pictures));
    let counter = bar.clone();
    let end = args.dt * args.steps as f64 * (1.0 - 1e-12);
    let started = Instant::now();
    let done = integrate(
        petsc.world(),
        settings,
        args.steps,
        |_, _| (0.0, 0.0),
        move |step, time, grid, u| {
            counter.set_position(step as u64);
            match &mut *shared.borrow_mut() {
                Some(pictures) if time >= end || (takes > 0 && step % takes == 0) => {
                    pictures.snapshot(step, time, grid, u)
                }
                _ => Ok(()),
            }
        },
    )?;
    bar.finish_and_clear();
    petsc.print(format_args!("{}\n", done.finished))?;
    say_cost(petsc, done.finished.steps, started)?;
    Ok(done.seismogram)
}

fn progress(petsc: &Petsc, steps: usize) -> ProgressBar {
    if petsc.world().rank() == 0 && std::io::stderr().is_terminal() {
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} steps, {eta} left");
        ProgressBar::new(steps as u64)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    } else {
        ProgressBar::hidden()
    }
}

fn say_cost(petsc: &Petsc, steps: usize, started: Instant) -> Result<()> {
    let seconds = started.elapsed().as_secs_f64();
    if steps == 0 {
        return Ok(());
    }
    petsc.print(format_args!(
        "{steps} steps in {seconds:.2} s, {:.3} ms a step\n",
        1e3 * seconds / steps as f64
    ))
}

fn finish(
    petsc: &Petsc,
    args: &Args,
    settings: &Settings,
    seismogram: &Seismogram,
    pictures: &Shared,
) -> Result<()> {
    for (at, trace) in settings.receivers.iter().zip(&seismogram.traces) {
        let peak = trace.iter().enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        if let Some((step, value)) = peak {
            petsc.print(format_args!(
                "Receiver {at:?}: peak displacement {:.6e} at step {}, time {:.3} s\n",
                value.abs(),
                step + 1,
                seismogram.times[step]
            ))?;
        }
    }
    let (Some(folder), Some(pictures)) = (&args.out, &*pictures.borrow()) else {
        return Ok(());
    };
    pictures.finish(petsc.world(), seismogram, settings)?;
    petsc.print(format_args!("wrote the seismogram and snapshots to {}\n", folder.display()))
}
