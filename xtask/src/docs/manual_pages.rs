//! `cargo xtask manual-pages`: reads the lists of manual pages from the sources of PETSc and SLEPc.
//!
//! A page is a comment before a function, a type or a macro. The makefile of its directory, or the
//! file itself, names the section of the page.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::aliases::read;
use crate::{Outcome, run};

/// Arguments of `cargo xtask manual-pages`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Sources of the newest PETSc.
    #[arg(long)]
    petsc: PathBuf,
    /// Sources of the newest SLEPc.
    #[arg(long)]
    slepc: PathBuf,
}

/// Sections of a manual, with the names of their pages.
type Sections = BTreeMap<String, BTreeSet<String>>;

/// The starts of comments that are pages.
const MARKS: &[&str] = &["/*@", "/*@C", "/*@M", "/*S", "/*E", "/*J", "/*M", "/*MC"];

/// Directories without pages.
const SKIPPED: &[&str] = &["tests", "tutorials", "binding", "benchmarks", "ftn-custom"];

/// Writes the lists for the links in the documentation.
pub(crate) fn run(args: &Args) -> Outcome {
    let folder = run::workspace().join("petsc-macros/manual");
    for (sources, list) in [(&args.petsc, "petsc.txt"), (&args.slepc, "slepc.txt")] {
        let mut sections = Sections::new();
        for part in ["include", "src"] {
            collect(&sources.join(part), &mut sections)?;
        }
        let pages: usize = sections.values().map(BTreeSet::len).sum();
        println!("{list}: {pages} pages in {} sections", sections.len());
        fs::write(folder.join(list), text(&sections))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn collect(folder: &Path, sections: &mut Sections) -> Result<(), String> {
    let makefile = folder.join("makefile");
    let common = if makefile.is_file() { section(&read(&makefile)?) } else { None };
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                collect(&path, sections)?;
            }
            continue;
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        if !["c", "cxx", "cpp", "cu", "h", "hpp"].contains(&&*ending) {
            continue;
        }
        let bytes = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let text = String::from_utf8_lossy(&bytes);
        if let Some(section) = common.clone().or_else(|| section(&text)) {
            sections.entry(section).or_default().extend(pages(&text));
        }
    }
    Ok(())
}

/// Returns the section that a makefile or a file names: `SUBMANSEC = …`, otherwise `MANSEC = …`.
fn section(text: &str) -> Option<String> {
    let named = |key: &str| {
        text.lines().find_map(|line| {
            let line = line.trim_start().trim_start_matches("/*").trim_start();
            let value = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
            value.split_whitespace().next().map(str::to_owned)
        })
    };
    named("SUBMANSEC").or_else(|| named("MANSEC"))
}

/// Returns the names before ` - ` in the first lines of such comments.
fn pages(text: &str) -> Vec<String> {
    let mut lines = text.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if !MARKS.contains(&line.trim_end()) {
            continue;
        }
        let Some(first) = lines.next() else {
            break;
        };
        if let Some((name, _)) = first.trim_start().split_once([' ', '-']) {
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if is_name && first.contains('-') {
                found.push(name.to_owned());
            }
        }
    }
    found
}

/// Formats a line for each section.
fn text(sections: &Sections) -> String {
    let line = |(section, names): (&String, &BTreeSet<String>)| {
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        format!("{section}: {}\n", names.join(" "))
    };
    sections.iter().filter(|(_, names)| !names.is_empty()).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_comment_with_a_name_and_a_dash() {
        let text = "/*@C\n   VecSum - Adds entries.\n@*/\nint f;\n/* VecNo - plain */\n/*MC\n  VECSEQ - a type\n/*@\n  no name here\n";
        assert_eq!(pages(text), ["VecSum", "VECSEQ"]);
    }

    #[test]
    fn the_section_of_a_file_is_the_narrower_one() {
        assert_eq!(section("MANSEC   = KSP\n"), Some("KSP".into()));
        let both = "MANSEC = DM\n/* SUBMANSEC = DMDA */\n";
        assert_eq!(section(both), Some("DMDA".into()));
        assert_eq!(section("CFLAGS =\n"), None);
    }
}
