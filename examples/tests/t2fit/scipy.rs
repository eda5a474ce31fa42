//! What scipy finds, of curves and of a brain.

use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::relaxometry::{Engine, Flag, Maps, Model, Settings, Voxels, fit, read};

use crate::{reference, settings};

/// The largest relative difference from scipy among those that it and we call fitted, and their number.
fn compare(
    petsc: &Petsc,
    name: &str,
    model: Model,
    engine: Engine,
    most: usize,
) -> Result<(f64, f64, usize)> {
    let all = reference(name);
    let list: Vec<usize> = (0..all.len().min(most)).collect();
    let mut maps = Maps::new(model, all.len());
    fit(petsc.self_comm(), &all, &list, &settings(model, engine), &mut maps, |_| ())?;
    let (mut worst, mut worst_error, mut n) = (0.0_f64, 0.0_f64, 0);
    for &v in list.iter().filter(|v| maps.flags[**v] == Flag::Fitted as u8) {
        n += 1;
        for (i, p) in all.parameters[v].iter().enumerate() {
            let rate = model.is_rate(i);
            let expected = if rate { 1.0 / p } else { *p };
            let scale =
                if i == 2 { expected.abs().max(all.parameters[v][0]) } else { expected.abs() };
            worst = worst.max((maps.parameters[i][v] - expected).abs() / scale);
            let error = all.errors[v][i] * if rate { expected * expected } else { 1.0 };
            worst_error = worst_error.max((maps.errors[i][v] / error - 1.0).abs());
        }
    }
    Ok((worst, worst_error, n))
}

#[petsc_test::test(ranks = [1])]
fn lanes_find_what_scipy_finds(petsc: &Petsc) -> Result<()> {
    let (worst, error, n) = compare(petsc, "mono", Model::Mono, Engine::Batch, 500)?;
    assert!(worst < 1e-6 && error < 1e-5 && n == 500, "{worst:e}, {error:e}, {n}");
    let (worst, error, n) = compare(petsc, "offset", Model::Offset, Engine::Batch, 100)?;
    assert!(worst < 1e-6 && error < 1e-5 && n > 95, "{worst:e}, {error:e}, {n}");
    let (worst, error, n) = compare(petsc, "bi", Model::Bi, Engine::Batch, 50)?;
    assert!(worst < 1e-6 && error < 1e-4 && n > 45, "{worst:e}, {error:e}, {n}");
    Ok(())
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1])]
fn every_method_of_tao_finds_it_too(petsc: &Petsc) -> Result<()> {
    for kind in ["bnls", "bntr", "tron", "blmvm", "bqnls", "brgn"] {
        petsc.options().scope(|options| {
            options.set("-tao_type", kind)?;
            options.insert_str("-tao_brgn_subsolver_tao_gatol 1e-11")?;
            let (worst, error, n) = compare(petsc, "mono", Model::Mono, Engine::Tao, 60)?;
            assert!(worst < 1e-6 && error < 1e-5 && n > 57, "{kind}: {worst:e}, {error:e}, {n}");
            Ok(())
        })?;
    }
    let (worst, _, n) = compare(petsc, "mono", Model::Mono, Engine::Tao, 500)?;
    assert!(worst < 1e-6 && n > 490, "{worst:e}, {n}");
    let (worst, _, n) = compare(petsc, "offset", Model::Offset, Engine::Tao, 100)?;
    assert!(worst < 1e-6 && n > 95, "{worst:e}, {n}");
    let (worst, _, n) = compare(petsc, "bi", Model::Bi, Engine::Tao, 50)?;
    assert!(worst < 1e-6 && n > 45, "{worst:e}, {n}");
    Ok(())
}

/// Six hundred voxels of the brain image, with what scipy makes of them.
#[petsc_test::test(ranks = [1], needs = petsc_test::data_available)]
fn voxels_of_a_brain_are_fitted_as_by_scipy(petsc: &Petsc) -> Result<()> {
    let path = petsc_test::data("mri").ok_or("no images")?;
    let scan = read(&path.join("santini_t2dataset.npy")).expect("an image");
    let rows: Vec<Vec<f64>> = include_str!("../../data/relaxometry/brain.csv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split(',').map(|n| n.parse().expect("a number")).collect())
        .collect();
    assert_eq!(rows.len(), 600);
    let list: Vec<usize> = rows.iter().map(|r| r[0] as usize).collect();
    let settings = Settings {
        times: vec![10.0, 25.0, 50.0, 90.0, 150.0, 250.0],
        ..settings(Model::Mono, Engine::Batch)
    };
    let mut maps = Maps::new(Model::Mono, scan.len());
    fit(petsc.self_comm(), &scan, &list, &settings, &mut maps, |_| ())?;
    let mut fitted = 0;
    for row in &rows {
        let v = row[0] as usize;
        if maps.flags[v] != Flag::Fitted as u8 {
            continue;
        }
        fitted += 1;
        assert_close!(maps.parameters[0][v], row[1], 1e-6);
        assert_close!(maps.parameters[1][v], 1.0 / row[2], 1e-6);
        assert_close!(maps.errors[0][v], row[3], 1e-5);
        assert_close!(maps.errors[1][v], row[4] / (row[2] * row[2]), 1e-5);
    }
    assert!(fitted > 550, "{fitted}");
    Ok(())
}
