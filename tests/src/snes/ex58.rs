//! Port of PETSc's `src/snes/tutorials/ex58.c`: a minimal surface above a plate.

use petsc_rs::dm::{GridRead, StencilType};
use petsc_rs::prelude::*;
use petsc_rs::{Dmda, DmdaRef, MatrixRef, Snes, VectorRef};

/// The heights on the sides of the square, with one more point at each end.
struct Sides {
    bottom: Vec<Scalar>,
    top: Vec<Scalar>,
    left: Vec<Scalar>,
    right: Vec<Scalar>,
}

/// Returns a boundary value for a position in the grid.
fn on(side: &[Scalar], i: Int) -> Scalar {
    usize::try_from(i).ok().and_then(|i| side.get(i)).copied().unwrap_or_default()
}

/// Computes Enneper's surface with Newton's method at each point.
fn enneper(x: Real, y: Real) -> Scalar {
    let (mut u, mut v) = (x, -y);
    for _ in 0..5 {
        let f = u + u * v * v - u * u * u / 3.0 - x;
        let g = -v - u * u * v + v * v * v / 3.0 - y;
        if f.hypot(g) <= 1e-10 {
            break;
        }
        let (fu, fv) = (1.0 + v * v - u * u, 2.0 * u * v);
        let (gu, gv) = (-2.0 * u * v, -1.0 - u * u + v * v);
        let det = fu * gv - gu * fv;
        (u, v) = (u - (gv * f - fv * g) / det, v - (fu * g - gu * f) / det);
    }
    Scalar::from_real(u * u - v * v)
}

impl Sides {
    fn of(grid: &DmdaRef) -> Result<Self> {
        let [mx, my, _] = grid.layout()?.sizes;
        let along = |n: Int| {
            let h = 1.0 / (n as Real + 1.0);
            // As in the C program, coordinates are sums of steps.
            std::iter::successors(Some(-0.5), move |t| Some(t + h))
                .take(usize::try_from(n + 2).unwrap_or(0))
        };
        Ok(Self {
            bottom: along(mx).map(|x| enneper(x, -0.5)).collect(),
            top: along(mx).map(|x| enneper(x, 0.5)).collect(),
            left: along(my).map(|y| enneper(-0.5, y)).collect(),
            right: along(my).map(|y| enneper(0.5, y)).collect(),
        })
    }
}

/// A point with its six neighbors, and the eight slopes between them.
struct Patch {
    /// The slopes between the center and the left, right, top and bottom points; then the slopes
    /// from the right point down, from the bottom point right, from the left point up, and from the
    /// top point left.
    d: [Scalar; 8],
}

impl Patch {
    fn at(
        sides: &Sides,
        [mx, my, _]: [Int; 3],
        x: &GridRead<'_, Scalar>,
        (i, j): (Int, Int),
    ) -> Self {
        let c = x[(i, j)];
        let (mut lower_right, mut upper_left) = (c, c);
        let left = if i == 0 {
            upper_left = on(&sides.left, j + 2);
            on(&sides.left, j + 1)
        } else {
            x[(i - 1, j)]
        };
        let bottom = if j == 0 {
            lower_right = on(&sides.bottom, i + 2);
            on(&sides.bottom, i + 1)
        } else {
            x[(i, j - 1)]
        };
        let right = if i + 1 == mx {
            lower_right = on(&sides.right, j);
            on(&sides.right, j + 1)
        } else {
            x[(i + 1, j)]
        };
        let top = if j + 1 == my {
            upper_left = on(&sides.top, i);
            on(&sides.top, i + 1)
        } else {
            x[(i, j + 1)]
        };
        if i > 0 && j + 1 < my {
            upper_left = x[(i - 1, j + 1)];
        }
        if j > 0 && i + 1 < mx {
            lower_right = x[(i + 1, j - 1)];
        }
        Self {
            d: [
                c - left,
                c - right,
                c - top,
                c - bottom,
                lower_right - right,
                lower_right - bottom,
                upper_left - left,
                upper_left - top,
            ],
        }
    }

    /// Returns the slopes, and the square roots in the area formula of the six triangles.
    fn slopes(&self, hx: Real, hy: Real) -> ([Scalar; 8], [Scalar; 6]) {
        let (hx, hy, one) = (Scalar::from_real(hx), Scalar::from_real(hy), Scalar::from_real(1.0));
        let [d1, d2, d3, d4, d5, d6, d7, d8] = self.d;
        let d = [d1 / hx, d2 / hx, d3 / hy, d4 / hy, d5 / hy, d6 / hx, d7 / hy, d8 / hx];
        let [d1, d2, d3, d4, d5, d6, d7, d8] = d;
        let pairs = [(d1, d7), (d1, d4), (d3, d8), (d3, d2), (d2, d5), (d4, d6)];
        (d, pairs.map(|(a, b)| (one + a * a + b * b).sqrt()))
    }
}

/// Returns the distances of a grid with a boundary point beyond each end.
fn spacing([mx, my, _]: [Int; 3]) -> (Real, Real) {
    (1.0 / (mx + 1) as Real, 1.0 / (my + 1) as Real)
}

/// Runs the port.
///
/// # Errors
/// Errors of the solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let mut grid =
        Dmda::builder(world).sizes([4, 4]).stencil(StencilType::Box, 1).from_options().build()?;
    let mut x = grid.create_global_vector()?;
    let residual = x.duplicate()?;
    grid.set_mat_type(MatrixType::AIJ)?;
    let a = grid.create_matrix()?;
    let mut snes = Snes::new(world)?;
    snes.set_dm(&grid)?;
    snes.set_function(&residual, |snes, x, g| gradient(snes.dm()?.as_dmda()?, x, g))?;
    snes.set_jacobian(&a, &a, |snes, x, a, _| hessian(snes.dm()?.as_dmda()?, x, a))?;
    snes.set_initial_guess(|snes, x| guess(snes.dm()?.as_dmda()?, x))?;
    let lower = options.scalar("-lb")?.unwrap_or(Scalar::from_real(0.05));
    let upper = options.scalar("-ub")?.unwrap_or(Scalar::from_real(Real::INFINITY));
    snes.set_compute_variable_bounds(move |_, l, u| {
        l.set(lower)?;
        u.set(upper)
    })?;
    snes.set_from_options()?;
    let _ = snes.solve_unchecked(None, &mut x)?;
    Ok(())
}

fn gradient(grid: &DmdaRef, x: &VectorRef, g: &mut VectorRef) -> Result<()> {
    let (sides, sizes) = (Sides::of(grid)?, grid.layout()?.sizes);
    let (hx, hy) = spacing(sizes);
    let (wx, wy) = (Scalar::from_real(hy / hx), Scalar::from_real(hx / hy));
    let mut local = grid.local_vector()?;
    grid.global_to_local(x, InsertMode::Insert, &mut local)?;
    let x = grid.array(&local)?;
    let mut g = grid.array_mut(g)?;
    for at in grid.corners()?.points() {
        let patch = Patch::at(&sides, sizes, &x, at);
        let [d1, d2, d3, d4, ..] = patch.d;
        let (_, [f1, f2, f3, f4, f5, f6]) = patch.slopes(hx, hy);
        let sum = d1 * wx / f1
            + (d1 * wx + d4 * wy) / f2
            + d3 * wy / f3
            + (d2 * wx + d3 * wy) / f4
            + d2 * wx / f5
            + d4 * wy / f6;
        g[at] = sum / Scalar::from_real(2.0);
    }
    Ok(())
}

fn hessian(grid: &DmdaRef, x: &VectorRef, a: &mut MatrixRef) -> Result<()> {
    let (sides, sizes) = (Sides::of(grid)?, grid.layout()?.sizes);
    let (hx, hy) = spacing(sizes);
    let (wx, wy) = (Scalar::from_real(hy / hx), Scalar::from_real(hx / hy));
    let (one, two) = (Scalar::from_real(1.0), Scalar::from_real(2.0));
    let mut local = grid.local_vector()?;
    grid.global_to_local(x, InsertMode::Insert, &mut local)?;
    let x = grid.array(&local)?;
    let [mx, my, _] = sizes;
    let mut rows = grid.stencil_assembler(a, InsertMode::Insert)?;
    for (i, j) in grid.corners()?.points() {
        let patch = Patch::at(&sides, sizes, &x, (i, j));
        let ([d1, d2, d3, d4, d5, d6, d7, d8], roots) = patch.slopes(hx, hy);
        let [f1, f2, f3, f4, f5, f6] = roots.map(|f| f * f * f);
        let left = (-wx * (one + d7 * d7) + d1 * d7) / f1 + (-wx * (one + d4 * d4) + d1 * d4) / f2;
        let right = (-wx * (one + d5 * d5) + d2 * d5) / f5 + (-wx * (one + d3 * d3) + d2 * d3) / f4;
        let top = (-wy * (one + d8 * d8) + d3 * d8) / f3 + (-wy * (one + d2 * d2) + d2 * d3) / f4;
        let bottom =
            (-wy * (one + d6 * d6) + d4 * d6) / f6 + (-wy * (one + d1 * d1) + d1 * d4) / f2;
        let lower_right = -d2 * d5 / f5 - d4 * d6 / f6;
        let upper_left = -d1 * d7 / f1 - d3 * d8 / f3;
        let center = wx * (one + d7 * d7) / f1
            + wy * (one + d8 * d8) / f3
            + wx * (one + d5 * d5) / f5
            + wy * (one + d6 * d6) / f6
            + (wy * (one + d1 * d1) + wx * (one + d4 * d4) - two * d1 * d4) / f2
            + (wy * (one + d2 * d2) + wx * (one + d3 * d3) - two * d2 * d3) / f4;
        let entries = [
            ((i, j - 1), bottom),
            ((i + 1, j - 1), lower_right),
            ((i - 1, j), left),
            ((i, j), center),
            ((i + 1, j), right),
            ((i - 1, j + 1), upper_left),
            ((i, j + 1), top),
        ];
        let inside =
            |&((i, j), _): &((Int, Int), Scalar)| (0..mx).contains(&i) && (0..my).contains(&j);
        rows.row((i, j), entries.into_iter().filter(inside).map(|(at, v)| (at, v / two)))?;
    }
    rows.finish()
}

fn guess(grid: &DmdaRef, x: &mut VectorRef) -> Result<()> {
    let (sides, [mx, my, _]) = (Sides::of(grid)?, grid.layout()?.sizes);
    let r = |n: Int| Scalar::from_real(n as Real);
    let mut x = grid.array_mut(x)?;
    for (i, j) in grid.corners()?.points() {
        let across = r(j + 1) * on(&sides.bottom, i + 1) + r(my - j + 1) * on(&sides.top, i + 1);
        let along = r(i + 1) * on(&sides.left, j + 1) + r(mx - i + 1) * on(&sides.right, j + 1);
        x[(i, j)] = (across / r(my + 2) + along / r(mx + 2)) / Scalar::from_real(2.0);
    }
    Ok(())
}
