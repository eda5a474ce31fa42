//! A process of a job: runs the tests that the parent requested, and records their results.

use std::env;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;

use petsc_rs::{Error, Object as _, Petsc, Result, Vector};

use crate::Case;
use crate::diary::{Diary, Step};
use crate::lifeline;
use crate::streams::Streams;

/// Folder with the list of tests, in which each rank writes its diary.
pub(crate) const FOLDER: &str = "PETSC_TEST_JOB";
/// Number of ranks that the parent requested from the launcher.
pub(crate) const RANKS: &str = "PETSC_TEST_JOB_RANKS";
/// Process id of the parent.
pub(crate) const PARENT: &str = "PETSC_TEST_JOB_PARENT";
/// File in the folder with the names of the tests.
pub(crate) const LIST: &str = "tests";

/// Request of the parent.
pub(crate) struct Request {
    folder: PathBuf,
    ranks: i32,
    parent: Option<i32>,
    cases: Vec<&'static Case>,
}

/// Returns the request, if this process is part of a job.
pub(crate) fn requested() -> Option<Request> {
    let folder = PathBuf::from(env::var_os(FOLDER)?);
    let ranks = env::var(RANKS).ok()?.parse().ok()?;
    let parent = env::var(PARENT).ok().and_then(|text| text.parse().ok());
    let list = fs::read_to_string(folder.join(LIST)).ok()?;
    let find = |name: &str| inventory::iter::<Case>.into_iter().find(|c| c.name == name);
    Some(Request { folder, ranks, parent, cases: list.lines().filter_map(find).collect() })
}

pub(crate) fn run(request: &Request) -> ExitCode {
    let streams = match Streams::redirect(&request.folder) {
        Ok(streams) => streams,
        Err(error) => {
            eprintln!("petsc-test: cannot write into {}: {error}", request.folder.display());
            return ExitCode::FAILURE;
        }
    };
    lifeline::watch(request.folder.clone(), request.parent);
    let args = request.cases.first().map_or(&[][..], |c| c.args);
    let args = std::iter::once("petsc-test").chain(args.iter().copied());
    Petsc::builder().args(args).run(|petsc| run_all(request, petsc, &streams))
}

fn run_all(request: &Request, petsc: &Petsc, streams: &Streams) -> Result<()> {
    let (rank, size) = (petsc.world().rank(), petsc.world().size());
    if size != request.ranks {
        return Err(Error::user(format!(
            "mpiexec was called with {} ranks, but MPI has {size}: the launcher belongs to another MPI \
             than the program",
            request.ranks
        )));
    }
    streams.belong_to(&request.folder, rank)?;
    let mut diary = Diary::open(&request.folder, rank)?;
    // PETSc continues to count while objects are alive, so the effect of a test can be checked
    // after it.
    let _counting = Vector::new(petsc.world(), 1)?.comm()?;
    for case in &request.cases {
        petsc.world().barrier()?;
        diary.write(Step::Start(streams.len()?), case.name)?;
        run_one(case, petsc, &mut diary)?;
    }
    Ok(())
}

fn run_one(case: &Case, petsc: &Petsc, diary: &mut Diary) -> Result<()> {
    let before = petsc.handles().len();
    let options = petsc.options().all()?;
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| (case.body)(petsc)));
    if !matches!(outcome, Ok(Ok(()))) {
        diary.write(Step::Failed, case.name)?;
    }
    match outcome {
        Ok(result) => result?,
        Err(payload) => panic::resume_unwind(payload),
    }
    // The rest is collective: another rank may still be running the test.
    diary.write(Step::Through, case.name)?;
    petsc.recover()?;
    let alive = petsc.handles();
    if alive.len() > before {
        let list: Vec<String> = alive.iter().map(|h| format!("    {h}")).collect();
        let text = format!("the test left handles alive:\n{}", list.join("\n"));
        return Err(Error::user(text));
    }
    if !petsc.world().is_in_step()? {
        let text = "the ranks have not created the same number of objects: later messages would have different tags";
        return Err(Error::user(text));
    }
    restore(petsc, &options)?;
    diary.write(Step::Done, case.name)?;
    Ok(())
}

/// Restores the options for the next test of the job.
fn restore(petsc: &Petsc, before: &[(String, Option<String>)]) -> Result<()> {
    let options = petsc.options();
    let after = options.all()?;
    for (name, _) in after.iter().filter(|(name, _)| !before.iter().any(|(n, _)| n == name)) {
        options.clear(name)?;
    }
    for option in before.iter().filter(|option| !after.contains(option)) {
        match option {
            (name, Some(value)) => options.set(name, value)?,
            (name, None) => options.set_flag(name)?,
        }
    }
    Ok(())
}
