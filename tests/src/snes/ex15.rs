//! Port of PETSc's `src/snes/tutorials/ex15.c`: the p-Laplacian with Bratu's source term, solved
//! with Newton's method, Picard iteration, or nonlinear Gauss-Seidel.

use petsc_rs::dm::{GridMut, GridRead, StencilAssembler, StencilType};
use petsc_rs::prelude::*;
use petsc_rs::snes::ConvergedReason;
use petsc_rs::{Dmda, DmdaRef, Snes, SnesRef, VectorRef};

use crate::models::square::Square;

type In<'a> = GridRead<'a, Scalar>;
type Out<'a> = GridMut<'a, Scalar>;

/// The operator that the matrix approximates.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Bratu,
    Picard,
    Star,
    Newton,
}

/// The parameters of the problem.
#[derive(Clone, Copy)]
struct Problem {
    lambda: Real,
    p: Real,
    epsilon: Real,
    source: Real,
    kappa: Real,
    blocks: [Real; 2],
    initial: Int,
    kind: Kind,
}

/// The east, west, north and south neighbors of a point.
#[derive(Clone, Copy)]
struct Faces<T> {
    e: T,
    w: T,
    n: T,
    s: T,
}

/// The gradient on a face.
#[derive(Clone, Copy)]
struct Slope {
    x: Scalar,
    y: Scalar,
}

/// The components along the faces, which do not depend on the central value.
fn along<G>(s: &Square, x: &G, (i, j): (Int, Int)) -> Faces<Scalar>
where
    G: std::ops::Index<(Int, Int), Output = Scalar> + ?Sized,
{
    let (qx, qy) = (Scalar::from_real(0.25 / s.hx), Scalar::from_real(0.25 / s.hy));
    let at = |di: Int, dj: Int| x[(i + di, j + dj)];
    Faces {
        e: qy * (at(0, 1) + at(1, 1) - at(0, -1) - at(1, -1)),
        w: qy * (at(-1, 1) + at(0, 1) - at(-1, -1) - at(0, -1)),
        n: qx * (at(1, 0) + at(1, 1) - at(-1, 0) - at(-1, 1)),
        s: qx * (at(1, -1) + at(1, 0) - at(-1, -1) - at(-1, 0)),
    }
}

/// Returns the gradients on all faces for the central value `u`.
fn slopes<G>(s: &Square, x: &G, (i, j): (Int, Int), u: Scalar, along: Faces<Scalar>) -> Faces<Slope>
where
    G: std::ops::Index<(Int, Int), Output = Scalar> + ?Sized,
{
    let (dx, dy) = (Scalar::from_real(1.0 / s.hx), Scalar::from_real(1.0 / s.hy));
    Faces {
        e: Slope { x: dx * (x[(i + 1, j)] - u), y: along.e },
        w: Slope { x: dx * (u - x[(i - 1, j)]), y: along.w },
        n: Slope { x: along.n, y: dy * (x[(i, j + 1)] - u) },
        s: Slope { x: along.s, y: dy * (u - x[(i, j - 1)]) },
    }
}

impl<T: Copy> Faces<T> {
    fn map<U>(self, f: impl Fn(T) -> U) -> Faces<U> {
        Faces { e: f(self.e), w: f(self.w), n: f(self.n), s: f(self.s) }
    }
}

impl Problem {
    fn kappa(&self, (x, y): (Real, Real)) -> Real {
        let block = (x * self.blocks[0]).trunc() + (y * self.blocks[1]).trunc();
        if block.rem_euclid(2.0) == 0.0 { 1.0 } else { self.kappa }
    }

    fn strain(&self, slope: Slope) -> Scalar {
        let half = Scalar::from_real(0.5);
        Scalar::from_real(self.epsilon * self.epsilon)
            + half * (slope.x * slope.x + slope.y * slope.y)
    }

    /// Returns the diffusivity on a face.
    fn eta(&self, at: (Real, Real), slope: Slope) -> Scalar {
        Scalar::from_real(self.kappa(at)) * self.strain(slope).powf(0.5 * (self.p - 2.0))
    }

    /// Returns its derivative.
    fn deta(&self, at: (Real, Real), slope: Slope) -> Scalar {
        if self.p == 2.0 {
            return Scalar::from_real(0.0);
        }
        let power = self.strain(slope).powf(0.5 * (self.p - 4.0));
        Scalar::from_real(self.kappa(at))
            * power
            * Scalar::from_real(0.5)
            * Scalar::from_real(self.p - 2.0)
    }

    /// Returns Bratu's source term.
    fn heat(&self, s: &Square, u: Scalar) -> Scalar {
        let factor = s.hx * s.hy * self.lambda;
        if factor == 0.0 { Scalar::from_real(0.0) } else { Scalar::from_real(factor) * u.exp() }
    }

    /// Returns the flux out of the cell of a point, minus Bratu's source term.
    fn residual(&self, s: &Square, at: (Int, Int), slopes: Faces<Slope>, u: Scalar) -> Scalar {
        let place = s.place(at);
        let eta = slopes.map(|slope| self.eta(place, slope));
        let uxx = Scalar::from_real(-s.hy) * (eta.e * slopes.e.x - eta.w * slopes.w.x);
        let uyy = Scalar::from_real(-s.hx) * (eta.n * slopes.n.y - eta.s * slopes.s.y);
        uxx + uyy - self.heat(s, u)
    }

    /// Returns the diffusivities across the faces for Newton's method.
    fn newton(&self, s: &Square, at: (Int, Int), slopes: Faces<Slope>) -> Faces<Scalar> {
        let place = s.place(at);
        let across =
            |slope: Slope, c: Scalar| self.eta(place, slope) + self.deta(place, slope) * (c * c);
        Faces {
            e: across(slopes.e, slopes.e.x),
            w: across(slopes.w, slopes.w.x),
            n: across(slopes.n, slopes.n.y),
            s: across(slopes.s, slopes.s.y),
        }
    }
}

fn problem(petsc: &Petsc) -> Result<(Problem, bool)> {
    let options = petsc.options();
    let real = |name: &str, default: Real| Ok::<_, Error>(options.real(name)?.unwrap_or(default));
    let picard = options.has("-picard")?;
    let kind = match options.elist("-jtype", &["BRATU", "PICARD", "STAR", "NEWTON"])? {
        _ if picard => Kind::Picard,
        Some(0) => Kind::Bratu,
        Some(1) => Kind::Picard,
        Some(2) => Kind::Star,
        _ => Kind::Newton,
    };
    let blocks = options.ints("-blocks")?.unwrap_or_default();
    let block = |i: usize| blocks.get(i).map_or(1.0, |&n| n as Real);
    let problem = Problem {
        lambda: real("-lambda", 0.0)?,
        p: real("-p", 2.0)?,
        epsilon: real("-epsilon", 1e-5)?,
        source: real("-source", 0.1)?,
        kappa: real("-kappa", 1e-3)?,
        blocks: [block(0), block(1)],
        initial: options.int("-initial")?.unwrap_or(-1),
        kind,
    };
    if picard && problem.p != 3.0 {
        return Err(Error::input("Picard iteration is only supported for p == 3"));
    }
    Ok((problem, picard))
}

/// Runs the port.
///
/// # Errors
/// Errors of the solve; invalid options.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let (problem, picard) = problem(petsc)?;
    let star = picard && options.bool("-alloc_star")?.unwrap_or(false);
    if !(0.0..=6.81).contains(&problem.lambda) {
        let lambda = problem.lambda;
        petsc.print(format_args!("WARNING: lambda {lambda:e} out of range for p=2\n"))?;
    }
    let stencil = if star { StencilType::Star } else { StencilType::Box };
    let grid = Dmda::builder(world).sizes([4, 4]).stencil(stencil, 1).from_options().build()?;
    let mut x = grid.create_global_vector()?;
    let mut snes = Snes::new(world)?;
    snes.set_dm(&grid)?;
    if picard {
        let a = grid.create_matrix()?;
        let residual = x.duplicate()?;
        snes.set_picard(
            &residual,
            move |snes, x, b| picard_rhs(problem, snes.dm()?.as_dmda()?, x, b),
            &a,
            &a,
            move |snes, x, a, p| {
                let grid = snes.dm()?.into_dmda()?;
                let mut local = grid.local_vector()?;
                grid.global_to_local(x, InsertMode::Insert, &mut local)?;
                let u = grid.array(&local)?;
                p.zero_entries()?;
                let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
                jacobian(problem, &grid, &u, &mut rows)?;
                rows.finish()?;
                super::ex1::assemble(a, p)
            },
        )?;
    } else {
        snes.set_function_local(move |grid: &DmdaRef, x: &In<'_>, f: &mut Out<'_>| {
            function(problem, grid, x, f)
        })?;
        snes.set_jacobian_local(
            move |grid: &DmdaRef, x: &In<'_>, rows: &mut StencilAssembler<'_>| {
                jacobian(problem, grid, x, rows)
            },
        )?;
    }
    snes.set_from_options()?;
    snes.set_ngs(move |snes, x, b| gauss_seidel(problem, snes, x, b))?;
    if options.int("-precheck")?.unwrap_or(0) > 0 {
        let degrees = options.real("-precheck_angle")?.unwrap_or(10.0);
        let mut last = x.duplicate()?;
        snes.line_search()?.set_pre_check(move |search, _, y| {
            correct(degrees, search.snes()?.iterations()?, &mut last, y)?;
            // The C program does not report that the step was changed.
            Ok(false)
        })?;
    }
    initial_guess(problem, &grid, &mut x)?;
    let mut b = x.duplicate()?;
    constant_source(problem, &grid, &mut b)?;
    let reason = snes.solve_unchecked(Some(&b), &mut x)?;
    let iterations = snes.iterations()?;
    let name = match reason {
        ConvergedReason::AbsoluteTolerance => "CONVERGED_FNORM_ABS",
        ConvergedReason::RelativeTolerance => "CONVERGED_FNORM_RELATIVE",
        ConvergedReason::SmallStep => "CONVERGED_SNORM_RELATIVE",
        ConvergedReason::IterationLimit => "DIVERGED_MAX_IT",
        ConvergedReason::LineSearch => "DIVERGED_LINE_SEARCH",
        ConvergedReason::LinearSolve => "DIVERGED_LINEAR_SOLVE",
        _ => "another reason",
    };
    petsc.print(format_args!("{name} Number of nonlinear iterations = {iterations}\n"))
}

/// Changes the length of a step that has the direction of the last one.
fn correct(degrees: Real, iteration: usize, last: &mut VectorRef, y: &mut VectorRef) -> Result<()> {
    if iteration < 1 {
        return last.copy_from(y);
    }
    let (size, before) = (y.norm(Norm::Two)?, last.norm(Norm::Two)?);
    let cosine = (y.dot(last)?.modulus() / (size * before)).clamp(-1.0, 1.0);
    let (angle, limit): (Real, Real) = (cosine.acos(), degrees.to_radians());
    if angle.abs() >= limit && (angle - std::f64::consts::PI).abs() >= limit {
        return last.copy_from(y);
    }
    last.axpy(Scalar::from_real(-1.0), y)?;
    let alpha = before / last.norm(Norm::Two)?;
    last.copy_from(y)?;
    y.scale(Scalar::from_real(alpha))
}

fn initial_guess(problem: Problem, grid: &DmdaRef, x: &mut VectorRef) -> Result<()> {
    let s = Square::of(grid)?;
    let Problem { lambda, initial, .. } = problem;
    let mut u = grid.array_mut(x)?;
    for (i, j) in grid.corners()?.points() {
        let (dx, dy) = (i.min(s.mx - i - 1) as Real * s.hx, j.min(s.my - j - 1) as Real * s.hy);
        let root = dx.min(dy).sqrt();
        let px = 2.0 * i as Real / (s.mx - 1) as Real - 1.0;
        let py = 2.0 * j as Real / (s.my - 1) as Real - 1.0;
        let peaked = (1.0 - px * px) * (1.0 - py * py) * px * py;
        let value = match initial {
            _ if s.edge((i, j)) || initial == 0 => 0.0,
            1 => peaked,
            _ if lambda != 0.0 => lambda / (lambda + 1.0) * root,
            -1 => peaked,
            _ => 0.5 * root,
        };
        u[(i, j)] = Scalar::from_real(value);
    }
    Ok(())
}

fn constant_source(problem: Problem, grid: &DmdaRef, b: &mut VectorRef) -> Result<()> {
    let s = Square::of(grid)?;
    let mut b = grid.array_mut(b)?;
    for at in grid.corners()?.points() {
        let value = if s.edge(at) { 0.0 } else { s.hx * s.hy * problem.source };
        b[at] = Scalar::from_real(value);
    }
    Ok(())
}

fn picard_rhs(problem: Problem, grid: &DmdaRef, x: &VectorRef, b: &mut VectorRef) -> Result<()> {
    let s = Square::of(grid)?;
    let factor = Scalar::from_real(s.hx * s.hy * problem.lambda);
    let (x, mut b) = (grid.array(x)?, grid.array_mut(b)?);
    for at in grid.corners()?.points() {
        b[at] = if s.edge(at) { Scalar::from_real(0.0) } else { factor * x[at].exp() };
    }
    Ok(())
}

fn function(problem: Problem, grid: &DmdaRef, x: &In<'_>, f: &mut Out<'_>) -> Result<()> {
    let s = Square::of(grid)?;
    for at in grid.corners()?.points() {
        let u = x[at];
        f[at] = if s.edge(at) {
            u
        } else {
            let slopes = slopes(&s, x, at, u, along(&s, x, at));
            problem.residual(&s, at, slopes, u)
        };
    }
    Ok(())
}

fn jacobian(
    problem: Problem,
    grid: &DmdaRef,
    x: &In<'_>,
    rows: &mut StencilAssembler<'_>,
) -> Result<()> {
    let s = Square::of(grid)?;
    let r = Scalar::from_real;
    let (hxdhy, hydhx, quarter) = (r(s.hx / s.hy), r(s.hy / s.hx), r(0.25));
    for at in grid.corners()?.points() {
        if s.edge(at) {
            rows.set(at, at, r(1.0))?;
            continue;
        }
        let (i, j) = at;
        let u = x[at];
        let slopes = slopes(&s, x, at, u, along(&s, x, at));
        let place = s.place(at);
        let eta = slopes.map(|slope| problem.eta(place, slope));
        let skew = slopes.map(|slope| problem.deta(place, slope) * slope.x * slope.y);
        let (ew, ns) = (quarter * (skew.e - skew.w), quarter * (skew.n - skew.s));
        let full = problem.newton(&s, at, slopes);
        let (south, west, middle, east, north) = match problem.kind {
            Kind::Bratu => {
                let middle = r(2.0) * (hydhx + hxdhy) - problem.heat(&s, u);
                (-hxdhy, -hydhx, middle, -hydhx, -hxdhy)
            }
            Kind::Picard => {
                let middle = (eta.w + eta.e) * hydhx + (eta.s + eta.n) * hxdhy;
                (-hxdhy * eta.s, -hydhx * eta.w, middle, -hydhx * eta.e, -hxdhy * eta.n)
            }
            Kind::Star | Kind::Newton => {
                let diffusion = hxdhy * (full.n + full.s) + hydhx * (full.e + full.w);
                (
                    -hxdhy * full.s + ew,
                    -hydhx * full.w + ns,
                    diffusion - problem.heat(&s, u),
                    -hydhx * full.e - ns,
                    -hxdhy * full.n - ew,
                )
            }
        };
        let cross = [
            ((i, j - 1), south),
            ((i - 1, j), west),
            (at, middle),
            ((i + 1, j), east),
            ((i, j + 1), north),
        ];
        if problem.kind != Kind::Newton {
            rows.row(at, cross)?;
            continue;
        }
        let corners = [
            ((i - 1, j - 1), -quarter * (skew.s + skew.w)),
            ((i + 1, j - 1), quarter * (skew.s + skew.e)),
            ((i - 1, j + 1), quarter * (skew.n + skew.w)),
            ((i + 1, j + 1), -quarter * (skew.n + skew.e)),
        ];
        rows.row(at, cross.into_iter().chain(corners))?;
    }
    Ok(())
}

/// Updates red points, then black points.
fn gauss_seidel(
    problem: Problem,
    snes: &SnesRef,
    x: &mut VectorRef,
    b: Option<&VectorRef>,
) -> Result<()> {
    let grid = snes.dm()?.into_dmda()?;
    let s = Square::of(&grid)?;
    let (hxdhy, hydhx) = (Scalar::from_real(s.hx / s.hy), Scalar::from_real(s.hy / s.hx));
    let sweeps = snes.ngs_sweeps()?;
    let (atol, rtol, stol, most) = snes.ngs_tolerances()?;
    let mut local = grid.local_vector()?;
    grid.global_to_local(x, InsertMode::Insert, &mut local)?;
    {
        let right = b.map(|b| grid.array(b)).transpose()?;
        let mut v = grid.array_mut(&mut local)?;
        let corners = grid.corners()?;
        let first = corners.x().start;
        for color in (0..sweeps).flat_map(|_| [0, 1]) {
            for at in corners.points().filter(|(i, j)| (i - first) % 2 == (color + j) % 2) {
                let wanted = right.as_ref().map_or(Scalar::from_real(0.0), |b| b[at]);
                if s.edge(at) {
                    v[at] = wanted;
                    continue;
                }
                let along = along(&s, &v, at);
                let mut u = v[at];
                let mut begin = 0.0;
                for k in 0..most {
                    let slopes = slopes(&s, &v, at, u, along);
                    let f = problem.residual(&s, at, slopes, u) - wanted;
                    let full = problem.newton(&s, at, slopes);
                    let derivative =
                        hxdhy * (full.n + full.s) + hydhx * (full.e + full.w) - problem.heat(&s, u);
                    let size = f.real().abs();
                    if k == 0 {
                        begin = size;
                    }
                    let y = f / derivative;
                    u -= y;
                    if atol > size || rtol * begin > size || stol * u.real().abs() > y.real().abs()
                    {
                        break;
                    }
                }
                v[at] = u;
            }
        }
    }
    grid.local_to_global(&local, InsertMode::Insert, x)
}
