//! Two problems with Jacobians that were derived by hand: Bratu's, and the driven cavity of PETSc's
//! tutorial snes/ex19. Also used by the bench that compares the time of both.

use petsc_rs::autodiff::{GridResidual, Number, Place, Stencil};
use petsc_rs::dm::{GridRead, StencilAssembler};
use petsc_rs::{DmdaRef, Int, Real, Result, Scalar, ScalarExt};

fn r(x: Real) -> Scalar {
    Scalar::from_real(x)
}

/// `-Δu = λ exp(u)` with `u = 0` around.
pub(crate) struct Bratu {
    pub(crate) lambda: Real,
}

impl GridResidual<1> for Bratu {
    #[inline]
    fn at<N: Number>(&self, place: &Place<'_>, u: &Stencil<'_, N, 1>) -> Result<[N; 1]> {
        let [hx, hy, _] = place.spacing();
        let here = u.value((0, 0));
        if place.on_boundary() {
            return Ok([here * (2.0 * (hy / hx + hx / hy))]);
        }
        let uxx = (here * 2.0 - u.value((-1, 0)) - u.value((1, 0))) * (hy / hx);
        let uyy = (here * 2.0 - u.value((0, -1)) - u.value((0, 1))) * (hx / hy);
        Ok([uxx + uyy - here.exp() * (hx * hy * self.lambda)])
    }
}

/// The Jacobian of [`Bratu`] by hand.
pub(crate) fn bratu_jacobian(
    lambda: Real,
    grid: &DmdaRef,
    x: &GridRead<'_, Scalar>,
    rows: &mut StencilAssembler<'_>,
) -> Result<()> {
    let layout = grid.layout()?;
    let [nx, ny, _] = layout.sizes;
    let (hx, hy) = (1.0 / (nx - 1) as Real, 1.0 / (ny - 1) as Real);
    let (x_side, y_side) = (-hy / hx, -hx / hy);
    let centre = -2.0 * (x_side + y_side);
    let scale = r(hx * hy * lambda);
    for j in layout.owned.y() {
        for i in layout.owned.x() {
            if i == 0 || j == 0 || i == nx - 1 || j == ny - 1 {
                rows.row((i, j), [((i, j), r(centre))])?;
            } else {
                rows.row(
                    (i, j),
                    [
                        ((i, j - 1), r(y_side)),
                        ((i - 1, j), r(x_side)),
                        ((i, j), r(centre) - scale * x[(i, j)].exp()),
                        ((i + 1, j), r(x_side)),
                        ((i, j + 1), r(y_side)),
                    ],
                )?;
            }
        }
    }
    Ok(())
}

/// Velocities, vorticity and temperature in a cavity whose lid moves.
#[derive(Clone, Copy)]
pub(crate) struct Cavity {
    pub(crate) grashof: Real,
    pub(crate) prandtl: Real,
    pub(crate) lid: Real,
}

/// The parts of a velocity to the right and to the left.
#[inline]
fn upwind<N: Number>(v: N) -> (N, N) {
    if v.value().real() < 0.0 { (N::real(0.0), v) } else { (v, N::real(0.0)) }
}

impl GridResidual<4> for Cavity {
    #[inline]
    fn at<N: Number>(&self, at: &Place<'_>, x: &Stencil<'_, N, 4>) -> Result<[N; 4]> {
        let [nx, ny, _] = at.grid.sizes;
        let (dhx, dhy) = ((nx - 1) as Real, (ny - 1) as Real);
        let (hx, hy) = (1.0 / dhx, 1.0 / dhy);
        let [u, v, omega, t] = x.point((0, 0));
        if at.i == 0 {
            let [_, east, ..] = x.point((1, 0));
            return Ok([u, v, omega - (east - v) * dhx, t]);
        }
        if at.i == nx - 1 {
            let [_, west, ..] = x.point((-1, 0));
            let hot = if self.grashof > 0.0 { 1.0 } else { 0.0 };
            return Ok([u, v, omega - (v - west) * dhx, t - hot]);
        }
        if at.j == 0 {
            let [north, _, _, above] = x.point((0, 1));
            return Ok([u, v, omega + (north - u) * dhy, t - above]);
        }
        if at.j == ny - 1 {
            let [south, _, _, below] = x.point((0, -1));
            return Ok([u - self.lid, v, omega + (u - south) * dhy, t - below]);
        }
        let (west, east) = (x.point((-1, 0)), x.point((1, 0)));
        let (south, north) = (x.point((0, -1)), x.point((0, 1)));
        let ((vxp, vxm), (vyp, vym)) = (upwind(u), upwind(v));
        let (ax, ay) = (hy * dhx, hx * dhy);
        let laplace =
            |[w, e, s, n]: [N; 4], here: N| (here * 2.0 - w - e) * ax + (here * 2.0 - s - n) * ay;
        let carried = |[w, e, s, n]: [N; 4], here: N| {
            (vxp * (here - w) + vxm * (e - here)) * hy + (vyp * (here - s) + vym * (n - here)) * hx
        };
        let around = |c: usize| [west[c], east[c], south[c], north[c]];
        Ok([
            laplace(around(0), u) - (north[2] - south[2]) * (0.5 * hx),
            laplace(around(1), v) + (east[2] - west[2]) * (0.5 * hy),
            laplace(around(2), omega) + carried(around(2), omega)
                - (east[3] - west[3]) * (0.5 * self.grashof * hy),
            laplace(around(3), t) + carried(around(3), t) * self.prandtl,
        ])
    }
}

type Block = [[Scalar; 4]; 4];

/// The Jacobian of [`Cavity`] by hand, in blocks.
pub(crate) fn cavity_jacobian(
    cavity: Cavity,
    grid: &DmdaRef,
    x: &GridRead<'_, [Scalar; 4]>,
    rows: &mut StencilAssembler<'_>,
) -> Result<()> {
    let layout = grid.layout()?;
    let [nx, ny, _] = layout.sizes;
    let (dhx, dhy) = (r((nx - 1) as Real), r((ny - 1) as Real));
    let one = r(1.0);
    let unit: Block =
        std::array::from_fn(|i| std::array::from_fn(|j| r(f64::from(u8::from(i == j)))));
    let zero: Block = [[r(0.0); 4]; 4];
    let with = |mut block: Block, entries: &[(usize, usize, Scalar)]| {
        for &(i, j, value) in entries {
            block[i][j] = value;
        }
        block
    };
    for j in layout.owned.y() {
        for i in layout.owned.x() {
            let at = (i, j);
            if i == 0 {
                let side = ((1, j), with(zero, &[(2, 1, -dhx)]));
                rows.blocks(at, &[(at, with(unit, &[(2, 1, dhx)])), side])?;
            } else if i == nx - 1 {
                let side = ((i - 1, j), with(zero, &[(2, 1, dhx)]));
                rows.blocks(at, &[side, (at, with(unit, &[(2, 1, -dhx)]))])?;
            } else if j == 0 {
                let side = ((i, 1), with(zero, &[(2, 0, dhy), (3, 3, -one)]));
                rows.blocks(at, &[(at, with(unit, &[(2, 0, -dhy)])), side])?;
            } else if j == ny - 1 {
                let side = ((i, j - 1), with(zero, &[(2, 0, -dhy), (3, 3, -one)]));
                rows.blocks(at, &[side, (at, with(unit, &[(2, 0, dhy)]))])?;
            } else {
                rows.blocks(at, &inner(cavity, (nx, ny), x, at))?;
            }
        }
    }
    Ok(())
}

fn inner(
    cavity: Cavity,
    (nx, ny): (Int, Int),
    x: &GridRead<'_, [Scalar; 4]>,
    (i, j): (Int, Int),
) -> [((Int, Int), Block); 5] {
    let (dhx, dhy) = ((nx - 1) as Real, (ny - 1) as Real);
    let (hx, hy) = (r(1.0 / dhx), r(1.0 / dhy));
    let (hydhx, hxdhy) = (r(dhx / dhy), r(dhy / dhx));
    let [u, v, omega, t] = x[(i, j)];
    let (right, left) = if u.real() < 0.0 { (0.0, 1.0) } else { (1.0, 0.0) };
    let (up, down) = if v.real() < 0.0 { (0.0, 1.0) } else { (1.0, 0.0) };
    let (vxp, vxm, vyp, vym) = (u * r(right), u * r(left), v * r(up), v * r(down));
    let (west, east) = (x[(i - 1, j)], x[(i + 1, j)]);
    let (south, north) = (x[(i, j - 1)], x[(i, j + 1)]);
    let (half_x, half_y) = (r(0.5) * hx, r(0.5) * hy);
    let buoyancy = r(0.5 * cavity.grashof) * hy;
    let pr = r(cavity.prandtl);
    let laplace = (hydhx + hxdhy) * r(2.0);
    let carried = (vxp - vxm) * hy + (vyp - vym) * hx;
    let along_x =
        |c: usize, here: Scalar| (r(right) * (here - west[c]) + r(left) * (east[c] - here)) * hy;
    let along_y =
        |c: usize, here: Scalar| (r(up) * (here - south[c]) + r(down) * (north[c] - here)) * hx;
    let z = r(0.0);
    let (w, e, s, n) = (-vxp * hy, vxm * hy, -vyp * hx, vym * hx);
    let side = |laplace: Scalar, carry: Scalar, u_omega, v_omega, omega_t| {
        [
            [-laplace, z, u_omega, z],
            [z, -laplace, v_omega, z],
            [z, z, -laplace + carry, omega_t],
            [z, z, z, -laplace + pr * carry],
        ]
    };
    [
        ((i, j - 1), side(hxdhy, s, half_x, z, z)),
        ((i - 1, j), side(hydhx, w, z, -half_y, buoyancy)),
        (
            (i, j),
            [
                [laplace, z, z, z],
                [z, laplace, z, z],
                [along_x(2, omega), along_y(2, omega), laplace + carried, z],
                [pr * along_x(3, t), pr * along_y(3, t), z, laplace + pr * carried],
            ],
        ),
        ((i + 1, j), side(hydhx, e, z, half_y, -buoyancy)),
        ((i, j + 1), side(hxdhy, n, -half_x, z, z)),
    ]
}
