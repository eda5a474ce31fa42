//! PETSc's integrators against the leapfrog.

use std::f64::consts::PI;

use petsc_rs::prelude::*;
use workshop::wave::{Absorb, Settings, Wave, integrate};

use crate::{mode, pulse, settings, shaken};

/// The mode (2, 1) as a system of first order: its shape stays, and it swings by `cos(c√μ·t)`.
#[petsc_test::test(ranks = [1, 2, 3])]
fn integrators_have_their_order(petsc: &Petsc) -> Result<()> {
    let (nx, ny) = (21, 13);
    let error = |steps: usize| {
        let mut settings = settings(nx, ny);
        settings.dt = 0.4 / steps as f64;
        let (dx, dy) = settings.spacing();
        let half = |k: f64, n: usize| (k * PI / (2.0 * (n + 1) as f64)).sin();
        let mu = 4.0 * ((half(2.0, nx) / dx).powi(2) + (half(1.0, ny) / dy).powi(2));
        let shape = mode(nx, ny);
        let start = shape.clone();
        let done = integrate(
            petsc.world(),
            &settings,
            steps,
            move |i, j| (start(i, j), 0.0),
            |_, _, _, _| Ok(()),
        )?;
        assert_eq!(done.finished.steps, steps);
        let expected = (1500.0 * mu.sqrt() * 0.4).cos();
        let distance =
            |(place, u): (usize, &f64)| (u - expected * shape(place % nx, place / nx)).abs();
        let worst = done.displacement.iter().enumerate().map(distance);
        Ok::<_, Error>(worst.fold(0.0, f64::max))
    };
    let methods = [
        ("-ts_type rk -ts_rk_type 4", 16.0),
        ("-ts_type ssp -ts_ssp_type rks3 -ts_ssp_nstages 4", 8.0),
        // Implicit: Newton's method with a Jacobian by differences.
        ("-ts_type cn -ksp_rtol 1e-12 -snes_rtol 1e-12", 4.0),
    ];
    for (options, ratio) in methods {
        petsc.options().scope(|scope| {
            scope.insert_str(options)?;
            scope.insert_str("-ts_adapt_type none")?;
            let (coarse, fine) = (error(80)?, error(160)?);
            let found = coarse / fine;
            assert!((found / ratio - 1.0).abs() < 0.15, "{options}: {coarse} {fine}");
            Ok(())
        })?;
    }
    Ok(())
}

/// Leapfrog and Runge–Kutta are written apart, and agree but for the error of leapfrog, which is of second order.
#[petsc_test::test(ranks = [1, 2])]
fn leapfrog_and_runge_kutta_agree(petsc: &Petsc) -> Result<()> {
    let pml = Absorb::Pml { width: 6, reflection: 1e-3 };
    for absorb in [Absorb::None, pml] {
        let distance = |steps: usize| {
            let settings = Settings {
                absorb,
                dt: 0.3 / steps as f64,
                receivers: vec![(40, 15)],
                ..shaken(53, 31)
            };
            let mut wave = Wave::new(petsc.world(), settings.clone())?;
            for _ in 0..steps {
                wave.advance()?;
            }
            let done = petsc.options().scope(|options| {
                options.insert_str("-ts_type rk -ts_rk_type 4 -ts_adapt_type none")?;
                integrate(petsc.world(), &settings, steps, |_, _| (0.0, 0.0), |_, _, _, _| Ok(()))
            })?;
            assert_eq!(done.seismogram.times.len(), steps);
            let size = wave.displacement().norm(Norm::Infinity)?;
            let worst = wave.gather()?;
            let worst = worst.iter().zip(&done.displacement).map(|(a, b)| (a - b).abs());
            Ok::<_, Error>(worst.fold(0.0, f64::max) / size)
        };
        let (coarse, fine) = (distance(150)?, distance(300)?);
        assert!(coarse < 0.2 && coarse / fine > 3.5, "{absorb:?}: {coarse} {fine}");
    }
    Ok(())
}

/// What leapfrog multiplies by is damping for an integrator: energy that has met the sponge is gone.
#[petsc_test::test(ranks = [1, 2])]
fn integrators_have_a_sponge_too(petsc: &Petsc) -> Result<()> {
    let left = |absorb| {
        let settings = pulse(0, absorb);
        let done = petsc.options().scope(|options| {
            options.insert_str("-ts_adapt_type none")?;
            integrate(petsc.world(), &settings, 200, |_, _| (0.0, 0.0), |_, _, _, _| Ok(()))
        })?;
        Ok::<_, Error>(done.displacement.iter().map(|u| u * u).sum::<f64>())
    };
    let sponge = left(Absorb::Sponge { width: 15, strength: 1.0 })?;
    let nothing = left(Absorb::None)?;
    assert!(sponge < 0.02 * nothing, "{sponge} {nothing}");
    Ok(())
}

/// By the generalised α method, which takes the equation of second order as it is, the mode swings by `sin(c√μ·t)`, and
/// the error falls with the square of the step.
#[petsc_test::test(ranks = [1, 2, 3])]
fn alpha2_has_second_order_for_the_wave_equation(petsc: &Petsc) -> Result<()> {
    let (nx, ny) = (21, 13);
    let options = "-ts_type alpha2 -ksp_rtol 1e-12";
    let error = |steps: usize| {
        let mut settings = settings(nx, ny);
        settings.dt = 0.2 / steps as f64;
        let (dx, dy) = settings.spacing();
        let half = |k: f64, n: usize| (k * PI / (2.0 * (n + 1) as f64)).sin();
        let mu = 4.0 * ((half(2.0, nx) / dx).powi(2) + (half(1.0, ny) / dy).powi(2));
        let w = 1500.0 * mu.sqrt();
        let shape = mode(nx, ny);
        let start = shape.clone();
        let done = petsc.options().scope(|scope| {
            scope.insert_str(options)?;
            let moving = move |i, j| (0.0, w * start(i, j));
            integrate(petsc.world(), &settings, steps, moving, |_, _, _, _| Ok(()))
        })?;
        assert_eq!(done.finished.steps, steps);
        let expected = (w * 0.2).sin();
        let distance =
            |(place, u): (usize, &f64)| (u - expected * shape(place % nx, place / nx)).abs();
        let worst = done.displacement.iter().enumerate().map(distance);
        Ok::<_, Error>(worst.fold(0.0, f64::max))
    };
    let (coarse, fine) = (error(60)?, error(120)?);
    assert!(fine < 0.02 && (coarse / fine / 4.0 - 1.0).abs() < 0.15, "{coarse} {fine}");
    Ok(())
}
