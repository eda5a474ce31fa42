//! `bratu` against Newton's method in numpy and scipy (`reference/bratu.py`: the same balances, sparse LU, folds by
//! an extended system), against the solution in one dimension, and against the fold of the continuous problem.

use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::bratu::{self, Cell, Problem, Rate};
use workshop::stencil::Side;

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
            let problem = Problem::new(lambda);
            let solution = bratu::solve(problem.grid(petsc.world(), &[nx, ny])?, &problem)?;
            assert_close!(solution.largest, largest, 1e-9);
            assert_close!(solution.u.sum()?.real(), sum, 1e-9);
            assert!(solution.norms.len() > 3);
        }
        Ok(())
    })
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn multigrid_needs_few_conjugate_gradient_iterations(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.insert_str(
            "-da_refine 2 -pc_type mg -ksp_type cg -snes_rtol 1e-12 -ksp_rtol 1e-10 -snes_linesearch_type basic",
        )?;
        let problem = Problem::new(6.0);
        let solution = bratu::solve(problem.grid(petsc.world(), &[9, 9])?, &problem)?;
        assert_eq!(solution.grid.layout()?.sizes, [33, 33, 1]);
        assert_close!(solution.largest, REFERENCE[2].3, 1e-9);
        // Textbook multigrid: as good as independent of the size.
        assert!(solution.converged.linear_iterations < 12 * solution.converged.iterations);
        Ok(())
    })
}

#[petsc_test::test(ranks = [1, 3])]
fn the_branch_reaches_the_fold_of_scipy(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.insert_str("-pc_type asm -ksp_gmres_restart 100")?;
        let problem = Problem::new(0.0);
        let grid = problem.grid(petsc.world(), &[25, 25])?;
        let branch = bratu::follow(&grid, &problem, 38, 0.2)?;
        assert!(branch.passes_a_fold());
        // By an extended system in scipy, from long steps and from short ones.
        for step in [0.1, 0.5, 1.5] {
            let fold = bratu::to_the_fold(&grid, &problem, step)?;
            assert_close!(fold.lambda, 6.805_500_745_543, 1e-8);
            assert_close!(fold.largest, 1.390_414_822_9, 1e-6);
            assert!(fold.errors.0 < 1e-6 && fold.errors.1 < 1e-5, "{fold:?}");
        }
        // The curve of a picture reaches the fold, which is between two points.
        let top = branch.curve().into_iter().map(|p| p.0);
        assert_close!(top.fold(0.0, Real::max), 6.805_500_745_543, 1e-4);
        let last = branch.points.last().expect("points");
        assert!(last.lambda < 6.75 && last.largest > 1.6, "{last:?}");
        Ok(())
    })
}

#[petsc_test::test(ranks = [1, 2], timeout = 180)]
fn no_steady_state_is_found_beyond_the_fold(petsc: &Petsc) -> Result<()> {
    for lambda in [7.0, 8.0] {
        let problem = Problem::new(lambda);
        let grid = problem.grid(petsc.world(), &[25, 25])?;
        let error = bratu::solve(grid, &problem).expect_err("thermal runaway");
        assert_eq!(error.code(), petsc_rs::ErrorCode::NOT_CONVERGED, "{error}");
        // 6.805500745543 by scipy.
        let expected = format!("lambda {lambda}: no steady state beyond 6.80550");
        assert!(error.message().contains(&expected), "{error}");
    }
    // Below the fold, no convergence has another reason.
    let problem = Problem::new(6.0);
    let error = petsc.options().scope(|options| {
        options.set("-snes_max_it", "1")?;
        let grid = problem.grid(petsc.world(), &[25, 25])?;
        Ok(bratu::solve(grid, &problem).expect_err("one step is not enough"))
    })?;
    assert!(!error.message().contains("steady state"), "{error}");
    Ok(())
}

/// What is printed agrees with the exact value of the grid to half a unit of its last digit, and has six digits.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn printed_digits_of_the_fold_are_true(_petsc: &Petsc) -> Result<()> {
    let printed = |ranks: usize, args: &[&str]| -> Result<Vec<f64>> {
        let program = std::path::Path::new(env!("CARGO_BIN_EXE_bratu"));
        let limit = std::time::Duration::from_secs(120);
        let done = petsc_test::launch(ranks, program, args, limit)?;
        assert_eq!(done.code, Some(0), "{args:?}: {}", done.output);
        let line = done.output.lines().find(|l| l.contains("fold at lambda"));
        let words = line.ok_or(done.output.clone())?.split([' ', ',']);
        let numbers: Vec<&str> = words.filter(|w| w.parse::<f64>().is_ok()).collect();
        assert!(numbers.iter().all(|n| n.len() == 7), "six digits: {line:?}");
        Ok(numbers.iter().filter_map(|w| w.parse().ok()).collect())
    };
    // By an extended system in scipy. Steps that are far too long for a parabola through their ends.
    for (points, arc, ranks, lambda, largest) in [
        ("25", "1.5", 1, 6.805_500_745_543, 1.390_414_822_9),
        ("25", "0.5", 2, 6.805_500_745_543, 1.390_414_822_9),
        ("33", "0.25", 1, 6.806_652_729_202, 1.390_960_080_6),
    ] {
        let steps = if points == "33" { "300" } else { "30" };
        let args = ["-nx", points, "-ny", points, "--continue", steps, "--arc", arc];
        let found = printed(ranks, &args)?;
        for (found, exact) in found.iter().zip([lambda, largest]) {
            assert!((found - exact).abs() <= 0.55e-5, "{found} for {exact}");
        }
    }
    // With two sides insulated, a square is a line. Its fold is known: 3.513830719.
    let line = |points| {
        let sides = ["--insulated", "bottom,top", "--continue", "40"];
        printed(1, &[sides.as_slice(), &["-nx", points, "-ny", "5"]].concat())
    };
    let (coarse, fine) = (line("17")?[0], line("33")?[0]);
    // Second order.
    assert_close!((4.0 * fine - coarse) / 3.0, 3.513_830_719, 1e-5);
    Ok(())
}

/// Options for comparisons to nine digits.
const EXACT: &str = "-snes_rtol 1e-13 -ksp_rtol 1e-11 -ksp_type cg";

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_cube_and_open_sides_are_those_of_scipy(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.insert_str(EXACT)?;
        let problem = Problem::new(7.0);
        let cube = bratu::solve(problem.grid(petsc.world(), &[9, 7, 11])?, &problem)?;
        assert_close!(cube.largest, 0.575_723_711_276_120_5, 1e-9);
        assert_close!(cube.u.sum()?.real(), 84.589_677_145_197_21, 1e-9);
        let mut problem = Problem::new(0.6);
        problem.rate = Rate::Arrhenius(0.05);
        problem.sides[0][0] = Side::INSULATED;
        problem.sides[1] = [Side::INSULATED, Side::Open(2.5)];
        let open = bratu::solve(problem.grid(petsc.world(), &[17, 9])?, &problem)?;
        assert_close!(open.largest, 0.272_592_973_519_759, 1e-9);
        assert_close!(open.u.sum()?.real(), 22.689_122_493_329_44, 1e-9);
        Ok(())
    })
}

/// A quarter of a square between two planes of symmetry, and an eighth of a cube, are parts of the whole.
#[petsc_test::test(ranks = [1, 2])]
fn a_part_between_planes_of_symmetry_has_the_same_solution(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.insert_str(EXACT)?;
        for dimension in [2, 3] {
            let whole = Problem::new(5.0);
            let solved = bratu::solve(whole.grid(petsc.world(), &vec![13; dimension])?, &whole)?;
            let mut part = whole;
            part.lengths = [0.5; 3];
            for d in 0..dimension {
                part.sides[d][0] = Side::INSULATED;
            }
            let cut = bratu::solve(part.grid(petsc.world(), &vec![7; dimension])?, &part)?;
            assert_close!(cut.largest, solved.largest, 1e-9);
            let (all, some) =
                (solved.grid.gather_natural(&solved.u)?, cut.grid.gather_natural(&cut.u)?);
            for (place, value) in some.iter().enumerate() {
                let [i, j] = [place % 7, place / 7 % 7];
                let k = if dimension == 3 { place / 49 + 6 } else { 0 };
                let expected = all[(k * 13 + j + 6) * 13 + i + 6].real();
                assert_close!(value.real(), expected, 1e-8, 1e-12);
            }
        }
        Ok(())
    })
}

/// With its other sides insulated, a square is a line: `u = 2·ln(cosh θ/cosh(θ(1 - 2x)))` where
/// `λ = 8θ²/cosh²θ`.
#[petsc_test::test(ranks = [1, 3])]
fn a_line_has_the_solution_of_the_textbook(petsc: &Petsc) -> Result<()> {
    let theta: Real = 0.8;
    let mut problem = Problem::new(8.0 * theta * theta / theta.cosh().powi(2));
    problem.sides[1] = [Side::INSULATED; 2];
    let error = |points: usize| {
        let solution = petsc.options().scope(|options| {
            options.insert_str(EXACT)?;
            bratu::solve(problem.grid(petsc.world(), &[points, 5])?, &problem)
        })?;
        let values = solution.grid.gather_natural(&solution.u)?;
        let distance = values.iter().enumerate().map(|(place, value)| {
            let x = (place % points) as Real / (points - 1) as Real;
            let exact = 2.0 * (theta.cosh() / (theta * (1.0 - 2.0 * x)).cosh()).ln();
            (value.real() - exact).abs()
        });
        Ok::<_, Error>(distance.fold(0.0, Real::max))
    };
    let (coarse, fine) = (error(17)?, error(33)?);
    assert!(coarse < 2e-3 && (3.8..4.2).contains(&(coarse / fine)), "{coarse} {fine}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_jacobian_is_symmetric_whatever_the_sides(petsc: &Petsc) -> Result<()> {
    let sides = [Side::Held, Side::INSULATED, Side::Open(1.7)];
    let mut random = Random::new(petsc.world())?;
    for dimension in [2, 3] {
        for shift in 0..3 {
            let mut problem = Problem::new(2.0);
            problem.rate = Rate::Arrhenius(0.03);
            problem.lengths = [1.0, 2.0, 0.7];
            for d in 0..3 {
                problem.sides[d] = [sides[(d + shift) % 3], sides[(2 * d + shift) % 3]];
            }
            let grid = problem.grid(petsc.world(), &[6, 7, 5][..dimension])?;
            let mut u = grid.create_global_vector()?;
            u.set_random(&mut random)?;
            let jacobian = problem.jacobian(&grid, &u)?;
            let (mut x, mut y) = (u.duplicate()?, u.duplicate()?);
            x.set_random(&mut random)?;
            y.set_random(&mut random)?;
            let (mut ax, mut ay) = (u.duplicate()?, u.duplicate()?);
            jacobian.mult(&x, &mut ax)?;
            jacobian.mult(&y, &mut ay)?;
            // Without conjugation, so that it is symmetry for complex numbers too.
            assert_close!(ax.tdot(&y)?, ay.tdot(&x)?, 1e-12);
        }
    }
    Ok(())
}

/// Newton and CG with multigrid take no more steps on finer grids.
#[petsc_test::test(ranks = [1, 2], timeout = 180)]
fn iterations_do_not_grow_with_the_grid(petsc: &Petsc) -> Result<()> {
    let counts = |refine: usize, sides: &[Side; 2], dimension: usize| {
        petsc.options().scope(|options| {
            options.insert_str("-pc_type mg -ksp_type cg -ksp_rtol 1e-8")?;
            options.set("-da_refine", refine.to_string())?;
            let mut problem = Problem::new(1.5);
            problem.sides[1] = *sides;
            let grid = problem.grid(petsc.world(), &vec![5; dimension])?;
            let done = bratu::solve(grid, &problem)?.converged;
            Ok::<_, Error>((done.iterations, done.linear_iterations))
        })
    };
    for sides in [[Side::Held; 2], [Side::INSULATED, Side::Held], [Side::INSULATED; 2]] {
        let (coarse, fine) = (counts(3, &sides, 2)?, counts(5, &sides, 2)?);
        assert!(fine.0 <= coarse.0, "{sides:?}: {coarse:?} {fine:?}");
        assert!(fine.1 <= coarse.1 + 2 * fine.0, "{sides:?}: {coarse:?} {fine:?}");
        let (coarse, fine) = (counts(1, &sides, 3)?, counts(3, &sides, 3)?);
        assert!(fine.1 <= coarse.1 + 4 * fine.0, "{sides:?}: {coarse:?} {fine:?}");
    }
    Ok(())
}

/// λ, ambient temperature and rise in K by scipy on the same grids: exponential, then Arrhenius.
type Expected = [[f64; 3]; 2];

const CELLS: [(&str, [usize; 3], Option<f64>, Expected); 4] = [
    (
        include_str!("../data/battery/nmc_pouch.txt"),
        [9, 9, 5],
        None,
        [[0.872_093_145, 429.150_944, 13.863_460], [0.897_197_790, 429.490_885, 14.729_840]],
    ),
    (
        include_str!("../data/battery/nmc_pouch.txt"),
        [9, 9, 5],
        Some(10.0),
        [[0.007_448_508_3, 378.981_304, 9.684_517], [0.007_629_402_6, 379.203_955, 10.179_501]],
    ),
    (
        include_str!("../data/battery/lfp_18650.txt"),
        [5, 5, 9],
        None,
        [[1.790_318_791, 415.285_684, 16.450_951], [1.843_364_886, 415.612_607, 17.515_134]],
    ),
    (
        include_str!("../data/battery/lfp_18650.txt"),
        [5, 5, 9],
        Some(10.0),
        [[0.043_259_645, 377.519_104, 9.097_099], [0.044_302_643, 377.738_417, 9.557_751]],
    ),
];

#[petsc_test::test(ranks = [1, 2, 3], timeout = 180)]
fn critical_states_of_cells_are_those_of_scipy(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.set("-ksp_gmres_restart", "100")?;
        for (text, points, transfer, expected) in CELLS {
            let cell = Cell::parse(text).expect("a cell");
            let grid = cell.problem(transfer).grid(petsc.world(), &points)?;
            let found = cell.critical(&grid, transfer)?;
            for (found, [lambda, ambient, rise]) in found.iter().zip(expected) {
                assert_close!(found.lambda, lambda, 1e-5);
                assert!((found.ambient - ambient).abs() < 1e-3, "{found:?}, {ambient}");
                assert_close!(found.rise, rise, 1e-3);
            }
        }
        Ok(())
    })
}

/// A body that gives off little heat has one temperature: Semenov's limit, `λ·e·volume = Biot·surface`.
#[petsc_test::test(ranks = [1, 2])]
fn a_small_biot_number_is_semenovs_limit(petsc: &Petsc) -> Result<()> {
    let biot = 1e-3;
    let mut problem = Problem::new(0.0);
    problem.sides = [[Side::INSULATED, Side::Open(biot)]; 3];
    let grid = problem.grid(petsc.world(), &[5, 5, 5])?;
    let fold = bratu::to_the_fold(&grid, &problem, 0.25)?;
    assert_close!(fold.lambda * std::f64::consts::E, 3.0 * biot, 1e-3);
    assert_close!(fold.largest, 1.0, 1e-3);
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_program_prints_its_results_and_mistakes(_petsc: &Petsc) -> Result<()> {
    let cell = concat!(env!("CARGO_MANIFEST_DIR"), "/data/battery/nmc_pouch.txt");
    let folder = tempfile::tempdir()?;
    let out = folder.path().display().to_string();
    let checks: [(&[&str], i32, &str); 9] = [
        (&["-nx", "17", "-ny", "9"], 0, "Max temperature rise: 0.795653"),
        (
            &["-nx", "9", "-ny", "7", "-nz", "11", "-lambda", "7", "--out", &out],
            0,
            "Max temperature rise: 0.5757",
        ),
        (&["--refinement-table", "--finest", "65"], 0, "65 x 65"),
        (
            &[
                "--cell",
                cell,
                "--heat-transfer",
                "10",
                "--ambient",
                "370",
                "-nx",
                "9",
                "-ny",
                "9",
                "-nz",
                "5",
            ],
            0,
            "106.0",
        ),
        (
            &["--cell", cell, "-nx", "9", "-ny", "9", "-nz", "5", "--ambient", "440"],
            0,
            "the cell runs away",
        ),
        (&["--insulated", "left,right,bottom,top"], 2, "all sides are insulated"),
        (&["--finest", "100", "--refinement-table"], 2, "--finest 100: use 17, 33, 65"),
        (&["--cell", "/dev/null"], 2, "/dev/null: volume is missing"),
        (&["--arrhenius=-1"], 2, "--arrhenius -1: use a positive number"),
    ];
    for ranks in [1, 2] {
        for (args, code, expected) in checks {
            let program = std::path::Path::new(env!("CARGO_BIN_EXE_bratu"));
            let limit = std::time::Duration::from_secs(60);
            let done = petsc_test::launch(ranks, program, args, limit)?;
            assert_eq!(done.code, Some(code), "{args:?}: {}", done.output);
            assert!(done.output.contains(expected), "no {expected:?} in {}", done.output);
        }
        let files = ["bratu.png", "bratu.vts"];
        for file in &files[..if Scalar::IS_COMPLEX { 1 } else { 2 }] {
            assert!(folder.path().join(file).metadata()?.len() > 500, "{file}");
        }
    }
    Ok(())
}

petsc_test::main!();
