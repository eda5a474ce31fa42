//! `cargo xtask workshop`: runs a small case of every application of the workshop on several
//! numbers of ranks. One number of each output must be the same on all numbers of ranks. If an
//! independent source gives a value for this number, both must agree.

mod build;
mod check;
mod programs;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::job::finish;
use crate::parity::find;
use crate::{Outcome, run};
pub(crate) use build::{Built, build};
use check::Verdict;
use programs::{PROGRAMS, Program};

/// The time limit of a program; the cases are small.
const LIMIT: Duration = Duration::from_secs(180);

/// Arguments of `cargo xtask workshop`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Run only these programs.
    #[arg(long, value_delimiter = ',', value_name = "NAME,NAME")]
    only: Vec<String>,
    /// Numbers of ranks.
    #[arg(long, value_delimiter = ',', default_value = "1,2,3", value_name = "N,N")]
    ranks: Vec<usize>,
    /// Build and run with optimization.
    #[arg(long)]
    release: bool,
    /// Prefix of the PETSc to use; by default the one that a build finds.
    #[arg(long, value_name = "PREFIX")]
    prefix: Option<std::path::PathBuf>,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    let chosen = choose(&args.only)?;
    if args.ranks.is_empty() || args.ranks.contains(&0) {
        return Err("--ranks needs numbers of at least 1".into());
    }
    let config = find(args.prefix.as_deref())?;
    println!("{}", config.summary());
    let built = build(&config, args.release, &["--bins"])?;
    let ranks: Vec<_> = args.ranks.iter().map(usize::to_string).collect();
    println!("\nOn {} ranks:", ranks.join(", "));
    let (mut right, mut wrong) = (0, 0);
    for program in chosen {
        if program.needs_slepc && !built.with_slepc {
            println!("skipped {:<15} there is no SLEPc for this PETSc", program.name);
            continue;
        }
        if program.real_only && config.scalar != petsc_sys_build::ScalarKind::Real {
            println!("skipped {:<15} needs real scalars", program.name);
            continue;
        }
        let begun = Instant::now();
        let verdict = all_ranks(program, &built.folder, &args.ranks);
        let seconds = begun.elapsed().as_secs_f64();
        match verdict {
            Verdict::Right(text) => {
                right += 1;
                println!("ok      {:<15} {text} ({seconds:.1} s)", program.name);
            }
            Verdict::Wrong(text) => {
                wrong += 1;
                println!("WRONG   {:<15} {text} ({seconds:.1} s)", program.name);
            }
        }
    }
    println!("{right} passed, {wrong} failed");
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the programs with these names, or all.
pub(crate) fn choose(names: &[String]) -> Result<Vec<&'static Program>, String> {
    if names.is_empty() {
        return Ok(PROGRAMS.iter().collect());
    }
    for name in names {
        if !PROGRAMS.iter().any(|p| p.name == name) {
            let mut all: Vec<_> = PROGRAMS.iter().map(|p| p.name).collect();
            all.dedup();
            return Err(format!("unknown program `{name}`: use {}", all.join(", ")));
        }
    }
    let wanted = |p: &&Program| names.iter().any(|name| p.name == name);
    Ok(PROGRAMS.iter().filter(wanted).collect())
}

/// Runs a program on each number of ranks and checks its output.
fn all_ranks(program: &Program, folder: &Path, ranks: &[usize]) -> Verdict {
    let mut found = Vec::new();
    for &ranks in ranks {
        let mut mpiexec = run::mpiexec(ranks);
        mpiexec.arg(folder.join(program.name)).args(program.args);
        mpiexec.current_dir(run::workspace().join("examples"));
        let done = match finish(&mut mpiexec, None, LIMIT) {
            Ok(done) => done,
            Err(error) => return Verdict::Wrong(error),
        };
        if let Some(failure) = done.failure {
            let mut lines = done.errors.lines().chain(done.output.lines());
            let last = lines.rfind(|line| !line.trim().is_empty());
            let last = last.unwrap_or("no error message");
            return Verdict::Wrong(format!("{failure} on {ranks} ranks: {last}"));
        }
        match check::number(&done.output, program.after, program.place) {
            Some(number) => found.push((ranks, number)),
            None => {
                return Verdict::Wrong(format!(
                    "no number after `{}` on {ranks} ranks",
                    program.after
                ));
            }
        }
    }
    check::judge(program.what, &program.expected, &found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_of_the_workshop_is_in_the_table() {
        let folder = run::workspace().join("examples/src/bin");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(PROGRAMS.iter().any(|p| p.name == name), "{name}");
        }
    }

    #[test]
    fn programs_are_chosen_by_name() {
        assert_eq!(choose(&[]).unwrap().len(), PROGRAMS.len());
        assert_eq!(choose(&["gwas".into()]).unwrap().len(), 2);
        assert!(choose(&["gwaz".into()]).unwrap_err().contains("`gwaz`"));
    }
}
