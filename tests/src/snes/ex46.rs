//! Port of PETSc's `src/snes/tutorials/ex46.c`: evolution of a landscape with erosion and uplift.

use petsc_rs::dm::{GridMut, GridRead};
use petsc_rs::prelude::*;
use petsc_rs::{Dmda, DmdaRef, Snes};

/// The coefficients of diffusion and advection, and the exponent of the latter.
#[derive(Clone, Copy)]
struct Surface {
    d: Real,
    k: Real,
    m: Int,
}

/// Runs the port.
///
/// # Errors
/// Errors of the solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let surface = Surface {
        d: options.real("-D")?.unwrap_or(1.0),
        k: options.real("-K")?.unwrap_or(1.0),
        m: options.int("-m")?.unwrap_or(1),
    };
    let grid = Dmda::builder(world)
        .sizes([4, 4])
        .uniform_coordinates([(0.0, 1.0), (0.0, 1.0)])
        .from_options()
        .build()?;
    let mut snes = Snes::new(world)?;
    snes.set_dm(&grid)?;
    snes.set_function_local(
        move |grid: &DmdaRef, x: &GridRead<'_, Scalar>, f: &mut GridMut<'_, Scalar>| {
            function(surface, grid, x, f)
        },
    )?;
    snes.set_from_options()?;
    let _ = snes.solve_in_place_unchecked(None)?;
    let iterations = snes.iterations()?;
    petsc.print(format_args!("Number of SNES iterations = {iterations}\n"))
}

fn function(
    surface: Surface,
    grid: &DmdaRef,
    x: &GridRead<'_, Scalar>,
    f: &mut GridMut<'_, Scalar>,
) -> Result<()> {
    let [mx, my, _] = grid.layout()?.sizes;
    let (hx, hy) = (1.0 / (mx - 1) as Real, 1.0 / (my - 1) as Real);
    let (r, two) = (Scalar::from_real, Scalar::from_real(2.0));
    let (hxdhy, hydhx) = (r(hx / hy), r(hy / hx));
    for (i, j) in grid.corners()?.points() {
        let u = x[(i, j)];
        if i == 0 || j == 0 || i == mx - 1 || j == my - 1 {
            f[(i, j)] = u;
            continue;
        }
        let ux = (x[(i + 1, j)] - u) / r(hx);
        let uy = (x[(i, j + 1)] - u) / r(hy);
        let uxx = (two * u - x[(i - 1, j)] - x[(i + 1, j)]) * hydhx;
        let uyy = (two * u - x[(i, j - 1)] - x[(i, j + 1)]) * hxdhy;
        let a = (0..surface.m).fold(r(1.0), |a, _| a * u);
        let worn = r(surface.k) * a * (ux * ux + uy * uy).sqrt();
        let lifted = r(i as Real * hx + j as Real * hy);
        f[(i, j)] = r(surface.d) * (uxx + uyy) - (worn + lifted) * r(hx) * r(hy);
    }
    Ok(())
}
