//! Bounds on the solution.

use petsc_rs::ErrorCode;
#[cfg(petsc_scalar = "real")]
use petsc_rs::SnesType;
use petsc_rs::prelude::*;

#[cfg(petsc_scalar = "real")]
use super::check_all;
use super::{code, r, squares};

fn constant(like: &petsc_rs::VectorRef, value: Real) -> Result<Vector> {
    let mut x = like.duplicate()?;
    x.set(r(value))?;
    Ok(x)
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1, 2, 3])]
fn solutions_stay_within_bounds(petsc: &Petsc) -> Result<()> {
    // x² - 4 is negative at the upper bound 1: there it holds.
    for kind in [SnesType::VINEWTONRSLS, SnesType::VINEWTONSSLS] {
        let (mut snes, mut x) = squares(petsc.world(), 6)?;
        snes.set_type(kind)?;
        let (lower, upper) = (constant(&x, -1.0)?, constant(&x, 1.0)?);
        snes.set_variable_bounds(&lower, &upper)?;
        x.set(r(0.5))?;
        let _ = snes.solve(None, &mut x)?;
        check_all(&x, 1.0)?;
        let mut f = x.duplicate()?;
        snes.compute_function(&x, &mut f)?;
        assert_eq!(snes.active_set(&x, &f)?.len()?, 6);
        // Wider bounds do not matter.
        let wide = constant(&x, 10.0)?;
        snes.set_variable_bounds(&lower, &wide)?;
        x.set(r(1.5))?;
        let _ = snes.solve(None, &mut x)?;
        check_all(&x, 2.0)?;
        snes.compute_function(&x, &mut f)?;
        assert_eq!(snes.active_set(&x, &f)?.len()?, 0);
        // C forgets bounds that it destroys in a reset.
        snes.set_variable_bounds(&lower, &upper)?;
        x.set(r(0.5))?;
        let _ = snes.solve(None, &mut x)?;
        check_all(&x, 1.0)?;
    }
    Ok(())
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_closure_computes_the_bounds(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = squares(petsc.world(), 6)?;
    snes.set_type(SnesType::VINEWTONRSLS)?;
    snes.set_compute_variable_bounds(|_, lower, upper| {
        lower.set(r(3.0))?;
        upper.set(r(Real::INFINITY))
    })?;
    x.set(r(4.0))?;
    let _ = snes.solve(None, &mut x)?;
    check_all(&x, 3.0)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn bounds_that_do_not_fit_are_refused(petsc: &Petsc) -> Result<()> {
    let (mut snes, x) = squares(petsc.world(), 6)?;
    assert_eq!(code(snes.active_set(&x, &x)), ErrorCode::ARG_WRONGSTATE);
    let bound = constant(&x, 1.0)?;
    let long = Vector::new(petsc.world(), 60)?;
    assert_eq!(code(snes.set_variable_bounds(&bound, &long)), ErrorCode::ARG_SIZ);
    assert_eq!(code(snes.set_variable_bounds(&long, &long)), ErrorCode::ARG_SIZ);
    assert!(snes.variable_bounds()?.is_none());
    snes.set_variable_bounds(&bound, &bound)?;
    assert!(snes.variable_bounds()?.is_some());
    assert_eq!(code(snes.active_set(&long, &long)), ErrorCode::ARG_SIZ);
    let outcome = snes.set_compute_variable_bounds(|_, _, _| Ok(()));
    assert_eq!(code(outcome), ErrorCode::ARG_WRONGSTATE);
    snes.set_grid_sequence(1)?;
    let mut y = x.duplicate()?;
    assert_eq!(code(snes.solve(None, &mut y)), ErrorCode::ARG_WRONGSTATE);
    Ok(())
}
