//! Files of samples and phenotypes, and what is said of bad ones.

use std::ffi::OsString;

use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;
use workshop::gwas::{self, Bed, Bim, Fam, Genotypes, Sex, Status};

use crate::{args, data, run};

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
        ("bed", Box::new(|b| b[0] = 0x6d), &[], "cohort.bed: not a PLINK bed file"),
        ("bed", Box::new(|b| b[2] = 0), &[], "cohort.bed: the file is ordered by samples"),
        (
            "bed",
            Box::new(|b| b.truncate(1000)),
            &[],
            "cohort.bed: 1000 bytes instead of 8163 for 160 variants",
        ),
        ("bed", Box::new(|b| b.truncate(1000)), &[], "it ends in variant 20"),
        ("bed", Box::new(|b| b.push(0)), &[], "there are more"),
        ("bed", Box::new(Vec::clear), &[], "cohort.bed: "),
        ("fam", Box::new(line(7, "f p 0 0 1")), &[], "cohort.fam:7: 5 columns instead of 6"),
        ("fam", Box::new(line(9, "f p 0 0 1 0.5")), &[], "cohort.fam:9: phenotype 0.5 is neither"),
        ("fam", Box::new(Vec::clear), &[], "cohort.fam: no samples"),
        (
            "fam",
            Box::new(|b| b.splice(..2, [0x1f, 0x8b]).for_each(drop)),
            &[],
            "cohort.fam: the file is compressed with gzip: decompress it first",
        ),
        ("bim", Box::new(line(3, "1 rs2 0 5 A")), &[], "cohort.bim:3: 5 columns instead of 6"),
        ("bim", Box::new(line(4, "77 rs3 0 5 A C")), &[], "cohort.bim:4: unknown chromosome 77"),
        (
            "none",
            none(),
            &["--phenotype", "height"],
            "cohort.fam: unknown phenotype height: the file contains 1",
        ),
        ("none", none(), &["--pheno", "/no/such/file"], "/no/such/file: "),
        ("none", none(), &["--threshold", "warm"], "neither a number nor 'median'"),
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
        assert!(nothing.0 == Some(2) && nothing.1.contains("/proc/no: "), "{}", nothing.1);
    }
    let (code, output) = run(&args(&[&"--help"]), 2)?;
    assert!(code == Some(0) && output.contains("--threshold"), "{output}");
    Ok(())
}

/// PLINK refuses a sample that comes twice; two families may have the same name within them.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn a_sample_that_occurs_twice_is_refused(_petsc: &Petsc) -> Result<()> {
    let text = std::fs::read_to_string(data().join("cohort.fam"))?;
    let lines: Vec<&str> = text.lines().collect();
    let name = lines[4].split_whitespace().collect::<Vec<_>>()[..2].join(" ");
    let again = format!("{name} 0 0 1 2");
    let repeat = move |bytes: &mut Vec<u8>| {
        let whole = String::from_utf8_lossy(bytes).into_owned();
        *bytes = whole.replace(lines[11], &again).into_bytes();
    };
    for ranks in [1, 3] {
        let (code, output) = with_changed("fam", &repeat, &[], ranks)?;
        let expected = format!("cohort.fam:12: {name} is already on line 5");
        assert_eq!(code, Some(2), "{output}");
        assert_eq!(output.matches(&expected).count(), 1, "{output}");
        assert_eq!(output.matches("error: ").count(), 1, "{output}");
    }
    let folder = tempfile::tempdir()?;
    let fam = folder.path().join("a.fam");
    std::fs::write(&fam, "f a 0 0 1 1\ng a 0 0 1 2\n")?;
    assert_eq!(Fam::read(&fam)?.samples.len(), 2);
    Ok(())
}

/// What goes wrong on one rank alone ends the job on all, with one message.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_mistake_of_one_rank_is_that_of_all(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let last = comm.size() - 1;
    let outcome = if comm.rank() == last { Err("disk full") } else { Ok(()) };
    let error = workshop::app::agree(comm, outcome).expect_err("one rank has failed");
    assert_eq!(error.message(), "disk full");
    assert!(workshop::app::agree(comm, Ok::<_, String>(comm.rank())).is_ok());
    comm.mpi().barrier();
    Ok(())
}

/// Phenotypes by name, and by number, from a file with a heading; samples that it lacks are unknown.
#[petsc_test::test(ranks = [1])]
fn phenotypes_are_chosen_by_name_or_number(_petsc: &Petsc) -> Result<()> {
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
    let mistake = people.phenotype("3").expect_err("there are two").to_string();
    assert!(
        mistake.ends_with("p.txt: unknown phenotype 3: the file contains bmi, ill"),
        "{mistake}"
    );
    std::fs::write(&pheno, "f a 1\nf a 2\n")?;
    let mistake = people.read_phenotypes(&pheno).expect_err("twice").to_string();
    assert!(mistake.ends_with("p.txt:2: f a is already on line 1"), "{mistake}");
    // The map of an empty file, and of one that fits.
    let bed = folder.path().join("a.bed");
    std::fs::write(&bed, [0x6c, 0x1b, 1, 0b10_11_00])?;
    assert_eq!(Bed::open(&bed, 3, 1)?.variant(0), [0b10_11_00]);
    let mistake = Bed::open(&bed, 3, 2).expect_err("too short").to_string();
    assert!(mistake.contains("4 bytes"), "{mistake}");
    let mistake = Bim::read(&folder.path().join("none"), 22).expect_err("no file");
    assert!(mistake.to_string().contains("none: "), "{mistake}");
    Ok(())
}
