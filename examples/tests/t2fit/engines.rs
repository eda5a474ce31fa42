//! TAO and the lanes against each other.

use petsc_rs::prelude::*;
use workshop::relaxometry::{Engine, Flag, Maps, Model, Synthetic, Voxels, fit};

use crate::{TIMES, reference, settings};

/// The largest relative difference between the two engines, of parameters and of their errors, over the voxels that both
/// call fitted, and how many these are.
fn between_engines(petsc: &Petsc, voxels: &dyn Voxels, model: Model) -> Result<(f64, f64, usize)> {
    let list: Vec<usize> = (0..voxels.len()).collect();
    let by = |engine| -> Result<Maps> {
        let mut maps = Maps::new(model, voxels.len());
        let how = settings(model, engine);
        fit(petsc.self_comm(), voxels, &list, &how, &mut maps, |_| ())?;
        Ok(maps)
    };
    let (batch, tao) = (by(Engine::Batch)?, by(Engine::Tao)?);
    let fitted = |v: &usize| [&batch, &tao].map(|m| m.flags[*v]) == [Flag::Fitted as u8; 2];
    let (mut parameters, mut errors, mut n) = (0.0_f64, 0.0_f64, 0);
    for v in list.into_iter().filter(fitted) {
        n += 1;
        for i in 0..model.parameters() {
            let (a, b) = (batch.parameters[i][v], tao.parameters[i][v]);
            // An offset may be next to nothing beside the amplitude.
            let scale = if i == 2 { b.abs().max(tao.parameters[0][v]) } else { b.abs() };
            parameters = parameters.max((a - b).abs() / scale);
            errors = errors.max((batch.errors[i][v] / tao.errors[i][v] - 1.0).abs());
        }
    }
    Ok((parameters, errors, n))
}

#[petsc_test::test(ranks = [1])]
fn both_engines_reach_one_optimum(petsc: &Petsc) -> Result<()> {
    // Curves on which scipy was asked too, and a slice of all amplitudes and T2 with more noise.
    for (name, model, least) in
        [("mono", Model::Mono, 490), ("offset", Model::Offset, 95), ("bi", Model::Bi, 45)]
    {
        let (parameters, errors, n) = between_engines(petsc, &reference(name), model)?;
        assert!(
            parameters < 1e-6 && errors < 1e-4 && n >= least,
            "{name}: {parameters:e}, {errors:e}, {n}"
        );
    }
    let noisy = Synthetic::slice(&TIMES, 800, 7, 0.05);
    let (parameters, errors, n) = between_engines(petsc, &noisy, Model::Mono)?;
    assert!(parameters < 1e-6 && errors < 1e-5 && n > 750, "{parameters:e}, {errors:e}, {n}");
    Ok(())
}
