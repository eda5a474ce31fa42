//! PLINK's `--linear`, `--logistic` and `--model trend`.

use std::path::{Path, PathBuf};
use std::process::Command;

use petsc_rs::prelude::*;

use crate::{args, data, plink_is_here, run, same_digits, table};

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
