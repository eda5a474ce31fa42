//! Power flow in electric networks, and the graph Laplacian of the workshop.
//!
//! ```text
//! cargo run --release -p workshop --bin powergrid -- --case case2869pegase.m --out out/
//! mpiexec -n 2 target/release/powergrid --case case2869pegase.m --screen
//! mpiexec -n 2 target/release/powergrid --case case9241pegase.m --ac -snes_monitor
//! mpiexec -n 3 target/release/powergrid --grid 40 20 --load 0.6 --g 1 --fail 205-206 -ksp_monitor
//! ```
//!
//! The program runs on any number of ranks. The columns of `angles.csv` are bus and angle in
//! degrees; those of `flows.csv` are from, to, circuit and MW. For the city, the columns of
//! `voltages.csv` are node, voltage and voltage after the failure; `voltages.png` and `change.png`
//! are maps.

mod ac;
mod city;
mod dc;
mod screening;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use petsc_rs::prelude::*;
use workshop::app::{self, input_error};
use workshop::matpower::{self, Case};
use workshop::network::DcModel;
use workshop::network::ac::Start;

/// Computes the DC or AC power flow of MATPOWER cases, N-1 screening, and the synthetic city.
///
/// PETSc options begin with one dash: -ksp_type, -ksp_rtol, -pc_type, -ksp_monitor, -log_view
/// (-help lists them).
#[derive(Parser, Debug)]
#[command(name = "powergrid", version)]
struct Args {
    /// MATPOWER case file; a name without a directory is also searched among the cases of this
    /// package
    #[arg(long, required_unless_present = "city", conflicts_with = "city")]
    case: Option<PathBuf>,
    /// Directory for angles.csv, flows.csv, screening.csv, voltages.csv and figures; without it, no
    /// file is written
    #[arg(long)]
    out: Option<PathBuf>,
    /// Solve the AC power flow with Newton's method: magnitudes, reactive power, losses
    #[arg(long, requires = "case", conflicts_with_all = ["city", "screen"])]
    ac: bool,
    /// Initial guess of Newton's method; by default the voltages of the file, or flat if it has
    /// none
    #[arg(long, value_enum, requires = "ac")]
    start: Option<Start>,
    /// N-1 screening: compute the outage of each line and list the largest overloads
    #[arg(long, requires = "case")]
    screen: bool,
    /// Check this number of outages: solve the network without the failed line and compare
    #[arg(long, default_value_t = 0, requires = "screen", value_name = "N")]
    screen_verify: usize,
    /// Synthetic city with NX streets and NY avenues
    #[arg(long, group = "city", num_args = 2, value_names = ["NX", "NY"], value_parser = clap::value_parser!(u32).range(2..=20_000))]
    grid: Option<Vec<u32>>,
    /// With --ny, the same as --grid NX NY
    #[arg(long, requires = "ny", group = "city", value_parser = clap::value_parser!(u32).range(2..=20_000))]
    nx: Option<u32>,
    /// See --nx
    #[arg(long, requires = "nx", value_parser = clap::value_parser!(u32).range(2..=20_000))]
    ny: Option<u32>,
    /// Total load of the city in p.u.
    #[arg(long, default_value_t = 0.6)]
    load: f64,
    /// Conductance of each line of the city in p.u.
    #[arg(long = "g", default_value_t = 1.0)]
    conductance: f64,
    /// Line of the city that fails, given by its two nodes
    #[arg(long, value_name = "A-B", requires = "city")]
    fail: Option<String>,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| match (&args.grid, args.nx.zip(args.ny)) {
        (Some(size), _) => city::run(petsc, &args, size[0] as usize, size[1] as usize),
        (None, Some((nx, ny))) => city::run(petsc, &args, nx as usize, ny as usize),
        (None, None) => run_case(petsc, &args),
    })
}

fn run_case(petsc: &Petsc, args: &Args) -> Result<()> {
    let started = Instant::now();
    let path = matpower::find(args.case.as_deref().unwrap_or(Path::new("")));
    // Every rank reads the file, so all ranks return the same error and none waits.
    let case = matpower::read(&path).map_err(input_error)?;
    if args.ac {
        return ac::run(petsc, args, &path, &case, started);
    }
    dc::run(petsc, args, &path, &case, started)
}

fn bus_label(case: &Case, bus: usize) -> u64 {
    case.buses[bus].number
}

fn line_label(case: &Case, model: &DcModel, line: usize) -> String {
    let branch = &case.branches[model.lines[line].branch];
    let (from, to) = (bus_label(case, branch.from), bus_label(case, branch.to));
    if branch.circuit > 1 {
        format!("{from}-{to} #{}", branch.circuit)
    } else {
        format!("{from}-{to}")
    }
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn cost(petsc: &Petsc, started: Instant) -> String {
    let seconds = started.elapsed().as_secs_f64();
    format!("{}, {seconds:.2} s", petsc.world().size())
}

fn table(petsc: &Petsc, rows: &[(&str, String)]) -> Result<()> {
    for (key, value) in rows {
        petsc.print(format_args!("{key:>20}  {value}\n"))?;
    }
    Ok(())
}
