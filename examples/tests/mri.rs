//! `mri` against numpy (examples/reference/mri.py), on 1, 2 and 3 ranks, and against bad input.

use std::path::Path;
use std::time::Duration;

use petsc_rs::prelude::*;

fn run(args: &[&str], ranks: usize) -> Result<(Option<i32>, String)> {
    let program = Path::new(env!("CARGO_BIN_EXE_mri"));
    let outcome = petsc_test::launch(ranks, program, args, Duration::from_secs(500))?;
    assert!(!outcome.timed_out, "it hung: {}", outcome.output);
    Ok((outcome.code, outcome.output))
}

/// The lines that begin with the name of an image, as numbers.
fn numbers(text: &str) -> Result<Vec<f64>> {
    let mut all = Vec::new();
    for name in ["filled ", "sense ", "variation "] {
        // mpiexec may name the rank before a line.
        let lines = text.lines();
        let lines = lines.map(|line| line.rsplit_once("<stdout>:").map_or(line, |(_, own)| own));
        for line in lines.filter_map(|line| line.strip_prefix(name)) {
            for word in line.split_whitespace() {
                all.push(word.parse()?);
            }
        }
    }
    Ok(all)
}

fn compare(output: &str, reference: &str) -> Result<()> {
    let (found, expected) = (numbers(output)?, numbers(reference)?);
    assert_eq!((found.len(), expected.len()), (33, 33), "{output}");
    // Each relative to the largest value of its image.
    for (i, (a, b)) in found.iter().zip(&expected).enumerate() {
        let scale = expected[11 * (i / 11) + 1];
        assert!((a - b).abs() < 1e-6 * scale, "{i}: {a} instead of {b}");
    }
    Ok(())
}

fn reference(name: &str) -> Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mri").join(name);
    Ok(std::fs::read_to_string(path)?)
}

#[petsc_test::test(ranks = [1], isolated, timeout = 900)]
fn the_phantom_is_as_numpy_says(_petsc: &Petsc) -> Result<()> {
    let expected = reference("phantom.txt")?;
    for (ranks, how) in [(1, "rows"), (2, "rows"), (3, "coils")] {
        let args = ["--numbers", "--rounds", "10", "--parallel", how];
        let (code, output) = run(&args, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        compare(&output, &expected)?;
        let expected = expected.lines().filter(|line| line.starts_with("psnr "));
        let found = decibels(&output)?;
        assert_eq!(expected.clone().count(), 3);
        for (found, line) in found.iter().zip(expected) {
            let value: f64 = line.split(' ').next_back().unwrap_or_default().parse()?;
            assert!((found - value).abs() < 1e-4, "{found} instead of {value}");
        }
        // Against complete samples: what is reconstructed is nearer than zeros for what is missing.
        let [filled, sense, variation] = found;
        assert!(sense > filled + 4.0 && variation > sense + 5.0, "{output}");
    }
    Ok(())
}

/// The peak signal-to-noise ratios of zero-filled, SENSE and total variation.
fn decibels(output: &str) -> Result<[f64; 3]> {
    let words: Vec<&str> = output.split([' ', ',']).collect();
    let found = words.windows(2).filter(|pair| pair[1] == "dB");
    let found: Vec<f64> =
        found.map(|pair| pair[0].parse()).collect::<std::result::Result<_, _>>()?;
    found.try_into().map_err(|_| format!("not three: {output}").into())
}

/// More coils, fewer samples, another shape: the order is the same, and the numbers are on any number of ranks.
#[petsc_test::test(ranks = [1], isolated, timeout = 900)]
fn reconstructions_are_nearer_to_complete_samples(_petsc: &Petsc) -> Result<()> {
    for (acceleration, margin) in [("3", 3.0), ("6", 1.5)] {
        let mut first: Option<[f64; 3]> = None;
        for (ranks, how) in [(1, "rows"), (2, "rows"), (3, "rows"), (2, "coils"), (3, "slices")] {
            let size = ["--size", "64", "48", "--coils", "8", "--rounds", "20"];
            let rest = ["--acceleration", acceleration, "--parallel", how];
            let (code, output) = run(&[&size[..], &rest].concat(), ranks)?;
            assert_eq!(code, Some(0), "{output}");
            let found = decibels(&output)?;
            let [filled, sense, variation] = found;
            assert!(sense > filled + margin && variation > sense + margin, "{output}");
            for (a, b) in found.iter().zip(first.get_or_insert(found)) {
                // What is printed is rounded to four digits.
                assert!((a - *b).abs() < 2e-4, "{ranks} {how}: {a} instead of {b}");
            }
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 900, needs = petsc_test::data_available)]
fn measured_samples_are_as_numpy_says(_petsc: &Petsc) -> Result<()> {
    let file = petsc_test::data_dir()?.join("mri/cartesian_ksp.npy");
    let file = file.to_string_lossy().into_owned();
    let folder = tempfile::tempdir()?;
    let out = folder.path().to_string_lossy().into_owned();
    let args = [
        "--kspace",
        &file,
        "--numbers",
        "--rounds",
        "1",
        "--calibration",
        "24",
        "--parallel",
        "coils",
        "--out",
        &out,
    ];
    let (code, output) = run(&args, 3)?;
    assert_eq!(code, Some(0), "{output}");
    assert!(output.contains("12.4 % sampled"), "{output}");
    compare(&output, &reference("measured.txt")?)?;
    assert!(std::fs::metadata(folder.path().join("slice1.png"))?.len() > 20_000);
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 900)]
fn slices_do_not_depend_on_who_has_them(_petsc: &Petsc) -> Result<()> {
    let mut texts = Vec::new();
    for (ranks, how) in [(1, "rows"), (2, "slices"), (3, "slices"), (2, "coils")] {
        let args = [
            "--size",
            "20",
            "17",
            "--slices",
            "4",
            "--calibration",
            "6",
            "--coils",
            "3",
            "--rounds",
            "2",
            "--parallel",
            how,
        ];
        let (code, output) = run(&args, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        let norms = output.lines().filter_map(|line| line.split_once(" norm "));
        let norms: Vec<String> = norms
            .map(|(_, rest)| rest.split(',').next().unwrap_or_default()[..7].to_owned())
            .collect();
        assert_eq!(norms.len(), 12, "{output}");
        texts.push(norms);
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 900)]
fn bad_input_is_one_line_and_exit_code_2(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("a.npy");
    std::fs::write(&file, "no numbers")?;
    let file = file.to_string_lossy().into_owned();
    let checks: [(&[&str], &str); 5] = [
        (&["--kspace", "/no/such/file"], "/no/such/file: "),
        (&["--kspace", &file], "use complex64 with three dimensions"),
        (&["--size", "2", "0"], "pixels"),
        (&["--acceleration", "0.5"], "use a number of at least 1"),
        (&["--kspace", &file, "--coils", "3"], "cannot be used with"),
    ];
    for ranks in [1, 3] {
        for (args, expected) in checks {
            let (code, output) = run(args, ranks)?;
            assert_eq!(code, Some(2), "{output}");
            assert_eq!(output.matches("error: ").count(), 1, "{output}");
            assert!(output.contains(expected), "no {expected:?} in {output}");
        }
    }
    let (code, output) = run(&["--latency", "12"], 2)?;
    assert!(code == Some(0) && output.matches("12x12").count() == 3, "{output}");
    Ok(())
}

petsc_test::main!();
