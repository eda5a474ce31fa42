//! Made-up curves of known parameters, curves that are none, and medians of real images.

use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::relaxometry::{Engine, Flag, Maps, Model, Settings, Synthetic, Voxels, fit, read};

use crate::{Reference, TIMES, settings};

#[petsc_test::test(ranks = [1])]
fn fits_without_noise_find_the_true_times(petsc: &Petsc) -> Result<()> {
    let slice = Synthetic::slice(&TIMES, 333, 5, 0.0);
    let list: Vec<usize> = (0..333).collect();
    let mut maps = Maps::new(Model::Mono, 333);
    fit(
        petsc.self_comm(),
        &slice,
        &list,
        &settings(Model::Mono, Engine::Batch),
        &mut maps,
        |_| (),
    )?;
    for (v, t2) in slice.t2.iter().enumerate() {
        // The signals are 32-bit numbers.
        assert_close!(maps.parameters[1][v], *t2, 1e-6);
        assert_eq!(maps.flags[v], Flag::Fitted as u8);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn maps_of_bad_signals_are_finite(petsc: &Petsc) -> Result<()> {
    let all = Reference {
        signals: vec![
            vec![0.0; 10],
            vec![f64::NAN; 10],
            vec![5.0; 10],
            vec![-1.0; 10],
            (0..10).map(|i| f64::from(i % 3)).collect(),
            (0..10).map(|i| f64::from(i) * 1e30).collect(),
            (0..10).map(|i| if i == 0 { 1000.0 } else { 0.0 }).collect(),
        ],
        parameters: Vec::new(),
        errors: Vec::new(),
    };
    let list: Vec<usize> = (0..7).collect();
    for model in [Model::Mono, Model::Offset, Model::Bi] {
        let mut maps = Maps::new(model, 7);
        fit(petsc.self_comm(), &all, &list, &settings(model, Engine::Batch), &mut maps, |_| ())?;
        let every = maps.parameters.iter().chain(&maps.errors).chain([&maps.r_squared]);
        assert!(every.flatten().all(|v| v.is_finite()), "{maps:?}");
        assert_eq!(maps.flags[1], Flag::BadSignal as u8);
        assert_eq!(maps.flags[3], Flag::BadSignal as u8);
        assert!(
            ![0, 4].iter().any(|&v| maps.flags[v] == Flag::Fitted as u8),
            "{model:?}: {:?}",
            maps.flags
        );
    }
    Ok(())
}

#[petsc_test::test(ranks = [1], needs = petsc_test::data_available)]
fn real_images_have_their_reference_medians(petsc: &Petsc) -> Result<()> {
    let (brain, prostate) = ("santini_t2dataset.npy", "bolan_invivo_000198.nii.gz");
    let step: Vec<f64> = (0..10).map(|i| 26.4 + 13.2 * f64::from(i)).collect();
    for (name, times, median) in
        [(brain, vec![10.0, 25.0, 50.0, 90.0, 150.0, 250.0], 61.1), (prostate, step, 91.8)]
    {
        let path = petsc_test::data("mri").ok_or("no images")?.join(name);
        let scan = read(&path).expect("an image");
        assert_eq!(scan.echoes, times.len());
        let threshold = workshop::relaxometry::noise_threshold(&scan, 0.05);
        let list: Vec<usize> = (0..scan.len()).filter(|&v| scan.signal(0, v) > threshold).collect();
        let settings = Settings { times, ..settings(Model::Mono, Engine::Batch) };
        let mut maps = Maps::new(Model::Mono, scan.len());
        fit(petsc.self_comm(), &scan, &list, &settings, &mut maps, |_| ())?;
        assert_close!(maps.median(&maps.parameters[1]).expect("fitted voxels"), median, 2e-3);
    }
    Ok(())
}
