//! Sponges and matched layers.

use petsc_rs::prelude::*;
use workshop::wave::{Absorb, Wave, sponge};

use crate::{pulse, settings};

/// The workshop takes the place of an entry in PETSc's order for its place in the grid. On one rank these agree;
/// on more, its sponge lies across the middle.
#[petsc_test::test(ranks = [1, 3])]
fn the_sponge_is_at_the_edges_on_any_number_of_ranks(petsc: &Petsc) -> Result<()> {
    // Wider than high, so that the ranks stand side by side.
    let (nx, ny) = (60, 20);
    let wave = Wave::new(petsc.world(), settings(nx, ny))?;
    let (mut right, mut workshop) = (0, 0);
    let first = wave.displacement().ownership_range()?.start;
    for (k, (i, j)) in (first..).zip(wave.grid().corners()?.points()) {
        let here = (usize::try_from(i)?, usize::try_from(j)?);
        let taken = (usize::try_from(k)? % nx, usize::try_from(k)? / nx);
        let factor = sponge(here, (nx, ny), (5, 4.0));
        right += i32::from(factor < 1.0);
        workshop += i32::from(factor != sponge(taken, (nx, ny), (5, 4.0)));
    }
    let mut totals = Vector::with_local_len(petsc.world(), 1)?;
    totals.array_mut()?[0] = Scalar::from_real(f64::from(right));
    assert_eq!(totals.sum()?.real(), 60.0 * 20.0 - 50.0 * 10.0);
    totals.array_mut()?[0] = Scalar::from_real(f64::from(workshop));
    let wrong = totals.sum()?.real();
    if petsc.world().size() == 1 {
        assert_eq!(wrong, 0.0);
    } else {
        assert!(wrong > 100.0, "{wrong}");
    }
    Ok(())
}

/// The part of the energy that comes back into the inner 41 x 41 points, by comparison with a field so large that
/// its edges are not felt.
fn reflected(petsc: &Petsc, layers: &[Absorb]) -> Result<Vec<f64>> {
    let (margin, steps) = (100, 240);
    let mut open = Wave::new(petsc.world(), pulse(margin, Absorb::None))?;
    let make = |absorb: &Absorb| Wave::new(petsc.world(), pulse(0, *absorb));
    let mut waves = layers.iter().map(make).collect::<Result<Vec<_>>>()?;
    let (mut energy, mut returned) = (0.0, vec![0.0; layers.len()]);
    for step in 0..steps {
        open.advance()?;
        for wave in &mut waves {
            wave.advance()?;
        }
        if step % 10 != 0 {
            continue;
        }
        let exact = open.gather()?;
        for (wave, returned) in waves.iter().zip(&mut returned) {
            let u = wave.gather()?;
            for (i, j) in (10..51).flat_map(|j| (10..51).map(move |i| (i, j))) {
                let right = exact[(j + margin) * (61 + 2 * margin) + i + margin];
                energy += right * right / layers.len() as f64;
                *returned += (u[j * 61 + i] - right).powi(2);
            }
        }
    }
    Ok(returned.iter().map(|part| part / energy).collect())
}

/// At equal width, and against sponges of several strengths: the workshop's is 4.
#[petsc_test::test(ranks = [1, 2], timeout = 240)]
fn a_matched_layer_sends_back_less_than_a_sponge(petsc: &Petsc) -> Result<()> {
    let width = 10;
    let mut layers = vec![Absorb::None, Absorb::Pml { width, reflection: 1e-4 }];
    let strengths = [4.0, 0.3, 0.1, 0.03];
    layers.extend(strengths.map(|strength| Absorb::Sponge { width, strength }));
    let returned = reflected(petsc, &layers)?;
    let [nothing, matched, sponges @ ..] = &returned[..] else {
        unreachable!("a number for each");
    };
    assert!(*nothing > 0.5, "{returned:?}");
    assert!(*matched < 1e-5, "{returned:?}");
    for sponge in sponges {
        assert!(matched < &(1e-2 * sponge), "{returned:?}");
    }
    Ok(())
}

/// At the largest legal step, for a long time, with layers that meet in corners.
#[petsc_test::test(ranks = [1, 3])]
fn a_matched_layer_is_stable(petsc: &Petsc) -> Result<()> {
    let mut settings = pulse(0, Absorb::Pml { width: 10, reflection: 1e-4 });
    settings.dt = settings.largest_step();
    let mut wave = Wave::new(petsc.world(), settings)?;
    let mut largest = 0.0_f64;
    for _ in 0..60 {
        wave.advance()?;
        largest = largest.max(wave.displacement().norm(Norm::Infinity)?);
    }
    for _ in 0..3000 {
        wave.advance()?;
    }
    let left = wave.displacement().norm(Norm::Infinity)?;
    assert!(left < 1e-3 * largest, "{left} of {largest}");
    Ok(())
}
