//! `cargo xtask doctor`: lists the installed software, reports problems, and prints the command
//! that solves each problem.

mod petscs;
mod probe;
mod tools;

use std::fmt;
use std::process::ExitCode;

use crate::Outcome;
use crate::builds::Build;

/// Arguments of `cargo xtask doctor`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// The result of one check.
#[derive(Debug)]
pub(crate) struct Finding {
    state: State,
    /// A description in one line.
    text: String,
    /// The command that solves the problem.
    fix: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Good,
    /// A note that needs no action.
    Note,
    Bad,
}

impl Finding {
    fn good(text: impl Into<String>) -> Self {
        Self { state: State::Good, text: text.into(), fix: None }
    }

    fn note(text: impl Into<String>) -> Self {
        Self { state: State::Note, text: text.into(), fix: None }
    }

    fn bad(text: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { state: State::Bad, text: text.into(), fix: Some(fix.into()) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.state {
            State::Good => "ok  ",
            State::Note => "note",
            State::Bad => "BAD ",
        };
        write!(f, "{mark} {}", self.text)?;
        match &self.fix {
            Some(fix) => write!(f, "\n       to fix it: {fix}"),
            None => Ok(()),
        }
    }
}

/// Runs the task.
pub(crate) fn run(_args: &Args) -> Outcome {
    let mut bad = Vec::new();
    let mut section = |title: &str, findings: Vec<Finding>| {
        println!("{title}");
        for finding in findings {
            println!("  {finding}");
            if finding.state == State::Bad {
                bad.push(finding);
            }
        }
        println!();
    };
    section("Tools", tools::look());
    section("MPI", tools::look_at_mpi());
    section("PETSc in use", petscs::in_use());
    section("PETSc and SLEPc on this machine", petscs::all());
    if bad.is_empty() {
        println!("All required software is installed.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("Problems ({}):", bad.len());
    for Finding { text, fix, .. } in bad {
        println!("  {}\n    to fix it: {}", headline(&text), fix.unwrap_or_default());
    }
    Ok(ExitCode::FAILURE)
}

/// Returns the description of a problem without the list of searched locations, which was printed
/// before.
fn headline(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    line.strip_suffix(" Tried:").unwrap_or(line)
}

/// Returns the remaining problems that prevent a build with the PETSc in use, or with `builds`.
pub(crate) fn problems(builds: &[Build]) -> Vec<String> {
    let mut findings = tools::look();
    findings.extend(tools::look_at_mpi());
    if builds.is_empty() {
        findings.extend(petscs::located().err());
    }
    findings.extend(builds.iter().filter(|b| b.find().is_none()).map(|b| {
        let fix = format!("cargo xtask setup --builds {}", b.name());
        Finding::bad(format!("no PETSc for the build `{}`", b.name()), fix)
    }));
    findings.into_iter().filter(|f| f.state == State::Bad).map(|f| f.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::headline;

    #[test]
    fn the_summary_names_what_is_wrong_in_one_line() {
        let text = "PETSc was not found. Tried:\n  - PETSC_DIR: not set";
        assert_eq!(headline(text), "PETSc was not found.");
        assert_eq!(headline("no MPI compiler"), "no MPI compiler");
    }
}
