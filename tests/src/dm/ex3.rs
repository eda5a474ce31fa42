//! Port of PETSc's `src/dm/tutorials/ex3.c`: interpolation to a finer DMDA with nonuniform
//! coordinates.

use petsc_rs::ErrorCode;
use petsc_rs::bytemuck::Pod;
use petsc_rs::dm::{DmdaBuilder, GridMut, GridRead, StencilType};
use petsc_rs::prelude::*;

/// Runs the port.
///
/// # Errors
/// Errors of the DMDAs; a dimension that is not 1, 2 or 3.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let int = |name, default| Ok::<_, Error>(options.int(name)?.unwrap_or(default));
    let sizes = [int("-M", 5)?, int("-N", 4)?, int("-P", 3)?];
    let processes = [int("-m", 0)?, int("-n", 0)?, int("-p", 0)?];
    let dimension = int("-dim", 1)?;
    if !(1..=3).contains(&dimension) {
        return Err(Error::collective(ErrorCode::SUP, "dim must be 1,2, or 3"));
    }
    let d = usize::try_from(dimension)?;
    let numbers = |list: [Int; 3]| -> Result<Vec<usize>> {
        Ok(list[..d].iter().map(|&n| usize::try_from(n)).collect::<std::result::Result<_, _>>()?)
    };
    let mut builder: DmdaBuilder<'_> =
        Dmda::builder(world).sizes(numbers(sizes)?).stencil(StencilType::Box, 1).from_options();
    if processes[..d].iter().all(|&n| n > 0) {
        builder = builder.processes(numbers(processes)?);
    }
    let mut coarse = builder.build()?;
    let mut fine = coarse.refine()?;
    coarse.set_uniform_coordinates(&[(0.0, 1.0); 3][..d])?;
    fine.set_uniform_coordinates(&[(0.0, 1.0); 3][..d])?;
    match d {
        1 => move_points(&mut fine, |_, x: &GridRead<'_>, y: &mut GridMut<'_>, (i, _, _)| {
            if i % 2 != 0 {
                y[i] = between(x[i - 1], x[i + 1], 0.1);
            }
        })?,
        2 => move_points(&mut fine, |weights, x, y: &mut GridMut<'_, [Scalar; 2]>, (i, j, _)| {
            let beside = [[(i - 1, j), (i + 1, j)], [(i, j - 1), (i, j + 1)]];
            for (c, at) in [i, j].into_iter().enumerate().filter(|(_, i)| i % 2 != 0) {
                let _ = at;
                let [low, high] = beside[c];
                y[(i, j)][c] = between(x[low][c], x[high][c], weights[c]);
            }
        })?,
        _ => move_points(&mut fine, |weights, x, y: &mut GridMut<'_, [Scalar; 3]>, (i, j, k)| {
            let beside = [
                [(i - 1, j, k), (i + 1, j, k)],
                [(i, j - 1, k), (i, j + 1, k)],
                [(i, j, k - 1), (i, j, k + 1)],
            ];
            for (c, at) in [i, j, k].into_iter().enumerate().filter(|(_, i)| i % 2 != 0) {
                let _ = at;
                let [low, high] = beside[c];
                y[(i, j, k)][c] = between(x[low][c], x[high][c], weights[c]);
            }
        })?,
    }
    coarse.create_interpolation(&fine)?;
    Ok(())
}

fn between(low: Scalar, high: Scalar, weight: Real) -> Scalar {
    low + Scalar::from_real(weight) * (high - low)
}

/// Calls `f(weights, before, after, (i, j, k))` for each point.
fn move_points<T: Pod>(
    grid: &mut Dmda,
    f: impl Fn([Real; 3], &GridRead<'_, T>, &mut GridMut<'_, T>, (Int, Int, Int)),
) -> Result<()> {
    let points = grid.coordinate_dmda()?;
    let (Some(mut global), Some(mut local)) = (grid.coordinates()?, grid.local_coordinates()?)
    else {
        return Ok(());
    };
    let (x, mut y) = (points.array_as(&local)?, points.array_as_mut(&mut global)?);
    for at in points.corners()?.points3() {
        f([0.1, 0.3, 0.4], &x, &mut y, at);
    }
    drop((x, y));
    points.global_to_local(&global, InsertMode::Insert, &mut local)
}
