//! What `bridge` makes of its modes: pictures, effective masses, and motions of the ground, on 1, 2 and 3 ranks.

use std::f64::consts::{PI, TAU};
use std::path::Path;
use std::time::Duration;

use petsc_rs::prelude::*;
use workshop::picture::Format;
use workshop::structure::{self, Accelerogram, Direction, Membrane, Mode, Problem, Ratio};

const ALL: Direction = Direction { first: 0, of: 1 };
const SMALL: Membrane = Membrane { nx: 6, ny: 4, length: 2.1, width: 1.0, speed: 5.0 };

fn all_modes(petsc: &Petsc) -> Result<(Problem, Vec<Mode>)> {
    let problem = SMALL.problem(petsc.world())?;
    let found = structure::solve(petsc.world(), &problem, SMALL.points())?;
    assert_eq!(found.modes.len(), SMALL.points());
    Ok((problem, found.modes))
}

/// Two shocks and silence.
fn ground() -> Accelerogram {
    let times: Vec<f64> = (0..=60).map(|k| 0.02 * f64::from(k)).collect();
    let shock =
        |t: f64| (-((t - 0.2) / 0.08).powi(2)).exp() - 0.6 * (-((t - 0.5) / 0.05).powi(2)).exp();
    Accelerogram { accelerations: times.iter().map(|&t| 3.0 * shock(t)).collect(), times }
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn effective_masses_add_up_to_the_total_mass(petsc: &Petsc) -> Result<()> {
    let (problem, modes) = all_modes(petsc)?;
    let shares = structure::participation(&problem, &modes, ALL)?;
    // As many cells as points, each with its area.
    petsc_test::assert_close!(shares.total, 24.0 * (2.1 / 7.0) * (1.0 / 5.0), 1e-12);
    let sum: f64 = shares.shares.iter().map(|share| share.mass).sum();
    petsc_test::assert_close!(sum, shares.total, 1e-9);
    petsc_test::assert_close!(shares.covered(), 1.0, 1e-9);
    Ok(())
}

/// `(8/π²)²` of the mass of a membrane goes with its lowest mode; nothing with one of an even number of waves.
#[petsc_test::test(ranks = [1, 2, 3])]
fn the_lowest_mode_has_two_thirds_of_the_mass(petsc: &Petsc) -> Result<()> {
    let fine = Membrane { nx: 79, ny: 39, ..SMALL };
    let problem = fine.problem(petsc.world())?;
    let modes = structure::solve(petsc.world(), &problem, 2)?.modes;
    let shares = structure::participation(&problem, &modes, ALL)?;
    // Of the grid, and in the limit.
    let wave = |cells: f64| 2.0 / (cells * (PI / (2.0 * cells)).tan()).powi(2);
    petsc_test::assert_close!(shares.shares[0].mass, 2.1 * wave(80.0) * wave(40.0), 1e-9);
    let limit = (8.0 / (PI * PI)).powi(2) * 2.1;
    assert!((shares.shares[0].mass / limit - 1.0).abs() < 2e-3);
    assert!(shares.shares[1].mass < 1e-12);
    assert_eq!(shares.strongest(), Some(0));
    // Every other unknown alone: the totals of both directions add up to that of all.
    let two: Direction = "0/3".parse()?;
    let third = structure::participation(&problem, &modes, two)?.total;
    petsc_test::assert_close!(third * 3.0, 79.0 * 39.0 * (2.1 / 80.0) / 40.0, 1e-9);
    Ok(())
}

/// One mode under a step has its closed form, in the vectors too.
#[petsc_test::test(ranks = [1, 2, 3])]
fn one_mode_under_a_step_has_its_closed_form(petsc: &Petsc) -> Result<()> {
    let (problem, mut modes) = all_modes(petsc)?;
    modes.truncate(1);
    let shares = structure::participation(&problem, &modes, ALL)?;
    let times = vec![0.0, 0.05, 0.13, 0.4];
    let step = Accelerogram { accelerations: vec![2.0; times.len()], times };
    let answer = structure::respond(&modes, &shares, &step, Ratio::Same(0.1))?;
    let exact = SMALL.exact(1)[0].discrete.sqrt();
    let damped = exact * f64::sqrt(1.0 - 0.01);
    let unknown = structure::most_moved(&modes[0])?;
    // In the middle of 6 x 4 points.
    assert_eq!(unknown, 8);
    let found = answer.at(&modes, unknown)?;
    let force = answer.base_force();
    // The shape sin·sin of norm 1, and its sum over the points.
    let wave = |i: f64, n: f64| (i * PI / n).sin();
    let area: f64 = 0.3 * 0.2;
    let norm = area * 3.5 * 2.5;
    let sum: f64 = (1..=6).map(|i| wave(i.into(), 7.0)).sum::<f64>()
        * (1..=4).map(|j| wave(j.into(), 5.0)).sum::<f64>();
    for ((t, u), f) in step.times.iter().zip(found).zip(force) {
        let free = (damped * t).cos() + 0.1 * exact / damped * (damped * t).sin();
        let q = -2.0 / exact.powi(2) * (1.0 - (-0.1 * exact * t).exp() * free);
        let expected = wave(3.0, 7.0) * wave(2.0, 5.0) * area * sum / norm * q;
        assert!((u - expected).abs() < 1e-12, "{t}: {u} {expected}");
        let v = -2.0 / damped * (-0.1 * exact * t).exp() * (damped * t).sin();
        let expected = (area * sum).powi(2) / norm * (exact.powi(2) * q + 0.2 * exact * v);
        assert!((f - expected).abs() < 1e-9, "{t}: {f} {expected}");
    }
    Ok(())
}

/// All modes, against Newmark's average acceleration on the matrices themselves, at two lengths of steps: the difference is
/// that of Newmark's, of second order.
#[petsc_test::test(ranks = [1, 2, 3])]
fn superposition_is_the_limit_of_direct_integration(petsc: &Petsc) -> Result<()> {
    let (problem, modes) = all_modes(petsc)?;
    let ground = ground();
    let rayleigh = Ratio::Rayleigh { mass: 0.8, stiffness: 2e-3 };
    let shares = structure::participation(&problem, &modes, ALL)?;
    let answer = structure::respond(&modes, &shares, &ground, rayleigh)?;
    let last = ground.times.len() - 1;
    let (mut expected, _) = problem.stiffness.vectors()?;
    answer.displacement(&modes, last, &mut expected)?;
    let size = expected.norm(Norm::Infinity)?;
    assert!(size > 1e-3, "the structure still moves: {size}");
    let mut errors = Vec::new();
    for parts in [8, 16] {
        let mut u = newmark(&problem, &ground, parts)?;
        u.axpy(Scalar::from_real(-1.0), &expected)?;
        errors.push(u.norm(Norm::Infinity)? / size);
    }
    let order = (errors[0] / errors[1]).log2();
    assert!((order - 2.0).abs() < 0.1 && errors[1] < 5e-3, "order {order} by {errors:?}");
    Ok(())
}

/// The last displacement of `M·ü + C·u̇ + K·u = -M·r·a`, with `parts` steps between the ground's times.
fn newmark(problem: &Problem, ground: &Accelerogram, parts: u32) -> Result<Vector> {
    let number = Scalar::from_real;
    let k = &problem.stiffness;
    let m = problem.mass.as_ref().ok_or("a mass")?;
    let dt = (ground.times[1] - ground.times[0]) / f64::from(parts);
    let same = petsc_rs::matrix::Structure::Different;
    let mut c = k.duplicate_with_values()?;
    c.scale(number(2e-3))?;
    c.axpy(number(0.8), m, same)?;
    let mut system = k.duplicate_with_values()?;
    system.axpy(number(2.0 / dt), &c, same)?;
    system.axpy(number(4.0 / (dt * dt)), m, same)?;
    let mut ksp = Ksp::new(&k.comm()?)?;
    ksp.set_operators(&system, &system)?;
    ksp.set_type(KspType::CG)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    ksp.set_tolerances(petsc_rs::ksp::Tolerances { rtol: 1e-13.into(), ..Default::default() })?;
    let (mut u, mut load) = k.vectors()?;
    let mut ones = u.duplicate()?;
    ones.set(number(1.0))?;
    let mut unit = u.duplicate()?;
    m.mult(&ones, &mut unit)?;
    let (mut v, mut a) = (u.duplicate()?, u.duplicate()?);
    u.set_zero()?;
    v.set_zero()?;
    // At rest at first, so the acceleration is that of the ground.
    a.set(number(-ground.accelerations[0]))?;
    let (mut work, mut next) = (u.duplicate()?, u.duplicate()?);
    for pair in ground.accelerations.windows(2) {
        for part in 1..=parts {
            let at = pair[0] + (pair[1] - pair[0]) * f64::from(part) / f64::from(parts);
            load.copy_from(&unit)?;
            load.scale(number(-at))?;
            // M·(4u/dt² + 4v/dt + a) + C·(2u/dt + v)
            work.copy_from(&a)?;
            work.axpy(number(4.0 / dt), &v)?;
            work.axpy(number(4.0 / (dt * dt)), &u)?;
            m.mult_add_to(&work, &mut load)?;
            work.copy_from(&v)?;
            work.axpy(number(2.0 / dt), &u)?;
            c.mult_add_to(&work, &mut load)?;
            let _ = ksp.solve(&load, &mut next)?;
            // a' = 4(u' - u)/dt² - 4v/dt - a, v' = 2(u' - u)/dt - v
            work.copy_from(&next)?;
            work.axpy(number(-1.0), &u)?;
            a.scale(number(-1.0))?;
            a.axpy(number(4.0 / (dt * dt)), &work)?;
            a.axpy(number(-4.0 / dt), &v)?;
            v.scale(number(-1.0))?;
            v.axpy(number(2.0 / dt), &work)?;
            u.copy_from(&next)?;
        }
    }
    Ok(u)
}

#[petsc_test::test(ranks = [1, 2])]
fn what_does_not_fit_is_refused(petsc: &Petsc) -> Result<()> {
    let (problem, modes) = all_modes(petsc)?;
    let five: Direction = "0/5".parse()?;
    let error = structure::participation(&problem, &modes, five).expect_err("24 unknowns");
    assert!(error.to_string().contains("24 unknowns"), "{error}");
    for text in ["", "1", "1/1", "x/2", "0/0"] {
        let error = text.parse::<Direction>().expect_err(text);
        assert!(error.contains("such as 0/3"), "{text}: {error}");
    }
    let shares = structure::participation(&problem, &modes, ALL)?;
    let error = structure::respond(&modes, &shares, &ground(), Ratio::Same(1.0));
    let error = error.expect_err("does not swing");
    assert!(error.to_string().contains("ratio 1"), "{error}");
    Ok(())
}

/// The pictures of a deck: of the sizes they should have, and for all ranks the same.
#[petsc_test::test(ranks = [1, 2, 3])]
fn shapes_are_drawn(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let folder = tempfile::tempdir()?;
    let name = folder.path().to_string_lossy().into_owned();
    let name = workshop::mpi_basics::broadcast_text(comm, 0, &name)?;
    let path = Path::new(&name);
    let plate = structure::Plate {
        nx: 9,
        ny: 5,
        length: 4.0,
        width: 2.0,
        thickness: 0.1,
        material: structure::Material::STEEL,
        edges: "CFFF".parse()?,
    };
    let sheet = plate.sheet(comm)?;
    let problem = plate.problem(&sheet)?;
    let modes = structure::solve(comm, &problem, 2)?.modes;
    // At the tip, and at rest along the clamped end.
    let values = sheet.gather(modes[0].shape.main())?;
    assert_eq!((sheet.points(), values.len()), ((11, 7), 77));
    let largest = (0..77).max_by(|&a, &b| values[a].modulus().total_cmp(&values[b].modulus()));
    assert_eq!(largest.map(|at| at % 11), Some(10));
    assert!((0..7).all(|j| values[11 * j] == Scalar::default()));
    let formats = [Format::Png, Format::Gif, Format::Vtk];
    let files = structure::write_shapes(comm, path, &sheet, &modes, &formats)?;
    assert_eq!(files, if Scalar::IS_COMPLEX { 4 } else { 6 });
    comm.barrier()?;
    if comm.rank() == 0 {
        for mode in 1..=2 {
            let read = |ending: &str| std::fs::read(path.join(format!("mode-{mode}.{ending}")));
            assert_eq!(&read("png")?[1..4], b"PNG");
            let gif = read("gif")?;
            assert_eq!(&gif[..6], b"GIF89a");
            if !Scalar::IS_COMPLEX {
                let vts = read("vts")?;
                let text = String::from_utf8_lossy(&vts);
                assert!(text.contains("WholeExtent=\"0 9 0 6 0 0\""), "{}", &text[..400]);
                assert!(text.contains(".displacement\""), "{}", &text[..800]);
            }
        }
    }
    comm.barrier()?;
    Ok(())
}

fn run_program(args: &[&str], ranks: usize) -> Result<(Option<i32>, String)> {
    let program = Path::new(env!("CARGO_BIN_EXE_bridge"));
    let outcome = petsc_test::launch(ranks, program, args, Duration::from_secs(60))?;
    assert!(!outcome.timed_out, "it hung:\n{}", outcome.output);
    Ok((outcome.code, outcome.output))
}

/// The same response for 1 and 2 ranks, and the lines that say it.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_program_shakes_a_deck(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("ground.txt");
    let mut text = String::from("# s m/s²\n");
    for (t, a) in ground().times.iter().zip(ground().accelerations) {
        text += &format!("{t} {a}\n");
    }
    std::fs::write(&file, text)?;
    let file = file.to_string_lossy().into_owned();
    let mut peaks = Vec::new();
    for ranks in [1, 2] {
        let out = folder.path().join(format!("on-{ranks}"));
        let name = out.to_string_lossy().into_owned();
        let args = [
            "--plate", "concrete", "--length", "20", "--width", "6", "--nev", "4", "--ground",
            &file, "--out", &name, "--shapes", "png,gif",
        ];
        let (code, output) = run_program(&args, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        for expected in
            ["effective kg", "61 accelerations in 1.2 s", "force on the base", "8 figures"]
        {
            assert!(output.contains(expected), "no {expected:?} in {output}");
        }
        let table = std::fs::read_to_string(out.join("response.csv"))?;
        assert_eq!(table.lines().count(), 62);
        let column = table.lines().skip(1).map(|line| line.split(',').nth(2));
        let values: Option<Vec<f64>> = column.map(|word| word?.parse().ok()).collect();
        peaks.push(structure::peak(&values.ok_or("numbers")?));
        assert!(out.join("response.png").exists() && out.join("mode-4.gif").exists());
    }
    assert_eq!(peaks[0].0, peaks[1].0);
    petsc_test::assert_close!(peaks[0].1, peaks[1].1, 1e-8);
    assert!(peaks[0].1.abs() > 1e-3 && TAU > peaks[0].1.abs());
    std::fs::write(folder.path().join("ground.txt"), "0 1\n0 2\n")?;
    for ranks in [1, 3] {
        let (code, output) = run_program(&["--ground", &file], ranks)?;
        assert_eq!(code, Some(2), "{output}");
        assert_eq!(output.matches("error: ").count(), 1, "{output}");
        assert!(output.contains("line 2: the times"), "{output}");
    }
    Ok(())
}

petsc_test::main!();
