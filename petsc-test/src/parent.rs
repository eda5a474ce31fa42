//! `cargo test`'s side: a trial for each test and number of ranks.

use std::collections::HashMap;
use std::env;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, OnceLock};

use libtest_mimic::{Arguments, Failed, Trial};

use crate::Case;
use crate::job::{self, Verdict};

/// The tests that share a job, and what became of them once it has run.
struct Batch {
    cases: Vec<&'static Case>,
    ranks: usize,
    verdicts: OnceLock<HashMap<&'static str, Verdict>>,
}

/// One job at a time: more ranks than cores make each other slow.
static ONE_JOB: Mutex<()> = Mutex::new(());

impl Batch {
    fn verdict(&self, case: &Case) -> Verdict {
        let verdicts = self.verdicts.get_or_init(|| {
            let _turn = ONE_JOB.lock();
            job::run_batch(&self.cases, self.ranks)
        });
        verdicts
            .get(case.name)
            .cloned()
            .unwrap_or_else(|| Err("the test was not run".into()))
    }
}

pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut cases: Vec<&'static Case> = inventory::iter::<Case>.into_iter().collect();
    cases.sort_by_key(|c| c.name);
    let mut trials = Vec::new();
    let mut batches: HashMap<(usize, &'static [&'static str]), Vec<&'static Case>> = HashMap::new();
    let mut batched = Vec::new();
    for case in cases {
        for &ranks in case.ranks.iter().filter(|&&r| wanted(r)) {
            let name = format!("{}::ranks_{ranks}", case.short_name());
            if let Some(Err(reason)) = case.needs.map(|needs| needs()) {
                let name = format!("{name} ({reason})");
                trials.push(Trial::test(name, || Ok(())).with_ignored_flag(true));
            } else if let Some(text) = case.expect {
                trials.push(Trial::test(name, move || {
                    let _turn = ONE_JOB.lock();
                    job::run_expecting(case, ranks, text).map_err(Failed::from)
                }));
            } else if case.isolated || env::var("PETSC_TEST_BATCH").is_ok_and(|v| v == "0") {
                let batch = Batch {
                    cases: vec![case],
                    ranks,
                    verdicts: OnceLock::new(),
                };
                trials.push(Trial::test(name, move || {
                    batch.verdict(case).map_err(Failed::from)
                }));
            } else if selected(&arguments, &name) {
                batches.entry((ranks, case.args)).or_default().push(case);
                batched.push((name, case, ranks));
            } else {
                // Filtered out: for the count only.
                trials.push(Trial::test(name, || Ok(())));
            }
        }
    }
    let batches: HashMap<_, _> = batches
        .into_iter()
        .map(|((ranks, args), cases)| {
            (
                (ranks, args),
                Arc::new(Batch {
                    cases,
                    ranks,
                    verdicts: OnceLock::new(),
                }),
            )
        })
        .collect();
    for (name, case, ranks) in batched {
        if let Some(batch) = batches.get(&(ranks, case.args)).map(Arc::clone) {
            trials.push(Trial::test(name, move || {
                batch.verdict(case).map_err(Failed::from)
            }));
        }
    }
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Whether the test would run, by the rules of libtest.
fn selected(arguments: &Arguments, name: &str) -> bool {
    let matches = |pattern: &str| {
        if arguments.exact {
            name == pattern
        } else {
            name.contains(pattern)
        }
    };
    !arguments.list
        && !arguments.ignored
        && arguments.filter.as_deref().is_none_or(matches)
        && !arguments.skip.iter().any(|pattern| matches(pattern))
}

fn wanted(ranks: usize) -> bool {
    env::var("PETSC_TEST_RANKS").map_or(true, |list| {
        list.split(',').any(|r| r.trim().parse() == Ok(ranks))
    })
}
