//! A job: a list of tests on a number of ranks, and their results.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::process;
use std::time::{Duration, Instant};

use crate::Case;
use crate::child;
use crate::diary::{Diaries, Step};
use crate::launcher;
use crate::process::{self as command, Outcome};
use crate::streams;

/// Result of a test: nothing, or the reason for its failure.
pub(crate) type Verdict = Result<(), String>;

/// Time for the start and the end of MPI and PETSc, if the limits of the tests are shorter.
const START: Duration = Duration::from_secs(60);

/// Runs all tests on `ranks` ranks, in as few jobs as failures allow, and posts each result as soon
/// as it is known.
pub(crate) fn run_batch(
    cases: &[&'static Case],
    ranks: usize,
    mut post: impl FnMut(&'static Case, Verdict),
) {
    let mut left = cases;
    while !left.is_empty() {
        match run_job(left, ranks, &mut post) {
            Ok(judged) => left = &left[judged..],
            Err(error) => {
                for case in left {
                    post(case, Err(format!("cannot start the job: {error}")));
                }
                return;
            }
        }
    }
}

/// Runs a test that must fail, optionally with a given text.
pub(crate) fn run_failing(case: &'static Case, ranks: usize) -> Verdict {
    let job = Job::run(&[case], ranks, |_, _| {});
    let job = job.map_err(|e| format!("cannot start the job: {e}"))?;
    let output = job.output_since_start();
    let count = case.expect.map(|text| (text, output.matches(text).count()));
    let complaint = match (job.outcome.timed_out, job.outcome.code, count) {
        (true, ..) => "it hung".to_owned(),
        (_, Some(0), _) => "it succeeded, but must fail".to_owned(),
        _ if !job.diaries.started() => "the job ended before the test started".to_owned(),
        (.., None | Some((_, 1))) => return Ok(()),
        (.., Some((text, count))) => {
            format!("its output contains {text:?} {count} times instead of once")
        }
    };
    Err(format!("{complaint}\n{output}"))
}

/// Runs a job to its end, posts results for as many tests as possible, and returns their number; at
/// least one.
fn run_job(
    cases: &[&'static Case],
    ranks: usize,
    post: &mut impl FnMut(&'static Case, Verdict),
) -> io::Result<usize> {
    let mut posted = 0;
    // The last test is complete only after PETSc is finalized.
    let job = Job::run(cases, ranks, |_, done| {
        while posted < done.min(cases.len() - 1) {
            post(cases[posted], Ok(()));
            posted += 1;
        }
    })?;
    let done = job.diaries.done(&job.names);
    for case in &cases[posted..done.min(cases.len() - 1)] {
        post(case, Ok(()));
    }
    let success = job.outcome.code == Some(0);
    if done == cases.len() {
        let verdict = if success {
            Ok(())
        } else {
            let how = job.how_it_ended();
            let output = job.output_since_start();
            Err(format!(
                "all tests of its job ({}) passed, but then {how}\n{output}",
                job.names.join(", ")
            ))
        };
        post(cases[done - 1], verdict);
        return Ok(done);
    }
    if !job.diaries.started() {
        // Repeating this for every other test would take long and give the same result.
        let how = job.how_it_ended();
        let output = job.output_since_start();
        for case in &cases[done..] {
            post(case, Err(format!("before any test, {how}\n{output}")));
        }
        return Ok(cases.len());
    }
    post(cases[done], Err(job.explain(job.names[done])));
    Ok(done + 1)
}

/// A job that has ended, and its output.
struct Job {
    names: Vec<&'static str>,
    ranks: usize,
    folder: tempfile::TempDir,
    diaries: Diaries,
    /// Longest permitted time without progress; the value that applied when the job ended.
    limit: Duration,
    outcome: Outcome,
}

impl Job {
    /// Runs a job; calls `progress` whenever a rank wrote to its diary.
    fn run(
        cases: &[&'static Case],
        ranks: usize,
        mut progress: impl FnMut(&Diaries, usize),
    ) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let names: Vec<&str> = cases.iter().map(|c| c.name).collect();
        fs::write(folder.path().join(child::LIST), names.join("\n"))?;
        let mut program = launcher::command(ranks, &env::current_exe()?);
        program
            .env(child::FOLDER, folder.path())
            .env(child::RANKS, ranks.to_string())
            .env(child::PARENT, process::id().to_string())
            .env_remove("PETSC_OPTIONS");
        let mut diaries = Diaries::new(folder.path(), ranks);
        let (mut since, mut limit) = (Instant::now(), START.max(timeout(cases.first())));
        let outcome = command::run(program, || {
            if diaries.refresh() {
                let done = diaries.done(&names);
                progress(&diaries, done);
                let case = cases.get(done);
                limit = case.map_or(START, |_| timeout(case));
                since = Instant::now();
            }
            since.elapsed() < limit
        })?;
        diaries.refresh();
        Ok(Self { names, ranks, folder, diaries, limit, outcome })
    }

    fn how_it_ended(&self) -> String {
        match (self.outcome.timed_out, self.outcome.code) {
            (true, _) => format!(
                "it hung: there was no progress for {} s, and it was killed",
                self.limit.as_secs()
            ),
            (_, Some(code)) => format!("the job ended with exit code {code}"),
            (_, None) => "the job was killed".to_owned(),
        }
    }

    /// Describes why a test failed: how the job ended, the progress of each rank, and its output.
    fn explain(&self, name: &str) -> String {
        let list = |step| {
            let ranks = self.diaries.ranks_at(step, name);
            let ranks: Vec<_> = ranks.iter().map(usize::to_string).collect();
            ranks.join(", ")
        };
        format!(
            "{}; ranks that returned: [{}]; ranks that failed: [{}]\n{}",
            self.how_it_ended(),
            list(Step::Through),
            list(Step::Failed),
            self.output_since_start()
        )
    }

    /// Returns the output of every rank since the last test started, and that of the launcher.
    fn output_since_start(&self) -> String {
        let mut text = String::new();
        let mut add = |title: &str, bytes: &[u8]| {
            let section = shorten(String::from_utf8_lossy(bytes).trim_end());
            if !section.is_empty() {
                let _ = writeln!(text, "--- {title}:\n{section}");
            }
        };
        for rank in 0..self.ranks {
            let from = usize::try_from(self.diaries.printed_before(rank)).unwrap_or(0);
            let all = fs::read(streams::path(self.folder.path(), rank)).unwrap_or_default();
            add(&format!("rank {rank}"), all.get(from..).unwrap_or_default());
        }
        for (name, bytes) in early(self.folder.path()) {
            add(&format!("process {name}, not yet a rank"), &bytes);
        }
        add("mpiexec", self.outcome.output.as_bytes());
        if text.is_empty() {
            text.push_str("(no output)\n");
        }
        text
    }
}

/// Returns the output of processes that did not reach the initialization of MPI.
fn early(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(pid) = name.strip_prefix(streams::EARLY) {
            found.push((pid.to_owned(), fs::read(entry.path()).unwrap_or_default()));
        }
    }
    found.sort();
    found
}

fn timeout(case: Option<&&'static Case>) -> Duration {
    let own = case.map_or(60, |c| c.timeout);
    let given = env::var("PETSC_TEST_TIMEOUT").ok();
    Duration::from_secs(given.and_then(|s| s.parse().ok()).unwrap_or(own))
}

/// Returns the beginning and the end of a long output.
fn shorten(output: &str) -> String {
    const HALF: usize = 4000;
    if output.len() <= 2 * HALF {
        return output.to_owned();
    }
    let boundary = |from: usize| (from..output.len()).find(|&i| output.is_char_boundary(i));
    let (head, tail) = (boundary(HALF).unwrap_or(0), boundary(output.len() - HALF).unwrap_or(0));
    format!("{}\n[… {} bytes …]\n{}", &output[..head], tail - head, &output[tail..])
}
