//! Thermal runaway: the Bratu problem on a square or a cube with Newton's method, and battery
//! cells.
//!
//! ```text
//! cargo run --release -p workshop --bin bratu -- -nx 128 -ny 64 -lambda 6.0
//! mpiexec -n 3 target/release/bratu --out out/ -nx 33 -ny 33 -da_refine 3 -pc_type mg -ksp_type cg -snes_monitor
//! mpiexec -n 2 target/release/bratu -nx 33 -ny 33 -nz 33 -lambda 2 --insulated left,bottom,front -ksp_type cg
//! cargo run --release -p workshop --bin bratu -- --continue 60 -nx 129 -ny 129
//! mpiexec -n 2 target/release/bratu --refinement-table
//! mpiexec -n 2 target/release/bratu --cell examples/data/battery/nmc_pouch.txt --heat-transfer 10 --ambient 370
//! ```
//!
//! The program runs on any number of ranks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use petsc_rs::prelude::*;
use workshop::app::{self, agree, input_error};
use workshop::bratu::{self, Cell, DIGITS, Problem, Rate, Solution};
use workshop::digits::{certain, significant};
use workshop::picture::{Colours, Curve, Field, Labels, draw_curves, draw_field, write_vtk};
use workshop::stencil::Side;

/// A side of the square or cube.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Face {
    /// x = 0
    Left,
    /// x = 1
    Right,
    /// y = 0
    Bottom,
    /// y = 1
    Top,
    /// z = 0
    Front,
    /// z = 1
    Back,
}

/// Computes steady temperatures of a body with an exothermic reaction, and the fold beyond which
/// there are none.
///
/// PETSc options begin with one dash: -nx, -ny (points, default 64 and 32), -nz (three dimensions),
/// -lambda (default 6), -da_refine, -snes_monitor, -ksp_type, -pc_type mg.
#[derive(Parser, Debug)]
#[command(name = "bratu", version)]
struct Args {
    /// Directory for bratu.png and bratu.vts, or for branch.png; without it, no file is written
    #[arg(long)]
    out: Option<PathBuf>,
    /// Insulated sides, separated by commas; the values on the other sides are zero
    #[arg(long, value_enum, value_delimiter = ',')]
    insulated: Vec<Face>,
    /// Use Arrhenius' law with this RT/E instead of the exponential
    #[arg(long, value_name = "EPSILON")]
    arrhenius: Option<f64>,
    /// Follow the branch of steady states around the fold in this number of steps
    #[arg(long = "continue", value_name = "STEPS", value_parser = clap::value_parser!(u32).range(3..=10_000))]
    steps: Option<u32>,
    /// Arc length of a step along the branch
    #[arg(long, default_value_t = 0.25)]
    arc: f64,
    /// Solve on a sequence of refined grids with conjugate gradients and multigrid
    #[arg(long, conflicts_with_all = ["steps", "cell", "out"])]
    refinement_table: bool,
    /// Points along each side of the finest grid of --refinement-table; must be 2ⁿ + 1
    #[arg(long, default_value_t = 1025, requires = "refinement_table")]
    finest: usize,
    /// File with a battery cell, as in examples/data/battery; prints its critical ambient
    /// temperature
    #[arg(long, value_name = "FILE", conflicts_with_all = ["steps", "insulated", "arrhenius"])]
    cell: Option<PathBuf>,
    /// Heat transfer coefficient of the cell in W/(m² K); by default, its surface is at ambient
    /// temperature
    #[arg(long, value_name = "H", requires = "cell")]
    heat_transfer: Option<f64>,
    /// Also solve for the cell at this ambient temperature in K
    #[arg(long, value_name = "KELVIN", requires = "cell")]
    ambient: Option<f64>,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        let number = positive("--heat-transfer", args.heat_transfer)
            .and_then(|()| positive("--ambient", args.ambient))
            .and_then(|()| positive("--arrhenius", args.arrhenius));
        number?;
        if let Some(path) = &args.cell {
            return battery(petsc, &args, path);
        }
        let options = petsc.options();
        let lambda = app::option(options.real("-lambda"))?.unwrap_or(6.0);
        if !lambda.is_finite() || lambda < 0.0 {
            return Err(input_error(format_args!("-lambda {lambda}: use a nonnegative number")));
        }
        let mut problem = Problem::new(lambda);
        for face in &args.insulated {
            let face = *face as usize;
            problem.sides[face / 2][face % 2] = Side::INSULATED;
        }
        if let Some(epsilon) = args.arrhenius {
            problem.rate = Rate::Arrhenius(epsilon);
        }
        let mut points = points(petsc, [64, 32])?;
        if let Some(nz) = number_of_points(petsc, "-nz")? {
            points.push(nz);
        }
        let held = |d: usize| problem.sides[d].contains(&Side::Held);
        if !(0..points.len()).any(held) {
            return Err(input_error(
                "--insulated: all sides are insulated; leave at least one side open",
            ));
        }
        if args.refinement_table {
            return table(petsc, &args, &problem, points.len());
        }
        let grid = problem.grid(petsc.world(), &points)?;
        match args.steps {
            Some(steps) => follow(petsc, &args, &grid, &problem, steps as usize),
            None => solve(petsc, &args, grid, &problem),
        }
    })
}

fn positive(name: &str, value: Option<f64>) -> Result<()> {
    match value {
        Some(v) if !(v.is_finite() && v > 0.0) => {
            Err(input_error(format_args!("{name} {v}: use a positive number")))
        }
        _ => Ok(()),
    }
}

fn number_of_points(petsc: &Petsc, name: &str) -> Result<Option<usize>> {
    match app::option(petsc.options().int(name))? {
        Some(n) if n < 3 => Err(input_error(format_args!("{name} {n}: use at least 3 points"))),
        Some(n) => Ok(Some(usize::try_from(n)?)),
        None => Ok(None),
    }
}

fn points(petsc: &Petsc, default: [usize; 2]) -> Result<Vec<usize>> {
    let nx = number_of_points(petsc, "-nx")?.unwrap_or(default[0]);
    let ny = number_of_points(petsc, "-ny")?.unwrap_or(default[1]);
    Ok(vec![nx, ny])
}

fn sizes(solution: &Solution) -> Result<String> {
    let info = solution.grid.info()?;
    let sizes = &info.sizes[..solution.grid.dimension()?];
    let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
    Ok(sizes.join(" x "))
}

fn solve(petsc: &Petsc, args: &Args, grid: Dmda, problem: &Problem) -> Result<()> {
    let started = Instant::now();
    let solution = bratu::solve(grid, problem)?;
    for (step, norm) in solution.norms.iter().enumerate() {
        petsc.print(format_args!("  {step} SNES Function norm {norm:.6e}\n"))?;
    }
    petsc.print(format_args!(
        "{} points, lambda {}: {} ({:.2} s)\nMax temperature rise: {:.6}\n",
        sizes(&solution)?,
        problem.lambda,
        solution.converged,
        started.elapsed().as_secs_f64(),
        solution.largest
    ))?;
    let Some(folder) = &args.out else {
        return Ok(());
    };
    let values = solution.grid.gather_natural(&solution.u)?;
    let title = format!("Steady temperature, lambda = {}", problem.lambda);
    let labels = Labels { title: &title, value: "temperature rise u", axes: ("x", "y") };
    let [length, height, _] = problem.lengths;
    // In three dimensions, the figure shows the central layer.
    let layer = solution.grid.info()?.sizes[2] / 2;
    write(petsc, folder, &solution, (layer, &values), (length, height), &labels)
}

/// Writes the whole field, and a figure of one layer.
fn write(
    petsc: &Petsc,
    folder: &Path,
    solution: &Solution,
    (layer, values): (usize, &[Scalar]),
    size: (f64, f64),
    labels: &Labels<'_>,
) -> Result<()> {
    let comm = petsc.world();
    let made = fs::create_dir_all(folder);
    agree(comm, made.map_err(|e| format!("{}: {e}", folder.display())))?;
    let vtk = write_vtk(comm, &folder.join("bratu.vts"), &solution.u)?;
    let mut outcome = Ok(());
    if comm.rank() == 0 {
        let [nx, ny, _] = solution.grid.info()?.sizes;
        let values: Vec<f64> =
            values[layer * nx * ny..][..nx * ny].iter().map(|v| v.real()).collect();
        let field = Field { values: &values, nx, ny, size, down: false };
        let path = folder.join("bratu.png");
        outcome = draw_field(&path, field, Colours::Sequential, labels)
            .map_err(|e| format!("{}: {e}", path.display()));
    }
    agree(comm, outcome)?;
    let folder = folder.display();
    if vtk {
        petsc.print(format_args!("wrote {folder}/bratu.vts and {folder}/bratu.png\n"))
    } else {
        petsc.print(format_args!(
            "wrote {folder}/bratu.png; bratu.vts needs a PETSc with real scalars\n"
        ))
    }
}

fn follow(petsc: &Petsc, args: &Args, grid: &Dmda, problem: &Problem, steps: usize) -> Result<()> {
    positive("--arc", Some(args.arc))?;
    let branch = bratu::follow(grid, problem, steps, args.arc)?;
    petsc.print(format_args!("{:>10} {:>10} {:>7}\n", "lambda", "max u", "Newton"))?;
    for point in &branch.points {
        petsc.print(format_args!(
            "{:>10} {:10.5} {:7}\n",
            significant(point.lambda, 6),
            point.largest,
            point.steps
        ))?;
    }
    if branch.points.len() < steps {
        petsc.print(format_args!(
            "the branch ends after {} of {steps} steps: the next step does not converge\n",
            branch.points.len()
        ))?;
    }
    if branch.passes_a_fold() {
        let fold = bratu::to_the_fold(grid, problem, args.arc)?;
        petsc.print(format_args!(
            "fold at lambda = {}, max u = {} on this grid\n",
            certain(fold.lambda, fold.errors.0, DIGITS),
            certain(fold.largest, fold.errors.1, DIGITS)
        ))?;
    } else {
        petsc.print(format_args!("no fold on this part of the branch\n"))?;
    }
    let Some(folder) = &args.out else {
        return Ok(());
    };
    let mut outcome = Ok(());
    if petsc.world().rank() == 0 {
        let points = branch.curve();
        let curve = Curve { name: "steady states".into(), points: &points };
        let labels = ("lambda", "largest temperature rise u");
        outcome = fs::create_dir_all(folder)
            .map_err(Into::into)
            .and_then(|()| {
                draw_curves(&folder.join("branch.png"), &[curve], "Steady states", labels)
            })
            .map_err(|e| format!("{}: {e}", folder.display()));
    }
    agree(petsc.world(), outcome)?;
    petsc.print(format_args!("wrote {}/branch.png\n", folder.display()))
}

/// Newton's method and conjugate gradients with multigrid on grids with 17, 33 … points along each
/// side.
fn table(petsc: &Petsc, args: &Args, problem: &Problem, dimension: usize) -> Result<()> {
    let cells = args.finest.saturating_sub(1);
    if !cells.is_power_of_two() || cells < 16 {
        return Err(input_error(format_args!("--finest {}: use 17, 33, 65 … points", args.finest)));
    }
    petsc.print(format_args!(
        "{:>14} {:>7} {:>9} {:>11} {:>12} {:>9}\n",
        "points", "Newton", "CG in all", "CG / Newton", "max u", "seconds"
    ))?;
    for level in 2..=cells.ilog2() as usize - 2 {
        petsc.options().scope(|options| {
            options.set("-da_refine", level.to_string())?;
            for (name, value) in [("-pc_type", "mg"), ("-ksp_type", "cg"), ("-ksp_rtol", "1e-8")] {
                if !options.has(name)? {
                    options.set(name, value)?;
                }
            }
            let started = Instant::now();
            let grid = problem.grid(petsc.world(), &vec![5; dimension])?;
            let solution = bratu::solve(grid, problem)?;
            let (newton, linear) =
                (solution.converged.iterations, solution.converged.linear_iterations);
            petsc.print(format_args!(
                "{:>14} {newton:7} {linear:9} {:11.1} {:12.8} {:9.2}\n",
                sizes(&solution)?,
                linear as f64 / newton.max(1) as f64,
                solution.largest,
                started.elapsed().as_secs_f64()
            ))
        })?;
    }
    Ok(())
}

fn battery(petsc: &Petsc, args: &Args, path: &Path) -> Result<()> {
    let comm = petsc.world();
    let cell = agree(comm, Cell::read(path))?;
    let mut problem = cell.problem(args.heat_transfer);
    let mut sizes = points(petsc, [17, 17])?;
    sizes.push(number_of_points(petsc, "-nz")?.unwrap_or(if cell.edges[2] > cell.edges[0] {
        25
    } else {
        13
    }));
    let grid = problem.grid(comm, &sizes)?;
    let [a, b, c] = cell.edges.map(|edge| 1e3 * edge);
    petsc.print(format_args!(
        "{a:.1} x {b:.1} x {c:.1} mm, conductivity {} W/(m K), {:.3e} W/m3 at 25 C\n",
        cell.conductivity,
        cell.heat(298.15)
    ))?;
    match args.heat_transfer {
        Some(h) => petsc.print(format_args!(
            "surface gives off {h} W/(m2 K): Biot number {:.4} for half the shortest edge\n",
            h * cell.half() / cell.conductivity
        ))?,
        None => petsc.print(format_args!("surface at ambient temperature\n"))?,
    }
    let [approximate, exact] = cell.critical(&grid, args.heat_transfer)?;
    petsc.print(format_args!(
        "{:<34} {:>9} {:>20} {:>14}\n",
        "runs away at", "lambda", "ambient", "rise before"
    ))?;
    for (name, found) in [
        ("exp(u) (Frank-Kamenetskii)".to_string(), approximate),
        (format!("exp(u/(1+{:.4} u)) (Arrhenius)", exact.epsilon), exact),
    ] {
        petsc.print(format_args!(
            "{name:<34} {:9.5} {:9.2} K {:7.2} C {:12.2} K\n",
            found.lambda,
            found.ambient,
            found.ambient - 273.15,
            found.rise
        ))?;
    }
    let Some(ambient) = args.ambient else {
        return match args.out {
            Some(_) => Err(input_error("--out with --cell needs --ambient")),
            None => Ok(()),
        };
    };
    if ambient >= exact.ambient {
        return petsc
            .print(format_args!("at {ambient} K there is no steady state: the cell runs away\n"));
    }
    problem.lambda = cell.lambda(ambient);
    problem.rate = Rate::Arrhenius(cell.epsilon(ambient));
    let mut solution = bratu::solve(grid, &problem)?;
    let scale = cell.scale(ambient);
    petsc.print(format_args!(
        "at {ambient} K: {}, {:.3} K in the middle\n",
        solution.converged,
        ambient + scale * solution.largest
    ))?;
    let Some(folder) = &args.out else {
        return Ok(());
    };
    // Temperatures relative to the ambient temperature, in K.
    solution.u.scale(Scalar::from_real(scale))?;
    let values = solution.grid.gather_natural(&solution.u)?;
    let title = format!("A quarter of the midplane at {ambient} K");
    let labels = Labels {
        title: &title,
        value: "temperature rise in K",
        axes: ("x from the center in mm", "y from the center in mm"),
    };
    write(petsc, folder, &solution, (0, &values), (0.5 * a, 0.5 * b), &labels)
}
