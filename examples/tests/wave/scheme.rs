//! The scheme itself: modes, its order, and what numpy makes of it.

use std::f64::consts::PI;

use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::wave::Wave;

use crate::{mode, settings, shaken};

/// By leapfrog, a mode keeps its shape and turns by `θ` a step, where `sin²(θ/2) = (c·dt/2)²·μ` for the
/// eigenvalue `μ` of the five-point formula.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_mode_swings_as_its_formula_says(petsc: &Petsc) -> Result<()> {
    let (nx, ny) = (41, 25);
    let settings = settings(nx, ny);
    let (dx, dy) = settings.spacing();
    let half = |k: f64, n: usize| (k * PI / (2.0 * (n + 1) as f64)).sin();
    let mu = 4.0 * ((half(2.0, nx) / dx).powi(2) + (half(1.0, ny) / dy).powi(2));
    let theta = 2.0 * (0.5 * 1500.0 * settings.dt * mu.sqrt()).asin();
    let shape = mode(nx, ny);
    let mut wave = Wave::new(petsc.world(), settings)?;
    let before = shape.clone();
    wave.set_state(&shape, |i, j| theta.cos() * before(i, j))?;
    let steps = 150;
    for _ in 0..steps {
        wave.advance()?;
    }
    let expected = (f64::from(steps) * theta).cos();
    for (place, value) in wave.gather()?.iter().enumerate() {
        assert_close!(*value, expected * shape(place % nx, place / nx), 1e-10, 1e-11);
    }
    Ok(())
}

/// Halving the cells and the step quarters the distance to the continuous standing wave.
#[petsc_test::test(ranks = [1, 2])]
fn the_scheme_is_of_second_order(petsc: &Petsc) -> Result<()> {
    let error = |cells: usize| {
        let (nx, ny) = (2 * cells - 1, cells - 1);
        let mut settings = settings(nx, ny);
        // The zero lies one cell beyond: 2000 m by 1000 m from there to there.
        let h = 1000.0 / cells as f64;
        settings.length = (h * (nx - 1) as f64, h * (ny - 1) as f64);
        settings.dt = 0.2 * h / 1500.0;
        let omega = 1500.0 * PI * (2.0_f64 / 1000.0 / 1000.0).sqrt();
        let (shape, dt) = (mode(nx, ny), settings.dt);
        let mut wave = Wave::new(petsc.world(), settings)?;
        let before = shape.clone();
        wave.set_state(&shape, |i, j| (omega * dt).cos() * before(i, j))?;
        let steps = 10 * cells;
        for _ in 0..steps {
            wave.advance()?;
        }
        let expected = (omega * dt * steps as f64).cos();
        let worst = wave.gather()?.iter().enumerate().fold(0.0_f64, |worst, (place, value)| {
            worst.max((value - expected * shape(place % nx, place / nx)).abs())
        });
        Ok::<_, Error>(worst)
    };
    let (coarse, fine, finest) = (error(16)?, error(32)?, error(64)?);
    for ratio in [coarse / fine, fine / finest] {
        assert!((3.7..4.3).contains(&ratio), "{coarse} {fine} {finest}");
    }
    Ok(())
}

/// By numpy, `reference/wave.py`: sums of |u| and of i·u after 200 steps, and the receiver's value.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_shaken_ground_is_that_of_numpy(petsc: &Petsc) -> Result<()> {
    let mut wave = Wave::new(petsc.world(), shaken(53, 31))?;
    for _ in 0..200 {
        wave.advance()?;
    }
    let u = wave.gather()?;
    let absolute: f64 = u.iter().map(|v| v.abs()).sum();
    let moment: f64 = u.iter().enumerate().map(|(k, v)| (k % 53) as f64 * v).sum();
    let trace = wave.seismogram()?.traces;
    assert_close!(absolute, ABSOLUTE, 1e-9);
    assert_close!(moment, MOMENT, 1e-9, 1e-14);
    assert_close!(trace[0][199], RECEIVED, 1e-9, 1e-16);
    assert_eq!(trace[0].len(), 200);
    Ok(())
}

const ABSOLUTE: f64 = 0.001_254_255_154_169_907_4;
const MOMENT: f64 = -0.000_161_079_616_009_376_6;
const RECEIVED: f64 = -1.448_778_824_090_176_4e-8;
