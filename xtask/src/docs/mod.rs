//! `cargo xtask docs`: builds the book and the documentation of the crates without warnings, and
//! checks links, C names in the search index, declarations of methods that are not collective,
//! borrowed handles, the layers of the folders, the map of the files, the names of attached values,
//! and workarounds.

mod aliases;
mod attached;
mod collective;
mod draw;
mod functions;
mod handles;
mod layers;
mod links;
mod lookups;
pub(crate) mod manual_pages;
mod map;
mod markdown;
mod maths;
mod sentences;
mod workarounds;

pub(crate) use aliases::{read, sources};

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use petsc_sys_build::{locate, slepc};

use crate::{Outcome, run};

/// The release series of mdBook for the book, in cargo's syntax.
const MDBOOK: &str = "^0.5";

/// Arguments of `cargo xtask docs`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only check the links, without a build.
    #[arg(long)]
    links: bool,
    /// Build mdBook into the target directory if it is not installed (takes some minutes once).
    #[arg(long, conflicts_with = "links")]
    install: bool,
    /// Do not build the documentation of the crates.
    #[arg(long)]
    no_rustdoc: bool,
    /// Only write the table of workarounds in UNSAFE.md.
    #[arg(long)]
    tables: bool,
    /// Only print 200 sentences of the documentation, messages and book, drawn with this seed.
    #[arg(long, value_name = "SEED")]
    sentences: Option<u64>,
    /// Only print 20 C functions, drawn with this seed, followed by the files of their methods.
    #[arg(long, value_name = "SEED")]
    lookups: Option<u64>,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    let root = run::workspace();
    if args.tables {
        workarounds::write(&root)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.sentences.is_some() || args.lookups.is_some() {
        samples(&root, args)?;
        return Ok(ExitCode::SUCCESS);
    }
    let checked = links::check(&root)?;
    let mut good = passes(&checked.problems);
    println!(
        "{} files, {} links, {} dead or malformed",
        checked.files,
        checked.links,
        checked.problems.len()
    );
    good = good
        && aliases()?
        && collective()?
        && passes(&handles::check(&root)?)
        && passes(&layers::check(&root)?)
        && passes(&map::check(&root)?)
        && passes(&attached::check(&root)?)
        && passes(&workarounds::check(&root)?);
    if !args.links {
        good &= book(args.install)?;
        if !args.no_rustdoc {
            rustdoc()?;
        }
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the samples of the documentation.
fn samples(root: &Path, args: &Args) -> Result<(), String> {
    if let Some(seed) = args.sentences {
        let (drawn, all) = sentences::sample(root, seed)?;
        for sentence in &drawn {
            println!("{sentence}");
        }
        println!("{} of {all} sentences, seed {seed}", drawn.len());
    }
    if let Some(seed) = args.lookups {
        let (drawn, all) = lookups::sample(root, seed)?;
        for lookup in &drawn {
            println!("{}", lookup.question());
        }
        println!("{} of {all} functions, seed {seed}; their files:", drawn.len());
        for lookup in &drawn {
            println!("{lookup}");
        }
    }
    Ok(())
}

/// Prints the problems that a check found; returns whether there are none.
fn passes<T: std::fmt::Display>(problems: &[T]) -> bool {
    for problem in problems {
        println!("{problem}");
    }
    problems.is_empty()
}

/// Checks that every C function that is called is an alias of a method.
fn aliases() -> Result<bool, String> {
    let checked = aliases::check(&run::workspace())?;
    println!(
        "{} C functions are called, {} without an alias",
        checked.functions,
        checked.problems.len()
    );
    Ok(passes(&checked.problems))
}

/// Checks that every method that is documented as not collective declares it.
fn collective() -> Result<bool, String> {
    let checked = collective::check(&run::workspace())?;
    println!(
        "{} functions are documented as not collective, {} differ from their declaration",
        checked.functions,
        checked.problems.len()
    );
    Ok(passes(&checked.problems))
}

/// Arguments of `cargo xtask maths`.
#[derive(Debug, clap::Args)]
pub(crate) struct Maths {
    /// The request of mdBook: `supports html`, or nothing if the book is read from the standard
    /// input.
    words: Vec<String>,
}

/// Runs the preprocessor.
pub(crate) fn maths(args: &Maths) -> Outcome {
    maths::preprocess(&args.words)?;
    Ok(ExitCode::SUCCESS)
}

/// Builds the book. Returns false if mdBook prints a warning; returns true with a message if mdBook
/// is not installed.
fn book(install: bool) -> Result<bool, String> {
    let tools = run::target_dir().join("tools");
    let own = tools.join("bin/mdbook");
    if install && !own.is_file() && !run::in_path("mdbook") {
        // The server and the search index are not needed and increase the build time.
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
            "the book was not built, because mdbook is not installed: `cargo xtask docs --install` builds it into {}",
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
    let output = mdbook.output().map_err(|error| format!("`{line}` could not be run ({error})"))?;
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
            println!("without slepc-sys and slepc-rs, because there is no SLEPc for this PETSc");
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
