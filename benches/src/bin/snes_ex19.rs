//! Rust version of `c/snes_ex19.c`: the driven cavity of PETSc's tutorial snes/ex19 on n by n
//! points with four unknowns at each point. The function is computed by grid point, and the
//! Jacobian with finite differences and a coloring.
//!
//! Run: `snes_ex19 <n>`

use petsc_benches::{Calls, check, count};
use petsc_rs::bytemuck::{self, Pod, Zeroable};
use petsc_rs::dm::{GridMut, GridRead};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, Snes};

#[derive(Clone, Copy, Pod, Zeroable)]
#[bytemuck(crate = "bytemuck")]
#[repr(C)]
struct Field {
    u: Scalar,
    v: Scalar,
    omega: Scalar,
    temp: Scalar,
}

#[derive(Clone, Copy)]
struct Flow {
    lid: Real,
    prandtl: Real,
    grashof: Real,
}

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let n = count(16);
        let flow = Flow { lid: 1.0 / (n * n) as Real, prandtl: 1.0, grashof: 1.0 };
        let calls = Calls::begin(petsc)?;
        let grid = Dmda::builder(petsc.world()).sizes([n, n]).dof(4).from_options().build()?;
        let mut snes = Snes::new(petsc.world())?;
        snes.set_dm(&grid)?;
        snes.set_function_local(move |grid, x, f| function(grid, flow, x, f))?;
        snes.set_from_options()?;
        let mut x = grid.create_global_vector()?;
        guess(&grid, n, flow, &mut grid.array_as_mut(&mut x)?)?;
        let converged = snes.solve(None, &mut x)?;
        let top = x.norm(Norm::Infinity)?;
        let mut f = x.duplicate()?;
        // The Jacobian by colors calls the function many more times in C's log than in ours.
        for _ in 0..10 * calls.repeats() {
            snes.compute_function(&x, &mut f)?;
        }
        calls.print(petsc, &["SNESFunctionEval", "SNESJacobianEval"])?;
        check(converged.reason.is_converged() && (top - 1.0).abs() < 1e-3)
    })
}

fn function(
    grid: &DmdaRef,
    flow: Flow,
    x: &GridRead<'_, Field>,
    f: &mut GridMut<'_, Field>,
) -> Result<()> {
    let r = Scalar::from_real;
    let [mx, my, _] = grid.info()?.sizes;
    let (dhx, dhy) = ((mx - 1) as Real, (my - 1) as Real);
    let (hx, hy) = (1.0 / dhx, 1.0 / dhy);
    let (hydhx, hxdhy) = (r(hy * dhx), r(hx * dhy));
    let (dhx, dhy, hx, hy) = (r(dhx), r(dhy), r(hx), r(hy));
    let (half, two) = (r(0.5), r(2.0));
    let (lid, prandtl, grashof) = (r(flow.lid), r(flow.prandtl), r(flow.grashof));
    let warm = r(if flow.grashof > 0.0 { 1.0 } else { 0.0 });
    let (mx, my) = (Int::try_from(mx)?, Int::try_from(my)?);
    let corners = grid.corners()?;
    for j in corners.y() {
        for i in corners.x() {
            let here = x[(i, j)];
            f[(i, j)] = if j == 0 {
                let above = x[(i, j + 1)];
                Field {
                    u: here.u,
                    v: here.v,
                    omega: here.omega + (above.u - here.u) * dhy,
                    temp: here.temp - above.temp,
                }
            } else if j == my - 1 {
                let below = x[(i, j - 1)];
                Field {
                    u: here.u - lid,
                    v: here.v,
                    omega: here.omega + (here.u - below.u) * dhy,
                    temp: here.temp - below.temp,
                }
            } else if i == 0 {
                Field {
                    u: here.u,
                    v: here.v,
                    omega: here.omega - (x[(i + 1, j)].v - here.v) * dhx,
                    temp: here.temp,
                }
            } else if i == mx - 1 {
                Field {
                    u: here.u,
                    v: here.v,
                    omega: here.omega - (here.v - x[(i - 1, j)].v) * dhx,
                    temp: here.temp - warm,
                }
            } else {
                let (west, east) = (x[(i - 1, j)], x[(i + 1, j)]);
                let (south, north) = (x[(i, j - 1)], x[(i, j + 1)]);
                let (avx, avy) = (r(here.u.modulus()), r(here.v.modulus()));
                let (vxp, vxm) = (half * (here.u + avx), half * (here.u - avx));
                let (vyp, vym) = (half * (here.v + avy), half * (here.v - avy));
                let laplacian = |own: Scalar, w: Scalar, e: Scalar, s: Scalar, n: Scalar| {
                    (two * own - w - e) * hydhx + (two * own - s - n) * hxdhy
                };
                let carried = |own: Scalar, w: Scalar, e: Scalar, s: Scalar, n: Scalar| {
                    (vxp * (own - w) + vxm * (e - own)) * hy
                        + (vyp * (own - s) + vym * (n - own)) * hx
                };
                Field {
                    u: laplacian(here.u, west.u, east.u, south.u, north.u)
                        - half * (north.omega - south.omega) * hx,
                    v: laplacian(here.v, west.v, east.v, south.v, north.v)
                        + half * (east.omega - west.omega) * hy,
                    omega: laplacian(here.omega, west.omega, east.omega, south.omega, north.omega)
                        + carried(here.omega, west.omega, east.omega, south.omega, north.omega)
                        - half * grashof * (east.temp - west.temp) * hy,
                    temp: laplacian(here.temp, west.temp, east.temp, south.temp, north.temp)
                        + prandtl
                            * carried(here.temp, west.temp, east.temp, south.temp, north.temp),
                }
            };
        }
    }
    Ok(())
}

fn guess(grid: &DmdaRef, n: usize, flow: Flow, x: &mut GridMut<'_, Field>) -> Result<()> {
    let zero = Scalar::from_real(0.0);
    let corners = grid.corners()?;
    for j in corners.y() {
        for i in corners.x() {
            let warm = i as Real / (n - 1) as Real;
            x[(i, j)] = Field {
                u: zero,
                v: zero,
                omega: zero,
                temp: Scalar::from_real(if flow.grashof > 0.0 { warm } else { 0.0 }),
            };
        }
    }
    Ok(())
}
