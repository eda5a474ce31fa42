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
    let file = petsc_test::data("ml")
        .ok_or("no data")?
        .join("breast_cancer_wdbc.csv");
    let file = file.to_string_lossy().into_owned();
    for (l2, loss) in [
        ("1e-2", 0.104_716_783_873_614),
        ("1e-3", 0.065_277_105_309_680_3),
    ] {
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
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn averaged_gradients_and_bad_input(_petsc: &Petsc) -> Result<()> {
    let args = [
        "--samples",
        "500",
        "--features",
        "6",
        "--method",
        "sgd",
        "--epochs",
        "5",
    ];
    let (code, one) = run(1, &args)?;
    assert_eq!(code, Some(0), "{one}");
    // From log 2 at the start, and the same on three ranks.
    assert!(number(&one, "loss ") < 0.65, "{one}");
    assert_eq!(number(&one, "loss "), number(&run(3, &args)?.1, "loss "));
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("three.csv");
    std::fs::write(&file, "1,2,0\n3,4,1\n5,6,2\n")?;
    let file = file.to_string_lossy().into_owned();
    for (args, said) in [
        (["--data", &file], "3 classes, wanted 0 and 1"),
        (["--l2", "nan"], "--l2 must not"),
    ] {
        let (code, output) = run(2, &args)?;
        assert_eq!(code, Some(2), "{args:?}: {output}");
        assert!(output.contains(said), "{output}");
    }
    Ok(())
}

petsc_test::main!();
