//! `cargo xtask weight`: the number of source lines for each public function of the safe crates.
//!
//! The functions come from rustdoc's JSON output, which needs the nightly toolchain. The lines are
//! those of the crate and of petsc-macros, which generates functions for both crates. They include
//! comments, documentation and macros, but no tests.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use serde_json::Value;

use crate::docs::{read, sources};
use crate::{Outcome, run};

/// Arguments of `cargo xtask weight`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Fail if the number of lines for each function exceeds this.
    #[arg(long)]
    most: Option<f64>,
}

/// Counts each crate.
pub(crate) fn run(args: &Args) -> Outcome {
    let root = run::workspace();
    let mut light = true;
    let shared = lines(&root.join("petsc-macros/src"))?;
    println!("petsc-macros: {shared} lines");
    for package in ["petsc-rs", "slepc-rs"] {
        let lines = lines(&root.join(package).join("src"))?;
        let functions = functions(package)?;
        let weight = (lines + shared) as f64 / functions as f64;
        println!("{package}: {lines} lines, {functions} public functions, {weight:.1} lines each");
        light &= args.most.is_none_or(|most| weight <= most);
    }
    Ok(if light { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the number of lines of the Rust files in a directory, without tests.
fn lines(folder: &Path) -> Result<usize, String> {
    let mut count = 0;
    for file in sources(folder)? {
        count += without_tests(&read(&file)?);
    }
    Ok(count)
}

/// Returns the number of lines before the tests, which are at the end of a file.
fn without_tests(text: &str) -> usize {
    text.lines().take_while(|line| *line != "#[cfg(test)]").count()
}

/// Returns the number of public functions of a crate.
fn functions(package: &str) -> Result<usize, Box<dyn std::error::Error>> {
    let folder = run::target_dir().join("weight");
    let mut cargo = Command::new("cargo");
    // Child processes would otherwise use the toolchain that runs this task.
    cargo.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    cargo.args(["+nightly", "rustdoc", "--quiet", "--all-features"]);
    cargo.args(["--package", package, "--target-dir"]).arg(&folder);
    cargo.args(["--", "-Z", "unstable-options", "--output-format", "json"]);
    run::loud(&mut cargo)?;
    let file = folder.join("doc").join(package.replace('-', "_")).with_extension("json");
    let documentation: Value = serde_json::from_slice(&fs::read(file)?)?;
    let items = documentation["index"].as_object().ok_or("no index")?;
    let public = items.values().filter(|item| {
        item["crate_id"] == 0
            && item["visibility"] == "public"
            && item["inner"].get("function").is_some()
    });
    Ok(public.count())
}

#[cfg(test)]
mod tests {
    use super::without_tests;

    #[test]
    fn tests_at_the_end_of_a_file_do_not_count() {
        assert_eq!(without_tests("fn f() {}\n\n#[cfg(test)]\nmod tests {}\n"), 2);
        assert_eq!(without_tests("fn f() {}\n"), 1);
    }
}
