//! `powergrid` against independent solutions, on 1, 2 and 3 ranks, and against bad input.

use std::path::{Path, PathBuf};
use std::time::Duration;

use petsc_rs::prelude::*;
use workshop::matpower::{self, Branch, BusKind, Case};
use workshop::network::ac::{self, AcModel, AcSolution, Doubts, Start};
use workshop::network::{self, DcModel, SyntheticCity};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/powergrid")
}

fn read(name: &str) -> Result<Case> {
    matpower::read(&data().join(format!("{name}.m"))).map_err(Error::user)
}

/// Bus and angle in radians, by scipy's sparse LU (`reference/powergrid_dc.py`).
fn reference(name: &str) -> Result<Vec<(u64, f64)>> {
    let text = std::fs::read_to_string(data().join(format!("reference/{name}.csv")))?;
    let mut list = Vec::new();
    for line in text.lines().skip(1) {
        let (bus, angle) = line.split_once(',').ok_or("two columns")?;
        list.push((bus.parse()?, angle.parse()?));
    }
    Ok(list)
}

fn check_angles(petsc: &Petsc, name: &str) -> Result<()> {
    let case = read(name)?;
    let model = DcModel::new(&case)?;
    let solution = network::solve(petsc.world(), &model)?;
    let reference = reference(name)?;
    assert_eq!(reference.len(), case.buses.len());
    for ((bus, found), (number, expected)) in
        case.buses.iter().zip(&solution.angles).zip(&reference)
    {
        assert_eq!(bus.number, *number);
        assert!((found - expected).abs() < 1e-8, "bus {number}: {found} instead of {expected}");
    }
    Ok(())
}

/// Copies of a case, each tied to the one before by twenty lines, with series capacitors in one branch of fifty. The
/// same as in `reference/powergrid_tiled.py`.
fn tiled(name: &str, copies: usize) -> Result<Case> {
    let case = read(name)?;
    assert!(case.dc_lines.is_empty());
    let mut state = 1_u64;
    let mut below = |bound: usize| -> usize {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    let n = case.buses.len();
    let mut whole =
        Case { buses: Vec::new(), generators: Vec::new(), branches: Vec::new(), ..case.clone() };
    for copy in 0..copies {
        let shift = copy * n;
        for (i, bus) in case.buses.iter().enumerate() {
            let mut bus = bus.clone();
            bus.number = (shift + i + 1) as u64;
            if copy > 0 && bus.kind == BusKind::Slack {
                bus.kind = BusKind::Generator;
            }
            whole.buses.push(bus);
        }
        for generator in &case.generators {
            let mut generator = generator.clone();
            generator.bus += shift;
            whole.generators.push(generator);
        }
        for branch in &case.branches {
            let mut branch = branch.clone();
            (branch.from, branch.to) = (branch.from + shift, branch.to + shift);
            if below(50) == 0 {
                branch.reactance *= -0.3;
            }
            whole.branches.push(branch);
        }
        for _ in 0..if copy == 0 { 0 } else { 20 } {
            whole.branches.push(Branch {
                from: shift - n + below(n),
                to: shift + below(n),
                reactance: 0.05,
                tap: 1.0,
                shift: 0.0,
                in_service: true,
                ..case.branches[0].clone()
            });
        }
    }
    Ok(whole)
}

/// Kirchhoff's law: by how much the flows out of the buses differ from what is fed in, `‖·‖₂` relative to the
/// latter. Buses with given angles take up the difference.
fn imbalance(model: &DcModel, angles: &[f64]) -> f64 {
    let mut surplus: Vec<f64> = model.injection.clone();
    for line in &model.lines {
        let flow = line.susceptance * (angles[line.from] - angles[line.to]);
        surplus[line.from] -= flow;
        surplus[line.to] += flow;
    }
    for &(bus, _) in &model.fixed {
        surplus[bus] = 0.0;
    }
    let norm = |values: &[f64]| values.iter().map(|v| v * v).sum::<f64>().sqrt();
    norm(&surplus) / norm(&model.injection)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_tight_tolerance_is_reached(petsc: &Petsc) -> Result<()> {
    let model = DcModel::new(&tiled("case1354pegase", 1)?)?;
    assert!(model.lines.iter().any(|l| l.susceptance < 0.0));
    for options in [
        "-ksp_rtol 1e-13",
        "-ksp_rtol 1e-13 -ksp_type minres -pc_type gamg",
        // Below rounding errors: the solver stops where no progress is possible.
        "-ksp_rtol 1e-15",
        "-ksp_rtol 1e-15 -ksp_type minres -pc_type gamg",
    ] {
        let solution = petsc.options().scope(|o| {
            o.insert_str(options)?;
            network::solve(petsc.world(), &model)
        })?;
        let found = imbalance(&model, &solution.angles);
        assert!(found < 3e-13, "{options}: {found:e}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_factorization_solves_the_true_system(petsc: &Petsc) -> Result<()> {
    let model = DcModel::new(&tiled("case1354pegase", 1)?)?;
    let factorisation = if petsc.world().size() == 1 { "lu" } else { "redundant" };
    let [direct, iterative] = [("preonly", factorisation), ("minres", "gamg")].map(|(ksp, pc)| {
        petsc.options().scope(|options| {
            options.set("-ksp_type", ksp)?;
            options.set("-pc_type", pc)?;
            network::solve(petsc.world(), &model)
        })
    });
    let (direct, iterative) = (direct?, iterative?);
    assert_eq!((direct.method.0.as_str(), direct.method.1.as_str()), ("preonly", factorisation));
    for (found, expected) in direct.angles.iter().zip(&iterative.angles) {
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }
    let found = imbalance(&model, &direct.angles);
    assert!(found < 3e-13, "{found:e}");
    Ok(())
}

/// A bus between a line and a series capacitor of the same size has a zero on the diagonal, LU's first pivot.
#[petsc_test::test(ranks = [1, 2])]
fn a_system_with_a_zero_on_the_diagonal_is_solved(petsc: &Petsc) -> Result<()> {
    let line = |from, to, susceptance| network::Line {
        branch: 0,
        from,
        to,
        susceptance,
        shift: 0.0,
        rating: None,
    };
    let model = DcModel {
        buses: 5,
        lines: vec![
            line(0, 1, 10.0),
            line(1, 2, -10.0),
            line(2, 3, 4.0),
            line(3, 4, -5.0),
            line(4, 0, 5.0),
        ],
        injection: vec![0.0, 0.5, 0.0, 0.0, 0.0],
        fixed: vec![(0, 0.0)],
        base_mva: 100.0,
    };
    let angles = network::solve(petsc.world(), &model)?.angles;
    // Two ways from bus 1 to bus 0 with reactances 0.1 and -0.1 + 0.25 - 0.2 + 0.2, in p.u.
    let (short, long) = (0.1, 0.15);
    let there = 0.5 * short * long / (short + long);
    let flow = there / long;
    let expected = [0.0, there, there + 0.1 * flow, there - 0.15 * flow, 0.2 * flow];
    for (found, expected) in angles.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12, "{angles:?}");
    }
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 120)]
fn a_wrong_answer_is_not_written(_petsc: &Petsc) -> Result<()> {
    for ranks in [1, 2] {
        let folder = tempfile::tempdir()?;
        let out = folder.path().join("out");
        let args: Vec<_> = ["--case", "case300", "--out"]
            .into_iter()
            .map(Into::into)
            .chain([out.clone().into_os_string()])
            .chain(["-ksp_type", "preonly", "-pc_type", "gamg"].map(Into::into))
            .collect();
        let program = Path::new(env!("CARGO_BIN_EXE_powergrid"));
        let outcome = petsc_test::launch(ranks, program, &args, Duration::from_secs(20))?;
        assert_eq!(outcome.code, Some(1), "{}", outcome.output);
        assert!(outcome.output.contains("relative residual"), "{}", outcome.output);
        assert!(!out.exists());
    }
    Ok(())
}

/// Angles of some buses by scipy's sparse LU (`reference/powergrid_tiled.py`).
#[petsc_test::test(ranks = [1, 2, 3], timeout = 120)]
fn tiled_buses_agree_with_scipy(petsc: &Petsc) -> Result<()> {
    let case = tiled("case2869pegase", 4)?;
    let solution = network::solve(petsc.world(), &DcModel::new(&case)?)?;
    let reference = reference("tiled")?;
    assert!(case.buses.len() == 11_476 && reference.len() > 100);
    for (number, expected) in reference {
        let found = solution.angles[usize::try_from(number)? - 1];
        assert!((found - expected).abs() < 1e-9, "bus {number}: {found} instead of {expected}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn ieee_cases_have_their_reference_angles(petsc: &Petsc) -> Result<()> {
    for name in ["case14", "case30", "case118", "case300"] {
        check_angles(petsc, name)?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3], timeout = 240)]
fn continental_cases_have_their_reference_angles(petsc: &Petsc) -> Result<()> {
    for name in
        ["case1354pegase", "case2869pegase", "case9241pegase", "case1888rte", "case_ACTIVSg2000"]
    {
        check_angles(petsc, name)?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn screening_is_exact_and_the_same_on_any_number_of_ranks(petsc: &Petsc) -> Result<()> {
    // The case has no ratings; these make some lines overloaded by some outages.
    let mut model = DcModel::new(&read("case14")?)?;
    for line in &mut model.lines {
        line.rating = Some(70.0);
    }
    let solution = network::solve(petsc.world(), &model)?;
    let result = network::screen(petsc, &model, &solution.angles, 1000, || ())?;
    // Every pair of outage and line, by solving without the line.
    let is_bridge = network::bridges(&model);
    let before: Vec<f64> =
        model.flows(&solution.angles).iter().map(|flow| flow.abs() / 70.0).collect();
    let already: Vec<usize> = (0..before.len()).filter(|&l| before[l] > 1.0).collect();
    assert!(!already.is_empty() && result.before == already);
    let (mut expected, mut unchanged) = (Vec::new(), 0);
    for outage in (0..model.lines.len()).filter(|&l| !is_bridge[l]) {
        let rest = model.without(outage);
        let flows = rest.flows(&network::solve(petsc.world(), &rest)?.angles);
        for (i, (flow, line)) in flows.iter().zip(&rest.lines).enumerate() {
            let loading = line.rating.map_or(0.0, |r| flow.abs() / r);
            let line = if i < outage { i } else { i + 1 };
            // Overloads of the base case count if the outage makes them worse by 5 % of the rating.
            if loading > 1.0 && (before[line] <= 1.0 || loading > before[line] + 0.05) {
                expected.push((outage, line, *flow));
            } else if loading > 1.0 {
                unchanged += 1;
            }
        }
    }
    assert!(unchanged > 0, "no overload of the base case stays");
    assert!(!expected.is_empty() && result.screened + result.islanding.len() == 20);
    assert_eq!(result.overloads, expected.len() as u64);
    let mut found: Vec<_> = result.worst.iter().map(|o| (o.outage, o.line, o.flow)).collect();
    found.sort_by_key(|o| (o.0, o.1));
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!((found.0, found.1), (expected.0, expected.1));
        assert!((found.2 - expected.2).abs() < 1e-6, "{found:?} {expected:?}");
    }
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 120)]
fn the_screening_is_written(_petsc: &Petsc) -> Result<()> {
    // Line 1-2 of 147.8 MW gets a rating of 140 MW, line 1-5 of 71 MW one of 75 MW.
    let rated = |text: String| {
        let rate = |text: String, line: &str, rating: &str| {
            assert!(text.contains(line));
            text.replacen(line, &line.replace("\t0\t0\t0\t0\t0", rating), 1)
        };
        let text =
            rate(text, "\t1\t2\t0.01938\t0.05917\t0.0528\t0\t0\t0\t0\t0", "\t140\t0\t0\t0\t0");
        rate(text, "\t1\t5\t0.05403\t0.22304\t0.0492\t0\t0\t0\t0\t0", "\t75\t0\t0\t0\t0")
    };
    for ranks in [1, 3] {
        let folder = tempfile::tempdir()?;
        let out = folder.path().to_string_lossy().into_owned();
        let (code, output) = run_program(rated, &["--screen", "--out", &out], ranks)?;
        assert_eq!(code, Some(0), "{output}");
        let text = std::fs::read_to_string(folder.path().join("screening.csv"))?;
        let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split(',').collect()).collect();
        assert_eq!(rows[0].len(), 8);
        assert_eq!(rows[1][..6], ["", "", "", "1", "2", "1"]);
        // The flow of the base case is that of scipy's angles.
        let angles = reference("case14")?;
        let flow = (angles[0].1 - angles[1].1) / 0.05917 * 100.0;
        let found: f64 = rows[1][6].parse()?;
        assert!((found - flow).abs() < 1e-6, "{found} instead of {flow}");
        // Without line 1-2, all 219 MW of the slack's bus leave by line 1-5.
        let worst = &rows[2];
        assert_eq!(worst[..6], ["1", "2", "1", "1", "5", "1"]);
        let found: f64 = worst[6].parse()?;
        assert!((found - 219.0).abs() < 1e-6, "{found}");
        let loading: f64 = worst[7].parse()?;
        assert!((loading - 219.0 / 75.0).abs() < 1e-6, "{loading}");
        let count = format!("{0} of {0} overloads", rows.len() - 2);
        assert!(output.contains(&count), "no {count:?} in {output}");
    }
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 60)]
fn the_size_of_the_city_has_two_names(_petsc: &Petsc) -> Result<()> {
    let program = Path::new(env!("CARGO_BIN_EXE_powergrid"));
    let run = |args: &[&str]| petsc_test::launch(1, program, args, Duration::from_secs(20));
    let named = run(&["--nx", "40", "--ny", "20"])?;
    assert_eq!(named.code, Some(0), "{}", named.output);
    // By scipy, as in `the_synthetic_city_has_the_voltages_of_scipy`.
    assert!(named.output.contains("0.403201"), "{}", named.output);
    assert_eq!(named.output, run(&["--grid", "40", "20"])?.output);
    for wrong in [
        vec!["--nx", "40"],
        vec!["--nx", "4", "--ny", "4", "--grid", "4", "4"],
        vec!["--nx", "4", "--ny", "4", "--case", "case14"],
    ] {
        let outcome = run(&wrong)?;
        assert_eq!(outcome.code, Some(2), "{}", outcome.output);
    }
    Ok(())
}

/// Width, height and pixels of a picture.
type Pixels = (u32, u32, Vec<[u8; 3]>);

fn pixels(path: &Path) -> Result<Pixels> {
    let mut reader =
        png::Decoder::new(std::fs::File::open(path)?).read_info().map_err(Error::user)?;
    let mut bytes = vec![0; reader.output_buffer_size()];
    let info = reader.next_frame(&mut bytes).map_err(Error::user)?;
    assert_eq!(info.color_type, png::ColorType::Rgb);
    let list = bytes.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
    Ok((info.width, info.height, list))
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 60)]
fn the_city_has_pictures(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let draw = |ranks, out: &Path| {
        let program = Path::new(env!("CARGO_BIN_EXE_powergrid"));
        let fixed = ["--grid", "40", "20", "--fail", "205-206", "--out"];
        let mut args: Vec<_> = fixed.into_iter().map(Into::into).collect();
        args.push(out.as_os_str().to_owned());
        args.extend(["-ksp_rtol", "1e-13"].map(Into::into));
        petsc_test::launch(ranks, program, &args, Duration::from_secs(20))
    };
    let mut written = Vec::new();
    for ranks in [1, 2] {
        let out = folder.path().join(ranks.to_string());
        let outcome = draw(ranks, &out)?;
        assert_eq!(outcome.code, Some(0), "{}", outcome.output);
        let said = "wrote voltages.csv, voltages.png, change.png";
        assert!(outcome.output.contains(said), "{}", outcome.output);
        written.push((pixels(&out.join("voltages.png"))?, pixels(&out.join("change.png"))?));
        let below = draw(ranks, &out.join("voltages.csv/out"))?;
        assert_eq!(below.code, Some(2), "{}", below.output);
    }
    assert!(written[0] == written[1], "other pixels on 2 ranks");
    let (voltages, change) = &written[0];

    // The place of a node in the area of the plot, which is 74..768 by 40..424 pixels; y points upwards.
    let colour = |(width, height, list): &Pixels, node: usize| {
        assert_eq!((*width, *height), (900, 480));
        let (ix, iy) = (node % 40, node / 40);
        let (x, y) = (78 + ix * 686 / 39, 420 - iy * 376 / 19);
        list[y * 900 + x]
    };
    let city = SyntheticCity { nx: 40, ny: 20, load: 0.6, conductance: 1.0 };
    let [plant, downtown, midtown, uptown, reference] =
        city.places().map(|(_, node)| colour(voltages, node));
    // The ends of matplotlib's inferno.
    assert_eq!((plant, reference), ([252, 255, 164], [0, 0, 4]));
    // The order of scipy's voltages in `the_synthetic_city_has_the_voltages_of_scipy`.
    let order = [plant, midtown, downtown, uptown, reference];
    let brightness = order.map(|c| c.map(u32::from).iter().sum::<u32>());
    assert!(brightness.is_sorted_by(|a, b| a > b), "{brightness:?}");
    // Without the line, the voltage falls at the end that it fed and rises at the one near the plant.
    let [red, _, blue] = colour(change, 205);
    assert!(blue > red + 50, "{red} {blue}");
    let [red, _, blue] = colour(change, 206);
    assert!(red > blue + 50, "{red} {blue}");
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 60)]
fn loadings_have_a_panel_where_a_line_has_a_rating(_petsc: &Petsc) -> Result<()> {
    let width = |from: &str, to: &str| -> Result<u32> {
        let folder = tempfile::tempdir()?;
        let out = folder.path().to_string_lossy().into_owned();
        let edit = |text: String| {
            assert!(text.contains(from));
            text.replacen(from, to, 1)
        };
        let (code, output) = run_program(edit, &["--out", &out], 1)?;
        assert_eq!(code, Some(0), "{output}");
        Ok(pixels(&folder.path().join("loading.png"))?.0)
    };
    let unrated = "\t1\t2\t0.01938\t0.05917\t0.0528\t0\t";
    let rated = "\t1\t2\t0.01938\t0.05917\t0.0528\t160\t";
    assert_eq!(width(unrated, unrated)?, 700);
    assert_eq!(width(unrated, rated)?, 1400);
    Ok(())
}

/// Voltages of the workshop's script (`--nx 40 --ny 20 --load 0.6 --g 1`), by scipy's sparse LU.
#[petsc_test::test(ranks = [1, 2, 3])]
fn the_synthetic_city_has_the_voltages_of_scipy(petsc: &Petsc) -> Result<()> {
    let city = SyntheticCity { nx: 40, ny: 20, load: 0.6, conductance: 1.0 };
    let solution = network::solve(petsc.world(), &city.model())?;
    let expected = [1.0, 0.096_318_684_774, 0.403_201_414_795, 0.062_689_744_962, 0.0];
    for ((name, node), expected) in city.places().into_iter().zip(expected) {
        let found = solution.angles[node];
        assert!((found - expected).abs() < 1e-9, "{name}: {found:.10} instead of {expected}");
    }
    Ok(())
}

/// Runs the program with a case made of `edit`ed text; returns its exit code and what it printed.
fn run_program(
    edit: impl Fn(String) -> String,
    options: &[&str],
    ranks: usize,
) -> Result<(Option<i32>, String)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bad.m");
    std::fs::write(&path, edit(std::fs::read_to_string(data().join("case14.m"))?))?;
    let mut args = vec!["--case".into(), path.into_os_string()];
    args.extend(options.iter().map(Into::into));
    let program = Path::new(env!("CARGO_BIN_EXE_powergrid"));
    let outcome = petsc_test::launch(ranks, program, &args, Duration::from_secs(20))?;
    assert!(!outcome.timed_out, "it hung");
    Ok((outcome.code, outcome.output))
}

/// Bus, magnitude and angle in radians, by scipy (`reference/powergrid_ac.py`).
fn ac_reference(name: &str) -> Result<Vec<(u64, f64, f64)>> {
    let text = std::fs::read_to_string(data().join(format!("reference/{name}_ac.csv")))?;
    let mut list = Vec::new();
    for line in text.lines().skip(1) {
        let [bus, v, angle] = line.split(',').collect::<Vec<_>>()[..] else {
            return Err(Error::user("three columns"));
        };
        list.push((bus.parse()?, v.parse()?, angle.parse()?));
    }
    Ok(list)
}

fn solve_ac(petsc: &Petsc, case: &Case, start: Start) -> Result<(AcModel, AcSolution)> {
    let model = AcModel::new(case)?;
    let guess = start.voltages(petsc.world(), &model, &DcModel::new(case)?)?;
    let solution = ac::solve(petsc.world(), &model, &guess)?;
    Ok((model, solution))
}

fn check_voltages(petsc: &Petsc, name: &str, start: Start) -> Result<()> {
    let case = read(name)?;
    let (model, solution) = solve_ac(petsc, &case, start)?;
    let doubts = Doubts::new(&case, &model, &solution.phasors());
    assert_eq!(doubts, Doubts::default(), "{name}");
    assert!(solution.mismatch < 1e-8, "{name}: {}", solution.mismatch);
    let reference = ac_reference(name)?;
    assert_eq!(reference.len(), case.buses.len());
    for ((bus, (v, angle)), (number, magnitude, expected)) in
        case.buses.iter().zip(&solution.voltages).zip(&reference)
    {
        assert_eq!(bus.number, *number);
        assert!((v - magnitude).abs() < 1e-6, "{name}: bus {number}: {v}, not {magnitude}");
        assert!((angle - expected).abs() < 1e-6, "{name}: bus {number}: {angle}, not {expected}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn ieee_cases_have_their_reference_voltages(petsc: &Petsc) -> Result<()> {
    for name in ["case14", "case30", "case118", "case300"] {
        check_voltages(petsc, name, Start::Flat)?;
        check_voltages(petsc, name, Start::Dc)?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 3], timeout = 200)]
fn continental_cases_have_their_reference_voltages(petsc: &Petsc) -> Result<()> {
    for name in ["case1354pegase", "case2869pegase", "case_ACTIVSg2000"] {
        check_voltages(petsc, name, Start::Flat)?;
    }
    check_voltages(petsc, "case9241pegase", Start::Case)
}

#[petsc_test::test(ranks = [1])]
fn the_voltages_of_the_file_are_the_default_start(_petsc: &Petsc) -> Result<()> {
    for (name, expected) in [("case118", Start::Case), ("case30", Start::Flat)] {
        assert_eq!(Start::of_case(&AcModel::new(&read(name)?)?), expected);
    }
    Ok(())
}

/// Two buses and a line without losses: the slack at 1 p.u. and the bus, generator and branch of the text.
fn two_buses(bus: &str, generator: &str, branch: &str) -> Result<Case> {
    let text = format!(
        "mpc.baseMVA = 100;\nmpc.bus = [\n1 3 0 0 0 0 1 1 0 380 1 1.1 0.9;\n2 {bus} 380 1 1.1 0.9;\n];\n\
         mpc.gen = [\n1 0 0 0 0 1 100 1;\n{generator}\n];\nmpc.branch = [\n1 2 {branch} 1;\n];\n"
    );
    matpower::parse(&text).map_err(|(line, text)| Error::user(format!("{line}: {text}")))
}

/// A load `P + jQ` behind a reactance `X`: `V⁴ + (2QX - 1) V² + X² (P² + Q²) = 0` has two roots.
#[petsc_test::test(ranks = [1, 2])]
fn a_solution_of_low_voltage_is_seen(petsc: &Petsc) -> Result<()> {
    let case = two_buses("1 100 20 0 0 1 1 0", "", "0 0.1 0 0 0 0 0 0")?;
    let model = AcModel::new(&case)?;
    let (p, q, x) = (1.0_f64, 0.2, 0.1);
    let half = 0.5 - q * x;
    let root = (half * half - x * x * (p * p + q * q)).sqrt();
    for (start, square, seen) in
        [((1.0, 0.0), half + root, false), ((0.12, -1.0), half - root, true)]
    {
        let solution = ac::solve(petsc.world(), &model, &[(1.0, 0.0), start])?;
        let v = solution.voltages[1].0;
        assert!((v - square.sqrt()).abs() < 1e-7, "{v} instead of {}", square.sqrt());
        let doubts = Doubts::new(&case, &model, &solution.phasors());
        // The lower limit is 0.9 p.u.
        let buses: Vec<usize> = doubts.outside.iter().map(|&(bus, _)| bus).collect();
        assert_eq!(buses, if seen { vec![1] } else { vec![] });
        assert!(doubts.wide.is_empty());
    }
    Ok(())
}

/// A generator that sends `P` through a reactance `X` to the slack: `sin θ = P X` has two roots. A transformer's phase
/// shift is no difference of angles.
#[petsc_test::test(ranks = [1, 2])]
fn a_solution_with_wide_angles_is_seen(petsc: &Petsc) -> Result<()> {
    for shift in [0.0_f64, 100.0] {
        let branch = format!("0 0.5 0 0 0 0 1 {shift}");
        let case = two_buses("2 0 0 0 0 1 1 0", "2 100 0 0 0 1 100 1;", &branch)?;
        let model = AcModel::new(&case)?;
        for (degrees, seen) in [(30.0_f64, false), (150.0, true)] {
            // Near the root: θ behind the transformer, whose shift is taken off.
            let start = (degrees + 5.0 - shift).to_radians();
            let solution = ac::solve(petsc.world(), &model, &[(1.0, 0.0), (1.0, start)])?;
            let found = solution.voltages[1].1.to_degrees();
            assert!((found - (degrees - shift)).abs() < 1e-6, "{found}");
            let doubts = Doubts::new(&case, &model, &solution.phasors());
            assert_eq!(doubts.wide.len(), usize::from(seen), "{doubts:?}");
            for (branch, angle) in doubts.wide {
                assert!(branch == 0 && (angle.to_degrees() + 150.0).abs() < 1e-6);
            }
            assert!(doubts.outside.is_empty());
        }
    }
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 120)]
fn without_convergence_another_start_is_named(_petsc: &Petsc) -> Result<()> {
    // No line can bring 50,000 MW to bus 2.
    let heavy = |text: String| text.replacen("\t2\t2\t21.7", "\t2\t2\t50000", 1);
    for (start, other) in [("flat", "--start case"), ("case", "--start dc")] {
        let (code, output) = run_program(heavy, &["--ac", "--start", start], 2)?;
        assert_eq!(code, Some(1), "{output}");
        assert_eq!(output.matches("error: ").count(), 1, "{output}");
        assert!(output.contains(other) && !output.contains("Jacobian"), "{output}");
    }
    Ok(())
}

/// What flows in at the buses is what branches and shunts take.
#[petsc_test::test(ranks = [1])]
fn losses_and_injections_balance(petsc: &Petsc) -> Result<()> {
    let case = read("case118")?;
    let (model, solution) = solve_ac(petsc, &case, Start::Flat)?;
    let losses: f64 =
        model.admittance.flows(&solution.phasors()).iter().map(|f| (f.from + f.to).re).sum();
    // MATPOWER's own solution of case118: 132.86 MW.
    assert!((losses * model.base_mva - 132.863).abs() < 0.01, "{}", losses * model.base_mva);
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn bad_input_is_one_line_and_exit_code_2(_petsc: &Petsc) -> Result<()> {
    let replace = |from: &'static str, to: &'static str| {
        move |text: String| {
            assert!(text.contains(from));
            text.replacen(from, to, 1)
        }
    };
    let truncated = |text: String| text[..text.find("mpc.branch").unwrap_or(0) + 200].to_owned();
    for ranks in [1, 3] {
        let checks = [
            (run_program(truncated, &[], ranks), "ends inside mpc.branch"),
            (
                run_program(replace("\t1\t2\t0.01938", "\t1\t99\t0.01938"), &[], ranks),
                "bad.m:54: mpc.branch refers to bus 99",
            ),
            (
                run_program(replace("0.01938\t0.05917", "0.01938\t0"), &[], ranks),
                "bad.m:54: the reactance x",
            ),
            (
                run_program(replace("\t1\t3\t0\t0", "\t1\t2\t0\t0"), &[], ranks),
                "bad.m:24: mpc.bus contains no slack bus",
            ),
            (
                run_program(replace("\t2\t2\t21.7", "\t2\t2\tNaN"), &[], ranks),
                "bad.m:26: Pd of mpc.bus is NaN",
            ),
        ];
        for (outcome, expected) in checks {
            let (code, output) = outcome?;
            assert_eq!(code, Some(2), "{output}");
            assert_eq!(output.matches("error: ").count(), 1, "{output}");
            assert!(output.contains(expected), "no {expected:?} in {output}");
        }
    }
    Ok(())
}

petsc_test::main!();
