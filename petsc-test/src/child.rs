//! A process of a job: runs the tests that the parent asked for, and writes down how each went.

use std::any::Any;
use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;

use petsc_rs::{Error, Petsc, Result};

use crate::Case;

/// Folder with the list of tests, where each rank writes its diary.
pub(crate) const FOLDER: &str = "PETSC_TEST_JOB";
/// Number of ranks that the parent asked the launcher for.
pub(crate) const RANKS: &str = "PETSC_TEST_JOB_RANKS";

/// What the parent asked for.
pub(crate) struct Request {
    folder: PathBuf,
    ranks: i32,
    cases: Vec<&'static Case>,
}

/// The request, if this process is part of a job.
pub(crate) fn requested() -> Option<Request> {
    let folder = PathBuf::from(env::var_os(FOLDER)?);
    let ranks = env::var(RANKS).ok()?.parse().ok()?;
    let list = fs::read_to_string(folder.join("tests")).ok()?;
    let find = |name: &str| inventory::iter::<Case>.into_iter().find(|c| c.name == name);
    Some(Request {
        folder,
        ranks,
        cases: list.lines().filter_map(find).collect(),
    })
}

pub(crate) fn run(request: &Request) -> ExitCode {
    let args = request.cases.first().map_or(&[][..], |c| c.args);
    let args = std::iter::once("petsc-test").chain(args.iter().copied());
    Petsc::builder()
        .args(args)
        .run(|petsc| run_all(request, petsc))
}

fn run_all(request: &Request, petsc: &Petsc) -> Result<()> {
    let size = petsc.world().size();
    if size != request.ranks {
        return Err(Error::user(format!(
            "mpiexec was asked for {} ranks, but MPI has {size}: the launcher belongs to another MPI \
             than the program",
            request.ranks
        )));
    }
    let path = request
        .folder
        .join(format!("rank-{}", petsc.world().rank()));
    let mut diary = OpenOptions::new().create(true).append(true).open(path)?;
    for case in &request.cases {
        petsc.world().barrier()?;
        run_one(case, petsc, &mut diary)?;
    }
    Ok(())
}

fn run_one(case: &Case, petsc: &Petsc, diary: &mut File) -> Result<()> {
    writeln!(diary, "start {}", case.name)?;
    let before = petsc.handles_alive().len();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| (case.body)(petsc)));
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(error),
        Err(payload) => resume(payload),
    }
    // What follows is collective: another rank may still be in the test.
    writeln!(diary, "through {}", case.name)?;
    petsc.collect_garbage()?;
    let alive = petsc.handles_alive();
    if alive.len() > before {
        let list: Vec<String> = alive.iter().map(|h| format!("    {h}")).collect();
        let text = format!("the test left handles alive:\n{}", list.join("\n"));
        return Err(Error::user(text));
    }
    writeln!(diary, "done {}", case.name)?;
    Ok(())
}

fn resume(payload: Box<dyn Any + Send>) -> ! {
    panic::resume_unwind(payload)
}
