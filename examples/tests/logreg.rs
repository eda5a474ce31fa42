//! `logreg` against the optimum by scipy (examples/reference/logreg.py) on the breast-cancer table.

use std::path::Path;
use std::time::Duration;

use petsc_rs::prelude::*;

fn run(ranks: usize, args: &[&str]) -> Result<(Option<i32>, String)> {
    let program = Path::new(env!("CARGO_BIN_EXE_logreg"));
    let outcome = petsc_test::launch(ranks, program, args, Duration::from_secs(100))?;
    assert!(!outcome.timed_out, "{}", outcome.output);
    Ok((outcome.code, outcome.output))
}

fn number(output: &str, before: &str) -> f64 {
    let rest = output.split(before).nth(1).expect("the number is printed");
    let text = rest.split_whitespace().next().expect("a number");
    text.trim_end_matches(',').parse().expect("a number")
}

/// On one rank of the harness: the jobs are started by the test itself.
#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = petsc_test::data_available)]
fn the_optimum_is_that_of_scipy(_petsc: &Petsc) -> Result<()> {
    let file = petsc_test::data("ml").ok_or("no data")?.join("breast_cancer_wdbc.csv");
    let file = file.to_string_lossy().into_owned();
    for (l2, loss) in [("1e-2", 0.104_716_783_873_614), ("1e-3", 0.065_277_105_309_680_3)] {
        for (ranks, kind) in [(1, "nls"), (2, "lmvm"), (3, "tron"), (2, "bncg")] {
            let (code, output) = run(ranks, &["--data", &file, "--l2", l2, "-tao_type", kind])?;
            assert_eq!(code, Some(0), "{output}");
            let found = number(&output, "loss ");
            assert!((found - loss).abs() < 1e-6, "{kind}, {l2}: {found}");
            assert!(number(&output, "test ") >= 0.95, "{kind}, {l2}: {output}");
        }
    }
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = petsc_test::data_available)]
fn zeros_and_bounds_are_those_of_scipy(_petsc: &Petsc) -> Result<()> {
    let file = petsc_test::data("ml").ok_or("no data")?.join("breast_cancer_wdbc.csv");
    let file = file.to_string_lossy().into_owned();
    for (ranks, l1, loss, count) in [
        (1, "1e-2", 0.167_614_290_507_928, "11 of 31"),
        (3, "3e-2", 0.279_390_231_737_042, "8 of 31"),
    ] {
        let args = ["--data", &file, "--l2", "0", "--l1", l1, "--epochs", "2000"];
        let (code, output) = run(ranks, &args)?;
        assert_eq!(code, Some(0), "{output}");
        let found = number(&output, "loss ");
        assert!((found - loss).abs() < 1e-6, "{l1}: {found}");
        assert!(output.contains(&format!("{count} coefficients are not zero")), "{output}");
    }
    for (ranks, kind) in [(1, "tron"), (2, "blmvm"), (3, "bntr")] {
        for (bounds, loss) in
            [(["0", "1e20"], 0.659_234_204_532_638), (["-0.5", "0.25"], 0.085_005_088_091_606_3)]
        {
            let args = [
                "--data",
                &file,
                "--l2",
                "1e-3",
                "--bounds",
                bounds[0],
                bounds[1],
                "--epochs",
                "2000",
                "-tao_type",
                kind,
            ];
            let (code, output) = run(ranks, &args)?;
            assert_eq!(code, Some(0), "{output}");
            let found = number(&output, "loss ");
            assert!((found - loss).abs() < 1e-6, "{kind}, {bounds:?}: {found}");
        }
    }
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn gradients_are_averaged_and_bad_input_is_one_line(_petsc: &Petsc) -> Result<()> {
    let args = ["--samples", "500", "--features", "6", "--method", "sgd", "--epochs", "5"];
    let (code, one) = run(1, &args)?;
    assert_eq!(code, Some(0), "{one}");
    // From log 2 at the start, and the same on three ranks.
    assert!(number(&one, "loss ") < 0.65, "{one}");
    assert_eq!(number(&one, "loss "), number(&run(3, &args)?.1, "loss "));
    let folder = tempfile::tempdir()?;
    let write = |name: &str, text: &str| -> Result<String> {
        let file = folder.path().join(name);
        std::fs::write(&file, text)?;
        Ok(file.to_string_lossy().into_owned())
    };
    let three = write("three.csv", "1,2,0\n3,4,1\n5,6,2\n")?;
    let ragged = write("ragged.csv", "1,2,0\n3,4,1\n5,1\n")?;
    let one = write("one.csv", "1,2,1\n3,4,1\n")?;
    let hidden = write("hidden.csv", "1,2,0\n3,4,0\n5,6,0\n7,8,0\n9,9,1\n")?;
    let flat = write("flat.csv", "1,2,7,0\n3,4,7,1\n5,6,7,1\n")?;
    let still = write("still.csv", "2,7,0\n2,7,1\n2,7,1\n")?;
    for (args, said) in [
        (vec!["--data", &three], "3 classes, expected 0 and 1"),
        (vec!["--data", &ragged], "ragged.csv:3: 2 fields, expected 3"),
        (
            vec!["--data", &one],
            "one.csv: all rows are of class 1: use rows of at least two classes",
        ),
        (vec!["--data", &hidden], "hidden.csv: all training rows are of class 0"),
        (
            vec!["--data", &flat],
            "flat.csv: column 3 is constant in the training rows: use --drop-constant",
        ),
        (vec!["--data", &still, "--drop-constant"], "still.csv: all features are constant"),
        (vec!["--l2", "nan"], "--l2 must not"),
        (vec!["--bounds", "1", "2"], "the interval must contain zero"),
        (vec!["--l1", "1", "--method", "sgd"], "need --method tao"),
    ] {
        for ranks in [1, 3] {
            let (code, output) = run(ranks, &args)?;
            assert_eq!(code, Some(2), "{args:?}: {output}");
            assert_eq!(
                output.lines().filter(|l| l.contains(said)).count(),
                1,
                "{args:?}: {output}"
            );
        }
    }
    Ok(())
}

petsc_test::main!();
