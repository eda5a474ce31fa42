//! The chi-square of PLINK's `--assoc`, digit by digit.

use std::ffi::OsString;

use petsc_rs::prelude::*;
use workshop::gwas::{self, Fam, Status, Threshold};

use crate::{args, check_tables, data, plink, plink_and_data_are_here, plink_is_here, run};

/// Autosomes, sex chromosomes, mitochondria, unknown genotypes, phenotypes and sexes: all as plink has them.
/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_stored_cohort_is_as_plink_says(_petsc: &Petsc) -> Result<()> {
    let mut texts = Vec::new();
    for ranks in [1, 2, 3] {
        let folder = tempfile::tempdir()?;
        let (code, output) =
            run(&args(&[&"--bfile", &data().join("cohort"), &"--out", &folder.path()]), ranks)?;
        assert_eq!(code, Some(0), "{output}");
        let table = folder.path().join("associations.tsv");
        assert_eq!(check_tables(&table, &data().join("cohort.assoc"))?, 157);
        // plink --adjust says 2.23436, with 0.456 for the median of the distribution.
        let expected = 2.23436 * 0.456 / gwas::MEDIAN_CHI_SQUARE;
        let words = output.split_once("inflation").map_or("", |(_, rest)| rest);
        let inflation: f64 = words.split_whitespace().next().unwrap_or("").parse()?;
        assert!((inflation - expected).abs() < 1e-4, "{output}");
        assert!(output.contains("203: 97 cases, 95 controls, 11 unknown"), "{output}");
        // Rows of plink's columns BONF and FDR_BH that are below 0.05.
        for expected in ["15 with p < 3.497e-4", "18 with a false discovery rate"] {
            assert!(output.contains(expected), "{output}");
        }
        for picture in ["manhattan.png", "quantiles.png"] {
            assert!(std::fs::metadata(folder.path().join(picture))?.len() > 5000);
        }
        texts.push(std::fs::read_to_string(table)?);
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "the table depends on the ranks");
    Ok(())
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
        let mut all = args(&[&"--bfile", &prefix, &"--autosomes", &"19", &"--out", &folder.path()]);
        all.extend(how);
        let (code, output) = run(&all, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        let found = folder.path().join("associations.tsv");
        assert_eq!(check_tables(&found, &expected)?, 10_300);
        assert!(output.contains("   5 rs6222023            76161679     147.7172"), "{output}");
        assert!(output.contains("705 cases, 705 controls, 530 unknown"), "{output}");
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
