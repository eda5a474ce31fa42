//! All modes of an interval, with the proof that none is missing.

use std::f64::consts::TAU;

use petsc_rs::matrix::SolverType;
use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use super::modes::{collect, names, solver};
use super::{Modes, Problem};
use crate::app::input_error;

/// The modes of an interval.
#[derive(Debug)]
pub struct Slice {
    /// All of them.
    pub modes: Modes,
    /// Both ends as `ω²` in 1/s².
    pub ends: (f64, f64),
    /// Numbers of modes below both ends, by the inertia of `K - ω²·M`.
    pub below: (usize, usize),
    /// Number of `ω²` at which the matrix was factorised.
    pub cuts: usize,
}

/// Computes all modes between two frequencies in Hz by slicing of the spectrum.
///
/// By Sylvester's law, `K - ω²·M = L·D·Lᵀ` has as many negative pivots in `D` as there are modes below `ω`. So two
/// factorisations say how many there are in the interval, before one is known; SLEPc goes on from cut to cut until it
/// has them all. The frequency 0 as the lower end has what moves without bending in it.
///
/// # Errors
/// An interval without length; matrices that are not symmetric; a PETSc that cannot count negative pivots in
/// parallel, or of complex numbers; an end that is a frequency of the structure; fewer modes than were counted.
pub fn solve_interval(petsc: &Petsc, problem: &Problem, hertz: (f64, f64)) -> Result<Slice> {
    let comm = petsc.world();
    let (low, high) = hertz;
    if !(0.0 <= low && low < high && high.is_finite()) {
        return Err(input_error(format_args!(
            "an interval of frequencies begins at 0 or above and ends higher, not {low} to {high} Hz"
        )));
    }
    if !problem.is_symmetric()? {
        return Err(input_error(
            "modes in an interval are counted by pivots of symmetric matrices, and these are not symmetric",
        ));
    }
    if cfg!(petsc_scalar = "complex") {
        return Err(input_error(
            "modes in an interval are counted by negative pivots, which needs a PETSc with real scalars",
        ));
    }
    if comm.size() > 1 && !cfg!(petsc_have_mumps) {
        return Err(input_error(
            "this PETSc counts negative pivots on one rank only; with MUMPS it could on more",
        ));
    }
    let omega2 = |hertz: f64| (TAU * hertz).powi(2);
    let low = if low == 0.0 {
        problem.shift.min(0.0)
    } else {
        omega2(low)
    };
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
        // Left to ScaLAPACK, the last block would not be counted.
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
        _ => return Err("SLEPc has not cut the interval at its ends".into()),
    };
    if modes.len() + below.0 != below.1 {
        return Err(format!(
            "{} modes were found, but there are {} below one end and {} below the other",
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
        modes: Modes {
            modes,
            converged,
            method,
            massless: problem.massless()?,
            symmetric: true,
        },
        ends,
        below,
        cuts: cuts.len(),
    })
}
