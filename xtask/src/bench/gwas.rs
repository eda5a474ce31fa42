//! Comparison of the association scan with PLINK 1.9.

use std::path::Path;
use std::process::Command;

use super::measure::{self, Sample};
use crate::run;

const SAMPLES: &str = "10000";
const VARIANTS: &str = "100000";

/// Runs `plink1.9 --assoc` and `gwas` on one and on two ranks, interleaved, with the same simulated
/// cohort of 250 MB. Both read it from the page cache; `gwas` also draws its figures. The
/// chi-squares of all variants are compared.
pub(super) fn compare(repeats: usize) -> Result<(), String> {
    println!("\ngwas");
    if let Err(error) = Command::new("plink1.9").arg("--version").output() {
        println!(
            "  omitted: plink1.9 could not be run ({error}); on Debian, run apt install plink1.9"
        );
        return Ok(());
    }
    let folder = run::target_dir().join("bench/gwas");
    let fail = |e: std::io::Error| format!("{}: {e}", folder.display());
    std::fs::create_dir_all(&folder).map_err(fail)?;
    let prefix = folder.join("cohort");
    if !prefix.with_extension("bed").is_file() {
        let mut make = program("gwas");
        make.args(["--simulate", "--samples", SAMPLES, "--variants", VARIANTS]);
        make.args(["--missing", "0.01", "--save"]).arg(&prefix);
        measure::printed(&mut make)?;
    }
    let mut plink = Command::new("plink1.9");
    plink.arg("--bfile").arg(&prefix);
    plink.args(["--assoc", "--allow-no-sex", "--out"]);
    plink.arg(folder.join("plink"));
    let mut two = run::mpiexec(2);
    two.arg(run::target_dir().join("release/gwas"));
    let mut programs = [plink, program("gwas"), two];
    for gwas in &mut programs[1..] {
        gwas.arg("--bfile").arg(&prefix);
        gwas.arg("--out").arg(&folder);
    }
    let mut starts = [program("hello"), run::mpiexec(2)];
    starts[1].arg(run::target_dir().join("release/hello"));
    let mut times: [Sample; 5] = Default::default();
    for round in 0..=repeats.max(1) {
        let commands = programs.iter_mut().chain(&mut starts);
        for (sample, command) in times.iter_mut().zip(commands) {
            let seconds = measure::timed(command)?;
            // The first round is a warm-up.
            if round > 0 {
                sample.push(seconds);
            }
        }
    }
    let [plink, one, two, start_one, start_two] = times;
    println!(
        "  wall time, {SAMPLES} samples, {VARIANTS} variants, {repeats} runs each, interleaved"
    );
    println!("    plink1.9 --assoc  {plink}");
    for (name, sample, start) in
        [("gwas, 1 rank ", one, start_one), ("gwas, 2 ranks", two, start_two)]
    {
        println!("    {name}     {sample}");
        println!(
            "      ratio of medians {:.3} (goal 1); hello, which only starts MPI and PETSc, takes {:.4} s",
            sample.median() / plink.median(),
            start.median()
        );
    }
    let rows = same_digits(&folder.join("associations.tsv"), &folder.join("plink.assoc"))?;
    println!("    chi-squares of {rows} variants agree with all printed digits of plink1.9");
    Ok(())
}

fn program(name: &str) -> Command {
    Command::new(run::target_dir().join("release").join(name))
}

/// Returns the number of variants, if the chi-square of each agrees with plink's four digits.
fn same_digits(ours: &Path, plinks: &Path) -> Result<usize, String> {
    let read =
        |path: &Path| std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
    let (ours, plinks) = (read(ours)?, read(plinks)?);
    compare_rows(&ours, &plinks)
}

fn compare_rows(ours: &str, plinks: &str) -> Result<usize, String> {
    let row = |line: &str| -> Option<(String, String)> {
        let mut columns = line.split_whitespace().skip(1);
        Some((columns.next()?.to_owned(), columns.nth(5)?.to_owned()))
    };
    let (mut own, mut other) = (ours.lines().skip(1), plinks.lines().skip(1));
    let mut rows = 0;
    loop {
        let (a, b) = match (own.next(), other.next()) {
            (None, None) => return Ok(rows),
            (Some(a), Some(b)) => (a, b),
            _ => {
                return Err(format!(
                    "one table ends after {rows} variants, and the other is longer"
                ));
            }
        };
        let same = match (row(a), row(b)) {
            (Some((name, ours)), Some((other, plinks))) => name == other && agree(&ours, &plinks),
            _ => false,
        };
        if !same {
            return Err(format!("`{a}` differs from plink1.9: `{b}`"));
        }
        rows += 1;
    }
}

/// Returns whether four digits are those of a number.
fn agree(ours: &str, plinks: &str) -> bool {
    match (ours.parse::<f64>(), plinks.parse::<f64>()) {
        // The tolerance is half of the last digit, plus a little for numbers halfway between two
        // values.
        (Ok(a), Ok(b)) => (a - b).abs() <= 0.500_001 * 10_f64.powf(b.abs().log10().floor() - 3.0),
        _ => ours == plinks,
    }
}

#[cfg(test)]
mod tests {
    use super::compare_rows;

    #[test]
    fn four_digits_are_compared() {
        let head = "CHR SNP BP A1 F_A F_U A2 CHISQ P OR\n";
        let table = |chi: &str| format!("{head}1 rs1 5 A 0.1 0.2 G {chi} 0.5 1\n");
        let compare = |ours: &str, plinks: &str| compare_rows(&table(ours), &table(plinks));
        assert_eq!(compare("12.344999", "12.34"), Ok(1));
        assert_eq!(compare("NA", "NA"), Ok(1));
        assert!(compare("12.346", "12.34").is_err());
        assert!(compare("NA", "12.34").is_err());
        assert!(compare_rows(head, &table("1")).is_err());
        assert!(compare_rows(&table("1").replace("rs1", "rs2"), &table("1")).is_err());
    }
}
