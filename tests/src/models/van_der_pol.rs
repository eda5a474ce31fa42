//! Common code of ex16, ex20 and ex20opt_p: the initial state of the van der Pol oscillator, a
//! monitor at equidistant times, and the oscillator with its tangent and adjoint.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::ts::{EquationType, ExactFinalTime};
use petsc_rs::{MatrixRef, Ts, TsRef, TsType, VectorRef};

/// Sets a state on the slow manifold of stiffness `mu`.
///
/// # Errors
/// `ARG_WRONGSTATE` if the array of `x` is borrowed.
pub fn begin(x: &mut VectorRef, mu: Real) -> Result<()> {
    let mut x = x.array_mut()?;
    x[0] = Scalar::from_real(2.0);
    x[1] = Scalar::from_real(-2.0 / 3.0 + 10.0 / (81.0 * mu) - 292.0 / (2187.0 * mu * mu));
    Ok(())
}

/// Adds a monitor that prints the interpolated state at the times 0, 0.1, 0.2, …
///
/// # Errors
/// Errors of `TSMonitorSet`.
pub fn monitor(ts: &mut TsRef, comm: &Comm, x: &VectorRef) -> Result<()> {
    let (comm, mut at, mut next) = (comm.duplicate()?, x.duplicate()?, 0.0);
    ts.add_monitor(move |ts, step, t, u| {
        let (dt, end) = (ts.time_step()?, ts.max_time()?);
        while next <= t && next <= end {
            if step == 0 {
                at.copy_from(u)?;
            } else {
                ts.interpolate(next, &mut at)?;
            }
            let x = at.array()?;
            comm.print(format_args!(
                "[{next:.1}] {step} TS {t:.6} (dt = {dt:.6}) X {:12.6e} {:12.6e}\n",
                x[0].real(),
                x[1].real()
            ))?;
            next += 0.1;
        }
        Ok(())
    })
}

/// The unknowns of an [`Oscillator`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// The state alone.
    State,
    /// The state and the tangent, which is the derivative of the state with respect to the
    /// stiffness.
    Tangent,
}

/// Integrates the oscillator, optionally together with its tangent, and computes the adjoint.
#[derive(Debug)]
pub struct Oscillator {
    ts: Ts,
    u: Vector,
    lambda: Vector,
    /// The stiffness, a parameter.
    mu: Rc<Cell<Real>>,
    by_mu: Vector,
}

/// Returns the rates of state and tangent: `u″ = μ·((1 - u²)·u′ - u)` as a first-order system, and
/// its derivative.
fn rates(mu: Real, z: &[Real], g: &mut [Real]) {
    let [a, b, h] = derivatives(mu, z);
    (g[0], g[1]) = (z[1], mu * h);
    if let [_, _, w0, w1] = *z {
        (g[2], g[3]) = (w1, a * w0 + b * w1 + h);
    }
}

/// Returns the derivatives of the second rate with respect to `u`, `u′` and `μ`.
fn derivatives(mu: Real, z: &[Real]) -> [Real; 3] {
    let bent = 1.0 - z[0] * z[0];
    let a = -mu * (2.0 * z[0] * z[1] + 1.0);
    [a, mu * bent, bent * z[1] - z[0]]
}

/// Returns the Jacobian of [`rates`], row by row.
fn jacobian(mu: Real, z: &[Real]) -> Vec<Real> {
    let [a, b, _] = derivatives(mu, z);
    let [x, y] = [z[0], z[1]];
    match *z {
        [_, _, w0, w1] => {
            let by_x = -2.0 * mu * (y * w0 + x * w1) - 2.0 * x * y - 1.0;
            let by_y = -2.0 * mu * x * w0 + 1.0 - x * x;
            let first = [[0.0, 1.0, 0.0, 0.0], [a, b, 0.0, 0.0]];
            [first, [[0.0, 0.0, 0.0, 1.0], [by_x, by_y, a, b]]].concat().concat()
        }
        _ => vec![0.0, 1.0, a, b],
    }
}

/// Returns the derivatives of [`rates`] with respect to `μ`.
fn by_stiffness(mu: Real, z: &[Real]) -> Vec<Real> {
    let [a, b, h] = derivatives(mu, z);
    match *z {
        [_, _, w0, w1] => vec![0.0, h, 0.0, (a * w0 + b * w1) / mu],
        _ => vec![0.0, h],
    }
}

fn reals(x: &VectorRef) -> Result<Vec<Real>> {
    Ok(x.array()?.iter().map(|x| x.real()).collect())
}

fn put(x: &mut VectorRef, values: &[Real]) -> Result<()> {
    let mut x = x.array_mut()?;
    x.iter_mut().zip(values).for_each(|(x, v)| *x = Scalar::from_real(*v));
    Ok(())
}

impl Oscillator {
    /// Creates an integration from 0 to 0.5, with an implicit or an explicit method.
    ///
    /// # Errors
    /// Errors of the setters.
    pub fn new(comm: &Comm, mu: Real, with: With, implicit: bool) -> Result<Self> {
        let n: Int = if with == With::Tangent { 4 } else { 2 };
        let a = Matrix::builder(comm).global_size(n, n).build()?;
        let by_p = Matrix::builder(comm).global_size(n, 1).build()?;
        let (u, f) = a.vectors()?;
        let (by_mu, lambda) = (by_p.vectors()?.0, u.duplicate()?);
        let mu = Rc::new(Cell::new(mu));
        let mut ts = Ts::new(comm)?;
        ts.set_equation_type(EquationType::OdeExplicit)?;
        let fill = move |a: &mut MatrixRef, shift: Real, sign: Real, values: &[Real]| {
            let places: Vec<Int> = (0..n).collect();
            let diagonal = |k: usize| {
                if k % (places.len() + 1) == 0 { shift } else { 0.0 }
            };
            let values = values.iter().enumerate();
            let values: Vec<_> =
                values.map(|(k, v)| Scalar::from_real(diagonal(k) + sign * v)).collect();
            a.set_values(&places, &places, &values, InsertMode::Insert)?;
            a.assemble()
        };
        let at = Rc::clone(&mu);
        if implicit {
            ts.set_type(TsType::CN)?;
            ts.set_i_function(&f, move |_, _, u, v, y| {
                let mut g = vec![0.0; usize::try_from(n)?];
                rates(at.get(), &reals(u)?, &mut g);
                put(y, &g)?;
                y.aypx(Scalar::from_real(-1.0), v)
            })?;
            let at = Rc::clone(&mu);
            ts.set_i_jacobian(&a, &a, move |_, state, _, p| {
                fill(p, state.shift, -1.0, &jacobian(at.get(), &reals(state.u)?))
            })?;
        } else {
            ts.set_type(TsType::RK)?;
            ts.set_rhs_function(&f, move |_, _, u, g| {
                let mut rate = vec![0.0; usize::try_from(n)?];
                rates(at.get(), &reals(u)?, &mut rate);
                put(g, &rate)
            })?;
            let at = Rc::clone(&mu);
            ts.set_rhs_jacobian(&a, &a, move |_, _, u, _, p| {
                fill(p, 0.0, 1.0, &jacobian(at.get(), &reals(u)?))
            })?;
        }
        let at = Rc::clone(&mu);
        ts.set_rhs_jacobian_p(&by_p, move |_, _, u, p| {
            let values = by_stiffness(at.get(), &reals(u)?);
            for (i, v) in (0..n).zip(values) {
                p.set_value(i, 0, Scalar::from_real(v), InsertMode::Insert)?;
            }
            p.assemble()
        })?;
        ts.set_max_time(0.5)?;
        ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
        Ok(Self { ts, u, lambda, mu, by_mu })
    }

    /// Returns the `Ts`.
    pub fn ts_mut(&mut self) -> &mut TsRef {
        &mut self.ts
    }

    /// Integrates from `first` and returns the final state.
    ///
    /// # Errors
    /// Errors of the integration.
    pub fn integrate(&mut self, mu: Real, first: &[Real]) -> Result<Vec<Real>> {
        self.mu.set(mu);
        put(&mut self.u, first)?;
        self.ts.set_time(0.0)?;
        self.ts.set_step_number(0)?;
        // Options may change this time step.
        self.ts.set_time_step(0.001)?;
        self.ts.set_from_options()?;
        let _ = self.ts.solve(&mut self.u)?;
        reals(&self.u)
    }

    /// Returns the gradients with respect to the initial state and the stiffness. `gradient` is the
    /// gradient with respect to the final state.
    ///
    /// # Errors
    /// See [`adjoint_solve`](TsRef::adjoint_solve).
    pub fn back(&mut self, gradient: &[Real]) -> Result<(Vec<Real>, Real)> {
        put(&mut self.lambda, gradient)?;
        put(&mut self.by_mu, &[0.0])?;
        self.ts.adjoint_solve(&mut [&mut self.lambda], &mut [&mut self.by_mu])?;
        Ok((reals(&self.lambda)?, reals(&self.by_mu)?[0]))
    }
}
