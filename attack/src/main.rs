//! Random programs that use the safe interface of petsc-rs. `cargo xtask attack` starts this program for batches of
//! cases, monitors it, and shortens failing cases.
#![forbid(unsafe_code)]
// Sizes and seeds of a fuzzer: a number that is cut off is as random as before.
#![allow(clippy::cast_precision_loss)]

#[cfg(feature = "slepc")]
mod bv;
mod composite;
mod dice;
mod dm;
mod dmda;
mod dmstag;
#[cfg(feature = "slepc")]
mod ds;
#[cfg(feature = "slepc")]
mod eps;
#[cfg(feature = "slepc")]
mod functions;
mod ksp;
mod matrix;
#[cfg(feature = "slepc")]
mod nep;
#[cfg(feature = "slepc")]
mod pep;
mod plex;
mod progress;
#[cfg(feature = "slepc")]
mod region;
mod section;
mod snes;
#[cfg(feature = "slepc")]
mod solvers;
#[cfg(feature = "slepc")]
mod st;
#[cfg(feature = "slepc")]
mod svd;
mod tao;
mod ts;
mod vector;
mod work;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use petsc_rs::{Petsc, Result};

use dice::{Dice, derive};
use progress::Progress;
use world::{Operation, World};

/// Runs random programs that use the safe interface of petsc-rs.
#[derive(Debug, Parser)]
struct Args {
    /// Class: vector, matrix, ksp, snes, ts, tao, dm; with SLEPc also eps, svd, pep, nep.
    class: String,
    /// Number of the first case.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Number of cases.
    #[arg(long, default_value_t = 1)]
    cases: u64,
    /// Seed from which the seeds of all cases are derived.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Run the case with this seed (hexadecimal), and print its operations.
    #[arg(long, value_parser = hexadecimal)]
    replay: Option<u64>,
    /// Run only these steps of the case.
    #[arg(long, value_delimiter = ',')]
    steps: Vec<u64>,
    /// File for the current case and step.
    #[arg(long)]
    progress: Option<PathBuf>,
    /// File for the attempts and successes of each operation.
    #[arg(long)]
    counts: Option<PathBuf>,
}

fn hexadecimal(text: &str) -> std::result::Result<u64, std::num::ParseIntError> {
    u64::from_str_radix(text.trim_start_matches("0x"), 16)
}

/// The number of cases after which the counts are written, so that a crash loses only a few.
const COUNTS_EVERY: u64 = 20;

/// The maximum number of steps of a case.
const STEPS: usize = 30;

fn table(class: &str) -> Option<Vec<Operation>> {
    let parts: &[&[Operation]] = match class {
        "vector" => &[vector::TABLE],
        "matrix" => &[matrix::TABLE, vector::TABLE],
        // The solvers twice: most of what happens is theirs.
        "ksp" => &[ksp::TABLE, ksp::TABLE, ksp::TABLE, matrix::TABLE, vector::TABLE],
        #[cfg(feature = "slepc")]
        "eps" => &[
            eps::COMMON,
            eps::PAIRS,
            eps::TABLE,
            eps::COMMON,
            eps::PAIRS,
            eps::TABLE,
            st::TABLE,
            region::TABLE,
            bv::TABLE,
            ds::TABLE,
            functions::TABLE,
        ],
        #[cfg(feature = "slepc")]
        "svd" => &[
            svd::COMMON,
            svd::TABLE,
            svd::COMMON,
            svd::TABLE,
            eps::COMMON,
            eps::TABLE,
            bv::TABLE,
            ds::TABLE,
        ],
        #[cfg(feature = "slepc")]
        "pep" => &[
            pep::COMMON,
            pep::PAIRS,
            pep::TABLE,
            pep::COMMON,
            pep::PAIRS,
            pep::TABLE,
            st::TABLE,
            eps::TABLE,
            region::TABLE,
        ],
        #[cfg(feature = "slepc")]
        "nep" => &[
            nep::COMMON,
            nep::PAIRS,
            nep::TABLE,
            nep::COMMON,
            nep::PAIRS,
            nep::TABLE,
            functions::TABLE,
            region::TABLE,
            pep::TABLE,
            eps::TABLE,
        ],
        "dm" => &[
            dm::TABLE,
            dm::TABLE,
            dmda::TABLE,
            dmda::TABLE,
            dmstag::TABLE,
            plex::TABLE,
            composite::TABLE,
            section::TABLE,
            vector::TABLE,
        ],
        "snes" => &[
            snes::TABLE,
            snes::TABLE,
            snes::TABLE,
            snes::TABLE,
            ksp::TABLE,
            matrix::TABLE,
            vector::TABLE,
        ],
        "ts" => {
            &[ts::TABLE, ts::TABLE, ts::TABLE, ts::TABLE, snes::TABLE, matrix::TABLE, vector::TABLE]
        }
        "tao" => &[
            tao::TABLE,
            tao::TABLE,
            tao::TABLE,
            tao::TABLE,
            ksp::TABLE,
            matrix::TABLE,
            vector::TABLE,
        ],
        _ => return None,
    };
    Some(parts.concat())
}

fn main() -> ExitCode {
    let args = Args::parse();
    let Some(table) = table(&args.class) else {
        eprintln!("error: unknown class {}", args.class);
        return ExitCode::FAILURE;
    };
    // A crash has to end the process by its signal, which the parent reads.
    Petsc::builder()
        .args(["attack"])
        .signal_handler(false)
        .report_unused_options(false)
        .run(|petsc| attack(petsc, &args, table))
}

fn attack(petsc: &Petsc, args: &Args, table: Vec<Operation>) -> Result<()> {
    #[cfg(feature = "slepc")]
    slepc_rs::init(petsc)?;
    let progress = Progress::new(args.progress.as_deref(), petsc.world().rank());
    let world = World::new(petsc, table, args.replay.is_some(), progress)?;
    if let Some(seed) = args.replay {
        let steps = if args.steps.is_empty() { all_steps(seed) } else { args.steps.clone() };
        run_case(petsc, &world, 0, seed, &steps);
    } else {
        for case in args.from..args.from + args.cases {
            let seed = derive(args.seed, case);
            run_case(petsc, &world, case, seed, &all_steps(seed));
            if (case + 1 - args.from) % COUNTS_EVERY == 0 {
                write_counts(petsc, args, &world);
            }
        }
    }
    write_counts(petsc, args, &world);
    Ok(())
}

fn all_steps(seed: u64) -> Vec<u64> {
    let mut dice = Dice::new(seed);
    (0..(dice.below(STEPS) + 4) as u64).collect()
}

fn run_case(petsc: &Petsc, world: &World, case: u64, seed: u64, steps: &[u64]) {
    world.n.set(Dice::new(derive(seed, u64::MAX)).pick(&[1, 2, 3, 4, 4, 6, 6, 8, 12, 20]));
    for &step in steps {
        world.at(case, seed, step);
        if world.trace {
            eprint!("\nstep {step}");
        }
        world.step(&mut Dice::new(derive(seed, step)));
        // After an error of any rank: all ranks come here, if it was one that lets them.
        if world.failed() && petsc.world().size() > 1 {
            world.count("recover", petsc.recover());
        }
        if world.parted() {
            break;
        }
    }
    world.at(case, seed, u64::MAX);
    if world.trace {
        eprintln!("\nend: all objects are dropped");
    }
    world.clear(&mut Dice::new(derive(seed, u64::MAX - 1)));
    // What destructors could not do after errors is counted, as errors of other operations are.
    world.count("end of a case", petsc.recover());
    world.failed();
    world.parted();
    // On several ranks, handles of objects with an error on another rank may remain until the end.
    let alive = petsc.handles();
    let list: Vec<_> = alive.iter().map(ToString::to_string).collect();
    let freed = petsc.world().size() > 1 || alive.is_empty();
    assert!(freed, "handles are alive after the case: {}", list.join("; "));
}

fn write_counts(petsc: &Petsc, args: &Args, world: &World) {
    let Some(path) = args.counts.as_ref().filter(|_| petsc.world().rank() == 0) else {
        return;
    };
    let lines: String = world
        .counts()
        .iter()
        .map(|(name, count)| format!("{name}\t{}\t{}\n", count.attempts, count.ok))
        .collect();
    if let Err(error) = std::fs::write(path, lines) {
        eprintln!("error: {}: {error}", path.display());
    }
}
