//! VCF files, made and real.

use std::ffi::OsString;
use std::process::Command;

use petsc_rs::prelude::*;

use crate::{args, plink, plink_and_data_are_here, plink_is_here, run, same_digits};

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
    for (ranks, how, name) in
        [(1, &["vcf-iid"][..], "saved.vcf"), (3, &["vcf-iid", "bgz"], "saved.vcf.gz")]
    {
        let mut plink = Command::new("plink1.9");
        plink.args(args(&[&"--bfile", &saved, &"--keep-allele-order", &"--out", &saved]));
        let done = plink.arg("--recode").args(how).output()?;
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
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
        ("\n1\t100\tsim1\tG\tA\t", "\n1\t100\tsim1\tG\tA,T\t", "299 of 300"),
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
    for name in ["1kg_phase3_chr21_start_2504x600", "1kg_eur379_chr21_22_eagle"] {
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
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let fam = std::fs::read_to_string(make.with_extension("fam"))?;
        let pheno = fam.lines().enumerate().map(|(i, line)| {
            let name = line.split_whitespace().next().unwrap_or_default();
            format!("{name} {name} {}\n", 1 + (i * 7919 % 1009) % 2)
        });
        let file = folder.path().join("pheno.txt");
        std::fs::write(&file, pheno.collect::<String>())?;
        let expected = plink(folder.path(), &args(&[&"--bfile", &make, &"--pheno", &file]))?;
        let expected = std::fs::read_to_string(expected)?;
        let all = args(&[&"--vcf", &vcf, &"--pheno", &file, &"--out", &folder.path()]);
        let (code, output) = run(&all, 2)?;
        assert_eq!(code, Some(0), "{output}");
        let found = std::fs::read_to_string(folder.path().join("associations.tsv"))?;
        // Names come twice or are missing: row by row.
        let pairs: Vec<_> = found.lines().skip(1).zip(expected.lines().skip(1)).collect();
        assert_eq!(found.lines().count(), expected.lines().count());
        assert!(pairs.len() > 500, "{}", pairs.len());
        for (own, theirs) in pairs {
            let own: Vec<&str> = own.split_whitespace().collect();
            let theirs: Vec<&str> = theirs.split_whitespace().collect();
            assert_eq!(own[..3], theirs[..3]);
            assert!(same_digits(own[7], theirs[7])?, "{own:?} instead of {theirs:?}");
        }
    }
    Ok(())
}
