//! Along the branch of steady states, around the fold, by arc length.

use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;

use super::Problem;

/// A steady state on the branch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// How fast heat is made.
    pub lambda: Real,
    /// The largest rise of temperature.
    pub largest: Real,
    /// Number of Newton steps.
    pub steps: usize,
    /// Length of the step along the branch that led there.
    pub length: Real,
}

/// The branch, from cold to hot.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The steady states, in order.
    pub points: Vec<Point>,
}

impl Branch {
    /// λ and `u` at the fold: the top of the parabola through the highest point and its neighbours. `None` if
    /// the branch ends before.
    #[must_use]
    pub fn fold(&self) -> Option<(Real, Real)> {
        let top = (1..self.points.len().saturating_sub(1))
            .max_by(|&a, &b| self.points[a].lambda.total_cmp(&self.points[b].lambda))?;
        let [a, b, c] =
            [top - 1, top, top + 1].map(|i| (self.points[i].largest, self.points[i].lambda));
        if b.1 < a.1 || b.1 < c.1 {
            return None;
        }
        // Newton's form through the three points.
        let first = (b.1 - a.1) / (b.0 - a.0);
        let second = ((c.1 - b.1) / (c.0 - b.0) - first) / (c.0 - a.0);
        let u = 0.5 * (a.0 + b.0) - first / (2.0 * second);
        Some((a.1 + first * (u - a.0) + second * (u - a.0) * (u - b.0), u))
    }
}

/// Follows the branch from `u = 0`, `λ = 0`, whatever `λ` the problem has, in `count` steps of arc length `step`, measured by
/// `√(‖δu‖²/n + δλ²)` and halved where the branch bends too much. Linear systems are solved by what `-ksp_*`
/// and `-pc_*` choose. Collective.
///
/// # Errors
/// A Newton iteration or a linear solve that does not converge.
pub fn follow(grid: &Dmda, problem: &Problem, count: usize, step: Real) -> Result<Branch> {
    walk(grid, problem, step, |points| points.len() >= count)
}

/// The fold itself: the steady state with the largest `λ`. The branch is followed in steps of arc length `step`
/// until `λ` goes down, the last of them again in quarters, and the top is that of the cubic which has `λ` and its
/// slope at both ends. Collective.
///
/// # Errors
/// As [`follow`]; a branch without a fold for 2000 steps.
pub fn to_the_fold(grid: &Dmda, problem: &Problem, step: Real) -> Result<Point> {
    let mut walker = Walker::new(grid, *problem)?;
    walker.turn()?;
    for _ in 0..2000 {
        let before = walker.place()?;
        let point = walker.advance_at_most(step)?;
        walker.turn()?;
        if walker.tangent.1 > 0.0 {
            continue;
        }
        walker.go_back(before);
        for _ in 0..40 {
            let before = walker.place()?;
            let point = walker.advance_at_most(0.25 * point.length)?;
            walker.turn()?;
            if walker.tangent.1 <= 0.0 {
                return walker.top(&before, point);
            }
        }
        break;
    }
    Err(Error::user("no fold in 2000 steps along the branch"))
}

fn walk(
    grid: &Dmda,
    problem: &Problem,
    step: Real,
    enough: impl Fn(&[Point]) -> bool,
) -> Result<Branch> {
    let mut walker = Walker::new(grid, *problem)?;
    let mut points = Vec::new();
    while !enough(&points) {
        walker.turn()?;
        points.push(walker.advance_at_most(step)?);
    }
    Ok(Branch { points })
}

struct Walker<'a> {
    grid: &'a Dmda,
    /// With the `λ` where the walker is.
    problem: Problem,
    ksp: Ksp,
    jacobian: Matrix,
    u: Vector,
    /// The direction of the branch.
    tangent: (Vector, Real),
    /// One over the number of unknowns.
    weight: Real,
    /// Of the next step, if the caller wants no shorter one.
    length: Real,
}

impl<'a> Walker<'a> {
    fn new(grid: &'a Dmda, problem: Problem) -> Result<Self> {
        let u = grid.create_global_vector()?;
        let jacobian = grid.create_matrix()?;
        let mut ksp = Ksp::new(&grid.comm()?)?;
        // Symmetric, and indefinite beyond the fold.
        ksp.set_type(KspType::GMRES)?;
        ksp.set_gmres_restart(100)?;
        ksp.set_tolerances(petsc_rs::ksp::Tolerances {
            rtol: 1e-10.into(),
            max_iterations: 1000.into(),
            ..Default::default()
        })?;
        ksp.set_from_options()?;
        let weight = 1.0 / u.len()? as Real;
        let tangent = (u.duplicate()?, 1.0);
        Ok(Self {
            grid,
            problem: Problem {
                lambda: 0.0,
                ..problem
            },
            ksp,
            jacobian,
            u,
            tangent,
            weight,
            length: Real::MAX,
        })
    }

    /// One step along the tangent, shorter where the branch bends too much.
    fn advance_at_most(&mut self, step: Real) -> Result<Point> {
        loop {
            if let Some(point) = self.advance(self.length.min(step))? {
                if point.steps <= 4 {
                    self.length = (1.5 * self.length).min(step);
                }
                return Ok(point);
            }
            self.length = 0.5 * self.length.min(step);
            if self.length < 1e-4 * step {
                return Err(Error::user(
                    "the continuation does not converge: take a shorter step",
                ));
            }
        }
    }

    /// Where the walker is, to come back to.
    fn place(&self) -> Result<(Vector, Real, (Vector, Real))> {
        let tangent = (self.tangent.0.duplicate_with_values()?, self.tangent.1);
        let u = self.u.duplicate_with_values()?;
        Ok((u, self.problem.lambda, tangent))
    }

    fn go_back(&mut self, place: (Vector, Real, (Vector, Real))) {
        (self.u, self.problem.lambda, self.tangent) = place;
    }

    /// The top between a place before the fold and `last`, where the walker is, behind it.
    fn top(&self, before: &(Vector, Real, (Vector, Real)), last: Point) -> Result<Point> {
        let (u, lambda, tangent) = before;
        let h = last.length;
        // Along the tangent of the place before, in which the step was measured.
        let ahead = self.inner(&tangent.0, &self.tangent.0)? + tangent.1 * self.tangent.1;
        let slopes = (tangent.1, self.tangent.1 / ahead);
        let [_, b, c] = cubic((*lambda, last.lambda), slopes, h);
        let at = slopes.0 / ((b * b - 3.0 * c * slopes.0).sqrt() - b);
        let hottest = |x: &Vector| Ok::<_, Error>(x.max()?.map_or(0.0, |(_, value)| value));
        let heats = (hottest(&tangent.0)?, hottest(&self.tangent.0)? / ahead);
        let cold = hottest(u)?;
        let value = |from: Real, [a, b, c]: [Real; 3]| from + at * (a + at * (b + at * c));
        Ok(Point {
            lambda: value(*lambda, cubic((*lambda, last.lambda), slopes, h)),
            largest: value(cold, cubic((cold, last.largest), heats, h)),
            ..last
        })
    }

    /// One step along the tangent, and by Newton's method back to the branch on the plane across; `None`, and
    /// nothing has moved, if that does not converge.
    fn advance(&mut self, step: Real) -> Result<Option<Point>> {
        let (du, dlambda) = (&self.tangent.0, self.tangent.1);
        let (start, lambda0) = (self.u.duplicate_with_values()?, self.problem.lambda);
        self.u.axpy(Scalar::from_real(step), du)?;
        self.problem.lambda += step * dlambda;
        let (mut f, mut by_lambda) = (self.u.duplicate()?, self.u.duplicate()?);
        let (mut a, mut b) = (self.u.duplicate()?, self.u.duplicate()?);
        for steps in 1..=8 {
            self.evaluate(&mut f, &mut by_lambda)?;
            // Too far, and the exponential overflows; too near to the fold, and the matrix is singular.
            let finite = f.norm(Norm::Two)?.is_finite() && by_lambda.norm(Norm::Two)?.is_finite();
            if !(finite && self.solves(&f, &mut a)? && self.solves(&by_lambda, &mut b)?) {
                break;
            }
            // δu = -a - δλ·b, and on the plane ⟨du, u + δu - u₀⟩ + dλ·(λ + δλ - λ₀) = step.
            let mut moved = self.u.duplicate_with_values()?;
            moved.axpy(Scalar::from_real(-1.0), &start)?;
            let (du, dlambda) = (&self.tangent.0, self.tangent.1);
            let distance =
                self.inner(du, &moved)? + dlambda * (self.problem.lambda - lambda0) - step;
            let delta = (self.inner(du, &a)? - distance) / (dlambda - self.inner(du, &b)?);
            self.u.axpy(Scalar::from_real(-1.0), &a)?;
            self.u.axpy(Scalar::from_real(-delta), &b)?;
            self.problem.lambda += delta;
            let change = (self.inner(&a, &a)? + delta * delta).sqrt();
            if change < 1e-9 {
                let largest = self.u.max()?.map_or(0.0, |(_, value)| value);
                return Ok(Some(Point {
                    lambda: self.problem.lambda,
                    largest,
                    steps,
                    length: step,
                }));
            }
        }
        self.u = start;
        self.problem.lambda = lambda0;
        Ok(None)
    }

    /// Whether the linear solver converged.
    fn solves(&mut self, right: &Vector, x: &mut Vector) -> Result<bool> {
        match self.ksp.solve(right, x) {
            Ok(_) => Ok(true),
            Err(error) if error.code() == ErrorCode::NOT_CONVERGED => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The unit tangent that goes on in the direction of the last one.
    fn turn(&mut self) -> Result<()> {
        let (mut f, mut by_lambda) = (self.u.duplicate()?, self.u.duplicate()?);
        self.evaluate(&mut f, &mut by_lambda)?;
        let mut b = self.u.duplicate()?;
        self.ksp.solve(&by_lambda, &mut b)?;
        // (-b, 1), with length one.
        let length = (self.inner(&b, &b)? + 1.0).sqrt();
        let ahead = self.tangent.1 - self.inner(&self.tangent.0, &b)?;
        let scale = if ahead < 0.0 {
            -1.0 / length
        } else {
            1.0 / length
        };
        b.scale(Scalar::from_real(-scale))?;
        self.tangent = (b, scale);
        Ok(())
    }

    /// The residual, its derivative by λ, and the Jacobian.
    fn evaluate(&mut self, f: &mut Vector, by_lambda: &mut Vector) -> Result<()> {
        let grid = self.grid;
        let mut ghosted = grid.local_vector()?;
        grid.global_to_local(&self.u, InsertMode::Insert, &mut ghosted)?;
        let u = grid.array(&ghosted)?;
        super::residual(grid, &self.problem, &u, &mut grid.array_mut(f)?)?;
        super::by_lambda(grid, &self.problem, &u, &mut grid.array_mut(by_lambda)?)?;
        let mut rows = grid.stencil_assembler(&mut self.jacobian, InsertMode::Insert)?;
        super::jacobian(grid, &self.problem, &u, &mut rows)?;
        rows.finish()?;
        self.ksp.set_operators(&self.jacobian, &self.jacobian)
    }

    fn inner(&self, a: &Vector, b: &Vector) -> Result<Real> {
        Ok(self.weight * a.dot(b)?.real())
    }
}

/// The coefficients of `x`, `x²` and `x³` of the cubic with these values and slopes at 0 and `h`.
fn cubic((p, q): (Real, Real), (m, n): (Real, Real), h: Real) -> [Real; 3] {
    let mean = (q - p) / h;
    [
        m,
        (3.0 * mean - 2.0 * m - n) / h,
        (m + n - 2.0 * mean) / (h * h),
    ]
}
