//! Port of PETSc's `src/snes/tutorials/ex18.c`: radiative heat transport on a square.

use petsc_rs::dm::{GridMut, GridRead, StencilAssembler};
use petsc_rs::prelude::*;
use petsc_rs::{Dmda, DmdaRef, Snes};

type In<'a> = GridRead<'a, Scalar>;
type Out<'a> = GridMut<'a, Scalar>;

/// The temperatures of the left and right walls, and the exponent of the diffusivity.
#[derive(Clone, Copy)]
struct Heat {
    left: Real,
    right: Real,
    beta: Real,
}

/// A neighbor, if the flux through that face is not zero: its value, and its position if it is an
/// unknown.
type Face = Option<(Scalar, Option<(Int, Int)>)>;

/// The faces of a cell: west, east, south, north.
fn faces(heat: Heat, [mx, my, _]: [Int; 3], x: &In<'_>, (i, j): (Int, Int)) -> [Face; 4] {
    let inner = |at| Some((x[at], Some(at)));
    let wall = |value| Some((Scalar::from_real(value), None));
    [
        if i > 0 { inner((i - 1, j)) } else { wall(heat.left) },
        if i < mx - 1 { inner((i + 1, j)) } else { wall(heat.right) },
        if j > 0 { inner((i, j - 1)) } else { None },
        if j < my - 1 { inner((i, j + 1)) } else { None },
    ]
}

/// Returns the weights of the fluxes through the faces.
fn weights([mx, my, _]: [Int; 3]) -> [Scalar; 4] {
    let (hx, hy) = (1.0 / (mx - 1) as Real, 1.0 / (my - 1) as Real);
    [hy / hx, hy / hx, hx / hy, hx / hy].map(Scalar::from_real)
}

/// Runs the port.
///
/// # Errors
/// Errors of the solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let heat = Heat {
        left: options.real("-tleft")?.unwrap_or(1.0),
        right: options.real("-tright")?.unwrap_or(0.1),
        beta: options.real("-beta")?.unwrap_or(2.5),
    };
    let mut snes = Snes::new(world)?;
    let grid = Dmda::builder(world).sizes([5, 5]).from_options().build()?;
    snes.set_dm(&grid)?;
    snes.set_function_local(move |grid: &DmdaRef, x: &In<'_>, f: &mut Out<'_>| {
        function(heat, grid, x, f)
    })?;
    snes.set_jacobian_local(move |grid: &DmdaRef, x: &In<'_>, rows: &mut StencilAssembler<'_>| {
        jacobian(heat, grid, x, rows)
    })?;
    snes.set_from_options()?;
    snes.set_initial_guess(move |_, x| x.set(Scalar::from_real(heat.left)))?;
    let _ = snes.solve_in_place_unchecked(None)?;
    let (iterations, linear) = (snes.iterations()?, snes.linear_iterations()?);
    let float = |n: usize| u32::try_from(n).map_or(Real::NAN, Real::from);
    let mean = float(linear) / float(iterations);
    petsc.print(format_args!("Number of SNES iterations = {iterations}\n"))?;
    petsc.print(format_args!("Number of Linear iterations = {linear}\n"))?;
    petsc.print(format_args!("Average Linear its / SNES = {mean:.6e}\n"))
}

fn function(heat: Heat, grid: &DmdaRef, x: &In<'_>, f: &mut Out<'_>) -> Result<()> {
    let sizes = grid.layout()?.sizes;
    let (weights, half) = (weights(sizes), Scalar::from_real(0.5));
    for at in grid.corners()?.points() {
        let t = x[at];
        f[at] = faces(heat, sizes, x, at)
            .into_iter()
            .zip(weights)
            .filter_map(|(face, weight)| {
                let (other, _) = face?;
                Some(weight * (half * (t + other)).powf(heat.beta) * (t - other))
            })
            .sum();
    }
    Ok(())
}

fn jacobian(heat: Heat, grid: &DmdaRef, x: &In<'_>, rows: &mut StencilAssembler<'_>) -> Result<()> {
    let sizes = grid.layout()?.sizes;
    let (weights, half) = (weights(sizes), Scalar::from_real(0.5));
    let coefficient = Scalar::from_real(heat.beta / 2.0);
    for at in grid.corners()?.points() {
        let t = x[at];
        let mut entries = vec![(at, Scalar::from_real(0.0))];
        for (face, weight) in faces(heat, sizes, x, at).into_iter().zip(weights) {
            let Some((other, place)) = face else {
                continue;
            };
            let mean = half * (t + other);
            let diffusion = mean.powf(heat.beta);
            let change = coefficient * mean.powf(heat.beta - 1.0) * (t - other);
            entries[0].1 += weight * (diffusion + change);
            if let Some(place) = place {
                entries.push((place, -weight * (diffusion - change)));
            }
        }
        rows.row(at, entries)?;
    }
    Ok(())
}
