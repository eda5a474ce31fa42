//! `gwas` against plink1.9, against direct counting, on 1, 2 and 3 ranks, and against bad input.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;
use workshop::gwas::{self, Bed, Bim, Classes, Counts, Fam, Genotypes, Hit, Simulation, Status};
use workshop::gwas::{Sample, Sex, Threshold};
use workshop::mpi_basics::chunk;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gwas")
}

/// Name to columns of a table with a heading.
fn table(path: &Path) -> Result<HashMap<String, Vec<String>>> {
    let text = std::fs::read_to_string(path)?;
    let row = |line: &str| -> Vec<String> { line.split_whitespace().map(Into::into).collect() };
    Ok(text
        .lines()
        .skip(1)
        .map(row)
        .map(|row| (row[1].clone(), row))
        .collect())
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

/// Autosomes, sex chromosomes, mitochondria, unknown genotypes, phenotypes and sexes: all as plink has them.
/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_stored_cohort_is_as_plink_says(_petsc: &Petsc) -> Result<()> {
    let mut texts = Vec::new();
    for ranks in [1, 2, 3] {
        let folder = tempfile::tempdir()?;
        let (code, output) = run(
            &args(&[&"--bfile", &data().join("cohort"), &"--out", &folder.path()]),
            ranks,
        )?;
        assert_eq!(code, Some(0), "{output}");
        let table = folder.path().join("associations.tsv");
        assert_eq!(check_tables(&table, &data().join("cohort.assoc"))?, 157);
        // plink --adjust says 2.23436, with 0.456 for the median of the distribution.
        let expected = 2.23436 * 0.456 / gwas::MEDIAN_CHI_SQUARE;
        let words = output.split_once("inflation").map_or("", |(_, rest)| rest);
        let inflation: f64 = words.split_whitespace().next().unwrap_or("").parse()?;
        assert!((inflation - expected).abs() < 1e-4, "{output}");
        assert!(
            output.contains("203: 97 cases, 95 controls, 11 unknown"),
            "{output}"
        );
        for picture in ["manhattan.png", "quantiles.png"] {
            assert!(std::fs::metadata(folder.path().join(picture))?.len() > 5000);
        }
        texts.push(std::fs::read_to_string(table)?);
    }
    assert!(
        texts.iter().all(|text| *text == texts[0]),
        "the table depends on the ranks"
    );
    Ok(())
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
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(folder.join("plink.assoc"))
}

/// CD8 of 1940 mice, cut at its median: the strongest variant is on chromosome 5, the next group on 17.
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = plink_and_data_are_here)]
fn mice_are_as_plink_says(_petsc: &Petsc) -> Result<()> {
    let prefix = petsc_test::data_dir()?.join("gwas/mouse_hs1940/mouse_hs1940");
    let folder = tempfile::tempdir()?;
    let mut fam = prefix.clone();
    fam.set_extension("fam");
    let fam = Fam::read(&fam)?;
    let (path, values) = fam.phenotype("1")?;
    let status = gwas::from_values(path, &values, Some(Threshold::Median))?;
    let lines = fam.samples.iter().zip(status).map(|(sample, status)| {
        let code = match status {
            Status::Case => 2,
            Status::Control => 1,
            Status::Missing => -9,
        };
        format!("{} {} {code}\n", sample.id.0, sample.id.1)
    });
    let pheno = folder.path().join("pheno.txt");
    std::fs::write(&pheno, lines.collect::<String>())?;
    let arguments = args(&[&"--bfile", &prefix, &"--mouse", &"--pheno", &pheno]);
    let expected = plink(folder.path(), &arguments)?;
    for ranks in [1, 3] {
        // Once with the quantities, once with the file that plink reads.
        let how = if ranks == 1 {
            args(&[&"--threshold", &"median"])
        } else {
            args(&[&"--pheno", &pheno])
        };
        let mut all = args(&[
            &"--bfile",
            &prefix,
            &"--autosomes",
            &"19",
            &"--out",
            &folder.path(),
        ]);
        all.extend(how);
        let (code, output) = run(&all, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        let found = folder.path().join("associations.tsv");
        assert_eq!(check_tables(&found, &expected)?, 10_300);
        assert!(
            output.contains("   5 rs6222023            76161679     147.7172"),
            "{output}"
        );
        assert!(
            output.contains("705 cases, 705 controls, 530 unknown"),
            "{output}"
        );
    }
    Ok(())
}

/// The files that the simulation saves are read by plink, and by the program itself, to the same results.
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = plink_is_here)]
fn made_up_files_are_as_plink_says(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let saved = folder.path().join("saved");
    let make =
        "--simulate --samples 501 --variants 800 --missing 0.03 --effect 0.3 --causal 3 --save";
    let mut all: Vec<OsString> = make.split(' ').map(Into::into).collect();
    all.extend(args(&[&saved, &"--out", &folder.path()]));
    let (code, output) = run(&all, 2)?;
    assert_eq!(code, Some(0), "{output}");
    let found = folder.path().join("associations.tsv");
    let first = std::fs::read_to_string(&found)?;
    let expected = plink(folder.path(), &args(&[&"--bfile", &saved]))?;
    assert_eq!(check_tables(&found, &expected)?, 800);
    let (code, output) = run(&args(&[&"--bfile", &saved, &"--out", &folder.path()]), 3)?;
    assert_eq!(code, Some(0), "{output}");
    assert_eq!(std::fs::read_to_string(&found)?, first);
    Ok(())
}

/// Covariates of the stored cohort, with unknown ones, and a quantity.
fn covariates(folder: &Path) -> Result<PathBuf> {
    let fam = std::fs::read_to_string(data().join("cohort.fam"))?;
    let mut text = "FID IID age pc height\n".to_owned();
    for (i, line) in fam.lines().enumerate() {
        let ids: Vec<&str> = line.split_whitespace().take(2).collect();
        let random = |k: usize| ((i * 7919 + k * 104_729) % 1009) as f64 / 1009.0;
        let value = |k: usize, text: String| match i % 37 == 5 * k {
            true => "NA".to_owned(),
            false => text,
        };
        let (age, pc) = (30.0 + 40.0 * random(1), random(2) - 0.5);
        let height = 160.0 + 0.1 * age + 12.0 * random(3);
        let row = [
            value(1, format!("{age:.2}")),
            value(2, format!("{pc:.4}")),
            value(3, format!("{height:.2}")),
        ];
        text += &format!("{} {}\n", ids.join(" "), row.join(" "));
    }
    let path = folder.join("covariates.txt");
    std::fs::write(&path, text)?;
    Ok(path)
}

/// Samples, coefficient, error, statistic and probability of each variant that plink has them for on chromosomes of
/// which all have two copies. plink's logistic regression is in single precision: its fourth digit may be off by one.
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = plink_is_here)]
fn regressions_are_as_plink_says(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = covariates(folder.path())?;
    let (prefix, out) = (data().join("cohort"), folder.path().join("plink"));
    for (kind, suffix, slack) in [
        ("linear", "assoc.linear", 0.51),
        ("logistic", "assoc.logistic", 1.0),
    ] {
        let covar = args(&[&"--covar", &file, &"--covar-name", &"age,pc"]);
        let mut plink = Command::new("plink1.9");
        plink.args(args(&[
            &"--bfile",
            &prefix,
            &"--allow-no-sex",
            &"--ci",
            &"0.95",
            &"--out",
            &out,
        ]));
        plink.arg(format!("--{kind}")).arg("hide-covar");
        let mut ours = args(&[
            &"--bfile",
            &prefix,
            &"--test",
            &kind,
            &"--out",
            &folder.path(),
        ]);
        if kind == "linear" {
            plink.args(args(&[&"--pheno", &file, &"--pheno-name", &"height"]));
            ours.extend(args(&[&"--pheno", &file, &"--phenotype", &"height"]));
        } else {
            plink.arg("beta");
        }
        let done = plink.args(&covar).output()?;
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        ours.extend(covar);
        let expected = table(&folder.path().join(format!("plink.{suffix}")))?;
        for ranks in [1, 3] {
            let (code, output) = run(&ours, ranks)?;
            assert_eq!(code, Some(0), "{output}");
            let found = table(&folder.path().join("regression.tsv"))?;
            let mut compared = 0;
            for (name, row) in &expected {
                if ["23", "24", "26"].contains(&row[0].as_str()) {
                    assert_eq!(found[name][4], "NA");
                    continue;
                }
                let own = &found[name];
                // Cases and controls that the genotypes tell apart: plink stops on the way to infinity.
                let endless = kind == "logistic" && row[7].parse().is_ok_and(|e: f64| e > 100.0);
                assert_eq!(
                    own[4] == "NA",
                    row[11] == "NA" || endless,
                    "{name} {row:?} {own:?}"
                );
                if own[4] == "NA" {
                    continue;
                }
                assert_eq!((&own[4], &own[3]), (&row[5], &row[3]), "{name}");
                // BETA, SE, STAT and P.
                for (mine, theirs) in [(5, 6), (6, 7), (7, 10), (8, 11)] {
                    let (a, b): (f64, f64) = (own[mine].parse()?, row[theirs].parse()?);
                    let digit = 10_f64.powi(b.abs().log10().floor() as i32 - 3);
                    assert!(
                        (a - b).abs() <= slack * digit,
                        "{kind} {name}: {own:?} instead of {row:?}"
                    );
                }
                compared += 1;
            }
            assert!(compared > 80, "{compared}");
        }
    }
    Ok(())
}

/// The column TREND of `plink --model`, and the genotypes it counts.
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = plink_is_here)]
fn trends_are_as_plink_says(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (prefix, out) = (data().join("cohort"), folder.path().join("plink"));
    let done = Command::new("plink1.9")
        .args(args(&[
            &"--bfile",
            &prefix,
            &"--allow-no-sex",
            &"--model",
            &"--out",
            &out,
        ]))
        .output()?;
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let text = std::fs::read_to_string(folder.path().join("plink.model"))?;
    let rows = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let rows: Vec<_> = rows.collect();
    let of_test = |test: &str| rows.iter().filter(|row| row[4] == test).collect::<Vec<_>>();
    let (trends, genotypes) = (of_test("TREND"), of_test("GENO"));
    let mut tables = Vec::new();
    for ranks in [1, 2, 3] {
        let all = args(&[
            &"--bfile",
            &prefix,
            &"--test",
            &"trend",
            &"--out",
            &folder.path(),
        ]);
        let (code, output) = run(&all, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        let path = folder.path().join("trend.tsv");
        let found = table(&path)?;
        for (row, counted) in trends.iter().zip(&genotypes) {
            let own = &found[row[1]];
            // Chromosome, both alleles; genotypes of cases and controls.
            assert_eq!([&own[3], &own[4]], [row[2], row[3]], "{own:?}");
            assert_eq!([&own[5], &own[6]], [counted[5], counted[6]], "{own:?}");
            for (mine, theirs) in [(7, 7), (8, 9)] {
                assert!(
                    same_digits(&own[mine], row[theirs])?,
                    "{own:?} instead of {row:?}"
                );
            }
        }
        // plink leaves out the others; so do we, by name.
        let named = found.values().filter(|row| row[5] != "NA").count();
        assert_eq!(named, trends.len());
        assert!(named > 80, "{named}");
        tables.push(std::fs::read_to_string(path)?);
    }
    assert!(tables.iter().all(|table| *table == tables[0]));
    Ok(())
}

/// The same data as PLINK's files and as VCF, in blocks and plain, have the same results to the last byte.
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = plink_is_here)]
fn vcf_files_are_read_as_the_bed_file(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let saved = folder.path().join("saved");
    let make =
        "--simulate --samples 203 --variants 300 --missing 0.05 --effect 0.3 --causal 3 --save";
    let mut all: Vec<OsString> = make.split(' ').map(Into::into).collect();
    all.extend(args(&[&saved, &"--out", &folder.path()]));
    let (code, output) = run(&all, 2)?;
    assert_eq!(code, Some(0), "{output}");
    let found = folder.path().join("associations.tsv");
    let expected = std::fs::read_to_string(&found)?;
    let fam = std::fs::read_to_string(saved.with_extension("fam"))?;
    let pheno = fam.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        format!("{} {} {}\n", words[0], words[1], words[5])
    });
    let file = folder.path().join("pheno.txt");
    std::fs::write(&file, pheno.collect::<String>())?;
    for (ranks, how, name) in [
        (1, &["vcf-iid"][..], "saved.vcf"),
        (3, &["vcf-iid", "bgz"], "saved.vcf.gz"),
    ] {
        let mut plink = Command::new("plink1.9");
        plink.args(args(&[
            &"--bfile",
            &saved,
            &"--keep-allele-order",
            &"--out",
            &saved,
        ]));
        let done = plink.arg("--recode").args(how).output()?;
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let vcf = folder.path().join(name);
        let all = args(&[&"--vcf", &vcf, &"--pheno", &file, &"--out", &folder.path()]);
        let (code, output) = run(&all, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        assert!(output.contains("300 of 300"), "{output}");
        assert_eq!(std::fs::read_to_string(&found)?, expected, "{name}");
    }
    let vcf = folder.path().join("saved.vcf");
    let text = std::fs::read_to_string(&vcf)?;
    let tail = |from: &str, to: &str| std::fs::write(&vcf, text.replacen(from, to, 1));
    let head = "#CHROM";
    for (from, to, said) in [
        (
            "\n1\t100\tsim1\tG\tA\t",
            "\n1\t100\tsim1\tG\tA,T\t",
            "299 of 300",
        ),
        ("\n1\t100\t", "\n77\t100\t", "record 1: chromosome 77"),
        ("\tGT\t", "\tDP\t", "record 1: no genotypes"),
        (head, "", "saved.vcf: "),
    ] {
        tail(from, to)?;
        let (code, output) = run(&args(&[&"--vcf", &vcf, &"--pheno", &file]), 2)?;
        let expected = if said.contains(" of ") { 0 } else { 2 };
        assert_eq!(code, Some(expected), "{from:?}: {output}");
        assert!(output.contains(said), "{from:?}: {output}");
    }
    let (code, output) = run(&args(&[&"--vcf", &vcf]), 1)?;
    assert_eq!(code, Some(2), "{output}");
    Ok(())
}

/// Chromosome 21 of the 1000 Genomes, with a made-up phenotype, against plink on the same file.
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = plink_and_data_are_here)]
fn a_real_vcf_is_as_plink_says(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    for name in [
        "1kg_phase3_chr21_start_2504x600",
        "1kg_eur379_chr21_22_eagle",
    ] {
        let vcf = petsc_test::data_dir()?.join(format!("gwas/{name}.vcf.gz"));
        let make = folder.path().join("made");
        let done = Command::new("plink1.9")
            .args(args(&[
                &"--vcf",
                &vcf,
                &"--double-id",
                &"--biallelic-only",
                &"--make-bed",
                &"--out",
                &make,
            ]))
            .output()?;
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let fam = std::fs::read_to_string(make.with_extension("fam"))?;
        let pheno = fam.lines().enumerate().map(|(i, line)| {
            let name = line.split_whitespace().next().unwrap_or_default();
            format!("{name} {name} {}\n", 1 + (i * 7919 % 1009) % 2)
        });
        let file = folder.path().join("pheno.txt");
        std::fs::write(&file, pheno.collect::<String>())?;
        let expected = plink(
            folder.path(),
            &args(&[&"--bfile", &make, &"--pheno", &file]),
        )?;
        let expected = std::fs::read_to_string(expected)?;
        let all = args(&[&"--vcf", &vcf, &"--pheno", &file, &"--out", &folder.path()]);
        let (code, output) = run(&all, 2)?;
        assert_eq!(code, Some(0), "{output}");
        let found = std::fs::read_to_string(folder.path().join("associations.tsv"))?;
        // Names come twice or are missing: row by row.
        let pairs: Vec<_> = found
            .lines()
            .skip(1)
            .zip(expected.lines().skip(1))
            .collect();
        assert_eq!(found.lines().count(), expected.lines().count());
        assert!(pairs.len() > 500, "{}", pairs.len());
        for (own, theirs) in pairs {
            let own: Vec<&str> = own.split_whitespace().collect();
            let theirs: Vec<&str> = theirs.split_whitespace().collect();
            assert_eq!(own[..3], theirs[..3]);
            assert!(
                same_digits(own[7], theirs[7])?,
                "{own:?} instead of {theirs:?}"
            );
        }
    }
    Ok(())
}

/// The top of the list of a simulation are the variants that were made different.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn simulations_find_what_was_put_in(_petsc: &Petsc) -> Result<()> {
    let line =
        "--simulate --samples 3000 --variants 2000 --causal 4 --effect 0.15 --top 4 --seed 7";
    let all: Vec<OsString> = line.split(' ').map(Into::into).collect();
    let mut lists = Vec::new();
    for ranks in [1, 2, 3] {
        let (code, output) = run(&all, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        let list: Vec<String> = output
            .split_whitespace()
            .filter(|word| word.starts_with("sim"))
            .map(Into::into)
            .collect();
        let mut sorted = list.clone();
        sorted.sort();
        assert_eq!(
            sorted,
            ["sim1251", "sim1751", "sim251", "sim751"],
            "{output}"
        );
        lists.push(list);
    }
    assert!(lists.iter().all(|list| *list == lists[0]), "{lists:?}");
    Ok(())
}

/// Packed counting of every variant of the cohort against genotypes looked at one by one.
#[petsc_test::test(ranks = [1, 2, 3])]
fn packed_counts_are_those_of_the_genotypes(petsc: &Petsc) -> Result<()> {
    let (samples, variants) = (1003, 60);
    let status = gwas::random_phenotypes(samples, 3);
    let person = |i: usize| Sample {
        id: (String::new(), i.to_string()),
        sex: Sex::Unknown,
        founder: i % 3 > 0,
    };
    let people: Vec<_> = (0..samples).map(person).collect();
    let classes = Classes::new(&people, &status);
    let mut simulation = Simulation::new(&status, variants, 11, 5, 0.2, 0.1);
    let comm = petsc.world();
    let own = chunk(variants, comm.size() as usize, comm.rank() as usize);
    let list = own.clone().map(|i| (i, gwas::Chromosome::Autosome(1)));
    let found = gwas::scan(&mut simulation, &classes, list, || ());
    for (counts, index) in found.iter().zip(own) {
        let packed = simulation.variant(index).to_vec();
        let mut expected = Counts::default();
        let mut founders = [0; 2];
        for i in 0..samples {
            let code = packed[i / 4] >> (2 * (i % 4)) & 3;
            let (first, second) = [(2, 0), (0, 0), (1, 1), (0, 2)][usize::from(code)];
            let side = match status[i] {
                Status::Case => &mut expected.cases,
                _ => &mut expected.controls,
            };
            side.first += first;
            side.second += second;
            if people[i].founder {
                founders[0] += first;
                founders[1] += second;
            }
        }
        expected.swapped = founders[0] > founders[1];
        assert_eq!(*counts, expected);
    }
    Ok(())
}

/// Values with many equal ones, against a plain sort on every rank.
#[petsc_test::test(ranks = [1, 2, 3])]
fn reductions_are_those_of_a_sorted_list(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (size, rank) = (comm.size() as usize, comm.rank() as usize);
    for total in [0, 1, 2, 5, 100, 101] {
        let value = |i: usize| ((i * 37 + 11) % 23) as f64 / 7.0;
        let own = chunk(total, size, rank);
        let values: Vec<f64> = own.clone().map(value).collect();
        let mut sorted: Vec<usize> = (0..total).collect();
        sorted.sort_by(|&a, &b| value(b).total_cmp(&value(a)).then(a.cmp(&b)));
        for k in [0, 1, 3, 30, 1000] {
            let hits = own.clone().map(|i| Hit {
                value: value(i),
                index: i as u64,
            });
            let best = gwas::top(comm, hits, k)?;
            let places: Vec<usize> = best.iter().map(|hit| hit.index as usize).collect();
            assert_eq!(places, sorted[..k.min(total)]);
            assert!(
                best.iter()
                    .all(|hit| hit.value == value(hit.index as usize))
            );
        }
        let expected = (total > 0).then(|| {
            let at = |i: usize| value(sorted[i]);
            0.5 * (at((total - 1) / 2) + at(total / 2))
        });
        assert_eq!(gwas::median(comm, &values), expected);
        assert_eq!(gwas::count(comm, values.len()), total as u64);
    }
    Ok(())
}

/// Reads the cohort with one of its files changed; returns exit code and output.
fn with_changed(
    extension: &str,
    edit: &dyn Fn(&mut Vec<u8>),
    more: &[&str],
    ranks: usize,
) -> Result<(Option<i32>, String)> {
    let folder = tempfile::tempdir()?;
    for name in ["cohort.bed", "cohort.bim", "cohort.fam"] {
        let mut bytes = std::fs::read(data().join(name))?;
        if name.ends_with(extension) {
            edit(&mut bytes);
        }
        std::fs::write(folder.path().join(name), bytes)?;
    }
    let mut all = args(&[&"--bfile", &folder.path().join("cohort")]);
    all.extend(more.iter().map(OsString::from));
    run(&all, ranks)
}

/// Replaces the line of this number.
fn line(number: usize, text: &'static str) -> impl Fn(&mut Vec<u8>) {
    move |bytes| {
        let whole = String::from_utf8_lossy(bytes).into_owned();
        let lines = whole.lines().enumerate();
        let lines = lines.map(|(i, old)| if i + 1 == number { text } else { old });
        *bytes = lines.collect::<Vec<_>>().join("\n").into_bytes();
    }
}

type Edit = Box<dyn Fn(&mut Vec<u8>)>;

#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn bad_input_is_one_line_and_exit_code_2(_petsc: &Petsc) -> Result<()> {
    let none = || -> Edit { Box::new(|_: &mut Vec<u8>| ()) };
    let checks: Vec<(&str, Edit, &[&str], &str)> = vec![
        (
            "bed",
            Box::new(|b| b[0] = 0x6d),
            &[],
            "cohort.bed: not a PLINK bed file",
        ),
        (
            "bed",
            Box::new(|b| b[2] = 0),
            &[],
            "cohort.bed: ordered by samples",
        ),
        (
            "bed",
            Box::new(|b| b.truncate(1000)),
            &[],
            "cohort.bed: 1000 bytes instead of 8163 for 160 variants",
        ),
        (
            "bed",
            Box::new(|b| b.truncate(1000)),
            &[],
            "it ends in variant 20",
        ),
        ("bed", Box::new(|b| b.push(0)), &[], "there are more"),
        ("bed", Box::new(Vec::clear), &[], "cohort.bed: "),
        (
            "fam",
            Box::new(line(7, "f p 0 0 1")),
            &[],
            "cohort.fam:7: 5 columns instead of 6",
        ),
        (
            "fam",
            Box::new(line(9, "f p 0 0 1 0.5")),
            &[],
            "cohort.fam:9: phenotype 0.5 is neither",
        ),
        ("fam", Box::new(Vec::clear), &[], "cohort.fam: no samples"),
        (
            "bim",
            Box::new(line(3, "1 rs2 0 5 A")),
            &[],
            "cohort.bim:3: 5 columns instead of 6",
        ),
        (
            "bim",
            Box::new(line(4, "77 rs3 0 5 A C")),
            &[],
            "cohort.bim:4: chromosome 77",
        ),
        (
            "none",
            none(),
            &["--phenotype", "height"],
            "cohort.fam: no phenotype height; there are 1",
        ),
        (
            "none",
            none(),
            &["--pheno", "/no/such/file"],
            "/no/such/file: ",
        ),
        (
            "none",
            none(),
            &["--threshold", "warm"],
            "neither a number nor 'median'",
        ),
        ("none", none(), &["--autosomes", "0"], "0 is not in "),
    ];
    for ranks in [1, 3] {
        for (extension, edit, more, expected) in &checks {
            let (code, output) = with_changed(extension, edit, more, ranks)?;
            assert_eq!(code, Some(2), "{expected}: {output}");
            assert_eq!(output.matches("error: ").count(), 1, "{output}");
            assert!(output.contains(expected), "no {expected:?} in {output}");
        }
        let nothing = with_changed("none", &none(), &["--out", "/proc/no"], ranks)?;
        assert!(
            nothing.0 == Some(2) && nothing.1.contains("/proc/no: "),
            "{}",
            nothing.1
        );
    }
    let (code, output) = run(&args(&[&"--help"]), 2)?;
    assert!(
        code == Some(0) && output.contains("--threshold"),
        "{output}"
    );
    Ok(())
}

/// What goes wrong on one rank alone ends the job on all, with one message.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_mistake_of_one_rank_is_that_of_all(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let last = comm.size() - 1;
    let outcome = if comm.rank() == last {
        Err("disk full")
    } else {
        Ok(())
    };
    let error = workshop::app::agree(comm, outcome).expect_err("one rank has failed");
    assert_eq!(error.message(), "disk full");
    assert!(workshop::app::agree(comm, Ok::<_, String>(comm.rank())).is_ok());
    comm.mpi().barrier();
    Ok(())
}

/// Phenotypes by name, and by number, from a file with a heading; samples that it lacks are unknown.
#[petsc_test::test(ranks = [1])]
fn phenotypes_come_by_name(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (fam, pheno) = (folder.path().join("a.fam"), folder.path().join("p.txt"));
    std::fs::write(&fam, "f a 0 0 1 1 0.5\nf b 0 0 2 2 1.5\nf c x y 0 -9 2.5\n")?;
    let mut people = Fam::read(&fam)?;
    assert_eq!(people.samples[2].sex, Sex::Unknown);
    assert!(people.samples[1].founder && !people.samples[2].founder);
    let (_, values) = people.phenotype("2")?;
    assert_eq!(values, [(1, "0.5"), (2, "1.5"), (3, "2.5")]);
    std::fs::write(&pheno, "FID IID bmi ill\nf c 3 2\nf z 1 1\nf a 4 1\n")?;
    people.read_phenotypes(&pheno)?;
    let (path, values) = people.phenotype("ill")?;
    assert_eq!(values, [(4, "1"), (0, "NA"), (2, "2")]);
    let status = gwas::from_values(path, &values, None)?;
    assert_eq!(status, [Status::Control, Status::Missing, Status::Case]);
    assert_eq!(people.phenotype("1")?.1[0].1, "4");
    let mistake = people
        .phenotype("3")
        .expect_err("there are two")
        .to_string();
    assert!(
        mistake.ends_with("p.txt: no phenotype 3; there are bmi, ill"),
        "{mistake}"
    );
    std::fs::write(&pheno, "f a 1\nf a 2\n")?;
    let mistake = people
        .read_phenotypes(&pheno)
        .expect_err("twice")
        .to_string();
    assert!(
        mistake.ends_with("p.txt:2: f a stands on line 1 too"),
        "{mistake}"
    );
    // The map of an empty file, and of one that fits.
    let bed = folder.path().join("a.bed");
    std::fs::write(&bed, [0x6c, 0x1b, 1, 0b10_11_00])?;
    assert_eq!(Bed::open(&bed, 3, 1)?.variant(0), [0b10_11_00]);
    assert!(Bed::open(&bed, 3, 2).is_err());
    assert!(Bim::read(&folder.path().join("none"), 22).is_err());
    Ok(())
}

petsc_test::main!();
