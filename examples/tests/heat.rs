//! `heat` against what each method does to an eigenvector of the formula, and against the exact solution.

use petsc_rs::TsType;
use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::heat::{Settings, solve};

/// The factor of one step for the rate `z = dt·μ`.
fn factor(kind: TsType<'_>, z: f64) -> f64 {
    if kind == TsType::EULER {
        1.0 - z
    } else if kind == TsType::BEULER {
        1.0 / (1.0 + z)
    } else {
        (1.0 - 0.5 * z) / (1.0 + 0.5 * z)
    }
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn each_method_shrinks_the_mode_by_its_factor(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.insert_str("-ksp_rtol 1e-13 -snes_rtol 1e-13")?;
        for kind in [TsType::EULER, TsType::BEULER, TsType::CN] {
            let settings = Settings { points: (21, 13), kappa: 0.7, dt: 0.0008, steps: 25 };
            let solution = solve(petsc.world(), &settings, kind)?;
            assert_eq!(solution.finished.steps, 25);
            let expected = factor(kind, settings.dt * settings.discrete_rate()).powi(25);
            let largest = solution.u.max()?.map_or(0.0, |(_, value)| value);
            // The middle of the square is a point of the grid.
            assert_close!(largest, expected, 1e-10);
        }
        Ok(())
    })
}

#[petsc_test::test(ranks = [1, 3])]
fn halving_the_cells_quarters_the_error(petsc: &Petsc) -> Result<()> {
    let error = |cells: usize| {
        let settings = Settings {
            points: (cells + 1, cells + 1),
            kappa: 1.0,
            dt: 0.02 / (cells * cells) as f64,
            steps: 2 * cells * cells,
        };
        Ok::<_, Error>(solve(petsc.world(), &settings, TsType::EULER)?.error)
    };
    let ratio = error(8)? / error(16)?;
    assert!((3.8..4.2).contains(&ratio), "{ratio}");
    Ok(())
}

petsc_test::main!();
