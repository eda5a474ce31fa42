//! `powergrid` against independent solutions, on 1, 2 and 3 ranks, and against bad input.

use std::path::{Path, PathBuf};
use std::time::Duration;

use petsc_rs::prelude::*;
use workshop::matpower::{self, Case};
use workshop::network::ac::{self, AcModel, Start};
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
        assert!(
            (found - expected).abs() < 1e-8,
            "bus {number}: {found} instead of {expected}"
        );
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn angles_of_ieee_cases(petsc: &Petsc) -> Result<()> {
    for name in ["case14", "case30", "case118", "case300"] {
        check_angles(petsc, name)?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3], timeout = 240)]
fn angles_of_continental_cases(petsc: &Petsc) -> Result<()> {
    for name in [
        "case1354pegase",
        "case2869pegase",
        "case9241pegase",
        "case1888rte",
        "case_ACTIVSg2000",
    ] {
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
    let mut expected = Vec::new();
    for outage in (0..model.lines.len()).filter(|&l| !is_bridge[l]) {
        let rest = model.without(outage);
        let flows = rest.flows(&network::solve(petsc.world(), &rest)?.angles);
        for (i, (flow, line)) in flows.iter().zip(&rest.lines).enumerate() {
            let loading = line.rating.map_or(0.0, |r| flow.abs() / r);
            if loading > 1.0 {
                expected.push((outage, if i < outage { i } else { i + 1 }, *flow));
            }
        }
    }
    assert!(!expected.is_empty() && result.screened + result.islanding.len() == 20);
    assert_eq!(result.overloads, expected.len() as u64);
    let mut found: Vec<_> = result
        .worst
        .iter()
        .map(|o| (o.outage, o.line, o.flow))
        .collect();
    found.sort_by_key(|o| (o.0, o.1));
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!((found.0, found.1), (expected.0, expected.1));
        assert!(
            (found.2 - expected.2).abs() < 1e-6,
            "{found:?} {expected:?}"
        );
    }
    Ok(())
}

/// Voltages of the workshop's script (`--nx 40 --ny 20 --load 0.6 --g 1`), by scipy's sparse LU.
#[petsc_test::test(ranks = [1, 2, 3])]
fn synthetic_city(petsc: &Petsc) -> Result<()> {
    let city = SyntheticCity {
        nx: 40,
        ny: 20,
        load: 0.6,
        conductance: 1.0,
    };
    let solution = network::solve(petsc.world(), &city.model())?;
    let expected = [
        1.0,
        0.096_318_684_774,
        0.403_201_414_795,
        0.062_689_744_962,
        0.0,
    ];
    for ((name, node), expected) in city.places().into_iter().zip(expected) {
        let found = solution.angles[node];
        assert!(
            (found - expected).abs() < 1e-9,
            "{name}: {found:.10} instead of {expected}"
        );
    }
    Ok(())
}

/// Runs the program with a case made of `edit`ed text; returns its exit code and what it printed.
fn run_program(edit: impl Fn(String) -> String, ranks: usize) -> Result<(Option<i32>, String)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bad.m");
    std::fs::write(
        &path,
        edit(std::fs::read_to_string(data().join("case14.m"))?),
    )?;
    let args = ["--case".into(), path.into_os_string()];
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

fn check_voltages(petsc: &Petsc, name: &str, start: Start) -> Result<()> {
    let case = read(name)?;
    let model = AcModel::new(&case)?;
    let solution = ac::solve(petsc.world(), &model, start)?;
    assert!(solution.mismatch < 1e-8, "{name}: {}", solution.mismatch);
    let reference = ac_reference(name)?;
    assert_eq!(reference.len(), case.buses.len());
    for ((bus, (v, angle)), (number, magnitude, expected)) in
        case.buses.iter().zip(&solution.voltages).zip(&reference)
    {
        assert_eq!(bus.number, *number);
        assert!(
            (v - magnitude).abs() < 1e-6,
            "{name}: bus {number}: {v}, not {magnitude}"
        );
        assert!(
            (angle - expected).abs() < 1e-6,
            "{name}: bus {number}: {angle}, not {expected}"
        );
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn voltages_of_ieee_cases(petsc: &Petsc) -> Result<()> {
    for name in ["case14", "case30", "case118", "case300"] {
        check_voltages(petsc, name, Start::Flat)?;
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 3], timeout = 200)]
fn voltages_of_continental_cases(petsc: &Petsc) -> Result<()> {
    for name in ["case1354pegase", "case2869pegase", "case_ACTIVSg2000"] {
        check_voltages(petsc, name, Start::Flat)?;
    }
    check_voltages(petsc, "case9241pegase", Start::Case)
}

/// What flows in at the buses is what branches and shunts take.
#[petsc_test::test(ranks = [1])]
fn losses_and_injections_balance(petsc: &Petsc) -> Result<()> {
    let case = read("case118")?;
    let model = AcModel::new(&case)?;
    let solution = ac::solve(petsc.world(), &model, Start::Flat)?;
    let losses: f64 = model
        .admittance
        .flows(&solution.phasors())
        .iter()
        .map(|f| (f.from + f.to).re)
        .sum();
    // MATPOWER's own solution of case118: 132.86 MW.
    assert!(
        (losses * model.base_mva - 132.863).abs() < 0.01,
        "{}",
        losses * model.base_mva
    );
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
            (run_program(truncated, ranks), "ends inside mpc.branch"),
            (
                run_program(replace("\t1\t2\t0.01938", "\t1\t99\t0.01938"), ranks),
                "bad.m:54: mpc.branch names bus 99",
            ),
            (
                run_program(replace("0.01938\t0.05917", "0.01938\t0"), ranks),
                "bad.m:54: the reactance x",
            ),
            (
                run_program(replace("\t1\t3\t0\t0", "\t1\t2\t0\t0"), ranks),
                "bad.m:24: no bus of mpc.bus is the slack",
            ),
            (
                run_program(replace("\t2\t2\t21.7", "\t2\t2\tNaN"), ranks),
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
