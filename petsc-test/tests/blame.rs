//! The harness watches itself: a program with tests that fail in every way is run by this one, which checks
//! who was blamed and that the others went on.

#![expect(
    clippy::print_stdout,
    clippy::mem_forget,
    reason = "speaks to cargo; leaks on purpose"
)]

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use petsc_rs::prelude::*;

const INNER: &str = "PETSC_TEST_BLAME_INNER";

#[petsc_test::test(ranks = [2])]
fn a_passes(petsc: &Petsc) -> Result<()> {
    petsc.world().barrier()
}

#[petsc_test::test(ranks = [2])]
fn b_fails_on_one_rank(petsc: &Petsc) -> Result<()> {
    if petsc.world().rank() == 1 {
        return Err(Error::user("one rank gives up"));
    }
    petsc.world().barrier()
}

#[petsc_test::test(ranks = [2])]
fn c_passes(petsc: &Petsc) -> Result<()> {
    petsc.world().barrier()
}

#[petsc_test::test(ranks = [2], timeout = 2)]
fn d_hangs_on_one_rank(petsc: &Petsc) -> Result<()> {
    if petsc.world().rank() == 0 {
        eprintln!("last words of rank 0");
        std::thread::sleep(Duration::from_secs(1000));
    }
    Ok(())
}

#[petsc_test::test(ranks = [2])]
fn e_panics(petsc: &Petsc) -> Result<()> {
    assert_eq!(petsc.world().size(), 3, "two is not three");
    Ok(())
}

#[petsc_test::test(ranks = [2])]
fn f_leaks(petsc: &Petsc) -> Result<()> {
    std::mem::forget(Vector::new(petsc.world(), 3)?);
    Ok(())
}

#[petsc_test::test(ranks = [2], expect = "as it must")]
fn g_fails_as_expected(_petsc: &Petsc) -> Result<()> {
    Err(Error::user("as it must"))
}

#[petsc_test::test(ranks = [2], expect = "something else")]
fn h_fails_otherwise(_petsc: &Petsc) -> Result<()> {
    Err(Error::user("not this"))
}

fn not_here() -> Result<(), String> {
    Err("there is no moon".into())
}

#[petsc_test::test(ranks = [2], needs = not_here)]
fn i_is_ignored(_petsc: &Petsc) -> Result<()> {
    Err(Error::user("it ran"))
}

#[petsc_test::test(ranks = [2])]
fn j_passes(petsc: &Petsc) -> Result<()> {
    petsc.world().barrier()
}

fn main() -> ExitCode {
    if std::env::var_os(INNER).is_some() {
        return petsc_test::run_main();
    }
    // One test, as far as cargo and nextest are concerned.
    if std::env::args().any(|a| a == "--list") {
        if !std::env::args().any(|a| a == "--ignored") {
            println!("blame: test");
        }
        return ExitCode::SUCCESS;
    }
    let started = Instant::now();
    let Ok(exe) = std::env::current_exe() else {
        return ExitCode::FAILURE;
    };
    let output = match Command::new(exe).env(INNER, "1").output() {
        Ok(output) => output,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut missing = Vec::new();
    for expected in [
        "a_passes::ranks_2 ... ok",
        "b_fails_on_one_rank::ranks_2 ... FAILED",
        "one rank gives up",
        "c_passes::ranks_2 ... ok",
        "d_hangs_on_one_rank::ranks_2 ... FAILED",
        "last words of rank 0",
        "ranks that were through: [1]",
        "e_panics::ranks_2 ... FAILED",
        "two is not three",
        "f_leaks::ranks_2 ... FAILED",
        "Vector created at petsc-test/tests/blame.rs:",
        "g_fails_as_expected::ranks_2 ... ok",
        "h_fails_otherwise::ranks_2 ... FAILED",
        "there is no moon",
        "j_passes::ranks_2 ... ok",
        "4 passed; 5 failed; 1 ignored",
    ] {
        // The names are padded to one width.
        let found = |line: &str| {
            line.split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .contains(expected)
        };
        if !text.lines().any(found) {
            missing.push(expected);
        }
    }
    if output.status.success() || !missing.is_empty() || started.elapsed().as_secs() > 100 {
        println!("test blame ... FAILED\n\nmissing: {missing:#?}\n\n{text}");
        return ExitCode::FAILURE;
    }
    println!("test blame ... ok");
    println!("\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
    ExitCode::SUCCESS
}
