//! Natural frequencies of a bridge deck, or of a structure given by its matrices.
//!
//! ```text
//! cargo run --release -p workshop --features slepc --bin bridge -- --nx 40 --ny 12 --nev 3
//! mpiexec -n 2 target/release/bridge --stiffness concrete_K.mtx --mass concrete_M.mtx -eps_monitor
//! mpiexec -n 3 target/release/bridge --nev 6 -st_ksp_type cg -st_pc_type gamg -st_ksp_rtol 1e-13
//! ```
//!
//! Any number of ranks. `modes.csv` has eigenvalue, frequency in Hz and error of each mode. Matrices of structures are in
//! SI units: then `ω²` is in 1/s².

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use petsc_rs::prelude::*;
use workshop::app::{self, input_error};
use workshop::structure::{self, Membrane, Modes, Problem};

/// Natural frequencies: the workshop's deck as a membrane, or a structure by its stiffness and mass matrices.
///
/// Options with one dash go to SLEPc and PETSc: -eps_type, -eps_monitor, -st_type, -st_ksp_type, -st_pc_type, -log_view …
/// (-help lists them).
#[derive(Parser, Debug)]
#[command(name = "bridge", version)]
struct Args {
    /// Inner grid points along the deck
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    nx: u32,
    /// Inner grid points across the deck
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    ny: u32,
    /// Length of the deck in m
    #[arg(long, default_value_t = 10.0, value_parser = positive)]
    length: f64,
    /// Width of the deck in m
    #[arg(long, default_value_t = 3.0, value_parser = positive)]
    width: f64,
    /// Speed of waves in the membrane in m/s
    #[arg(long, default_value_t = 1.0, value_parser = positive)]
    speed: f64,
    /// Number of modes
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    nev: u32,
    /// Stiffness matrix of a structure, Matrix Market format
    #[arg(long, value_name = "K.mtx")]
    stiffness: Option<PathBuf>,
    /// Mass matrix of the structure; without it, the identity
    #[arg(long, value_name = "M.mtx", requires = "stiffness")]
    mass: Option<PathBuf>,
    /// Second stiffness matrix, added to the first: that of a layer, say
    #[arg(long, value_name = "K2.mtx", requires = "stiffness")]
    add: Option<PathBuf>,
    /// Factor of the second stiffness matrix: the modulus of the layer in Pa
    #[arg(
        long,
        default_value_t = 1.0,
        requires = "add",
        allow_negative_numbers = true
    )]
    factor: f64,
    /// Damping matrix: complex frequencies and damping ratios
    #[arg(long, value_name = "C.mtx", requires = "stiffness")]
    damping: Option<PathBuf>,
    /// Folder for modes.csv; nothing is written without it
    #[arg(long)]
    out: Option<PathBuf>,
}

fn positive(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if x.is_finite() && x > 0.0 => Ok(x),
        Ok(_) => Err("must be a positive number".into()),
        Err(e) => Err(e.to_string()),
    }
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        slepc_rs::init(petsc)?;
        let started = Instant::now();
        let nev = args.nev as usize;
        let membrane = Membrane {
            nx: args.nx as usize,
            ny: args.ny as usize,
            length: args.length,
            width: args.width,
            speed: args.speed,
        };
        let mut problem = match &args.stiffness {
            None => membrane.problem(petsc.world())?,
            Some(path) => Problem::read(petsc.world(), path, args.mass.as_deref())?,
        };
        if let Some(path) = &args.add {
            problem.add_stiffness(path, args.factor)?;
        }
        if let Some(path) = &args.damping {
            let damping = Problem::read_matrix(petsc.world(), path)?;
            return damped(petsc, &problem, &damping, nev);
        }
        let modes = structure::solve(petsc.world(), &problem, nev)?;
        summary(petsc, &args, &problem, &modes, started)?;
        match &args.stiffness {
            None => deck(petsc, &membrane, &modes)?,
            Some(_) => table(petsc, &modes)?,
        }
        match &args.out {
            None => Ok(()),
            Some(_) => write_modes(petsc, &args, &modes),
        }
    })
}

fn summary(
    petsc: &Petsc,
    args: &Args,
    problem: &Problem,
    modes: &Modes,
    started: Instant,
) -> Result<()> {
    let name = match (&args.stiffness, &args.mass) {
        (None, _) => format!(
            "membrane of {} m x {} m on {} x {} points",
            args.length, args.width, args.nx, args.ny
        ),
        (Some(k), None) => format!("{}, mass 1", k.display()),
        (Some(k), Some(m)) => format!("{}, {}", k.display(), m.display()),
    };
    let mut rows = vec![
        ("structure", name),
        ("unknowns", problem.unknowns()?.to_string()),
    ];
    if modes.massless > 0 {
        let text = "unknowns have no mass: the mass matrix is singular, and they only follow the others \
                    (infinite frequencies, which shift-and-invert leaves out)";
        rows.push(("note", format!("{} {text}", modes.massless)));
    }
    if !modes.symmetric {
        let text = "the matrices are not symmetric: solved as a non-symmetric problem";
        rows.push(("note", text.into()));
    }
    let [eps, st, ksp, pc] = &modes.method;
    rows.push(("solver", format!("{eps} + {st}, {ksp} + {pc}")));
    rows.push(("found", modes.converged.to_string()));
    rows.push((
        "ranks, time",
        format!(
            "{}, {:.2} s",
            petsc.world().size(),
            started.elapsed().as_secs_f64()
        ),
    ));
    for (key, value) in rows {
        petsc.print(format_args!("{key:>20}  {value}\n"))?;
    }
    Ok(())
}

/// Beside each mode of the membrane what is known of it.
fn deck(petsc: &Petsc, membrane: &Membrane, modes: &Modes) -> Result<()> {
    petsc.print(format_args!(
        "\n{:>4} {:>7} {:>20} {:>14} {:>12} {:>12} {:>12}\n",
        "mode", "waves", "omega² 1/s²", "frequency Hz", "error", "to exact", "to continuum"
    ))?;
    let exact = membrane.exact(modes.modes.len());
    for (i, (mode, exact)) in modes.modes.iter().zip(&exact).enumerate() {
        petsc.print(format_args!(
            "{:>4} {:>7} {:>20.12} {:>14.9} {:>12.1e} {:>12.1e} {:>12.1e}\n",
            i + 1,
            format!("{} x {}", exact.p, exact.q),
            mode.eigenvalue,
            mode.frequency,
            mode.error,
            (mode.eigenvalue - exact.discrete).abs() / exact.discrete,
            (mode.eigenvalue - exact.continuum).abs() / exact.continuum,
        ))?;
    }
    Ok(())
}

/// Modes that die away.
fn damped(petsc: &Petsc, problem: &Problem, damping: &Matrix, nev: usize) -> Result<()> {
    let (modes, converged) = structure::solve_damped(petsc.world(), problem, damping, nev)?;
    petsc.print(format_args!(
        "{:>20}  {}\n{:>20}  {converged}\n\n",
        "unknowns",
        problem.unknowns()?,
        "found"
    ))?;
    petsc.print(format_args!(
        "{:>4} {:>16} {:>16} {:>14} {:>10} {:>10}\n",
        "mode", "Re lambda 1/s", "Im lambda 1/s", "frequency Hz", "damping", "error"
    ))?;
    for (i, mode) in modes.iter().enumerate() {
        petsc.print(format_args!(
            "{:>4} {:>16.6} {:>16.6} {:>14.6} {:>10.5} {:>10.1e}\n",
            i + 1,
            mode.value.re,
            mode.value.im,
            mode.frequency,
            mode.ratio,
            mode.error
        ))?;
    }
    Ok(())
}

fn table(petsc: &Petsc, modes: &Modes) -> Result<()> {
    petsc.print(format_args!(
        "\n{:>4} {:>20} {:>14} {:>12}\n",
        "mode", "omega² 1/s²", "frequency Hz", "error"
    ))?;
    for (i, mode) in modes.modes.iter().enumerate() {
        petsc.print(format_args!(
            "{:>4} {:>20.6} {:>14.6} {:>12.1e}",
            i + 1,
            mode.eigenvalue,
            mode.frequency,
            mode.error
        ))?;
        if mode.imaginary != 0.0 {
            petsc.print(format_args!(
                "  complex, imaginary part {:.3e}",
                mode.imaginary
            ))?;
        }
        petsc.print(format_args!("\n"))?;
    }
    Ok(())
}

fn write_modes(petsc: &Petsc, args: &Args, modes: &Modes) -> Result<()> {
    let Some(out) = args.out.as_deref().filter(|_| petsc.world().rank() == 0) else {
        return Ok(());
    };
    let problem = |e: std::io::Error| input_error(format_args!("{}: {e}", out.display()));
    fs::create_dir_all(out).map_err(problem)?;
    let mut text = String::from("mode,omega2,frequency,error\n");
    for (i, mode) in modes.modes.iter().enumerate() {
        let (value, hz, error) = (mode.eigenvalue, mode.frequency, mode.error);
        text += &format!("{},{value:.15e},{hz:.15e},{error:.3e}\n", i + 1);
    }
    fs::write(out.join("modes.csv"), text).map_err(problem)?;
    petsc.print(format_args!(
        "{:>20}  modes.csv in {}\n",
        "written",
        out.display()
    ))
}
