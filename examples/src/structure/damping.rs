//! Damped vibrations: a quadratic eigenvalue problem.

use std::f64::consts::TAU;

use num_complex::Complex64;
use petsc_rs::prelude::*;
use slepc_rs::pep::{Converged, Dimensions, ErrorType, Scale, Scaling, Tolerances};
use slepc_rs::prelude::*;

use super::Problem;
use crate::app::input_error;
use crate::eigen;

/// A damped mode, which decays as `e^(λt)`.
#[derive(Clone, Copy, Debug)]
pub struct DampedMode {
    /// `λ` in 1/s, with nonnegative imaginary part.
    pub value: Complex64,
    /// The frequency of the oscillation in Hz: `Im λ / 2π`, and 0 for an overdamped mode.
    pub frequency: f64,
    /// The damping ratio `-Re λ / |λ|`. At 1 and above, the mode does not oscillate; below 0, it
    /// grows.
    pub ratio: f64,
    /// `‖(K + λ·C + λ²·M)·u‖` relative to `‖K‖ + |λ|·‖C‖ + |λ|²·‖M‖`.
    pub error: f64,
}

/// Computes the `count` slowest modes of `(K + λ·C + λ²·M)·u = 0`. The default method is the
/// two-level orthogonal Arnoldi method (`toar`) with shift-and-invert at 0 and scaling, because `K`
/// is many orders of magnitude larger than `M`.
///
/// # Errors
/// A damping matrix of another size; more modes than unknowns; a solver that does not converge.
pub fn solve_damped(
    comm: &Comm,
    problem: &Problem,
    damping: &Matrix,
    count: usize,
) -> Result<(Vec<DampedMode>, Converged)> {
    let n = problem.unknowns()?;
    if damping.size()? != (n, n) {
        let (rows, columns) = damping.size()?;
        return Err(input_error(format_args!(
            "the damping matrix is {rows} x {columns}, but the stiffness matrix has {n} rows"
        )));
    }
    if count == 0 || count > n {
        return Err(input_error(format_args!(
            "{count} modes were requested, but the structure has {n} unknowns"
        )));
    }
    let identity = match &problem.mass {
        Some(_) => None,
        None => Some(Matrix::constant_diagonal(comm, n, Scalar::from_real(1.0))?),
    };
    let mass = problem.mass.as_ref().or(identity.as_ref());
    let mass = mass.ok_or("a mass matrix or the identity")?;
    let mut pep = Pep::new(comm)?;
    pep.set_operators(&[&problem.stiffness, damping, mass])?;
    // Each mode is a pair of eigenvalues.
    pep.set_dimensions(Dimensions::nev(2 * count))?;
    pep.set_which(PepWhich::TargetMagnitude)?;
    pep.set_target(Scalar::from_real(0.0))?;
    pep.set_scaling(Scale::Scalar, Scaling::default())?;
    pep.set_tolerances(Tolerances { tolerance: 1e-12.into(), ..Tolerances::default() })?;
    eigen::invert_directly(comm, &mut *pep.st()?)?;
    pep.set_from_options()?;
    let converged = pep.solve()?;
    let mut modes = Vec::new();
    for pair in pep.eigenpairs()? {
        let pair = pair?;
        let value = pair.value();
        // In complex builds, both eigenvalues of a pair are returned.
        if value.im < -1e-9 * value.norm() {
            continue;
        }
        modes.push(DampedMode {
            value,
            frequency: value.im.max(0.0) / TAU,
            ratio: -value.re / value.norm(),
            error: pair.error(ErrorType::Backward)?,
        });
    }
    modes.sort_by(|a, b| a.value.norm().total_cmp(&b.value.norm()));
    modes.truncate(count);
    Ok((modes, converged))
}
