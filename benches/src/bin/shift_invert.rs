//! Twin of `python/shift_invert.py`: the eigenvalues closest to 0 of a structure in Matrix Market files, by
//! shift-and-invert. Files are read before the clock starts.
//!
//! Run: `shift_invert <stiffness> <mass or -> <count>`; prints `shift_invert <seconds> <eigenvalues>`.

use std::time::Instant;

use petsc_rs::prelude::*;
use slepc_rs::eps::{Dimensions, Tolerances};
use slepc_rs::prelude::*;

fn main() -> std::process::ExitCode {
    slepc_rs::run(|petsc| {
        let words: Vec<String> = std::env::args().skip(1).take(3).collect();
        let [stiffness, mass, count] = words.as_slice() else {
            return Err("usage: shift_invert <stiffness> <mass or -> <count>".into());
        };
        let (world, count) = (petsc.world(), count.parse()?);
        let k = Matrix::read_market(world, stiffness)?;
        let m = (mass != "-")
            .then(|| Matrix::read_market(world, mass))
            .transpose()?;
        let begun = Instant::now();
        let mut eps = Eps::new(world)?;
        eps.set_operators(&k, m.as_deref())?;
        eps.set_problem_type(match m {
            Some(_) => EpsProblemType::GeneralizedHermitian,
            None => EpsProblemType::Hermitian,
        })?;
        eps.set_which(EpsWhich::TargetMagnitude)?;
        eps.set_target(Scalar::from_real(0.0))?;
        eps.st_mut()?.set_type(StType::SINVERT)?;
        eps.set_dimensions(Dimensions::nev(count))?;
        eps.set_tolerances(Tolerances {
            tolerance: 1e-10.into(),
            ..Tolerances::default()
        })?;
        eps.set_from_options()?;
        let _ = eps.solve()?;
        let seconds = begun.elapsed().as_secs_f64();
        let values = eps.eigenvalues()?;
        let values: Vec<String> = values
            .iter()
            .take(count)
            .map(|v| format!("{:.9e}", v.re))
            .collect();
        petsc.print(format_args!(
            "shift_invert {seconds:.6} {}\n",
            values.join(" ")
        ))
    })
}
