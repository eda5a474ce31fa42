//! Port of SLEPc's `src/eps/tutorials/ex30.c`: all eigenvalues that are not real. A stopping test
//! ends the solve when no further eigenvalues converge.

use petsc_rs::prelude::*;
use petsc_rs::{Viewer, ViewerFormat};
use slepc_rs::eps::{ConvergedReason, Dimensions, ErrorType, Tolerances};
use slepc_rs::prelude::*;

use crate::models::brusselator::Brusselator;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(30);
    petsc.print(format_args!("\nBrusselator wave model, n={n}\n\n"))?;
    let a = Brusselator::from_options(petsc, n)?.into_matrix(world)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::NonHermitian)?;
    // The region is the complement of a strip around the real axis.
    let mut region = eps.region()?;
    region.set_interval([Real::NEG_INFINITY, Real::INFINITY], [-0.01, 0.01])?;
    region.set_complement(true)?;
    eps.set_target(Scalar::from_real(0.0))?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    // The subspace has room for more eigenvalues than are expected.
    let mpd = 40;
    eps.set_dimensions(Dimensions {
        nev: (2 * mpd).into(),
        ncv: (3 * mpd).into(),
        mpd: mpd.into(),
    })?;
    eps.set_tolerances(Tolerances { tolerance: 1e-7.into(), max_iterations: 2000.into() })?;
    let (mut last, mut repeats) = (0, 0);
    eps.set_stopping_test_function(move |test| {
        let reason = test.default_test_of_iterations()?;
        if reason != ConvergedReason::Iterating {
            return Ok(reason);
        }
        let converged = test.converged();
        repeats = if converged == last { repeats + 1 } else { 0 };
        last = converged;
        Ok(if converged > 0 && repeats > 10 { ConvergedReason::User } else { reason })
    })?;
    eps.set_from_options()?;
    let _ = eps.solve_unchecked()?;
    Viewer::stdout(world)?.with_format(ViewerFormat::InfoDetail, |viewer| {
        eps.converged_reason_view(viewer)?;
        if petsc.options().has("-terse")? {
            return Ok(());
        }
        eps.error_view(ErrorType::Relative, viewer)
    })
}
