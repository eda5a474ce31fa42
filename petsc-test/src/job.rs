//! One job: a list of tests on a number of ranks, and what became of each.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Case;
use crate::child;
use crate::launcher::{self, Outcome};

/// What became of a test: nothing to say, or why it failed.
pub(crate) type Verdict = Result<(), String>;

/// Runs all tests on `ranks` ranks, in as few jobs as failures allow.
pub(crate) fn run_batch(cases: &[&'static Case], ranks: usize) -> HashMap<&'static str, Verdict> {
    let mut verdicts = HashMap::new();
    let mut left: Vec<&'static Case> = cases.to_vec();
    while !left.is_empty() {
        match run_job(&left, ranks) {
            Ok(job) => {
                let done = job.done;
                for case in left.drain(..done) {
                    verdicts.insert(case.name, Ok(()));
                }
                if let (Some(reason), false) = (job.failure, left.is_empty()) {
                    verdicts.insert(left.remove(0).name, Err(reason));
                } else if !left.is_empty() && done == 0 {
                    verdicts.insert(left.remove(0).name, Err("the job ended early".into()));
                }
            }
            Err(error) => {
                for case in left.drain(..) {
                    verdicts.insert(case.name, Err(format!("cannot start the job: {error}")));
                }
            }
        }
    }
    verdicts
}

/// Runs a test that must fail with a text.
pub(crate) fn run_expecting(case: &'static Case, ranks: usize, text: &str) -> Verdict {
    let job = run_job(&[case], ranks).map_err(|e| format!("cannot start the job: {e}"))?;
    let outcome = job.outcome;
    let count = outcome.output.matches(text).count();
    let complaint = if outcome.timed_out {
        "it hung".to_owned()
    } else if outcome.code == Some(0) {
        "it succeeded, but must fail".to_owned()
    } else if count != 1 {
        format!("its output has {text:?} {count} times instead of once")
    } else {
        return Ok(());
    };
    Err(format!("{complaint}\n{}", outcome.output))
}

struct Job {
    /// How many tests, from the first, every rank has done.
    done: usize,
    /// What is wrong with the next one.
    failure: Option<String>,
    outcome: Outcome,
}

fn run_job(cases: &[&'static Case], ranks: usize) -> io::Result<Job> {
    let folder = tempfile::tempdir()?;
    let names: Vec<&str> = cases.iter().map(|c| c.name).collect();
    fs::write(folder.path().join("tests"), names.join("\n"))?;
    let mut command = launcher::command(ranks, &env::current_exe()?);
    command
        .env(child::FOLDER, folder.path())
        .env(child::RANKS, ranks.to_string());
    command.env_remove("PETSC_OPTIONS");
    let (mut progress, mut since) = (0, Instant::now());
    let outcome = launcher::run(command, |_| {
        let now = lines(folder.path(), ranks);
        if now != progress {
            (progress, since) = (now, Instant::now());
        }
        let done = done_by_all(folder.path(), ranks, &names);
        since.elapsed() < timeout(cases.get(done).or(cases.last()).copied())
    })?;
    let done = done_by_all(folder.path(), ranks, &names);
    let failure =
        (outcome.code != Some(0)).then(|| explain(&outcome, folder.path(), ranks, &names));
    Ok(Job {
        done,
        failure,
        outcome,
    })
}

fn timeout(case: Option<&Case>) -> Duration {
    let own = case.map_or(60, |c| c.timeout);
    let seconds = env::var("PETSC_TEST_TIMEOUT")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(own);
    Duration::from_secs(seconds)
}

fn explain(outcome: &Outcome, folder: &Path, ranks: usize, names: &[&str]) -> String {
    let mut text = match (outcome.timed_out, outcome.code) {
        (true, _) => "it hung and was killed".to_owned(),
        (_, Some(code)) => format!("the job ended with exit code {code}"),
        (_, None) => "the job was killed".to_owned(),
    };
    let done = done_by_all(folder, ranks, names);
    if let (true, Some(name)) = (outcome.timed_out, names.get(done)) {
        let finished: Vec<String> = (0..ranks)
            .filter(|&r| {
                diary(folder, r)
                    .lines()
                    .any(|l| l.strip_prefix("through ") == Some(name))
            })
            .map(|r| r.to_string())
            .collect();
        text += &format!("; ranks that were through: [{}]", finished.join(", "));
    }
    text.push('\n');
    text += &shorten(&outcome.output);
    text
}

/// Beginning and end of a long output.
fn shorten(output: &str) -> String {
    const HALF: usize = 6000;
    if output.len() <= 2 * HALF {
        return output.to_owned();
    }
    let boundary = |from: usize| (from..output.len()).find(|&i| output.is_char_boundary(i));
    let (head, tail) = (
        boundary(HALF).unwrap_or(0),
        boundary(output.len() - HALF).unwrap_or(0),
    );
    format!(
        "{}\n[… {} bytes …]\n{}",
        &output[..head],
        tail - head,
        &output[tail..]
    )
}

fn diary(folder: &Path, rank: usize) -> String {
    fs::read_to_string(folder.join(format!("rank-{rank}"))).unwrap_or_default()
}

fn lines(folder: &Path, ranks: usize) -> usize {
    (0..ranks).map(|r| diary(folder, r).lines().count()).sum()
}

/// How many tests, from the first, every rank has done.
fn done_by_all(folder: &Path, ranks: usize, names: &[&str]) -> usize {
    (0..ranks)
        .map(|rank| {
            let diary = diary(folder, rank);
            let done: Vec<&str> = diary
                .lines()
                .filter_map(|l| l.strip_prefix("done "))
                .collect();
            names
                .iter()
                .zip(done)
                .take_while(|(name, done)| *name == done)
                .count()
        })
        .min()
        .unwrap_or(0)
}
