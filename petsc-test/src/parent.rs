//! The process that `cargo test` starts. It creates a trial for each test and each number of ranks.

use std::collections::BTreeMap;
use std::env;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use libtest_mimic::{Arguments, Completion, Failed, FormatSetting, Trial};
use petsc_rs::{Int, Scalar, ScalarExt as _, sys};

use crate::Case;
use crate::schedule::{self, Batch, Board};

/// In a job with fewer tests, most of the time is start-up.
const FEW: usize = 8;

pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::from_args();
    let board = Arc::new(Board::default());
    let mut cases: Vec<&'static Case> = inventory::iter::<Case>.into_iter().collect();
    cases.sort_by_key(|c| c.name);
    let (mut trials, mut chosen) = (Vec::new(), Vec::new());
    for case in cases {
        for &ranks in case.ranks.iter().filter(|&&r| wanted(r)) {
            let (trial, runs) = trial(case, ranks, &arguments, &board);
            if runs {
                chosen.push((case, ranks));
            }
            trials.push(trial);
        }
    }
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    let capacity = capacity(&arguments, &chosen);
    let jobs = schedule::start(batches(&chosen, capacity), capacity, &board);
    let conclusion = libtest_mimic::run(&arguments, trials);
    let finished = jobs.join();
    if !arguments.list && arguments.format != Some(FormatSetting::Json) {
        let _ = writeln!(
            io::stdout(),
            "{}: {} passed; {} failed; {} ignored",
            build(),
            conclusion.num_passed,
            conclusion.num_failed,
            conclusion.num_ignored
        );
    }
    match finished {
        Ok(()) => conclusion.exit_code(),
        Err(_) => ExitCode::FAILURE,
    }
}

/// Returns the trial, and whether its test is to be run.
fn trial(
    case: &'static Case,
    ranks: usize,
    arguments: &Arguments,
    board: &Arc<Board>,
) -> (Trial, bool) {
    let name = format!("{}::ranks_{ranks}", case.short_name());
    let missing = case.needs.and_then(|needs| needs().err());
    // Ignored tests run if the user requests them; nextest leaves out the tests that the list marks
    // as ignored.
    let forced = arguments.ignored || arguments.include_ignored;
    let (flagged, reason) =
        if arguments.list || forced { (missing.is_some(), None) } else { (false, missing) };
    let skip = reason.is_some();
    let board = Arc::clone(board);
    let trial = Trial::ignorable_test(name, move || match reason {
        Some(reason) => Ok(Completion::ignored_with(reason)),
        None => match board.wait((case.name, ranks)) {
            Ok(()) => Ok(Completion::Completed),
            Err(text) => Err(Failed::from(text)),
        },
    })
    .with_ignored_flag(flagged);
    let runs = !skip
        && !arguments.list
        && !arguments.is_filtered_out(&trial)
        && !arguments.is_ignored(&trial);
    (trial, runs)
}

/// Returns the number of ranks that run at the same time: the number of cores, but enough for the
/// largest job; with `--test-threads 1`, one job at a time.
fn capacity(arguments: &Arguments, chosen: &[(&'static Case, usize)]) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let largest = chosen.iter().map(|&(_, ranks)| ranks).max().unwrap_or(1);
    match arguments.test_threads {
        Some(1) => 1,
        _ => cores.max(largest),
    }
}

/// Groups the tests that can share a job, in as many jobs as can run at the same time.
fn batches(chosen: &[(&'static Case, usize)], capacity: usize) -> Vec<Batch> {
    let apart = env::var("PETSC_TEST_BATCH").is_ok_and(|v| v == "0");
    let mut batches = Vec::new();
    let mut groups: BTreeMap<(usize, &[&str]), Vec<&'static Case>> = BTreeMap::new();
    for &(case, ranks) in chosen {
        if apart || case.isolated || case.must_fail() {
            batches.push(Batch { cases: vec![case], ranks });
        } else {
            groups.entry((ranks, case.args)).or_default().push(case);
        }
    }
    for ((ranks, _), cases) in groups {
        let parts = (capacity / ranks.max(1)).clamp(1, cases.len().div_ceil(FEW));
        for part in cases.chunks(cases.len().div_ceil(parts)) {
            batches.push(Batch { cases: part.to_vec(), ranks });
        }
    }
    batches
}

fn wanted(ranks: usize) -> bool {
    env::var("PETSC_TEST_RANKS")
        .map_or(true, |list| list.split(',').any(|r| r.trim().parse() == Ok(ranks)))
}

/// Returns a description of the PETSc for which the tests were compiled.
fn build() -> String {
    format!(
        "PETSc {}.{}.{}, {}, {}-bit indices",
        sys::PETSC_VERSION_MAJOR,
        sys::PETSC_VERSION_MINOR,
        sys::PETSC_VERSION_SUBMINOR,
        if Scalar::IS_COMPLEX { "complex" } else { "real" },
        Int::BITS
    )
}
