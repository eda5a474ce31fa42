//! A quake: waves through the ground, from a shaking point to receivers.
//!
//! ```text
//! cargo run --release -p workshop --bin wave -- --nx 400 --ny 240 --steps 2000 --out out/
//! mpiexec -n 2 target/release/wave --model marmousi.bin --model-size 941 301 --nx 941 --ny 301 \
//!     --length-x 9400 --length-y 3000 --dt 0.0012 --source-freq 15 --wavelet ricker --snapshot 250 --out out/
//! mpiexec -n 2 target/release/wave --steps 2000 --checkpoint run.chk --checkpoint-interval 100
//! mpiexec -n 3 target/release/wave --steps 2000 --checkpoint run.chk --restart
//! ```
//!
//! Any number of ranks, with the same numbers on each.

use std::fmt::Write as _;
use std::fs;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use petsc_rs::prelude::*;
use workshop::app::{self, input_error};
use workshop::picture::{Colours, Curve, Field, Labels, draw_curves, draw_field};
use workshop::wave::{Medium, Settings, Source, Wave, Wavelet};

/// Waves of sound in a rectangle of ground, by leapfrog, with a sponge at the edges.
///
/// Options with one dash go to PETSc: -log_view, -dm_view … Lengths in m, times in s, frequencies in Hz.
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
    /// File with wave speeds, 32-bit little-endian numbers, x running fastest
    #[arg(long, requires = "model_size", conflicts_with = "speed")]
    model: Option<PathBuf>,
    /// Columns and rows of the file
    #[arg(long, num_args = 2, value_names = ["NX", "NY"], requires = "model")]
    model_size: Option<Vec<usize>>,
    /// Time step
    #[arg(long, default_value_t = 0.002)]
    dt: f64,
    /// Number of steps in all, those before a restart included
    #[arg(long, default_value_t = 1100)]
    steps: usize,
    /// Amplitude of the source
    #[arg(long, default_value_t = 1.0)]
    source_amp: f64,
    /// Dominant frequency of the source
    #[arg(long, default_value_t = 1.0)]
    source_freq: f64,
    /// Point of the source. Default: a fifth along x, half along y
    #[arg(long, num_args = 2, value_names = ["I", "J"])]
    source: Option<Vec<usize>>,
    /// Shape of the source in time
    #[arg(long, value_enum, default_value_t = Wavelet::Sine)]
    wavelet: Wavelet,
    /// Point of a receiver, any number of times. Default: four fifths along x, half along y
    #[arg(long, num_args = 2, value_names = ["I", "J"])]
    receiver: Vec<usize>,
    /// Width of the sponge in cells
    #[arg(long, default_value_t = 15)]
    absorb_width: usize,
    /// Strength of the sponge
    #[arg(long, default_value_t = 4.0)]
    absorb_strength: f64,
    /// Steps between progress lines; 0 for none
    #[arg(long, default_value_t = 200)]
    output_interval: usize,
    /// Folder for seismogram.csv, seismogram.png and the snapshots; nothing is written without it
    #[arg(long)]
    out: Option<PathBuf>,
    /// Steps between snapshots; 0 for the last state only
    #[arg(long, default_value_t = 0)]
    snapshot: usize,
    /// File to go on from after an interruption
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Steps between writes of that file
    #[arg(long, default_value_t = 500, requires = "checkpoint", value_parser = clap::value_parser!(u32).range(1..))]
    checkpoint_interval: u32,
    /// Go on from the checkpoint
    #[arg(long, requires = "checkpoint")]
    restart: bool,
}

impl Args {
    fn settings(&self) -> Result<Settings> {
        let medium = match (&self.model, self.model_size.as_deref()) {
            (Some(path), Some(&[nx, ny])) => Medium::read(path, nx, ny).map_err(input_error)?,
            _ => Medium::Uniform(self.speed),
        };
        let (nx, ny) = (self.nx, self.ny);
        if !(self.source_freq.is_finite() && self.source_freq > 0.0) {
            let text = format!("--source-freq {} must be positive", self.source_freq);
            return Err(input_error(text));
        }
        let pair = |at: &[usize]| (at[0], at[1]);
        let mut receivers: Vec<_> = self.receiver.chunks_exact(2).map(pair).collect();
        if receivers.is_empty() {
            receivers.push((4 * nx / 5, ny / 2));
        }
        Ok(Settings {
            points: (nx, ny),
            length: (self.length_x, self.length_y),
            dt: self.dt,
            medium,
            sponge: (self.absorb_width, self.absorb_strength),
            source: Some(Source {
                at: self.source.as_deref().map_or((nx / 5, ny / 2), pair),
                wavelet: self.wavelet,
                amplitude: self.source_amp,
                frequency: self.source_freq,
            }),
            receivers,
        })
    }
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        let settings = args.settings()?;
        settings.check().map_err(input_error)?;
        let (dx, dy) = settings.spacing();
        petsc.print(format_args!(
            "Grid: {} x {}, dx={dx:.2} m, dy={dy:.2} m, dt={:.4} s, CFL={:.3}\n",
            args.nx,
            args.ny,
            args.dt,
            settings.courant()
        ))?;
        let mut wave = Wave::new(petsc.world(), settings.clone())?;
        if let (true, Some(path)) = (args.restart, &args.checkpoint) {
            wave.restore(path)?;
            petsc.print(format_args!(
                "going on from step {} of {}\n",
                wave.step(),
                path.display()
            ))?;
        }
        if let Some(folder) = &args.out {
            let made = fs::create_dir_all(folder);
            made.map_err(|e| input_error(format_args!("{}: {e}", folder.display())))?;
        }
        let started = Instant::now();
        let first = wave.step();
        run(petsc, &args, &mut wave)?;
        let seconds = started.elapsed().as_secs_f64();
        let done = wave.step().saturating_sub(first);
        if done > 0 {
            petsc.print(format_args!(
                "{done} steps in {seconds:.2} s, {:.3} ms a step\n",
                1e3 * seconds / done as f64
            ))?;
        }
        finish(petsc, &args, &settings, &wave)
    })
}

fn run(petsc: &Petsc, args: &Args, wave: &mut Wave) -> Result<()> {
    let bar = if petsc.world().rank() == 0 && std::io::stderr().is_terminal() {
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} steps, {eta} left");
        ProgressBar::new(args.steps as u64)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    } else {
        ProgressBar::hidden()
    };
    while wave.step() < args.steps {
        let step = wave.step();
        wave.advance()?;
        bar.set_position(wave.step() as u64);
        if args.output_interval > 0 && step % args.output_interval == 0 {
            let largest = wave.displacement().norm(Norm::Infinity)?;
            let time = step as f64 * args.dt;
            bar.suspend(|| {
                petsc.print(format_args!(
                    "Step {step:5} / {}, time {time:7.3} s, |u|_inf = {largest:.3e}\n",
                    args.steps
                ))
            })?;
        }
        if args.snapshot > 0 && wave.step() % args.snapshot == 0 {
            snapshot(petsc, args, wave)?;
        }
        if let Some(path) = &args.checkpoint {
            if wave.step() % args.checkpoint_interval as usize == 0 {
                wave.save(path)?;
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn snapshot(petsc: &Petsc, args: &Args, wave: &Wave) -> Result<()> {
    let Some(folder) = &args.out else {
        return Ok(());
    };
    let values = wave.gather()?;
    if petsc.world().rank() != 0 {
        return Ok(());
    }
    let field = Field {
        values: &values,
        nx: args.nx,
        ny: args.ny,
        size: (args.length_x / 1e3, args.length_y / 1e3),
        // Tables of speeds begin at the surface.
        down: args.model.is_some(),
    };
    let title = format!("Displacement after {:.3} s", wave.step() as f64 * args.dt);
    let labels = Labels {
        title: &title,
        value: "displacement",
        axes: (
            "x in km",
            if args.model.is_some() {
                "depth in km"
            } else {
                "y in km"
            },
        ),
    };
    let path = folder.join(format!("snapshot-{:06}.png", wave.step()));
    draw_field(&path, field, Colours::Diverging, &labels)
        .map_err(|e| Error::user(format!("{}: {e}", path.display())))
}

fn finish(petsc: &Petsc, args: &Args, settings: &Settings, wave: &Wave) -> Result<()> {
    let traces = wave.traces()?;
    for (at, trace) in settings.receivers.iter().zip(&traces) {
        let peak = trace
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        if let Some((step, value)) = peak {
            petsc.print(format_args!(
                "Receiver {at:?}: peak displacement {:.6e} at step {step}, time {:.3} s\n",
                value.abs(),
                step as f64 * args.dt
            ))?;
        }
    }
    let Some(folder) = &args.out else {
        return Ok(());
    };
    if args.snapshot == 0 || wave.step() % args.snapshot != 0 {
        snapshot(petsc, args, wave)?;
    }
    if petsc.world().rank() == 0 {
        write_seismogram(folder, settings, &traces)
            .map_err(|e| Error::user(format!("{}: {e}", folder.display())))?;
    }
    petsc.print(format_args!(
        "wrote the seismogram and snapshots into {}\n",
        folder.display()
    ))
}

fn write_seismogram(
    folder: &Path,
    settings: &Settings,
    traces: &[Vec<f64>],
) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut text = String::from("time");
    for (i, j) in &settings.receivers {
        write!(text, ",u_{i}_{j}")?;
    }
    text.push('\n');
    let steps = traces.first().map_or(0, Vec::len);
    let time = |step: usize| (step + 1) as f64 * settings.dt;
    for step in 0..steps {
        write!(text, "{}", time(step))?;
        for trace in traces {
            write!(text, ",{:e}", trace[step])?;
        }
        text.push('\n');
    }
    fs::write(folder.join("seismogram.csv"), text)?;
    let points: Vec<Vec<(f64, f64)>> = traces
        .iter()
        .map(|trace| {
            trace
                .iter()
                .enumerate()
                .map(|(n, &u)| (time(n), u))
                .collect()
        })
        .collect();
    let curves: Vec<Curve<'_>> = settings
        .receivers
        .iter()
        .zip(&points)
        .map(|(at, points)| Curve {
            name: format!("receiver {at:?}"),
            points,
        })
        .collect();
    draw_curves(
        &folder.join("seismogram.png"),
        &curves,
        "Seismogram",
        ("time in s", "displacement"),
    )
}
