//! Rust version of `python/shift_invert.py`: the eigenvalues closest to 0 of a structure in Matrix
//! Market files, with shift-and-invert. Reading the files is not measured.
//!
//! Run: `shift_invert <stiffness> <mass or -> <count> [<solves>]`. Prints
//! `shift_invert <first> <later> <eigenvalues>`. `<first>` is the time in seconds of the first
//! solve, which registers the types of PETSc and SLEPc; `<later>` is that of the fastest later
//! solve (NaN if there is none). Each solve uses a new solver.

use std::time::Instant;

use petsc_rs::Comm;
use petsc_rs::matrix::MatrixRef;
use petsc_rs::prelude::*;
use slepc_rs::eps::{Dimensions, Tolerances};
use slepc_rs::prelude::*;

fn main() -> std::process::ExitCode {
    slepc_rs::run(|petsc| {
        let words: Vec<String> = std::env::args().skip(1).take(4).collect();
        let [stiffness, mass, count, solves @ ..] = words.as_slice() else {
            return Err("usage: shift_invert <stiffness> <mass or -> <count> [<solves>]".into());
        };
        let (world, count) = (petsc.world(), count.parse()?);
        let solves: usize = solves.first().map_or(Ok(1), |word| word.parse())?;
        let k = Matrix::read_market(world, stiffness)?;
        let m = (mass != "-").then(|| Matrix::read_market(world, mass)).transpose()?;
        let (first, values) = solve(world, &k, m.as_deref(), count)?;
        let mut later = Real::NAN;
        for _ in 1..solves {
            later = later.min(solve(world, &k, m.as_deref(), count)?.0);
        }
        let values: Vec<String> = values.iter().map(|v| format!("{v:.9e}")).collect();
        petsc.print(format_args!("shift_invert {first:.6} {later:.6} {}\n", values.join(" ")))
    })
}

/// Returns the seconds of one solve, and the eigenvalues.
fn solve(
    comm: &Comm,
    k: &MatrixRef,
    m: Option<&MatrixRef>,
    count: usize,
) -> Result<(Real, Vec<Real>)> {
    let begun = Instant::now();
    let mut eps = Eps::new(comm)?;
    eps.set_operators(k, m)?;
    eps.set_problem_type(match m {
        Some(_) => EpsProblemType::GeneralizedHermitian,
        None => EpsProblemType::Hermitian,
    })?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(Scalar::from_real(0.0))?;
    eps.st()?.set_type(StType::SINVERT)?;
    eps.set_dimensions(Dimensions::nev(count))?;
    eps.set_tolerances(Tolerances { tolerance: 1e-10.into(), ..Tolerances::default() })?;
    eps.set_from_options()?;
    let _ = eps.solve()?;
    let seconds = begun.elapsed().as_secs_f64();
    let values = eps.eigenvalues()?;
    Ok((seconds, values.iter().take(count).map(|v| v.re).collect()))
}
