//! The heat equation on a square with domain decomposition and explicit or implicit time steps.
//!
//! ```text
//! cargo run --release -p workshop --bin heat -- --nx 65 --ny 65 --time 0.1
//! mpiexec -n 3 target/release/heat --nx 257 --ny 257 --implicit cn --steps 50 -pc_type gamg --out out/
//! ```
//!
//! The program runs on any number of ranks.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use petsc_rs::TsType;
use petsc_rs::prelude::*;
use workshop::app::{self, agree, input_error};
use workshop::heat::{self, Settings};
use workshop::picture::{Colours, Field, Labels, draw_field};

/// The time integration method.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Implicit {
    /// Backward Euler.
    Beuler,
    /// Crank–Nicolson.
    Cn,
}

/// Solves the heat equation on the unit square and compares with the exact solution.
///
/// PETSc options begin with one dash: -ts_type, -ts_monitor, -ksp_type, -pc_type.
#[derive(Parser, Debug)]
#[command(name = "heat", version)]
struct Args {
    /// Points along x, including the boundary
    #[arg(long, default_value_t = 65)]
    nx: usize,
    /// Points along y, including the boundary
    #[arg(long, default_value_t = 65)]
    ny: usize,
    /// Conductivity divided by heat capacity
    #[arg(long, default_value_t = 1.0)]
    kappa: f64,
    /// Final time
    #[arg(long, default_value_t = 0.05)]
    time: f64,
    /// Number of steps. Default: 100 for implicit methods, otherwise the smallest number for which
    /// the steps are stable
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    steps: Option<u32>,
    /// Use an implicit method, which solves a linear system in each step and has no step limit
    #[arg(long, value_enum)]
    implicit: Option<Implicit>,
    /// Directory for heat.png; without it, no file is written
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        if !(args.time.is_finite() && args.time > 0.0) {
            return Err(input_error(format_args!("--time {}: use a positive time", args.time)));
        }
        let mut settings =
            Settings { points: (args.nx, args.ny), kappa: args.kappa, dt: 1.0, steps: 1 };
        settings.check().map_err(input_error)?;
        let limit = settings.largest_explicit_step();
        let fewest = (args.time / limit).ceil().max(1.0);
        let kind = match args.implicit {
            Some(Implicit::Beuler) => TsType::BEULER,
            Some(Implicit::Cn) => TsType::CN,
            None => TsType::EULER,
        };
        // An option overrides this setting.
        let explicit = match app::option(petsc.options().string("-ts_type"))? {
            Some(name) => name == "euler",
            None => args.implicit.is_none(),
        };
        settings.steps = match args.steps {
            Some(steps) => steps as usize,
            None if explicit => fewest as usize,
            None => 100,
        };
        settings.dt = args.time / settings.steps as f64;
        if explicit && settings.dt > limit * (1.0 + 1e-12) {
            return Err(input_error(format_args!(
                "the time step {:.3e} is unstable on this grid: use at most {limit:.3e} (--steps {fewest}), or \
                 use --implicit",
                settings.dt
            )));
        }
        let solution = heat::solve(petsc.world(), &settings, kind)?;
        petsc.print(format_args!(
            "{} x {} points, {}\nlargest error {:.3e}, {:.3} ms a step\n",
            args.nx,
            args.ny,
            solution.finished,
            solution.error,
            1e3 * solution.cost
        ))?;
        let Some(folder) = &args.out else {
            return Ok(());
        };
        let values = solution.grid.gather_natural(&solution.u)?;
        let made = fs::create_dir_all(folder);
        agree(petsc.world(), made.map_err(|e| format!("{}: {e}", folder.display())))?;
        let mut outcome = Ok(());
        if petsc.world().rank() == 0 {
            let values: Vec<f64> = values.iter().map(|v| v.real()).collect();
            let field =
                Field { values: &values, nx: args.nx, ny: args.ny, size: (1.0, 1.0), down: false };
            let title = format!("Temperature at time {}", solution.finished.time);
            let labels = Labels { title: &title, value: "temperature", axes: ("x", "y") };
            let path = folder.join("heat.png");
            outcome = draw_field(&path, field, Colours::Sequential, &labels)
                .map_err(|e| format!("{}: {e}", path.display()));
        }
        agree(petsc.world(), outcome)?;
        petsc.print(format_args!("wrote {}/heat.png\n", folder.display()))
    })
}
