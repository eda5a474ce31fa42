//! Cooling of a plate with a hot block, computed with a matrix exponential.
//!
//! ```text
//! cargo run --release -p workshop --features slepc --bin cooling -- --time 20 --out out/
//! mpiexec -n 3 target/release/cooling --nx 200 --ny 200 --time 5 -mfn_monitor -mfn_ncv 40
//! ```
//!
//! The program runs on any number of ranks. It computes the temperature at any time `t` as one
//! product `exp(t·A)·u₀`, without time steps, so the only discretization error is that in space.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use petsc_rs::prelude::*;
use workshop::app::{self, agree};
use workshop::picture::{Colours, Field, Labels, draw_field};
use workshop::spectral::Slab;

/// Computes the temperature of a plate after some time and compares it with its closed form.
///
/// SLEPc and PETSc options begin with one dash: -mfn_type, -mfn_ncv, -mfn_monitor (-help lists
/// them).
#[derive(Parser, Debug)]
#[command(name = "cooling", version)]
struct Args {
    /// Number of interior grid points along the plate
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(3..=100_000))]
    nx: u32,
    /// Number of interior grid points across the plate
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(3..=100_000))]
    ny: u32,
    /// Length of the plate in m
    #[arg(long, default_value_t = 0.3, value_parser = app::positive)]
    length: f64,
    /// Width of the plate in m
    #[arg(long, default_value_t = 0.2, value_parser = app::positive)]
    width: f64,
    /// Thermal diffusivity in m²/s; the default is that of copper
    #[arg(long, default_value_t = 1.1e-4, value_parser = app::positive)]
    diffusivity: f64,
    /// Time in s
    #[arg(long, default_value_t = 10.0, value_parser = app::positive)]
    time: f64,
    /// Directory for cooling.png; without it, no file is written
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        slepc_rs::init(petsc)?;
        let slab = Slab {
            nx: args.nx as usize,
            ny: args.ny as usize,
            length: args.length,
            width: args.width,
            diffusivity: args.diffusivity,
        };
        let grid = slab.grid(petsc.world())?;
        let a = slab.operator(&grid)?;
        let start = slab.start(&grid)?;
        let (u, converged) = slab.cool(&a, &start, args.time)?;
        let values: Vec<f64> = grid.gather_natural(&u)?.iter().map(|v| v.real()).collect();
        let exact = slab.exact(args.time);
        let error =
            values.iter().zip(&exact).fold(0.0_f64, |m, (u, exact)| m.max((u - exact).abs()));
        let largest = values.iter().copied().fold(0.0, f64::max);
        petsc.print(format_args!(
            "{} x {} points after {} s: {converged}\nhottest {largest:.9}, largest error {error:.1e}\n",
            args.nx, args.ny, args.time
        ))?;
        let Some(out) = &args.out else {
            return Ok(());
        };
        let mut outcome = Ok(());
        if petsc.world().rank() == 0 {
            let field = Field {
                values: &values,
                nx: slab.nx,
                ny: slab.ny,
                size: (slab.length, slab.width),
                down: false,
            };
            let title = format!("Temperature after {} s", args.time);
            let labels = Labels {
                title: &title,
                value: "fraction of the initial temperature",
                axes: ("x in m", "y in m"),
            };
            outcome = fs::create_dir_all(out)
                .map_err(Into::into)
                .and_then(|()| {
                    draw_field(&out.join("cooling.png"), field, Colours::Sequential, &labels)
                })
                .map_err(|e| format!("{}: {e}", out.display()));
        }
        agree(petsc.world(), outcome)?;
        petsc.print(format_args!("wrote {}/cooling.png\n", out.display()))
    })
}
