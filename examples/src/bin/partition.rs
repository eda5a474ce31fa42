//! Bisection of a power network with few lines between both parts.
//!
//! ```text
//! cargo run --release -p workshop --features slepc --bin partition -- --case case118.m
//! mpiexec -n 2 target/release/partition --case case2869pegase.m --by susceptance --halves --out out/
//! ```
//!
//! The program runs on any number of ranks. `sides.csv` contains number, side and Fiedler vector
//! entry of each bus, and `cut.csv` contains the lines between the sides.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use petsc_rs::prelude::*;
use workshop::app::{self, agree, input_error};
use workshop::matpower::{self, Case};
use workshop::network::DcModel;
use workshop::spectral::{self, Partition, Weight};

/// Bisects the network of a MATPOWER case with the Fiedler vector of its Laplacian.
///
/// SLEPc and PETSc options begin with one dash: -eps_type, -eps_monitor, -st_type (-help lists
/// them).
#[derive(Parser, Debug)]
#[command(name = "partition", version)]
struct Args {
    /// MATPOWER case file; a name without a directory is also searched among the cases of this
    /// package
    #[arg(long)]
    case: PathBuf,
    /// Weight of a line
    #[arg(long, value_enum, default_value_t = Weight::Lines)]
    by: Weight,
    /// Divide at the median of the Fiedler vector into two sides of the same size, instead of at
    /// zero
    #[arg(long)]
    halves: bool,
    /// Directory for sides.csv and cut.csv; without it, no file is written
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        slepc_rs::init(petsc)?;
        // Every rank reads the file, so all ranks return the same error and none waits.
        let case = matpower::read(&matpower::find(&args.case)).map_err(input_error)?;
        let model = DcModel::new(&case).map_err(input_error)?;
        let parts = spectral::partition(petsc.world(), &model, args.by, args.halves)?;
        let first = parts.sides.iter().filter(|&&side| side).count();
        let rows = [
            ("network", format!("{} buses, {} lines", model.buses, model.lines.len())),
            ("found", parts.converged.to_string()),
            ("connectivity", format!("{:.12}, error {:.1e}", parts.connectivity, parts.error)),
            ("sides", format!("{first} and {} buses", model.buses - first)),
            ("cut", format!("{} lines of weight {:.6}", parts.cut.len(), parts.cut_weight)),
        ];
        for (key, value) in rows {
            petsc.print(format_args!("{key:>20}  {value}\n"))?;
        }
        match &args.out {
            None => Ok(()),
            Some(out) => write(petsc, out, (&case, &model), &parts),
        }
    })
}

fn write(
    petsc: &Petsc,
    out: &Path,
    (case, model): (&Case, &DcModel),
    parts: &Partition,
) -> Result<()> {
    let number = |bus: usize| case.buses[bus].number;
    let mut sides = String::from("bus,side,value\n");
    for (bus, (&side, value)) in parts.sides.iter().zip(&parts.values).enumerate() {
        writeln!(sides, "{},{},{value:.12e}", number(bus), u8::from(side))
            .map_err(|e| e.to_string())?;
    }
    let mut cut = String::from("from,to\n");
    for &line in &parts.cut {
        let line = &model.lines[line];
        writeln!(cut, "{},{}", number(line.from), number(line.to)).map_err(|e| e.to_string())?;
    }
    let mut outcome = Ok(());
    if petsc.world().rank() == 0 {
        outcome = fs::create_dir_all(out)
            .and_then(|()| fs::write(out.join("sides.csv"), sides))
            .and_then(|()| fs::write(out.join("cut.csv"), cut));
    }
    agree(petsc.world(), outcome.map_err(|e| format!("{}: {e}", out.display())))?;
    petsc.print(format_args!("{:>20}  sides.csv and cut.csv in {}\n", "written", out.display()))
}
