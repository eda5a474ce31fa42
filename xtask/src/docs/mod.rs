//! `cargo xtask docs`: the book and the documentation of the crates build without a warning, and no link is dead, every
//! C function that is called can be found by its name, what is documented as not collective is declared so, handles
//! are lent only where something keeps them, and no folder uses one of a later layer.

mod aliases;
mod attached;
mod collective;
mod functions;
mod handles;
mod layers;
mod links;
pub(crate) mod manual_pages;
mod markdown;
mod maths;

pub(crate) use aliases::{read, sources};

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use petsc_sys_build::{locate, slepc};

use crate::{Outcome, run};

/// The series of mdBook that the book is written for, as cargo asks for it.
const MDBOOK: &str = "^0.5";

/// Arguments of `cargo xtask docs`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only check the links: nothing is built.
    #[arg(long)]
    links: bool,
    /// Build mdBook into the target folder where there is none (some minutes, once).
    #[arg(long, conflicts_with = "links")]
    install: bool,
    /// Leave out the documentation of the crates.
    #[arg(long)]
    no_rustdoc: bool,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    let checked = links::check(&run::workspace())?;
    for problem in &checked.problems {
        println!("{problem}");
    }
    println!(
        "{} files, {} links, {} dead or malformed",
        checked.files,
        checked.links,
        checked.problems.len()
    );
    let mut good = checked.problems.is_empty()
        && aliases()?
        && collective()?
        && handles()?
        && layers()?
        && attached()?;
    if !args.links {
        good &= book(args.install)?;
        if !args.no_rustdoc {
            rustdoc()?;
        }
    }
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether public functions lend only what something keeps.
fn handles() -> Result<bool, String> {
    let problems = handles::check(&run::workspace())?;
    for problem in &problems {
        println!("{problem}");
    }
    Ok(problems.is_empty())
}

/// Whether no folder of the safe crates uses one of a later layer.
fn layers() -> Result<bool, String> {
    let problems = layers::check(&run::workspace())?;
    for problem in &problems {
        println!("{problem}");
    }
    Ok(problems.is_empty())
}

/// Whether each value that C objects own has a name of its own.
fn attached() -> Result<bool, String> {
    let problems = attached::check(&run::workspace())?;
    for problem in &problems {
        println!("{problem}");
    }
    Ok(problems.is_empty())
}

/// Whether every C function that is called is an alias of a method.
fn aliases() -> Result<bool, String> {
    let checked = aliases::check(&run::workspace())?;
    for problem in &checked.problems {
        println!("{problem}");
    }
    println!(
        "{} C functions are called, {} without an alias",
        checked.functions,
        checked.problems.len()
    );
    Ok(checked.problems.is_empty())
}

/// Whether every method that is documented as not collective declares it.
fn collective() -> Result<bool, String> {
    let checked = collective::check(&run::workspace())?;
    for problem in &checked.problems {
        println!("{problem}");
    }
    println!(
        "{} functions are documented as not collective, {} differ from their declaration",
        checked.functions,
        checked.problems.len()
    );
    Ok(checked.problems.is_empty())
}

/// Arguments of `cargo xtask maths`.
#[derive(Debug, clap::Args)]
pub(crate) struct Maths {
    /// What mdBook asks: `supports html`, or nothing, and the book comes in.
    words: Vec<String>,
}

/// Runs the preprocessor.
pub(crate) fn maths(args: &Maths) -> Outcome {
    maths::preprocess(&args.words)?;
    Ok(ExitCode::SUCCESS)
}

/// Builds the book. False if mdBook warns of something; true, with a word on it, where there is no mdBook.
fn book(install: bool) -> Result<bool, String> {
    let tools = run::target_dir().join("tools");
    let own = tools.join("bin/mdbook");
    if install && !own.is_file() && !run::in_path("mdbook") {
        // Without its server and its search, which only cost time here.
        let mut cargo = run::cargo();
        cargo.args(["install", "mdbook", "--version", MDBOOK, "--locked"]);
        cargo.args(["--no-default-features", "--root"]).arg(&tools);
        run::loud(&mut cargo)?;
    }
    let program = if own.is_file() {
        own
    } else if run::in_path("mdbook") {
        PathBuf::from("mdbook")
    } else {
        println!(
            "the book was not built: no mdbook. `cargo xtask docs --install` builds one into {}",
            tools.display()
        );
        return Ok(true);
    };
    let target = run::target_dir().join("book");
    let mut mdbook = Command::new(program);
    mdbook.arg("build").arg(run::workspace().join("docs"));
    mdbook.arg("--dest-dir").arg(&target);
    let line = run::line(&mdbook);
    println!("$ {line}");
    let output = mdbook
        .output()
        .map_err(|error| format!("`{line}` could not be run ({error})"))?;
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    let warnings: Vec<_> = said.lines().filter(|line| is_warning(line)).collect();
    for line in &warnings {
        println!("{line}");
    }
    if !output.status.success() {
        return Err(format!("`{line}` failed ({})", output.status));
    }
    println!("the book is in {}", target.join("index.html").display());
    Ok(warnings.is_empty())
}

fn is_warning(line: &str) -> bool {
    line.contains("[WARN]")
        || line.contains("[ERROR]")
        || line.trim_start().starts_with("WARN")
        || line.trim_start().starts_with("ERROR")
}

/// Builds the documentation of the crates; a warning is an error.
fn rustdoc() -> Result<(), String> {
    let mut cargo = run::cargo();
    cargo.args(["doc", "--workspace", "--no-deps"]);
    match locate().ok().map(|config| slepc::locate(&config)) {
        Some(Ok(_)) => {
            cargo.args(["--features", "workshop/slepc,petsc-parity/slepc"]);
        }
        _ => {
            println!("without slepc-sys and slepc-rs: no SLEPc of this PETSc");
            cargo.args(["--exclude", "slepc-sys", "--exclude", "slepc-rs"]);
        }
    }
    cargo.env("RUSTDOCFLAGS", "-D warnings");
    run::loud(&mut cargo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_of_both_series_are_seen() {
        assert!(is_warning("2026-01-01 [WARN] (mdbook::book): x"));
        assert!(is_warning(" WARN unclosed tag"));
        assert!(!is_warning(" INFO Book building has started"));
    }

    #[test]
    fn the_links_of_this_workspace_are_alive() {
        let checked = links::check(&run::workspace()).unwrap();
        assert!(checked.problems.is_empty(), "{:#?}", checked.problems);
        assert!(checked.files > 15 && checked.links > 30, "{checked:?}");
    }
}
