//! Natural frequencies of a bridge deck, modeled as a membrane or a plate, or of a structure given
//! by its matrices.
//!
//! ```text
//! cargo run --release -p workshop --features slepc --bin bridge -- --nx 40 --ny 12 --nev 3
//! mpiexec -n 2 target/release/bridge --plate concrete --thickness 0.3 --edges SSFF --length 20 --width 6 --nev 6
//! mpiexec -n 2 target/release/bridge --stiffness concrete_K.mtx --mass concrete_M.mtx -eps_monitor
//! target/release/bridge --stiffness lund_a.mtx --mass lund_b.mtx --interval 2,10
//! mpiexec -n 3 target/release/bridge --nev 6 -st_ksp_type cg -st_pc_type gamg -st_ksp_rtol 1e-13
//! ```
//!
//! The program runs on any number of ranks. `modes.csv` contains the eigenvalue, the frequency in
//! Hz and the error of each mode, and with damping also the damping ratio. Matrices of structures
//! are in SI units, so `ω²` is in 1/s².

mod report;
mod shaken;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use petsc_rs::prelude::*;
use workshop::app;
use workshop::picture::Format;
use workshop::structure::{
    self, Direction, Edges, Exact, Material, Membrane, Plate, Problem, Sheet,
};

/// Computes natural frequencies: a bridge deck as a membrane or a plate, or a structure from its
/// stiffness and mass matrices.
///
/// SLEPc and PETSc options begin with one dash: -eps_type, -eps_monitor, -st_type, -st_ksp_type,
/// -st_pc_type, -log_view (-help lists them).
#[derive(Parser, Debug)]
#[command(name = "bridge", version)]
struct Args {
    /// Number of interior grid points along the deck
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    nx: u32,
    /// Number of interior grid points across the deck
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    ny: u32,
    /// Length of the deck in m
    #[arg(long, default_value_t = 10.0, value_parser = app::positive)]
    length: f64,
    /// Width of the deck in m
    #[arg(long, default_value_t = 3.0, value_parser = app::positive)]
    width: f64,
    /// Wave speed in the membrane in m/s
    #[arg(long, default_value_t = 1.0, value_parser = app::positive)]
    speed: f64,
    /// Model the deck as a plate of this material, not as a membrane
    #[arg(long, value_enum, conflicts_with = "stiffness")]
    plate: Option<Preset>,
    /// Thickness of the plate in m
    #[arg(long, default_value_t = 0.3, value_parser = app::positive, requires = "plate")]
    thickness: f64,
    /// Four letters for the edges of the plate, the two ends first and then the two sides: C
    /// (clamped), S (supported) or F (free)
    #[arg(long, default_value = "SSFF", requires = "plate")]
    edges: Edges,
    /// Number of modes
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    nev: u32,
    /// Compute all modes between two frequencies in Hz and count them; replaces --nev
    #[arg(long, value_name = "FROM,TO", value_parser = interval, conflicts_with_all = ["nev", "damping"])]
    interval: Option<(f64, f64)>,
    /// Stiffness matrix of a structure, Matrix Market format
    #[arg(long, value_name = "K.mtx")]
    stiffness: Option<PathBuf>,
    /// Mass matrix of the structure; without it, the identity
    #[arg(long, value_name = "M.mtx", requires = "stiffness")]
    mass: Option<PathBuf>,
    /// Second stiffness matrix, added to the first one, for example that of a layer
    #[arg(long, value_name = "K2.mtx", requires = "stiffness")]
    add: Option<PathBuf>,
    /// Factor of the second stiffness matrix, for example the modulus of the layer in Pa
    #[arg(long, default_value_t = 1.0, requires = "add", allow_negative_numbers = true)]
    factor: f64,
    /// Target ω² in 1/s²; negative for a structure with rigid-body motions
    #[arg(long, default_value_t = 0.0, requires = "stiffness", allow_negative_numbers = true)]
    shift: f64,
    /// Damping matrix; computes complex frequencies and damping ratios
    #[arg(long, value_name = "C.mtx", requires = "stiffness")]
    damping: Option<PathBuf>,
    /// Print participation factors and effective masses for ground motion
    #[arg(long, conflicts_with = "damping")]
    participation: bool,
    /// Ground motion: two columns with times in s and accelerations in m/s²
    #[arg(long, value_name = "FILE", conflicts_with = "damping")]
    ground: Option<PathBuf>,
    /// Damping ratio of all modes in the response to ground motion
    #[arg(long, default_value_t = 0.02, value_parser = ratio, requires = "ground")]
    ratio: f64,
    /// Direction of the ground motion: the D-th of every N unknowns, counted from 0
    #[arg(long, default_value = "0/1", value_name = "D/N")]
    direction: Direction,
    /// Formats of mode shapes
    #[arg(long, value_enum, value_delimiter = ',', default_value = "png", requires = "out")]
    shapes: Vec<Format>,
    /// Directory for modes.csv, mode shapes and the response; without it, no file is written
    #[arg(long)]
    out: Option<PathBuf>,
}

fn ratio(text: &str) -> std::result::Result<f64, String> {
    match text.parse() {
        Ok(ratio) if (0.0..1.0).contains(&ratio) => Ok(ratio),
        _ => Err("must be a number from 0 to less than 1".into()),
    }
}

fn interval(text: &str) -> std::result::Result<(f64, f64), String> {
    let ends = text.split_once(',').and_then(|(from, to)| {
        let ends: (f64, f64) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        (0.0 <= ends.0 && ends.0 < ends.1 && ends.1.is_finite()).then_some(ends)
    });
    ends.ok_or_else(|| "use two frequencies in Hz, the lower one first, such as 0,25".into())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Preset {
    /// 210 GPa, 7850 kg/m³
    Steel,
    /// 33 GPa, 2500 kg/m³
    Concrete,
}

/// The vibrating structure.
enum Deck {
    Membrane(Membrane),
    Plate(Plate),
    /// A structure from files.
    Structure,
}

impl Deck {
    fn new(args: &Args) -> Self {
        let (nx, ny) = (args.nx as usize, args.ny as usize);
        if args.stiffness.is_some() {
            return Self::Structure;
        }
        let Some(preset) = args.plate else {
            return Self::Membrane(Membrane {
                nx,
                ny,
                length: args.length,
                width: args.width,
                speed: args.speed,
            });
        };
        Self::Plate(Plate {
            nx,
            ny,
            length: args.length,
            width: args.width,
            thickness: args.thickness,
            material: match preset {
                Preset::Steel => Material::STEEL,
                Preset::Concrete => Material::CONCRETE,
            },
            edges: args.edges,
        })
    }

    /// Returns the matrices, and the points if they are known.
    fn problem(&self, comm: &Comm, args: &Args) -> Result<(Problem, Option<Sheet>)> {
        match (self, &args.stiffness) {
            (Self::Membrane(membrane), _) => {
                Ok((membrane.problem(comm)?, Some(membrane.sheet(comm)?)))
            }
            (Self::Plate(plate), _) => {
                let sheet = plate.sheet(comm)?;
                Ok((plate.problem(&sheet)?, Some(sheet)))
            }
            (Self::Structure, path) => {
                let path = path.as_deref().ok_or("a stiffness matrix")?;
                let mut problem = Problem::read(comm, path, args.mass.as_deref())?;
                if let Some(path) = &args.add {
                    problem.add_stiffness(path, args.factor)?;
                }
                problem.shift = args.shift;
                Ok((problem, None))
            }
        }
    }

    /// Returns the exact lowest modes.
    fn exact(&self, count: usize) -> Option<Vec<Exact>> {
        match self {
            Self::Membrane(membrane) => Some(membrane.exact(count)),
            Self::Plate(plate) => plate.exact(count),
            Self::Structure => None,
        }
    }
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        slepc_rs::init(petsc)?;
        let started = Instant::now();
        let nev = args.nev as usize;
        let deck = Deck::new(&args);
        let (problem, sheet) = deck.problem(petsc.world(), &args)?;
        if let Some(path) = &args.damping {
            let damping = Problem::read_matrix(petsc.world(), path)?;
            return report::damped(petsc, (&problem, &damping), nev, args.out.as_deref());
        }
        let modes = match args.interval {
            None => structure::solve(petsc.world(), &problem, nev)?,
            Some(hertz) => {
                let slice = structure::solve_interval(petsc, &problem, hertz)?;
                report::count(petsc, hertz, &slice)?;
                slice.modes
            }
        };
        report::summary(petsc, &args, (&deck, &problem), &modes, started)?;
        // Modes from the middle of the spectrum are not compared with the lowest exact modes.
        match deck.exact(nev).filter(|_| args.interval.is_none()) {
            Some(exact) => report::beside_exact(petsc, &exact, &modes)?,
            None => report::table(petsc, &deck, &modes)?,
        }
        if let Some(out) = &args.out {
            report::write_modes(petsc, out, &modes)?;
            if let Some(sheet) = &sheet {
                report::write_shapes(petsc, (out, &args.shapes), sheet, &modes)?;
            }
        }
        if args.participation || args.ground.is_some() {
            shaken::report(petsc, &args, &problem, &modes.modes)?;
        }
        Ok(())
    })
}
