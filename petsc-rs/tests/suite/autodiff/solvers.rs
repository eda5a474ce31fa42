//! Solvers that derive their Jacobians.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::autodiff::{GridResidual, GridTransient, Number, Place, Stencil};
use petsc_rs::dm::{BoundaryType, GridRead, StencilAssembler};
use petsc_rs::prelude::*;
use petsc_rs::ts::ExactFinalTime;
use petsc_rs::{DmdaRef, ErrorCode, Snes, Ts, TsType};

use super::super::dm::float;
use super::super::vector::real;
use super::problems::{Bratu, Cavity, bratu_jacobian, cavity_jacobian};

#[petsc_test::test(ranks = [1, 2, 3])]
fn bratu_takes_the_same_steps(petsc: &Petsc) -> Result<()> {
    let mut runs = Vec::new();
    for by_hand in [false, true] {
        let grid = Dmda::builder(petsc.world()).sizes([13, 11]).build()?;
        let mut snes = Snes::new(petsc.world())?;
        snes.set_dm(&grid)?;
        snes.set_residual_autodiff(Bratu { lambda: 6.0 })?;
        if by_hand {
            snes.set_jacobian_local(
                |grid: &DmdaRef, x: &GridRead<'_, Scalar>, rows: &mut StencilAssembler<'_>| {
                    bratu_jacobian(6.0, grid, x, rows)
                },
            )?;
        }
        let mut x = grid.create_global_vector()?;
        let converged = snes.solve(None, &mut x)?;
        runs.push((converged.iterations, x.norm(Norm::Infinity)?));
    }
    assert_eq!(runs[0].0, runs[1].0);
    assert!((runs[0].1 - runs[1].1).abs() < 1e-10, "{runs:?}");
    // Larger than without a source, below the fold.
    assert!((0.5..1.4).contains(&runs[0].1), "{runs:?}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn cavity_takes_the_same_steps(petsc: &Petsc) -> Result<()> {
    let cavity = Cavity { grashof: 1.0, prandtl: 1.0, lid: 1.0 / 64.0 };
    let mut runs = Vec::new();
    for by_hand in [false, true] {
        let grid = Dmda::builder(petsc.world()).sizes([8, 8]).dof(4).build()?;
        let mut snes = Snes::new(petsc.world())?;
        snes.set_dm(&grid)?;
        snes.set_residual_autodiff(cavity)?;
        if by_hand {
            snes.set_jacobian_local(
                move |grid: &DmdaRef,
                      x: &GridRead<'_, [Scalar; 4]>,
                      rows: &mut StencilAssembler<'_>| {
                    cavity_jacobian(cavity, grid, x, rows)
                },
            )?;
        }
        let mut x = grid.create_global_vector()?;
        let converged = snes.solve(None, &mut x)?;
        runs.push((converged.iterations, x.norm(Norm::Two)?));
    }
    assert_eq!(runs[0].0, runs[1].0);
    assert!((runs[0].1 - runs[1].1).abs() < 1e-8 * runs[1].1, "{runs:?}");
    Ok(())
}

/// `exp(u) = 2`, whose residual fails somehow.
struct Failing {
    how: u8,
    calls: Rc<Cell<usize>>,
}

impl GridResidual<1> for Failing {
    fn at<N: Number>(&self, place: &Place<'_>, u: &Stencil<'_, N, 1>) -> Result<[N; 1]> {
        self.calls.set(self.calls.get() + 1);
        match self.how {
            0 => Err(Error::user("out of ideas")),
            1 => Ok([u.value(place.grid.sizes[0])]),
            _ if u.value(0).value().real() > 0.8 => Err(Error::domain("too far")),
            _ => Ok([u.value(0).exp() - 2.0]),
        }
    }
}

fn failing(petsc: &Petsc, how: u8) -> Result<(Result<f64>, Rc<Cell<usize>>)> {
    let grid = Dmda::builder(petsc.world()).sizes([6]).build()?;
    let mut snes = Snes::new(petsc.world())?;
    snes.set_dm(&grid)?;
    let calls = Rc::new(Cell::new(0));
    let residual = Failing { how, calls: Rc::clone(&calls) };
    snes.set_residual_autodiff(residual)?;
    let mut x = grid.create_global_vector()?;
    let outcome = snes.solve(None, &mut x);
    Ok((outcome.and_then(|_| x.norm(Norm::Infinity)), calls))
}

#[petsc_test::test]
fn an_error_of_the_residual_comes_back(petsc: &Petsc) -> Result<()> {
    let (outcome, calls) = failing(petsc, 0)?;
    let error = outcome.expect_err("it should fail");
    let source = std::error::Error::source(&error).map(ToString::to_string);
    assert!(source.is_some_and(|s| s.contains("out of ideas")), "{error:?}");
    assert_eq!(calls.get(), 1);
    // Solver and grid are gone, and both closures with them.
    petsc.recover()?;
    assert_eq!(Rc::strong_count(&calls), 1);
    Ok(())
}

#[petsc_test::test]
fn a_point_beyond_the_stencil_panics(petsc: &Petsc) -> Result<()> {
    let run = || failing(petsc, 1).map(|_| ());
    petsc_test::assert_panics(run, "no point at [6, 0, 0]");
    Ok(())
}

#[petsc_test::test]
fn a_domain_error_shortens_the_step(petsc: &Petsc) -> Result<()> {
    // The first full step leads to 1.
    let (outcome, _) = failing(petsc, 2)?;
    assert!((outcome? - 2.0_f64.ln()).abs() < 1e-8);
    Ok(())
}

#[petsc_test::test]
fn a_residual_needs_a_dmda(petsc: &Petsc) -> Result<()> {
    let mut snes = Snes::new(petsc.world())?;
    let error = snes.set_residual_autodiff(Bratu { lambda: 1.0 }).expect_err("it should fail");
    assert_eq!(error.code(), ErrorCode::ARG_WRONG);
    Ok(())
}

/// Heat around a ring: `u̇ = u″` and, decoupled, `2 u̇ = u″`.
struct Heat;

impl GridTransient<2> for Heat {
    fn at<N: Number>(
        &self,
        _: &Place<'_>,
        _: Real,
        u: &Stencil<'_, N, 2>,
        change: [N; 2],
    ) -> Result<[N; 2]> {
        let (before, here, after) = (u.point(-1), u.point(0), u.point(1));
        let second = |c: usize| before[c] - here[c] * 2.0 + after[c];
        Ok([change[0] - second(0), change[1] * 2.0 - second(1)])
    }
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn crank_nicolson_decays_modes_at_their_rates(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world())
        .sizes([12])
        .dof(2)
        .boundaries([BoundaryType::Periodic])
        .build()?;
    let mut ts = Ts::new(petsc.world())?;
    ts.set_dm(&grid)?;
    ts.set_type(TsType::CN)?;
    ts.set_i_residual_autodiff(Heat)?;
    let mut u = grid.create_global_vector()?;
    let mut values = grid.array_as_mut::<[Scalar; 2]>(&mut u)?;
    for i in grid.corners()?.x() {
        let wave = real((float(i) * std::f64::consts::PI / 6.0).cos());
        values[i] = [wave, wave];
    }
    drop(values);
    ts.set_time_step(0.01)?;
    ts.set_max_time(1.0)?;
    ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    let _ = ts.solve(&mut u)?;
    let rate = 2.0 - 2.0 * (std::f64::consts::PI / 6.0).cos();
    for (field, expected) in [(0, (-rate).exp()), (1, (-rate / 2.0).exp())] {
        assert!((u.stride_norm(field, Norm::Infinity)? - expected).abs() < 1e-4);
    }
    Ok(())
}
