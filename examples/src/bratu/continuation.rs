//! Continuation of the branch of steady states in arc length, around the fold.

use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;

use super::Problem;

/// A steady state on the branch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The parameter `λ`.
    pub lambda: Real,
    /// The largest temperature rise.
    pub largest: Real,
    /// The number of Newton steps.
    pub steps: usize,
    /// The length of the step along the branch to this state.
    pub length: Real,
    /// The derivatives of `lambda` and `largest` with respect to arc length.
    pub slopes: (Real, Real),
}

/// The branch, starting with the lowest temperatures.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The steady states, in order. There are fewer than requested if a step does not converge.
    pub points: Vec<Point>,
}

impl Branch {
    /// Returns whether the branch contains a fold, that is, whether `λ` decreases somewhere.
    #[must_use]
    pub fn passes_a_fold(&self) -> bool {
        self.points.windows(2).any(|p| p[1].lambda < p[0].lambda)
    }

    /// Returns `λ` and the largest temperature rise along the branch, starting at 0, as the points
    /// of a curve for a figure. Within a step, both are interpolated with cubics that match the
    /// values and slopes at the ends of the step.
    #[must_use]
    pub fn curve(&self) -> Vec<(Real, Real)> {
        const PARTS: u32 = 12;
        let mut curve = vec![(0.0, 0.0)];
        curve.extend(self.points.first().map(|p| (p.lambda, p.largest)));
        for pair in self.points.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            let lambda = cubic((a.lambda, b.lambda), (a.slopes.0, b.slopes.0), b.length);
            let largest = cubic((a.largest, b.largest), (a.slopes.1, b.slopes.1), b.length);
            curve.extend((1..=PARTS).map(|part| {
                let at = b.length * Real::from(part) / Real::from(PARTS);
                (value(a.lambda, lambda, at), value(a.largest, largest, at))
            }));
        }
        curve
    }
}

/// Follows the branch from `u = 0`, `λ = 0`, independently of the `λ` of the problem, in `count`
/// steps of arc length `step`. The norm is `√(‖δu‖²/n + δλ²)`. Steps are halved if the curvature of
/// the branch is too large. The options `-ksp_*` and `-pc_*` select the linear solver. The branch
/// ends early if a step does not converge. Collective.
///
/// # Errors
/// The first step does not converge; errors of the DMDA.
pub fn follow(grid: &Dmda, problem: &Problem, count: usize, step: Real) -> Result<Branch> {
    let mut walker = Walker::new(grid, *problem)?;
    let mut points = Vec::new();
    walker.turn()?;
    while points.len() < count {
        match walker.next(step) {
            Ok(point) => points.push(point),
            Err(error) if error.code() == ErrorCode::NOT_CONVERGED && !points.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(Branch { points })
}

/// The steady state with the largest `λ`, with an error estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fold {
    /// The parameter `λ`.
    pub lambda: Real,
    /// The largest temperature rise.
    pub largest: Real,
    /// The change of `lambda` and `largest` in the last refinement, which bounds their errors on
    /// this grid.
    pub errors: (Real, Real),
}

/// Computes the fold, the steady state with the largest `λ`. The branch is followed in steps of arc
/// length `step` until `λ` decreases, and the last step is repeated in steps of a quarter of its
/// length. The maximum of the cubic Hermite interpolant of `λ` over the step with the fold
/// approximates the fold. A step of a quarter of the previous length, centered at this maximum,
/// then gives a better interpolant. Such steps are repeated, at most four times, until `λ` and the
/// temperature rise no longer change. Collective.
///
/// # Errors
/// See [`follow`]; no fold within 2000 steps.
pub fn to_the_fold(grid: &Dmda, problem: &Problem, step: Real) -> Result<Fold> {
    let mut walker = Walker::new(grid, *problem)?;
    let (before, behind) = walker.around_the_fold(step)?;
    let mut top = walker.top(&before, behind)?;
    let mut fold = top.fold((Real::INFINITY, Real::INFINITY));
    walker.go_back(before);
    let mut length = behind.length;
    for _ in 0..4 {
        // The fold is at the center of the next step, because the Jacobian is singular at the fold.
        length *= 0.25;
        walker.advance_to(top.at - 0.5 * length)?;
        walker.turn()?;
        let before = walker.place()?;
        let behind = walker.next(length)?;
        top = walker.top(&before, behind)?;
        walker.go_back(before);
        let changes = ((top.lambda - fold.lambda).abs(), (top.largest - fold.largest).abs());
        // Further changes are rounding errors.
        if changes.0 >= fold.errors.0 && changes.1 >= fold.errors.1 {
            break;
        }
        fold = top.fold(changes);
        if changes.0 < 1e-9 * fold.lambda && changes.1 < 1e-7 * fold.largest {
            break;
        }
    }
    Ok(fold)
}

/// The maximum of `λ` on the branch, from a cubic.
struct Top {
    /// The distance along the tangent.
    at: Real,
    lambda: Real,
    largest: Real,
}

impl Top {
    fn fold(&self, errors: (Real, Real)) -> Fold {
        Fold { lambda: self.lambda, largest: self.largest, errors }
    }
}

/// A saved position on the branch: `u`, `λ` and the tangent.
type Place = (Vector, Real, (Vector, Real));

struct Walker<'a> {
    grid: &'a Dmda,
    /// The problem with the current `λ`.
    problem: Problem,
    ksp: Ksp,
    jacobian: Matrix,
    u: Vector,
    /// The tangent of the branch.
    tangent: (Vector, Real),
    /// One divided by the number of unknowns.
    weight: Real,
    /// The length of the next step, unless the caller requests a shorter one.
    length: Real,
}

impl<'a> Walker<'a> {
    fn new(grid: &'a Dmda, problem: Problem) -> Result<Self> {
        let u = grid.create_global_vector()?;
        let jacobian = grid.create_matrix()?;
        let mut ksp = Ksp::new(&grid.comm()?)?;
        // The matrix is symmetric, and indefinite beyond the fold.
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
            problem: Problem { lambda: 0.0, ..problem },
            ksp,
            jacobian,
            u,
            tangent,
            weight,
            length: Real::MAX,
        })
    }

    /// Makes one step along the branch and computes the tangent.
    fn next(&mut self, step: Real) -> Result<Point> {
        let point = self.advance_at_most(step)?;
        self.turn()?;
        let slopes = (self.tangent.1, hottest(&self.tangent.0)?);
        Ok(Point { slopes, ..point })
    }

    /// Moves from a position before the fold to the current one behind it, and returns the fold.
    fn around_the_fold(&mut self, step: Real) -> Result<(Place, Point)> {
        self.turn()?;
        for _ in 0..2000 {
            let before = self.place()?;
            let point = self.next(step)?;
            if self.tangent.1 > 0.0 {
                continue;
            }
            self.go_back(before);
            for _ in 0..40 {
                let before = self.place()?;
                let point = self.next(0.25 * point.length)?;
                if self.tangent.1 <= 0.0 {
                    return Ok((before, point));
                }
            }
            break;
        }
        Err(Error::user("no fold in 2000 steps along the branch"))
    }

    /// Makes one step of this length, forward or backward.
    fn advance_to(&mut self, length: Real) -> Result<()> {
        match self.advance(length)? {
            Some(_) => Ok(()),
            None => Err(Error::collective(
                ErrorCode::NOT_CONVERGED,
                "the continuation does not converge at the fold",
            )),
        }
    }

    /// Makes one step along the tangent, shorter if the curvature of the branch is too large.
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
                return Err(Error::collective(
                    ErrorCode::NOT_CONVERGED,
                    "the continuation does not converge: use a shorter step",
                ));
            }
        }
    }

    /// Saves the current position.
    fn place(&self) -> Result<Place> {
        let tangent = (self.tangent.0.duplicate_with_values()?, self.tangent.1);
        let u = self.u.duplicate_with_values()?;
        Ok((u, self.problem.lambda, tangent))
    }

    fn go_back(&mut self, place: Place) {
        (self.u, self.problem.lambda, self.tangent) = place;
    }

    /// Returns the maximum of `λ` between a saved position and the current one, one step behind it.
    fn top(&self, before: &Place, last: Point) -> Result<Top> {
        let (u, lambda, tangent) = before;
        let h = last.length;
        // The distance is measured along the tangent at the first position.
        let ahead = self.inner(&tangent.0, &self.tangent.0)? + tangent.1 * self.tangent.1;
        let slopes = (tangent.1, self.tangent.1 / ahead);
        let lambdas = cubic((*lambda, last.lambda), slopes, h);
        let [_, b, c] = lambdas;
        let at = slopes.0 / ((b * b - 3.0 * c * slopes.0).sqrt() - b);
        let heats = (hottest(&tangent.0)?, hottest(&self.tangent.0)? / ahead);
        let cold = hottest(u)?;
        Ok(Top {
            at,
            lambda: value(*lambda, lambdas, at),
            largest: value(cold, cubic((cold, last.largest), heats, h), at),
        })
    }

    /// Makes one step along the tangent and returns to the branch with Newton's method in the
    /// orthogonal plane. If Newton's method does not converge, the position is unchanged, and the
    /// result is `None`.
    fn advance(&mut self, step: Real) -> Result<Option<Point>> {
        let (du, dlambda) = (&self.tangent.0, self.tangent.1);
        let (start, lambda0) = (self.u.duplicate_with_values()?, self.problem.lambda);
        self.u.axpy(Scalar::from_real(step), du)?;
        self.problem.lambda += step * dlambda;
        let (mut f, mut by_lambda) = (self.u.duplicate()?, self.u.duplicate()?);
        let (mut a, mut b) = (self.u.duplicate()?, self.u.duplicate()?);
        for steps in 1..=8 {
            self.evaluate(&mut f, &mut by_lambda)?;
            // Long steps overflow the exponential; near the fold, the matrix is singular.
            let finite = f.norm(Norm::Two)?.is_finite() && by_lambda.norm(Norm::Two)?.is_finite();
            if !(finite && self.solves(&f, &mut a)? && self.solves(&by_lambda, &mut b)?) {
                break;
            }
            // δu = -a - δλ·b, with the plane ⟨du, u + δu - u₀⟩ + dλ·(λ + δλ - λ₀) = step.
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
                return Ok(Some(Point {
                    lambda: self.problem.lambda,
                    largest: hottest(&self.u)?,
                    steps,
                    length: step,
                    slopes: (0.0, 0.0),
                }));
            }
        }
        self.u = start;
        self.problem.lambda = lambda0;
        Ok(None)
    }

    /// Returns whether the linear solver converged.
    fn solves(&mut self, right: &Vector, x: &mut Vector) -> Result<bool> {
        match self.ksp.solve(right, x) {
            Ok(_) => Ok(true),
            Err(error) if error.code() == ErrorCode::NOT_CONVERGED => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Computes the unit tangent in the direction of the last one.
    fn turn(&mut self) -> Result<()> {
        let (mut f, mut by_lambda) = (self.u.duplicate()?, self.u.duplicate()?);
        self.evaluate(&mut f, &mut by_lambda)?;
        let mut b = self.u.duplicate()?;
        self.ksp.solve(&by_lambda, &mut b)?;
        // The tangent is (-b, 1), normalized.
        let length = (self.inner(&b, &b)? + 1.0).sqrt();
        let ahead = self.tangent.1 - self.inner(&self.tangent.0, &b)?;
        let scale = if ahead < 0.0 { -1.0 / length } else { 1.0 / length };
        b.scale(Scalar::from_real(-scale))?;
        self.tangent = (b, scale);
        Ok(())
    }

    /// Computes the residual, its derivative with respect to λ, and the Jacobian.
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

/// Returns the coefficients of `x`, `x²` and `x³` of the cubic with these values and slopes at 0
/// and `h`.
fn cubic((p, q): (Real, Real), (m, n): (Real, Real), h: Real) -> [Real; 3] {
    let mean = (q - p) / h;
    [m, (3.0 * mean - 2.0 * m - n) / h, (m + n - 2.0 * mean) / (h * h)]
}

/// Evaluates the polynomial with the constant term `from` and these coefficients of `x`, `x²` and
/// `x³`.
fn value(from: Real, [a, b, c]: [Real; 3], at: Real) -> Real {
    from + at * (a + at * (b + at * c))
}

fn hottest(u: &Vector) -> Result<Real> {
    Ok(u.max()?.map_or(0.0, |(_, value)| value))
}
