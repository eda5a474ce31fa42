//! Along the branch of steady states, around the fold, by arc length.

use petsc_rs::prelude::*;

use super::Cells;

/// A steady state on the branch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// How fast heat is made.
    pub lambda: Real,
    /// The largest rise of temperature.
    pub largest: Real,
    /// Number of Newton steps.
    pub steps: usize,
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

/// Follows the branch from `u = 0`, `λ = 0` in `count` steps of arc length `step`, measured by
/// `√(‖δu‖²/n + δλ²)` and halved where the branch bends too much. Linear systems are solved by what `-ksp_*`
/// and `-pc_*` choose. Collective.
///
/// # Errors
/// A Newton iteration or a linear solve that does not converge.
pub fn follow(grid: &Dmda, count: usize, step: Real) -> Result<Branch> {
    let mut walker = Walker::new(grid)?;
    let mut points = Vec::with_capacity(count);
    let mut length = step;
    while points.len() < count {
        walker.turn()?;
        let point = loop {
            if let Some(point) = walker.advance(length)? {
                break point;
            }
            length *= 0.5;
            if length < 1e-4 * step {
                return Err(Error::user(
                    "the continuation does not converge: take a shorter step",
                ));
            }
        };
        if point.steps <= 4 {
            length = (1.5 * length).min(step);
        }
        points.push(point);
    }
    Ok(Branch { points })
}

struct Walker<'a> {
    grid: &'a Dmda,
    ksp: Ksp,
    jacobian: Matrix,
    u: Vector,
    lambda: Real,
    /// The direction of the branch.
    tangent: (Vector, Real),
    /// One over the number of unknowns.
    weight: Real,
}

impl<'a> Walker<'a> {
    fn new(grid: &'a Dmda) -> Result<Self> {
        let u = grid.create_global_vector()?;
        let jacobian = grid.create_matrix()?;
        let mut ksp = Ksp::new(&grid.comm()?)?;
        // Symmetric, and indefinite beyond the fold.
        ksp.set_type(KspType::GMRES)?;
        ksp.set_tolerances(petsc_rs::ksp::Tolerances {
            rtol: 1e-10.into(),
            ..Default::default()
        })?;
        ksp.set_from_options()?;
        let weight = 1.0 / u.len()? as Real;
        let tangent = (u.duplicate()?, 1.0);
        Ok(Self {
            grid,
            ksp,
            jacobian,
            u,
            lambda: 0.0,
            tangent,
            weight,
        })
    }

    /// One step along the tangent, and by Newton's method back to the branch on the plane across; `None`, and
    /// nothing has moved, if that does not converge.
    fn advance(&mut self, step: Real) -> Result<Option<Point>> {
        let (du, dlambda) = (&self.tangent.0, self.tangent.1);
        let (start, lambda0) = (copy(&self.u)?, self.lambda);
        self.u.axpy(Scalar::from_real(step), du)?;
        self.lambda += step * dlambda;
        let (mut f, mut by_lambda) = (self.u.duplicate()?, self.u.duplicate()?);
        let (mut a, mut b) = (self.u.duplicate()?, self.u.duplicate()?);
        for steps in 1..=8 {
            self.evaluate(&mut f, &mut by_lambda)?;
            self.ksp.solve(&f, &mut a)?;
            self.ksp.solve(&by_lambda, &mut b)?;
            // δu = -a - δλ·b, and on the plane ⟨du, u + δu - u₀⟩ + dλ·(λ + δλ - λ₀) = step.
            let mut moved = copy(&self.u)?;
            moved.axpy(Scalar::from_real(-1.0), &start)?;
            let (du, dlambda) = (&self.tangent.0, self.tangent.1);
            let distance = self.inner(du, &moved)? + dlambda * (self.lambda - lambda0) - step;
            let delta = (self.inner(du, &a)? - distance) / (dlambda - self.inner(du, &b)?);
            self.u.axpy(Scalar::from_real(-1.0), &a)?;
            self.u.axpy(Scalar::from_real(-delta), &b)?;
            self.lambda += delta;
            let change = (self.inner(&a, &a)? + delta * delta).sqrt();
            if change < 1e-9 {
                let largest = self.u.max()?.map_or(0.0, |(_, value)| value);
                return Ok(Some(Point {
                    lambda: self.lambda,
                    largest,
                    steps,
                }));
            }
        }
        self.u = start;
        self.lambda = lambda0;
        Ok(None)
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
        let cells = Cells::new(grid)?;
        let mut ghosted = grid.local_vector()?;
        grid.global_to_local(&self.u, InsertMode::Insert, &mut ghosted)?;
        let u = grid.array(&ghosted)?;
        super::residual(grid, self.lambda, &u, &mut grid.array_mut(f)?)?;
        let mut derivative = grid.array_mut(by_lambda)?;
        for at in grid.corners()?.points() {
            let value = if cells.inside(at) {
                -cells.area * u[at].real().exp()
            } else {
                0.0
            };
            derivative[at] = Scalar::from_real(value);
        }
        let mut rows = grid.stencil_assembler(&mut self.jacobian, InsertMode::Insert)?;
        super::jacobian(grid, self.lambda, &u, &mut rows)?;
        rows.finish()?;
        self.ksp.set_operators(&self.jacobian, &self.jacobian)
    }

    fn inner(&self, a: &Vector, b: &Vector) -> Result<Real> {
        Ok(self.weight * a.dot(b)?.real())
    }
}

fn copy(x: &Vector) -> Result<Vector> {
    let mut copy = x.duplicate()?;
    copy.copy_from(x)?;
    Ok(copy)
}
