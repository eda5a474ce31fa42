//! Sessions from their beginning to their end: each test is a program of its own.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use petsc_test::{Outcome, launch};

const PROGRAM: &str = env!("CARGO_BIN_EXE_session");

fn run(ranks: usize, args: &[&str]) -> Outcome {
    let outcome = launch(ranks, Path::new(PROGRAM), args, Duration::from_secs(60))
        .expect("the launcher starts");
    assert!(!outcome.timed_out, "{args:?} hangs:\n{}", outcome.output);
    outcome
}

fn succeeds(ranks: usize, args: &[&str]) -> String {
    let outcome = run(ranks, args);
    assert_eq!(outcome.code, Some(0), "{args:?}:\n{}", outcome.output);
    outcome.output
}

fn count(text: &str, what: &str) -> usize {
    text.matches(what).count()
}

#[test]
fn mpi_may_start_before_or_within_a_session() {
    for ranks in 1..=3 {
        assert_eq!(count(&succeeds(ranks, &["plain"]), "norm 4"), 1);
        assert_eq!(count(&succeeds(ranks, &["universe-taken"]), "norm 4"), 1);
        let twice = succeeds(ranks, &["universe-around"]);
        assert_eq!(count(&twice, "norm 4"), 2, "{twice}");
        assert_eq!(count(&twice, "event Ok(())"), 1, "{twice}");
        assert_eq!(count(&twice, "event Err(PETSC_ERR_ORDER)"), 1, "{twice}");
        succeeds(ranks, &["universe-first"]);
    }
}

#[test]
fn mpi_does_not_start_a_second_time() {
    let text = succeeds(1, &["after-finalise"]);
    assert!(text.contains("MPI was finalized in this process"), "{text}");
}

#[test]
fn leaks_are_reported_with_their_line() {
    for ranks in [1, 2] {
        let outcome = run(ranks, &["leak"]);
        assert_eq!(outcome.code, Some(70), "{}", outcome.output);
        assert_eq!(count(&outcome.output, "Vector created at"), ranks, "{}", outcome.output);
        assert!(outcome.output.contains("session.rs:"), "{}", outcome.output);
    }
    let outcome = run(1, &["leak-and-error"]);
    assert_eq!(outcome.code, Some(9), "{}", outcome.output);
}

#[test]
fn citations_are_printed_once_and_on_demand() {
    assert_eq!(count(&succeeds(1, &["cite"]), "@article{solver"), 0);
    let text = succeeds(2, &["cite", "-citations"]);
    assert_eq!(count(&text, "@article{solver"), 1, "{text}");
}

#[test]
fn unused_options_are_reported_once() {
    let wrong = ["-ksp_rtl", "1e-9", "-levl", "3"];
    let with = |what, more: &[&'static str]| -> Vec<&'static str> {
        [what].iter().chain(&wrong).chain(more).copied().collect()
    };
    for (ranks, what) in [(1, "options"), (2, "options"), (1, "options-init")] {
        let text = succeeds(ranks, &with(what, &[]));
        assert_eq!(count(&text, "did you mean -ksp_rtol?"), 1, "{text}");
        assert_eq!(count(&text, "-levl 3: did you mean -level?"), 1, "{text}");
        assert_eq!(count(&text, "WARNING! There are options"), 0, "{text}");
    }
    // PETSc's own report in place of ours, or none.
    let text = succeeds(1, &with("options", &["-options_left"]));
    assert_eq!(count(&text, "did you mean"), 0, "{text}");
    assert!(text.contains("-ksp_rtl"), "{text}");
    for args in [
        with("options", &["-options_left", "no"]),
        with("options-silent", &[]),
        vec!["options", "-ksp_rtol", "1e-9", "-level", "3", "-citations"],
    ] {
        let text = succeeds(1, &args);
        assert_eq!(count(&text, "ksp_rt"), 0, "{args:?}: {text}");
        assert_eq!(count(&text, "unused"), 0, "{args:?}: {text}");
    }
    let outcome = run(1, &with("options-error", &[]));
    assert_eq!(outcome.code, Some(1));
    assert_eq!(count(&outcome.output, "ksp_rtl"), 0, "{}", outcome.output);
}

#[test]
fn signals_are_caught_unless_told_otherwise() {
    let outcome = run(1, &["segv"]);
    assert_ne!(outcome.code, Some(0));
    assert!(outcome.output.contains("Caught signal number 11"), "{}", outcome.output);
    let outcome = run(1, &["segv-quiet"]);
    assert_ne!(outcome.code, Some(0));
    assert!(!outcome.output.contains("Caught signal"), "{}", outcome.output);
}

#[test]
fn a_foreign_launcher_is_noticed() {
    let run = |size: &str, rank: &str| {
        let output = Command::new(PROGRAM)
            .arg("plain")
            .env("PALS_SIZE", size)
            .env("PALS_RANKID", rank)
            .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
            .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
            .output()
            .expect("the program starts");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(run("4", "0").contains("started 4 processes, but MPI has one process in each of them"));
    assert!(!run("4", "1").contains("MPI has one process"));
    assert!(!run("1", "0").contains("MPI has one process"));
}

#[test]
fn petsc_runs_on_some_of_the_ranks() {
    let text = succeeds(3, &["halves"]);
    assert_eq!(count(&text, "norm 4"), 2, "{text}");
    assert_eq!((count(&text, "size 2"), count(&text, "size 1")), (1, 1), "{text}");
}

/// How a job of two ranks ends where rank 0 has an error that it does not return. The other programs wait for as long as
/// the mode says; `limit` is that time in seconds.
fn unheard(what: &str, limit: &str) -> Outcome {
    let mut command = petsc_test::command(2, Path::new(PROGRAM));
    command.args([what, "-objects_dump"]);
    command.env("PETSC_RS_ABORT_GRACE", limit);
    let outcome =
        petsc_test::finish(command, Duration::from_secs(30)).expect("the launcher starts");
    assert!(!outcome.timed_out, "{what} hangs:\n{}", outcome.output);
    // What PETSc prints at its end for `-objects_dump`.
    assert!(!outcome.output.contains("never freed"), "{what}:\n{}", outcome.output);
    outcome
}

#[test]
fn errors_of_one_rank_change_nothing_where_the_call_is_not_collective() {
    for what in ["unheard-local", "unheard-local-mumps", "unheard-alone-mumps"] {
        if what.ends_with("mumps") && !cfg!(petsc_have_mumps) {
            continue;
        }
        // Who waits for another rank here waits for longer than the test.
        let outcome = unheard(what, "600");
        assert_eq!(outcome.code, Some(0), "{what}:\n{}", outcome.output);
        assert_eq!(count(&outcome.output, "rror"), 0, "{what}:\n{}", outcome.output);
    }
}

#[test]
fn an_error_of_a_collective_call_on_one_rank_ends_the_job() {
    for what in ["unheard-collective", "unheard-collective-mumps"] {
        if what.ends_with("mumps") && !cfg!(petsc_have_mumps) {
            continue;
        }
        let outcome = unheard(what, "1");
        assert_ne!(outcome.code, Some(0), "{what}:\n{}", outcome.output);
        let text = "rank 0 handled an error that other ranks may not have";
        assert_eq!(count(&outcome.output, text), 1, "{what}:\n{}", outcome.output);
        assert!(outcome.output.contains("VecAXPY"), "{what}:\n{}", outcome.output);
    }
    let outcome = unheard("unheard-on-all", "600");
    assert_eq!(outcome.code, Some(0), "{}", outcome.output);
}

#[test]
fn an_error_of_the_program_on_one_rank_ends_the_job() {
    if !cfg!(petsc_have_mumps) {
        return;
    }
    let outcome = unheard("unheard-users-mumps", "1");
    assert_ne!(outcome.code, Some(0), "{}", outcome.output);
    assert_eq!(count(&outcome.output, "on purpose"), 1, "{}", outcome.output);
}

#[test]
fn a_rank_does_not_recover_alone() {
    if cfg!(petsc_have_mumps) {
        let outcome = unheard("unheard-recover-mumps", "1");
        assert_ne!(outcome.code, Some(0), "{}", outcome.output);
        let text = "rank 0 called `Petsc::recover`, but the other ranks did not call it";
        assert_eq!(count(&outcome.output, text), 1, "{}", outcome.output);
    }
    // The other one ends.
    let outcome = unheard("unheard-recover-end", "600");
    assert_ne!(outcome.code, Some(0), "{}", outcome.output);
    assert!(outcome.output.contains("while others are at the end"), "{}", outcome.output);
}
