//! `partition`, `pca` and `cooling` against scipy, numpy and closed forms, on 1, 2 and 3 ranks.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use petsc_rs::prelude::*;
use workshop::gwas::{Bed, Bim, Fam};
use workshop::matpower;
use workshop::network::{DcModel, Line};
use workshop::spectral::{self, Slab, Weight};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// `examples/reference/fiedler.py` asked scipy's eigsh.
#[petsc_test::test(ranks = [1, 2, 3], timeout = 120)]
fn networks_are_cut_where_scipy_cuts_them(petsc: &Petsc) -> Result<()> {
    let table = fs::read_to_string(data("powergrid/reference/fiedler.csv"))?;
    let mut checked = 0;
    for line in table.lines().skip(1) {
        let words: Vec<&str> = line.split(',').collect();
        let &[case, weight, connectivity, small, large, cut] = words.as_slice() else {
            return Err("six columns".into());
        };
        let case =
            matpower::read(&data(&format!("powergrid/{case}.m"))).map_err(|e| e.to_string())?;
        let model = DcModel::new(&case)?;
        let weight = match weight {
            "lines" => Weight::Lines,
            _ => Weight::Susceptance,
        };
        let found = spectral::partition(petsc.world(), &model, weight, false)?;
        petsc_test::assert_close!(found.connectivity, connectivity.parse()?, 1e-8);
        let side = found.sides.iter().filter(|&&side| side).count();
        let sizes = (side.min(model.buses - side), side.max(model.buses - side));
        assert_eq!(sizes, (small.parse()?, large.parse()?), "{line}");
        assert_eq!(found.cut.len(), cut.parse::<usize>()?, "{line}");
        assert!(found.error < 1e-6 && found.converged.pairs > 0);
        checked += 1;
    }
    assert_eq!(checked, 14);
    Ok(())
}

fn line(from: usize, to: usize) -> Line {
    Line { branch: 0, from, to, susceptance: 2.0, shift: 0.0, rating: None }
}

fn model(buses: usize, ends: impl IntoIterator<Item = (usize, usize)>) -> DcModel {
    DcModel {
        buses,
        lines: ends.into_iter().map(|(from, to)| line(from, to)).collect(),
        injection: vec![0.0; buses],
        fixed: vec![(0, 0.0)],
        base_mva: 100.0,
    }
}

/// A path is cut in its middle, of which the connectivity is `2 - 2·cos(π/n)`, twice that for lines that count 2; with two
/// lines more at one end, the halves still are as large.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_path_is_cut_in_its_middle(petsc: &Petsc) -> Result<()> {
    let path = model(10, (0..9).map(|i| (i, i + 1)));
    let found = spectral::partition(petsc.world(), &path, Weight::Susceptance, false)?;
    let expected = 4.0 - 4.0 * (std::f64::consts::PI / 10.0).cos();
    petsc_test::assert_close!(found.connectivity, expected, 1e-10);
    assert_eq!((found.cut.as_slice(), found.cut_weight), (&[4][..], 2.0));
    let star = model(13, (0..9).map(|i| (i, i + 1)).chain((10..13).map(|i| (9, i))));
    let found = spectral::partition(petsc.world(), &star, Weight::Lines, true)?;
    let side = found.sides.iter().filter(|&&side| side).count();
    assert!((6..=7).contains(&side), "{side} of 13");
    // Two lines more between the same buses, and a bus that none reaches.
    let apart = model(4, [(0, 1), (1, 2)]);
    let error = spectral::partition(petsc.world(), &apart, Weight::Lines, false);
    assert!(error.expect_err("two parts").to_string().contains("2 parts"));
    Ok(())
}

/// `examples/reference/pca.py` asked numpy's svd.
#[petsc_test::test(ranks = [1, 2, 3])]
fn components_have_the_singular_values_of_numpy(petsc: &Petsc) -> Result<()> {
    let file = |ending: &str| data(&format!("gwas/cohort.{ending}"));
    let fam = Fam::read(&file("fam"))?;
    let bim = Bim::read(&file("bim"), 22)?;
    let mut bed = Bed::open(&file("bed"), fam.samples.len(), bim.len())?;
    let sizes = (fam.samples.len(), bim.len());
    let found = spectral::principal_components(petsc.world(), &mut bed, sizes, 10)?;
    let table = fs::read_to_string(data("gwas/pca.csv"))?;
    assert_eq!((table.lines().count(), found.singular.len()), (11, 10));
    for (i, line) in table.lines().skip(1).enumerate() {
        let words: Vec<&str> = line.split(',').collect();
        petsc_test::assert_close!(found.singular[i], words[1].parse()?, 1e-9);
        petsc_test::assert_close!(found.shares[i], words[2].parse()?, 1e-9);
    }
    // Vectors of different components are at right angles, and the largest entry is 1.
    let dot = |a: usize, b: usize| -> f64 {
        let both = found.components[a].iter().zip(&found.components[b]);
        both.map(|(x, y)| x * y).sum()
    };
    assert!(dot(0, 1).abs() < 1e-8 * dot(0, 0));
    let largest = found.components[0].iter().copied().fold(0.0, f64::max);
    petsc_test::assert_close!(largest, 1.0, 1e-12);
    let error = spectral::principal_components(petsc.world(), &mut bed, sizes, 161);
    assert!(error.expect_err("160 variants").to_string().contains("161 components"));
    Ok(())
}

const SLAB: Slab = Slab { nx: 20, ny: 13, length: 0.3, width: 0.2, diffusivity: 1.1e-4 };

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_block_cools_as_its_closed_form(petsc: &Petsc) -> Result<()> {
    let grid = SLAB.grid(petsc.world())?;
    let a = SLAB.operator(&grid)?;
    let start = SLAB.start(&grid)?;
    // The sum of all sines is the block.
    for (value, exact) in grid.gather_natural(&start)?.iter().zip(SLAB.exact(0.0)) {
        assert!((value.real() - exact).abs() < 1e-12);
    }
    for time in [0.1, 3.0, 60.0] {
        let (u, _) = SLAB.cool(&a, &start, time)?;
        let exact = SLAB.exact(time);
        assert_eq!(exact.len(), 260);
        for (value, exact) in grid.gather_natural(&u)?.iter().zip(exact) {
            assert!((value.real() - exact).abs() < 1e-8, "{time} s: {value} {exact}");
        }
    }
    Ok(())
}

/// After minutes, only the lowest wave is left: `e^(-a·π²·(1/l² + 1/w²)·t)` in the plate itself.
#[petsc_test::test(ranks = [1])]
fn the_grid_cools_as_fast_as_the_plate(_petsc: &Petsc) -> Result<()> {
    let fine = Slab { nx: 149, ny: 99, ..SLAB };
    let middle = 49 * 149 + 74;
    let speed = (fine.exact(200.0)[middle] / fine.exact(210.0)[middle]).ln() / 10.0;
    let pi2 = std::f64::consts::PI.powi(2);
    let expected = 1.1e-4 * pi2 * (1.0 / 0.09 + 1.0 / 0.04);
    assert!((speed / expected - 1.0).abs() < 2e-4, "{speed} {expected}");
    Ok(())
}

fn run_program(name: &str, args: &[&str], ranks: usize) -> Result<(Option<i32>, String)> {
    let program = Path::new(match name {
        "partition" => env!("CARGO_BIN_EXE_partition"),
        "pca" => env!("CARGO_BIN_EXE_pca"),
        _ => env!("CARGO_BIN_EXE_cooling"),
    });
    let outcome = petsc_test::launch(ranks, program, args, Duration::from_secs(60))?;
    assert!(!outcome.timed_out, "it hung:\n{}", outcome.output);
    Ok((outcome.code, outcome.output))
}

#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_programs_print_write_and_refuse(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().to_string_lossy().into_owned();
    let cohort = data("gwas/cohort").to_string_lossy().into_owned();
    for ranks in [1, 2] {
        let runs: [(&str, &[&str], i32, &str); 7] = [
            ("partition", &["--case", "case118.m", "--out", &out], 0, "5 lines of weight 5.0"),
            ("partition", &["--case", "nowhere.m"], 2, "nowhere.m"),
            ("pca", &["--bfile", &cohort, "--components", "3", "--out", &out], 0, "35.05002351"),
            ("pca", &["--bfile", &cohort, "--components", "500"], 2, "500 components"),
            ("pca", &["--bfile", "/nonexistent"], 2, "nonexistent.fam"),
            ("cooling", &["--time", "4", "--out", &out], 0, "60 x 40 points"),
            ("cooling", &["--time", "0"], 2, "positive"),
        ];
        for (name, args, expected, text) in runs {
            let (code, output) = run_program(name, args, ranks)?;
            assert_eq!(code, Some(expected), "{name}: {output}");
            assert!(output.contains(text), "no {text:?} in {output}");
            if expected != 0 {
                assert_eq!(output.matches("error: ").count(), 1, "{output}");
            }
        }
        let lines = |name: &str| -> Result<usize> {
            Ok(fs::read_to_string(folder.path().join(name))?.lines().count())
        };
        assert_eq!((lines("sides.csv")?, lines("cut.csv")?), (119, 6));
        assert_eq!(lines("components.txt")?, 204);
        assert!(folder.path().join("cooling.png").exists());
    }
    Ok(())
}

petsc_test::main!();
