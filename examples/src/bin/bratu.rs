//! Thermal runaway: the Bratu problem on the unit square by Newton's method.
//!
//! ```text
//! cargo run --release -p workshop --bin bratu -- -nx 128 -ny 64 -lambda 6.0
//! mpiexec -n 3 target/release/bratu --out out/ -nx 33 -ny 33 -da_refine 3 -pc_type mg -ksp_type cg -snes_monitor
//! cargo run --release -p workshop --bin bratu -- --continue 60 -nx 129 -ny 129 -pc_type mg -da_refine 0
//! ```
//!
//! Any number of ranks.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use petsc_rs::Viewer;
use petsc_rs::prelude::*;
use workshop::app::{self, input_error};
use workshop::bratu::{self, Solution};
use workshop::picture::{Colours, Field, Labels, draw_field};

/// Steady temperature of a cell that heats itself, and where there is none any more.
///
/// Options with one dash go to PETSc: -nx, -ny (points, default 64 and 32), -lambda (default 6), -da_refine,
/// -snes_monitor, -ksp_type, -pc_type mg …
#[derive(Parser, Debug)]
#[command(name = "bratu", version)]
struct Args {
    /// Folder for bratu.png and bratu.vts; nothing is written without it
    #[arg(long)]
    out: Option<PathBuf>,
    /// Follow the branch of steady states around the fold in this many steps
    #[arg(long = "continue", value_name = "STEPS", value_parser = clap::value_parser!(u32).range(3..=10_000))]
    steps: Option<u32>,
    /// Length of a step along the branch
    #[arg(long, default_value_t = 0.25)]
    arc: f64,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        let options = petsc.options();
        let points = |name: &str, default| match options.int(name)? {
            Some(n) if n < 3 => Err(input_error(format_args!("{name} {n}: at least 3 points"))),
            Some(n) => Ok(usize::try_from(n)?),
            None => Ok(default),
        };
        let (nx, ny) = (points("-nx", 64)?, points("-ny", 32)?);
        let lambda = options.real("-lambda")?.unwrap_or(6.0);
        if !lambda.is_finite() || lambda < 0.0 {
            return Err(input_error(format_args!(
                "-lambda {lambda}: a number that is not negative"
            )));
        }
        let grid = bratu::grid(petsc.world(), nx, ny)?;
        match args.steps {
            Some(steps) => follow(petsc, &args, &grid, steps as usize),
            None => solve(petsc, &args, grid, lambda),
        }
    })
}

fn solve(petsc: &Petsc, args: &Args, grid: Dmda, lambda: Real) -> Result<()> {
    let started = Instant::now();
    let solution = bratu::solve(grid, lambda)?;
    for (step, norm) in solution.norms.iter().enumerate() {
        petsc.print(format_args!("  {step} SNES Function norm {norm:.6e}\n"))?;
    }
    let [nx, ny, _] = solution.grid.layout()?.sizes;
    petsc.print(format_args!(
        "{nx} x {ny} points, lambda {lambda}: {} ({:.2} s)\nMax temperature rise: {:.6}\n",
        solution.converged,
        started.elapsed().as_secs_f64(),
        solution.largest
    ))?;
    match &args.out {
        Some(folder) => write(petsc, folder, &solution, lambda),
        None => Ok(()),
    }
}

fn write(petsc: &Petsc, folder: &std::path::Path, solution: &Solution, lambda: Real) -> Result<()> {
    let made = fs::create_dir_all(folder);
    made.map_err(|e| input_error(format_args!("{}: {e}", folder.display())))?;
    petsc.world().barrier()?;
    let file = Viewer::vtk(petsc.world(), folder.join("bratu.vts"))?;
    solution.u.view(&file)?;
    file.close()?;
    let values = solution.grid.gather_natural(&solution.u)?;
    if petsc.world().rank() == 0 {
        let [nx, ny, _] = solution.grid.info()?.sizes;
        let values: Vec<f64> = values.iter().map(|v| v.real()).collect();
        let field = Field {
            values: &values,
            nx,
            ny,
            size: (1.0, 1.0),
            down: false,
        };
        let title = format!("Steady temperature, lambda = {lambda}");
        let labels = Labels {
            title: &title,
            value: "rise of temperature u",
            axes: ("x", "y"),
        };
        let path = folder.join("bratu.png");
        draw_field(&path, field, Colours::Sequential, &labels)
            .map_err(|e| Error::user(format!("{}: {e}", path.display())))?;
    }
    petsc.print(format_args!(
        "wrote {0}/bratu.vts and {0}/bratu.png\n",
        folder.display()
    ))
}

fn follow(petsc: &Petsc, args: &Args, grid: &Dmda, steps: usize) -> Result<()> {
    if !(args.arc.is_finite() && args.arc > 0.0) {
        return Err(input_error(format_args!(
            "--arc {}: a positive length",
            args.arc
        )));
    }
    let branch = bratu::follow(grid, steps, args.arc)?;
    petsc.print(format_args!(
        "{:>10} {:>10} {:>7}\n",
        "lambda", "max u", "Newton"
    ))?;
    for point in &branch.points {
        petsc.print(format_args!(
            "{:10.5} {:10.5} {:7}\n",
            point.lambda, point.largest, point.steps
        ))?;
    }
    match branch.fold() {
        Some((lambda, u)) => petsc.print(format_args!(
            "fold at lambda = {lambda:.4}, max u = {u:.3}\n"
        )),
        None => petsc.print(format_args!("no fold on this part of the branch\n")),
    }
}
