//! Maps with a penalty on differences between neighbors.

use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::relaxometry::{Engine, Model, Slice, Smoothed, Smoothness, Synthetic, fit_slice};

use crate::{TIMES, settings};

const SIZE: (usize, usize) = (40, 33);

fn smoothed(petsc: &Petsc, phantom: &Synthetic, chosen: &[bool]) -> Result<Smoothed> {
    smoothed_on(petsc, petsc.world(), phantom, chosen)
}

fn smoothed_on(
    petsc: &Petsc,
    comm: &Comm,
    phantom: &Synthetic,
    chosen: &[bool],
) -> Result<Smoothed> {
    let slice = Slice { voxels: phantom, size: SIZE, first: 0 };
    let smoothness = Smoothness { spread: 0.1, edge: 1.0 };
    let settings = settings(Model::Mono, Engine::Batch);
    fit_slice(petsc, comm, slice, chosen, &settings, smoothness)
}

/// The root of the mean square of the relative errors of T2.
fn error(map: &[f64], truth: &[f64], at: impl Fn(usize) -> bool) -> f64 {
    let errors: Vec<f64> =
        (0..map.len()).filter(|&v| at(v)).map(|v| (map[v] / truth[v] - 1.0).powi(2)).collect();
    (errors.iter().sum::<f64>() / errors.len() as f64).sqrt()
}

#[petsc_test::test(ranks = [1, 2, 3], timeout = 200)]
fn a_smooth_map_is_closer_to_the_truth(petsc: &Petsc) -> Result<()> {
    let phantom = Synthetic::phantom(&TIMES, SIZE, 0.05);
    let chosen: Vec<bool> = phantom.t2.iter().map(|&t2| t2 > 0.0).collect();
    let found = smoothed(petsc, &phantom, &chosen)?;
    let fitted = |v: usize| found.t2[v] > 0.0;
    assert!((0..chosen.len()).filter(|&v| fitted(v)).count() > 830);
    let separate = error(&found.separate.parameters[1], &phantom.t2, fitted);
    let smooth = error(&found.t2, &phantom.t2, fitted);
    assert!(smooth < 0.65 * separate, "{smooth} {separate}");
    assert_close!(found.noise, 0.05, 0.1);
    // Every method has the same optimum, on any number of ranks.
    for kind in ["blmvm", "tron"] {
        petsc.options().scope(|options| {
            options.set("-tao_type", kind)?;
            let other = smoothed(petsc, &phantom, &chosen)?;
            for (x, y) in other.t2.iter().zip(&found.t2) {
                assert_close!(*x, *y, 1e-6);
            }
            Ok(())
        })?;
    }
    // What one rank finds alone.
    let alone = smoothed_on(petsc, petsc.self_comm(), &phantom, &chosen)?;
    for (x, y) in found.t2.iter().zip(&alone.t2) {
        assert_close!(*x, *y, 1e-6);
    }
    for (x, y) in found.amplitude.iter().zip(&alone.amplitude) {
        assert_close!(*x, *y, 1e-6);
    }
    Ok(())
}

/// Voxels without a number are left out, and so is one where there is nothing.
#[petsc_test::test(ranks = [1, 2])]
fn holes_in_a_slice_stay_holes(petsc: &Petsc) -> Result<()> {
    let phantom = Synthetic::phantom(&TIMES, SIZE, 0.02);
    let middle = SIZE.0 * (SIZE.1 / 2) + SIZE.0 / 2;
    let chosen: Vec<bool> =
        (0..phantom.t2.len()).map(|v| phantom.t2[v] > 0.0 && v != middle).collect();
    let found = smoothed(petsc, &phantom, &chosen)?;
    assert_eq!((found.t2[middle], found.amplitude[middle]), (0.0, 0.0));
    assert_close!(found.t2[middle + 1], phantom.t2[middle + 1], 0.2);
    let nothing = vec![false; chosen.len()];
    let error = smoothed(petsc, &phantom, &nothing).expect_err("nothing to fit");
    assert!(error.to_string().contains("no voxel"), "{error}");
    Ok(())
}
