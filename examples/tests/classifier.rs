//! `classifier`: derivatives against differences, the same numbers on any number of ranks, every method of TAO,
//! and real digits.

use std::path::Path;
use std::time::Duration;

use ndarray::Array2;
use petsc_rs::prelude::*;
#[cfg(petsc_scalar = "real")]
use workshop::learning::{Limits, optimise};
use workshop::learning::{Network, Problem, Samples, Stochastic, Table, Update, made_up};

/// Made-up samples of two classes, or three by the parity of their rows.
fn problem(petsc: &Petsc, hidden: &[usize], classes: usize) -> Result<Problem> {
    let samples = Samples::share(petsc.world(), 203, |rows| {
        let mut table = made_up(rows.clone(), 5, 9);
        for (class, row) in table.classes.iter_mut().zip(rows) {
            *class = if classes > 2 { (*class + row) % classes } else { *class };
        }
        table
    })?;
    let network = Network::new(5, hidden, classes);
    Problem::new(petsc.world(), network, samples, 1e-3)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn derivatives_are_those_of_differences(petsc: &Petsc) -> Result<()> {
    for (hidden, classes) in [(&[7, 4][..], 2), (&[19, 9], 2), (&[17], 3), (&[6], 3), (&[], 2)] {
        let problem = problem(petsc, hidden, classes)?;
        let theta = problem.network().start(3);
        let v = problem.network().start(4);
        let n = theta.len();
        let (mut g, mut hv) = (vec![0.0; n], vec![0.0; n]);
        let (mut high, mut low) = (vec![0.0; n], vec![0.0; n]);
        problem.gradient(&theta, &mut g)?;
        problem.hessian_product(&theta, &v, &mut hv)?;
        let h = 1e-5;
        let at = |h: f64| -> Vec<f64> { theta.iter().zip(&v).map(|(t, v)| t + h * v).collect() };
        let difference = (problem.gradient(&at(h), &mut high)?
            - problem.gradient(&at(-h), &mut low)?)
            / (2.0 * h);
        let exact: f64 = g.iter().zip(&v).map(|(g, v)| g * v).sum();
        assert!((difference - exact).abs() < 1e-7 * exact.abs(), "{difference} {exact}");
        for (x, (a, b)) in hv.iter().zip(high.iter().zip(&low)) {
            assert!((x - (a - b) / (2.0 * h)).abs() < 1e-7, "{x}");
        }
    }
    Ok(())
}

/// To the last bit: what three ranks compute is what one rank alone computes.
#[petsc_test::test(ranks = [2, 3])]
fn sums_do_not_depend_on_the_number_of_ranks(petsc: &Petsc) -> Result<()> {
    let together = problem(petsc, &[6], 2)?;
    let samples = Samples::share(petsc.self_comm(), 203, |rows| made_up(rows, 5, 9))?;
    let alone = Problem::new(petsc.self_comm(), together.network().clone(), samples, 1e-3)?;
    let mut theta = together.network().start(3);
    let (mut g, mut h) = (vec![0.0; theta.len()], vec![0.0; theta.len()]);
    assert_eq!(together.gradient(&theta, &mut g)?, alone.gradient(&theta, &mut h)?);
    assert_eq!(g, h);
    let stochastic = Stochastic { update: Update::Adam, rate: 0.01, batch: 40, epochs: 3 };
    let mut other = theta.clone();
    stochastic.train(petsc.world(), &together, &mut theta, |_, _| Ok(()))?;
    stochastic.train(petsc.self_comm(), &alone, &mut other, |_, _| Ok(()))?;
    assert_eq!(theta, other);
    Ok(())
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1, 2, 3])]
fn every_method_lowers_the_loss(petsc: &Petsc) -> Result<()> {
    for kind in ["lmvm", "cg", "bncg", "nls", "ntr", "tron"] {
        petsc.options().scope(|options| {
            options.set("-tao_type", kind)?;
            let problem = std::rc::Rc::new(problem(petsc, &[6], 2)?);
            let theta = problem.network().start(3);
            let trained = optimise(petsc, &problem, &theta, Limits::default(), 20, |_| Ok(()))?;
            let (first, last) = (trained.steps[0].loss, trained.status.objective);
            assert!(last < 0.75 * first, "{kind}: {first} {last}");
            assert!(trained.steps.windows(2).all(|w| w[1].loss <= w[0].loss + 1e-12), "{kind}");
            Ok(())
        })?;
    }
    Ok(())
}

/// Scores that are the only feature: pairs of a sample of class 1 and one of class 0, counted by hand.
#[petsc_test::test(ranks = [1, 2, 3])]
fn the_area_under_the_curve_is_that_of_pairs(petsc: &Petsc) -> Result<()> {
    let table = |scores: &[f64], classes: &[usize], class_count| Table {
        features: Array2::from_shape_fn((scores.len(), 1), |(i, _)| scores[i]),
        classes: classes.to_vec(),
        class_count,
    };
    let comm = petsc.world();
    let scores = [3.0, -1.0, 2.0, 0.5, 2.0, -3.0, 1.0];
    let samples = Samples::of(comm, &table(&scores, &[0, 0, 1, 1, 0, 0, 1], 2))?;
    let network = Network::new(1, &[], 2);
    let problem = Problem::new(comm, network, samples, 0.0)?;
    // Weight and bias.
    let area = problem.area_under_roc(&[1.0, 7.0], problem.samples())?;
    // Class 1: 2.0 beats -1, -3 and is equal to one; 0.5 and 1.0 beat -1 and -3.
    assert_eq!(area, Some((2.5 + 2.0 + 2.0) / 12.0));
    let area = problem.area_under_roc(&[-1.0, 0.0], problem.samples())?;
    assert_eq!(area, Some((1.5 + 2.0 + 2.0) / 12.0));
    let one = Samples::of(comm, &table(&scores, &[1; 7], 2))?;
    assert_eq!(problem.area_under_roc(&[1.0, 0.0], &one)?, None);
    let three = Problem::new(comm, Network::new(1, &[], 3), one, 0.0)?;
    assert_eq!(three.area_under_roc(&[0.0; 6], three.samples())?, None);
    Ok(())
}

fn run(ranks: usize, args: &[&str]) -> Result<(Option<i32>, String)> {
    let program = Path::new(env!("CARGO_BIN_EXE_classifier"));
    let outcome = petsc_test::launch(ranks, program, args, Duration::from_secs(100))?;
    assert!(!outcome.timed_out, "{}", outcome.output);
    Ok((outcome.code, outcome.output))
}

/// On one rank of the harness: the jobs are started by the test itself.
#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_trajectory_is_the_same_on_any_number_of_ranks(_petsc: &Petsc) -> Result<()> {
    let path = |ranks: usize| -> Result<Vec<String>> {
        let (code, output) = run(
            ranks,
            &["--samples", "300", "--hidden", "8,4", "--epochs", "12", "-tao_type", "lmvm"],
        )?;
        assert_eq!(code, Some(0), "{output}");
        // A launcher may say before each line which rank printed it.
        let from = |l: &str| {
            let start = ["iteration", "accuracy", "area under"];
            let start = start.iter().find_map(|word| l.find(word))?;
            let wanted = ["|g|", "accuracy", "area under the ROC curve: training"];
            let wanted = wanted.iter().any(|word| l.contains(word));
            wanted.then(|| l[start..].to_owned())
        };
        Ok(output.lines().filter_map(from).collect())
    };
    let one = path(1)?;
    assert!(one.len() > 10, "{one:?}");
    assert!(one.iter().any(|l| l.starts_with("area")), "{one:?}");
    // All twelve digits that are printed.
    assert_eq!(one, path(2)?);
    assert_eq!(one, path(3)?);
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = petsc_test::data_available)]
fn digits_are_classified(_petsc: &Petsc) -> Result<()> {
    let file = petsc_test::data("ml").ok_or("no data")?.join("digits_8x8.csv.gz");
    let file = file.to_string_lossy().into_owned();
    let folder = tempfile::tempdir()?;
    let out = folder.path().to_string_lossy().into_owned();
    let args = ["--data", &file, "--hidden", "32", "--l2", "1e-3", "--epochs", "80", "--out", &out];
    let (code, output) = run(2, &args)?;
    assert_eq!(code, Some(0), "{output}");
    let test = output.split("test ").last().expect("an accuracy");
    let accuracy: f64 =
        test.split_whitespace().next().and_then(|t| t.parse().ok()).expect("a number");
    assert!(accuracy >= 0.95, "{output}");
    assert!(output.contains("are constant and have no effect"), "{output}");
    for name in ["loss.csv", "loss.png", "confusion.png"] {
        assert!(folder.path().join(name).exists(), "{name}");
    }
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn bad_input_is_one_line(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let write = |name: &str, text: &str| -> Result<String> {
        let file = folder.path().join(name);
        std::fs::write(&file, text)?;
        Ok(file.to_string_lossy().into_owned())
    };
    let ragged = write("ragged.csv", "1,2,0\n3,4,1\n5,1\n")?;
    let one_class = write("one.csv", "1,2,0\n3,4,0\n")?;
    let words = write("words.csv", "a,b,c\n1,x,0\n")?;
    for (args, said) in [
        (["--data", &ragged], "ragged.csv:3: 2 fields, expected 3"),
        (["--data", &one_class], "use rows of at least two classes"),
        (["--data", &words], "words.csv:2: a field is not a number"),
        (["--data", "missing.csv"], "missing.csv"),
        (["--hidden", "0"], "at least one unit"),
        (["--l2", "nan"], "use a nonnegative number"),
        (["--until", "nan"], "--until must be a finite number"),
        (["--tao_type", "lmvm"], "options of PETSc have one dash: -tao_type"),
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
