//! `gwas` against plink1.9, against direct counting, on 1, 2 and 3 ranks, and against bad input.

mod counts;
mod input;
mod plink;
mod regression;
mod vcf;

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use petsc_rs::prelude::*;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gwas")
}

/// Name to columns of a table with a heading.
fn table(path: &Path) -> Result<HashMap<String, Vec<String>>> {
    let text = std::fs::read_to_string(path)?;
    let row = |line: &str| -> Vec<String> { line.split_whitespace().map(Into::into).collect() };
    Ok(text.lines().skip(1).map(row).map(|row| (row[1].clone(), row)).collect())
}

/// Whether plink's four digits are those of a number.
fn same_digits(ours: &str, plinks: &str) -> Result<bool> {
    if ours == "NA" || plinks == "NA" {
        return Ok(ours == plinks);
    }
    let (ours, plinks): (f64, f64) = (ours.parse()?, plinks.parse()?);
    if plinks == 0.0 {
        return Ok(ours == 0.0);
    }
    // Half of the last digit, and a little for numbers halfway between two.
    let digit = 10_f64.powi(plinks.abs().log10().floor() as i32 - 3);
    Ok((ours - plinks).abs() <= 0.500_001 * digit)
}

fn check_tables(ours: &Path, plinks: &Path) -> Result<usize> {
    let (ours, plinks) = (table(ours)?, table(plinks)?);
    assert_eq!(ours.len(), plinks.len());
    for (name, expected) in &plinks {
        let found = &ours[name];
        // Position and both alleles.
        for column in [2, 3, 6] {
            assert_eq!(found[column], expected[column], "{name}");
        }
        // Frequencies, chi-square, p, odds ratio.
        for column in [4, 5, 7, 8, 9] {
            let same = same_digits(&found[column], &expected[column])?;
            assert!(same, "{name}: {found:?} instead of {expected:?}");
        }
    }
    Ok(plinks.len())
}

fn run(args: &[OsString], ranks: usize) -> Result<(Option<i32>, String)> {
    let program = Path::new(env!("CARGO_BIN_EXE_gwas"));
    let outcome = petsc_test::launch(ranks, program, args, Duration::from_secs(100))?;
    assert!(!outcome.timed_out, "it hung: {}", outcome.output);
    Ok((outcome.code, outcome.output))
}

fn args(list: &[&dyn AsRef<std::ffi::OsStr>]) -> Vec<OsString> {
    list.iter().map(|arg| arg.as_ref().to_owned()).collect()
}

fn plink_is_here() -> std::result::Result<(), String> {
    let found = Command::new("plink1.9").arg("--version").output();
    found.map(drop).map_err(|e| format!("plink1.9: {e}"))
}

fn plink_and_data_are_here() -> std::result::Result<(), String> {
    plink_is_here().and_then(|()| petsc_test::data_available())
}

fn plink(folder: &Path, arguments: &[OsString]) -> Result<PathBuf> {
    let out = folder.join("plink");
    let done = Command::new("plink1.9")
        .args(arguments)
        .args(args(&[&"--assoc", &"--allow-no-sex", &"--out", &out]))
        .output()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Ok(folder.join("plink.assoc"))
}

petsc_test::main!();
