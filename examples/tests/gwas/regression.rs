//! PLINK's `--linear`, `--logistic` and `--model trend`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use petsc_rs::prelude::*;

use crate::{args, data, plink_is_here, run, same_digits, table};

fn plink2_is_here() -> std::result::Result<(), String> {
    let found = Command::new("plink2").arg("--version").output();
    found.map(drop).map_err(|e| format!("plink2: {e}"))
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
    for (kind, suffix, slack) in
        [("linear", "assoc.linear", 0.51), ("logistic", "assoc.logistic", 1.0)]
    {
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
        let mut ours = args(&[&"--bfile", &prefix, &"--test", &kind, &"--out", &folder.path()]);
        if kind == "linear" {
            plink.args(args(&[&"--pheno", &file, &"--pheno-name", &"height"]));
            ours.extend(args(&[&"--pheno", &file, &"--phenotype", &"height"]));
        } else {
            plink.arg("beta");
        }
        let done = plink.args(&covar).output()?;
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
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
                assert_eq!(own[4] == "NA", row[11] == "NA" || endless, "{name} {row:?} {own:?}");
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

/// By examples/reference/firth.py, with the column of sexes as covariate: coefficient, standard error, and chi-square of the
/// penalized likelihood ratio.
const FIRTH: [(&str, [f64; 3]); 4] = [
    ("rs33", [0.511_490_110, 1.162_531_454, 0.435_782_006]),
    ("rs73", [0.795_684_671, 0.951_187_938, 1.399_558_354]),
    ("rs96", [-1.831_033_904, 1.759_005_377, 2.116_151_911]),
    ("rs159", [-2.930_817_064, 1.485_759_252, 11.020_457_364]),
];

#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn separated_variants_have_a_reason_or_an_estimate(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let covar = folder.path().join("sexes.txt");
    let fam = std::fs::read_to_string(data().join("cohort.fam"))?;
    let rows = fam.lines().map(|l| l.split_whitespace().collect::<Vec<_>>());
    let rows = rows.map(|r| format!("{} {} {}\n", r[0], r[1], r[4]));
    std::fs::write(&covar, rows.collect::<String>())?;
    let path = folder.path().join("regression.tsv");
    let fit = |ranks: usize, how: &[&str]| -> Result<(String, HashMap<String, Vec<String>>)> {
        let mut all = args(&[&"--bfile", &data().join("cohort"), &"--test", &"logistic"]);
        all.extend(args(&[&"--covar", &covar, &"--out", &folder.path()]));
        all.extend(how.iter().map(Into::into));
        let (code, output) = run(&all, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        Ok((output, table(&path)?))
    };
    let (said, without) = fit(1, &[])?;
    let noted = |note: &str| without.values().filter(|row| row[9] == note).count();
    // Of 157 variants, those of X, Y and mitochondria.
    assert_eq!(noted("NOT_DIPLOID"), 42);
    for reason in ["SEPARATION", "CONST_ALLELE", "NOT_DIPLOID"] {
        let count = format!("{} {reason}", noted(reason));
        assert!(noted(reason) > 5 && said.contains(&count), "{count}: {said}");
    }
    for row in without.values() {
        assert_eq!(row[4] == "NA", row[9] != ".", "{row:?}");
    }
    for ranks in [1, 2, 3] {
        let (said, fallback) = fit(ranks, &["--firth"])?;
        assert!(said.contains(&format!("{} variants", noted("SEPARATION"))));
        assert!(!said.contains("SEPARATION"), "{said}");
        for (name, row) in &fallback {
            let before = &without[name];
            let separated = before[9] == "SEPARATION";
            assert_eq!(row[9] == "FIRTH", separated, "{row:?}");
            assert!(separated || row == before, "{row:?} instead of {before:?}");
        }
        let (_, all) = fit(ranks, &["--firth=all"])?;
        for (name, [beta, error, ratio]) in FIRTH {
            assert_eq!(all[name], fallback[name]);
            let number = |column: usize| fallback[name][column].parse::<f64>();
            let statistic = number(7)?;
            assert_eq!(statistic > 0.0, beta > 0.0);
            for (found, expected) in [
                (number(5)?, beta),
                (number(6)?, error),
                (statistic * statistic, ratio),
                (number(8)?, workshop::gwas::p_value(ratio)),
            ] {
                assert!((found - expected).abs() < 1e-6, "{name}: {found} {expected}");
            }
        }
        assert!(all.values().all(|row| row[9] != "."));
    }
    let mut all = args(&[&"--bfile", &data().join("cohort"), &"--firth"]);
    let (code, output) = run(&all, 1)?;
    assert!(code == Some(2) && output.contains("--firth needs --test logistic"), "{output}");
    all.extend(args(&[&"--test", &"linear"]));
    assert_eq!(run(&all, 2)?.0, Some(2));
    Ok(())
}

/// The column TREND of `plink --model`, and the genotypes it counts.
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = plink_is_here)]
fn trends_are_as_plink_says(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (prefix, out) = (data().join("cohort"), folder.path().join("plink"));
    let done = Command::new("plink1.9")
        .args(args(&[&"--bfile", &prefix, &"--allow-no-sex", &"--model", &"--out", &out]))
        .output()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = std::fs::read_to_string(folder.path().join("plink.model"))?;
    let rows = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let rows: Vec<_> = rows.collect();
    let of_test = |test: &str| rows.iter().filter(|row| row[4] == test).collect::<Vec<_>>();
    let (trends, genotypes) = (of_test("TREND"), of_test("GENO"));
    let mut tables = Vec::new();
    for ranks in [1, 2, 3] {
        let all = args(&[&"--bfile", &prefix, &"--test", &"trend", &"--out", &folder.path()]);
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
                assert!(same_digits(&own[mine], row[theirs])?, "{own:?} instead of {row:?}");
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

/// Whether a number is another one with so many digits, printed by somebody else.
fn agrees(ours: &str, theirs: &str, digits: i32) -> Result<bool> {
    let (a, b): (f64, f64) = (ours.parse()?, theirs.parse()?);
    let digit = 10_f64.powi(b.abs().max(1e-300).log10().floor() as i32 + 1 - digits);
    Ok((a - b).abs() <= 0.51 * digit)
}

/// `plink2 --glm` has six digits, where plink1.9 has four. In its logistic regressions some standard errors differ from those
/// of plink1.9 in the second digit, and ours are those of plink1.9; logistic ones are compared with that only.
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = plink2_is_here)]
fn linear_regressions_are_as_plink2_says(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = covariates(folder.path())?;
    let (prefix, out) = (data().join("cohort"), folder.path().join("plink2"));
    let covar = args(&[&"--covar", &file, &"--covar-name", &"age,pc"]);
    let mut plink2 = Command::new("plink2");
    plink2.args(args(&[&"--bfile", &prefix, &"--out", &out]));
    plink2.args(args(&[&"--pheno", &file, &"--pheno-name", &"height"]));
    plink2.args(["--threads", "1", "--glm", "hide-covar"]);
    let done = plink2.args(&covar).output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    let mut ours = args(&[&"--bfile", &prefix, &"--test", &"linear"]);
    ours.extend(args(&[&"--pheno", &file, &"--phenotype", &"height"]));
    ours.extend(args(&[&"--out", &folder.path()]));
    ours.extend(covar);
    let (code, output) = run(&ours, 2)?;
    assert_eq!(code, Some(0), "{output}");
    let found = table(&folder.path().join("regression.tsv"))?;
    let text = std::fs::read_to_string(folder.path().join("plink2.height.glm.linear"))?;
    let mut compared = 0;
    for line in text.lines().skip(1) {
        let row: Vec<&str> = line.split('\t').collect();
        let [chromosome, _, id, _, _, allele, _, samples, beta, error, statistic, p, said] =
            row[..]
        else {
            return Err(format!("another line than expected: {line}").into());
        };
        // X, Y and mitochondria are another model.
        let autosome = chromosome.parse().is_ok_and(|n: u32| (1..=22).contains(&n));
        if !autosome || said != "." {
            continue;
        }
        let own = &found[id];
        assert_eq!(own[4], samples, "{line}");
        let sign = if own[3] == allele { 1.0 } else { -1.0 };
        let turned = |text: &str| -> Result<String> {
            let value: f64 = text.parse()?;
            Ok((sign * value).to_string())
        };
        let same = agrees(&turned(&own[5])?, beta, 6)?
            && agrees(&own[6], error, 6)?
            && agrees(&turned(&own[7])?, statistic, 6)?
            && agrees(&own[8], p, 6)?;
        assert!(same, "{own:?} instead of {line}");
        compared += 1;
    }
    assert!(compared > 80, "{compared}");
    Ok(())
}

/// `gemma -lm 1` on CD8 of the mice, with seven digits: variants whose genotypes and places are all known, some and the
/// strongest.
#[petsc_test::test(ranks = [1], isolated, timeout = 300, needs = petsc_test::data_available)]
fn mice_are_as_gemma_says(_petsc: &Petsc) -> Result<()> {
    let prefix = petsc_test::data_dir()?.join("gwas/mouse_hs1940/mouse_hs1940");
    let folder = tempfile::tempdir()?;
    let mut ours = args(&[&"--bfile", &prefix, &"--autosomes", &"19", &"--phenotype"]);
    ours.extend(args(&[&"1", &"--test", &"linear", &"--out", &folder.path()]));
    let (code, output) = run(&ours, 2)?;
    assert_eq!(code, Some(0), "{output}");
    let found = table(&folder.path().join("regression.tsv"))?;
    let expected = table(&data().join("mice_gemma.txt"))?;
    for (name, row) in &expected {
        let own = &found[name];
        assert_eq!((&own[4], &own[3]), (&row[4], &row[5]), "{name}");
        // BETA, SE and P.
        let same = agrees(&own[5], &row[8], 7)?
            && agrees(&own[6], &row[9], 7)?
            && agrees(&own[8], &row[10], 7)?;
        assert!(same, "{own:?} instead of {row:?}");
    }
    assert_eq!(expected.len(), ROWS);
    Ok(())
}

/// Variants of the mice of which there are GEMMA's figures.
const ROWS: usize = 57;
