//! All modes in an interval, with a check that none is missing.

use std::f64::consts::TAU;

use petsc_rs::matrix::SolverType;
use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use super::modes::{collect, names, solver};
use super::{Modes, Problem};
use crate::app::input_error;

/// The modes in an interval.
#[derive(Debug)]
pub struct Slice {
    /// All modes.
    pub modes: Modes,
    /// Both ends as `ω²` in 1/s².
    pub ends: (f64, f64),
    /// The number of modes below each end, from the inertia of `K - ω²·M`.
    pub below: (usize, usize),
    /// The number of shifts `ω²` for which `K - ω²·M` was factored.
    pub cuts: usize,
}

/// Computes all modes between two frequencies in Hz with spectrum slicing.
///
/// By Sylvester's law of inertia, the number of negative pivots in `D` of `K - ω²·M = L·D·Lᵀ` is
/// the number of modes below `ω`. Two factorizations therefore count the modes in the interval in
/// advance. SLEPc continues from shift to shift until it has computed all modes. If the lower end
/// is the frequency 0, the interval includes rigid-body motions.
///
/// # Errors
/// An empty interval; matrices that are not symmetric; a PETSc that cannot count negative pivots in
/// parallel, or with complex scalars; an end that is a frequency of the structure; fewer modes than
/// counted.
pub fn solve_interval(petsc: &Petsc, problem: &Problem, hertz: (f64, f64)) -> Result<Slice> {
    let comm = petsc.world();
    let (low, high) = hertz;
    if !(0.0 <= low && low < high && high.is_finite()) {
        return Err(input_error(format_args!(
            "the interval {low} to {high} Hz is invalid: use 0 <= start < end"
        )));
    }
    if !problem.is_symmetric()? {
        return Err(input_error(
            "counting the modes in an interval needs symmetric matrices, and these are not symmetric",
        ));
    }
    if cfg!(petsc_scalar = "complex") {
        return Err(input_error(
            "counting the modes in an interval needs negative pivots and a PETSc with real scalars",
        ));
    }
    if comm.size() > 1 && !cfg!(petsc_have_mumps) {
        return Err(input_error(
            "this PETSc counts negative pivots on one rank only: use one rank, or a PETSc with MUMPS",
        ));
    }
    let omega2 = |hertz: f64| (TAU * hertz).powi(2);
    let low = if low == 0.0 { problem.shift.min(0.0) } else { omega2(low) };
    let ends = (low, omega2(high));
    let mut eps = solver(comm, problem)?;
    eps.set_which(EpsWhich::All)?;
    eps.set_interval(ends.0, ends.1)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    let mut ksp = eps.krylovschur_ksp()?;
    ksp.set_type(KspType::PREONLY)?;
    ksp.pc()?.set_type(PcType::CHOLESKY)?;
    if cfg!(petsc_have_mumps) {
        ksp.pc()?.set_factor_solver(SolverType::MUMPS)?;
        // With ScaLAPACK, MUMPS would not count the last block.
        let options = petsc.options();
        if comm.size() > 1 && !options.has("st_mat_mumps_icntl_13")? {
            options.set("st_mat_mumps_icntl_13", 1)?;
        }
    }
    eps.set_from_options()?;
    let converged = eps.solve()?;
    let modes = collect(&eps, problem, usize::MAX)?;
    let cuts = eps.krylovschur_inertias()?;
    let below = match cuts.as_slice() {
        [first, .., last] => (first.below, last.below),
        _ => return Err("SLEPc returned no inertias for the ends of the interval".into()),
    };
    if modes.len() + below.0 != below.1 {
        return Err(format!(
            "{} modes were computed, but {} modes are below one end and {} below the other",
            modes.len(),
            below.0,
            below.1
        )
        .into());
    }
    let method = {
        let ksp = eps.krylovschur_ksp()?;
        let inner = [ksp.type_name()?, ksp.pc()?.type_name()?].map(Option::unwrap_or_default);
        let outer = names(&eps, &*eps.st()?.ksp()?)?;
        let [eps, st, ..] = outer;
        let [ksp, pc] = inner;
        [eps, st, ksp, pc]
    };
    Ok(Slice {
        modes: Modes { modes, converged, method, massless: problem.massless()?, symmetric: true },
        ends,
        below,
        cuts: cuts.len(),
    })
}
