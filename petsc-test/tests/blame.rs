//! Tests of the harness: this program runs another program, whose tests fail in every way, and
//! checks which tests and ranks are reported and that the other tests run.

#![expect(clippy::mem_forget, reason = "leaks on purpose")]

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Output};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use libtest_mimic::{Arguments, Trial};
use petsc_rs::prelude::*;

const INNER: &str = "PETSC_TEST_BLAME_INNER";
/// Folder in which a test that waits to be killed writes its process id.
const PIDS: &str = "PETSC_TEST_BLAME_PIDS";

#[petsc_test::test(ranks = [2])]
fn a_passes(petsc: &Petsc) -> Result<()> {
    petsc.print(format_args!("noise of another test\n"))?;
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
        petsc.print(format_args!("and those that C printed\n"))?;
        thread::sleep(Duration::from_secs(1000));
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

#[petsc_test::test(ranks = [2], should_fail)]
fn k_fails_somehow(_petsc: &Petsc) -> Result<()> {
    Err(Error::user("any text will do"))
}

#[petsc_test::test(ranks = [2], should_fail)]
fn l_does_not_fail(_petsc: &Petsc) -> Result<()> {
    Ok(())
}

#[petsc_test::test(ranks = [2], args = ["-given", "1"])]
fn m_changes_options(petsc: &Petsc) -> Result<()> {
    petsc.options().set("-left_behind", 3)?;
    petsc.options().clear("-given")
}

#[petsc_test::test(ranks = [2], args = ["-given", "1"])]
fn n_has_the_options_it_was_given(petsc: &Petsc) -> Result<()> {
    assert!(!petsc.options().has("-left_behind")?);
    assert!(petsc.options().has("-given")?);
    Ok(())
}

#[petsc_test::test(ranks = [2])]
fn o_dies(petsc: &Petsc) -> Result<()> {
    if petsc.world().rank() == 1 {
        std::process::abort();
    }
    petsc.world().barrier()
}

struct DiesAtTheEnd;

impl Drop for DiesAtTheEnd {
    fn drop(&mut self) {
        std::process::abort();
    }
}

#[petsc_test::test(ranks = [2], isolated)]
fn p_dies_after_the_test(_petsc: &Petsc) -> Result<()> {
    thread_local!(static LAST: DiesAtTheEnd = const { DiesAtTheEnd });
    LAST.with(|_| Ok(()))
}

#[petsc_test::test(ranks = [3])]
fn q_compares_ranks(petsc: &Petsc) -> Result<()> {
    petsc_test::assert_same_on_ranks!(petsc.world(), [1.0, f64::INFINITY]);
    let rank = petsc.world().rank();
    let close =
        petsc_test::same_on_ranks(petsc.world(), &[1.0, 2.0 + 1e-9 * f64::from(rank)], 1e-8, 0.0);
    assert_eq!(close, Ok(()));
    let error = petsc_test::same_on_ranks(petsc.world(), &[7, i32::from(rank == 2)], 0.0, 0.0);
    assert!(error.is_err_and(|text| text == "number 1 is 1e0 on rank 2, 0e0 on rank 0"));
    petsc_test::assert_same_on_ranks!(petsc.world(), vec![1.0; usize::from(rank == 1)]);
    Ok(())
}

fn told_where() -> Result<(), String> {
    env::var_os(PIDS).map(drop).ok_or_else(|| "nobody is there to kill it".into())
}

#[petsc_test::test(ranks = [2], needs = told_where)]
fn r_waits_to_be_killed(_petsc: &Petsc) -> Result<()> {
    let folder = PathBuf::from(env::var_os(PIDS).unwrap_or_default());
    fs::write(folder.join(std::process::id().to_string()), "")?;
    thread::sleep(Duration::from_secs(1000));
    Ok(())
}

#[petsc_test::test(ranks = [2])]
#[cfg(any())]
fn s_is_not_compiled(_petsc: &Petsc) -> Result<()> {
    Ok(())
}

/// A user-defined error type: `?` converts errors of petsc-rs to it, and the harness converts them
/// back.
enum Own {
    TooFew(usize),
    Petsc(Error),
}

impl From<Error> for Own {
    fn from(error: Error) -> Self {
        Self::Petsc(error)
    }
}

impl From<Own> for Error {
    fn from(error: Own) -> Self {
        match error {
            Own::TooFew(n) => Self::user(format!("{n} entries are too few")),
            Own::Petsc(error) => error,
        }
    }
}

#[petsc_test::test(ranks = [2])]
fn t_fails_with_an_error_of_its_own(petsc: &Petsc) -> Result<(), Own> {
    match Vector::new(petsc.world(), 3)?.len()? {
        n if n < 4 => Err(Own::TooFew(n)),
        _ => Ok(()),
    }
}

fn inner() -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    // A rank that fails alone need not wait a second for the others, in every job.
    command.env(INNER, "1").env("PETSC_RS_ABORT_GRACE", "0.1");
    Ok(command)
}

/// Returns the text of both streams, with one blank between words, because names are padded.
fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    let lines = String::from_utf8_lossy(&both).into_owned();
    let squeeze = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    lines.lines().map(squeeze).collect::<Vec<_>>().join("\n")
}

/// The reported tests and ranks, and the reasons.
fn blame() -> io::Result<Vec<String>> {
    let started = Instant::now();
    let output = inner()?.output()?;
    let text = text(&output);
    let mut complaints = Vec::new();
    for expected in [
        "a_passes::ranks_2 ... ok",
        "b_fails_on_one_rank::ranks_2 ... FAILED",
        "one rank gives up",
        "ranks that returned: []; ranks that failed: [1]",
        "c_passes::ranks_2 ... ok",
        "d_hangs_on_one_rank::ranks_2 ... FAILED",
        "--- rank 0:\nlast words of rank 0\nand those that C printed\n",
        "it hung: there was no progress for 2 s, and it was killed; ranks that returned: [1]; ranks that failed: []",
        "e_panics::ranks_2 ... FAILED",
        "two is not three",
        "f_leaks::ranks_2 ... FAILED",
        "Vector created at petsc-test/tests/blame.rs:",
        "g_fails_as_expected::ranks_2 ... ok",
        "h_fails_otherwise::ranks_2 ... FAILED",
        "its output contains \"something else\" 0 times instead of once",
        "i_is_ignored::ranks_2 ... ignored",
        "there is no moon",
        "j_passes::ranks_2 ... ok",
        "k_fails_somehow::ranks_2 ... ok",
        "l_does_not_fail::ranks_2 ... FAILED",
        "it succeeded, but must fail",
        "m_changes_options::ranks_2 ... ok",
        "n_has_the_options_it_was_given::ranks_2 ... ok",
        "o_dies::ranks_2 ... FAILED",
        "p_dies_after_the_test::ranks_2 ... FAILED",
        "all tests of its job (blame::p_dies_after_the_test) passed, but then",
        "q_compares_ranks::ranks_3 ... FAILED",
        "rank 1 has 1 numbers, rank 0 has 0",
        "r_waits_to_be_killed::ranks_2 ... ignored",
        "t_fails_with_an_error_of_its_own::ranks_2 ... FAILED",
        "3 entries are too few",
        "bit indices: 7 passed; 10 failed; 2 ignored",
    ] {
        if !text.contains(expected) {
            complaints.push(format!("missing: {expected:?}"));
        }
    }
    for forbidden in ["noise of another test", "it ran", "the test was not run"] {
        if text.contains(forbidden) {
            complaints.push(format!("there should be no {forbidden:?}"));
        }
    }
    if output.status.success() {
        complaints.push("it succeeded".into());
    }
    if started.elapsed().as_secs() > 100 {
        complaints.push(format!("it took {:?}", started.elapsed()));
    }
    if !complaints.is_empty() {
        complaints.push(text);
    }
    Ok(complaints)
}

/// Runs one test by its exact name, as nextest does, and all tests in separate jobs.
fn modes() -> io::Result<Vec<String>> {
    let mut complaints = Vec::new();
    let mut expect = |command: &mut Command, expected: &[&str]| -> io::Result<()> {
        let text = text(&command.output()?);
        for line in expected.iter().filter(|&&line| !text.contains(line)) {
            complaints.push(format!("missing: {line:?} in\n{text}"));
        }
        Ok(())
    };
    expect(
        inner()?.args(["--list", "--format", "terse"]),
        &["a_passes::ranks_2: test\n", "i_is_ignored::ranks_2: test"],
    )?;
    expect(
        inner()?.args(["--list", "--format", "terse", "--ignored"]),
        &["i_is_ignored::ranks_2: test\nr_waits_to_be_killed::ranks_2: test"],
    )?;
    expect(
        inner()?.args(["--exact", "a_passes::ranks_2"]),
        &["running 1 test\n", ": 1 passed; 0 failed; 0 ignored"],
    )?;
    expect(inner()?.args(["--ignored", "i_is"]), &["it ran", ": 0 passed; 1 failed; 0 ignored"])?;
    expect(
        inner()?.args(["_passes", "--test-threads", "1"]).env("PETSC_TEST_BATCH", "0"),
        &[": 3 passed; 0 failed; 0 ignored"],
    )?;
    Ok(complaints)
}

/// A launcher that starts independent processes, like the launcher of another MPI.
fn foreign_launcher() -> io::Result<Vec<String>> {
    let folder = tempfile::tempdir()?;
    let script = folder.path().join("mpiexec");
    fs::write(
        &script,
        "#!/bin/sh\n[ \"$1\" = --version ] && exit\nshift 2\n\"$@\" & \"$@\"; code=$?\nwait\nexit $code\n",
    )?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    let started = Instant::now();
    let output = inner()?.arg("_passes").env("PETSC_TEST_MPIEXEC", &script).output()?;
    let text = text(&output);
    let both = text
        .contains("called with 2 ranks, but MPI has 1: the launcher belongs to another MPI")
        && text.contains(": 0 passed; 3 failed; 0 ignored");
    if both && started.elapsed().as_secs() < 50 {
        return Ok(Vec::new());
    }
    Ok(vec![format!("after {:?}: {text}", started.elapsed())])
}

/// No process of a job remains after the program that waits for it is killed.
fn orphans() -> io::Result<Vec<String>> {
    let folder = tempfile::tempdir()?;
    let mut program = inner()?
        .args(["--exact", "r_waits_to_be_killed::ranks_2"])
        .env(PIDS, folder.path())
        .stdout(std::process::Stdio::null())
        .spawn()?;
    let pids = || -> Vec<i32> {
        let entries = fs::read_dir(folder.path()).into_iter().flatten().flatten();
        entries.filter_map(|e| e.file_name().to_str()?.parse().ok()).collect()
    };
    let within = |seconds, condition: &dyn Fn() -> bool| {
        let deadline = Instant::now() + Duration::from_secs(seconds);
        while !condition() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(50));
        }
        condition()
    };
    let came = within(40, &|| pids().len() == 2);
    program.kill()?;
    program.wait()?;
    let ranks = pids();
    let alive = |&pid: &i32| {
        rustix::process::Pid::from_raw(pid)
            .is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
    };
    if came && within(10, &|| !ranks.iter().any(alive)) {
        return Ok(Vec::new());
    }
    Ok(vec![format!(
        "ranks {ranks:?}, all started: {came}; still alive: {:?}",
        ranks.iter().filter(|pid| alive(pid)).collect::<Vec<_>>()
    )])
}

fn main() -> ExitCode {
    if env::var_os(INNER).is_some() {
        return petsc_test::run_main();
    }
    type Check = fn() -> io::Result<Vec<String>>;
    let checks: [(&str, Check); 4] = [
        ("blame", blame),
        ("modes", modes),
        ("foreign_launcher", foreign_launcher),
        ("orphans", orphans),
    ];
    let trials = checks.map(|(name, check)| {
        Trial::test(name, move || match check() {
            Ok(complaints) if complaints.is_empty() => Ok(()),
            Ok(complaints) => Err(complaints.join("\n").into()),
            Err(error) => Err(error.into()),
        })
    });
    let mut arguments = Arguments::from_args();
    // Each of them uses all cores.
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, trials.into()).exit_code()
}
