//! `bratu` against Newton's method in numpy and scipy (the same five-point formula, sparse LU), and against the
//! fold of the continuous problem.

use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::bratu;

/// nx, ny, λ, largest u and sum of u by scipy.
const REFERENCE: [(usize, usize, Real, Real, Real); 3] = [
    (17, 9, 6.0, 0.795_653_074_870_787_4, 44.131_137_604_956_194),
    (21, 13, 3.0, 0.269_553_786_453_898_27, 29.775_225_189_282_38),
    (33, 33, 6.0, 0.796_949_861_367_717_8, 360.578_061_531_746_7),
];

#[petsc_test::test(ranks = [1, 2, 3])]
fn steady_states_are_those_of_scipy(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.set("-snes_rtol", 1e-13)?;
        options.set("-ksp_rtol", 1e-10)?;
        for (nx, ny, lambda, largest, sum) in REFERENCE {
            let grid = bratu::grid(petsc.world(), nx, ny)?;
            let solution = bratu::solve(grid, lambda)?;
            assert_close!(solution.largest, largest, 1e-9);
            assert_close!(solution.u.sum()?.real(), sum, 1e-9);
            assert!(solution.norms.len() > 3);
        }
        Ok(())
    })
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn multigrid_with_conjugate_gradients(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.insert_str(
            "-da_refine 2 -pc_type mg -ksp_type cg -snes_rtol 1e-12 -ksp_rtol 1e-10 -snes_linesearch_type basic",
        )?;
        let solution = bratu::solve(bratu::grid(petsc.world(), 9, 9)?, 6.0)?;
        assert_eq!(solution.grid.layout()?.sizes, [33, 33, 1]);
        assert_close!(solution.largest, REFERENCE[2].3, 1e-9);
        // Textbook multigrid: as good as independent of the size.
        assert!(solution.converged.linear_iterations < 12 * solution.converged.iterations);
        Ok(())
    })
}

#[petsc_test::test(ranks = [1, 3])]
fn the_fold(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.insert_str("-pc_type asm -ksp_gmres_restart 100")?;
        let branch = bratu::follow(&bratu::grid(petsc.world(), 25, 25)?, 38, 0.2)?;
        let (lambda, u) = branch.fold().expect("the branch goes around the fold");
        // λ = 6.808124 of the continuous problem; the formula is of second order.
        assert!((lambda - 6.8081).abs() < 0.01, "{lambda}");
        assert!((u - 1.391).abs() < 0.03, "{u}");
        let last = branch.points.last().expect("points");
        assert!(last.lambda < 6.75 && last.largest > 1.6, "{last:?}");
        Ok(())
    })
}

#[petsc_test::test(ranks = [1, 2])]
fn beyond_the_fold_there_is_nothing(petsc: &Petsc) -> Result<()> {
    let grid = bratu::grid(petsc.world(), 17, 17)?;
    let error = bratu::solve(grid, 8.0).expect_err("thermal runaway");
    assert_eq!(error.code(), petsc_rs::ErrorCode::NOT_CONVERGED, "{error}");
    petsc.collect_garbage()
}

petsc_test::main!();
