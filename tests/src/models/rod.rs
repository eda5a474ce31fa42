//! The heat equation on a rod, for ex3 to ex6: matrix, times, exact solution, and the errors that
//! the monitors print.

use std::cell::Cell;
use std::f64::consts::PI;
use std::rc::Rc;

use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::ts::ExactFinalTime;
use petsc_rs::{MatrixRef, TsRef, VectorRef};

/// Sets the rows of the matrix of `u_xx` that this rank owns. The rows of both ends contain only a
/// one on the diagonal.
///
/// # Errors
/// Errors of the assembly.
pub fn matrix(a: &mut MatrixRef, m: Int) -> Result<()> {
    let h = 1.0 / (m as Real - 1.0);
    let beside = Scalar::from_real(1.0 / (h * h));
    for i in a.ownership_range()? {
        if i == 0 || i == m - 1 {
            a.set_value(i, i, Scalar::from_real(1.0), InsertMode::Insert)?;
        } else {
            let values = [beside, Scalar::from_real(-2.0) * beside, beside];
            a.set_values(&[i], &[i - 1, i, i + 1], &values, InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    a.set_option(MatrixOption::NewNonzeroLocationErr, true)
}

/// Sets the equation `u' = A u` of the rod; with `changes`, the matrix is computed in each step.
///
/// # Errors
/// Errors of the matrix and the integrator.
pub fn set_equation(ts: &mut TsRef, comm: &Comm, m: Int, changes: bool) -> Result<()> {
    let mut a = Matrix::builder(comm).global_size(m, m).build()?;
    if changes {
        ts.set_rhs_linear_with(&a, &a, move |_, _, _, a, _| matrix(a, m))
    } else {
        matrix(&mut a, m)?;
        ts.set_rhs_linear(&a)
    }
}

/// Sets the time step, a maximum of 100 steps and the final time, then reads the options.
///
/// # Errors
/// Errors of the integrator.
pub fn set_times(ts: &mut TsRef, m: Int, end: Real) -> Result<()> {
    let h = 1.0 / (m as Real - 1.0);
    ts.set_time_step(h * h / 2.0)?;
    ts.set_max_steps(100)?;
    ts.set_max_time(end)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    ts.set_from_options()
}

/// Computes the solution at time `t`: two decaying waves.
///
/// # Errors
/// `ARG_WRONGSTATE` if the array of `u` is borrowed.
pub fn exact(u: &mut VectorRef, m: Int, t: Real) -> Result<()> {
    let h = 1.0 / (m as Real - 1.0);
    let (fast, slow) = ((-36.0 * PI * PI * t).exp(), (-4.0 * PI * PI * t).exp());
    let range = u.ownership_range()?;
    for (value, i) in u.array_mut()?.iter_mut().zip(range) {
        let x = PI * h * i as Real;
        *value = Scalar::from_real((6.0 * x).sin() * fast + 3.0 * (2.0 * x).sin() * slow);
    }
    Ok(())
}

/// The sums of the 2-norms and of the maximum norms of the errors over the time steps.
#[derive(Clone, Default, Debug)]
pub struct Errors(Rc<Cell<(Real, Real)>>);

impl Errors {
    /// Adds two norms.
    pub fn add(&self, two: Real, max: Real) {
        let (a, b) = self.0.get();
        self.0.set((a + two, b + max));
    }

    /// Returns the averages over a number of steps.
    #[must_use]
    pub fn averages(&self, steps: usize) -> (Real, Real) {
        let (a, b) = self.0.get();
        (a / steps as Real, b / steps as Real)
    }
}

/// Computes norms of `exact - u` at time `t`: the 2-norm times the square root of the mesh width,
/// and the maximum norm. Overwrites `work`.
///
/// # Errors
/// Errors of the vectors.
pub fn error_norms(work: &mut VectorRef, u: &VectorRef, m: Int, t: Real) -> Result<(Real, Real)> {
    exact(work, m, t)?;
    work.axpy(Scalar::from_real(-1.0), u)?;
    let h = 1.0 / (m as Real - 1.0);
    Ok((h.sqrt() * work.norm(Norm::Two)?, work.norm(Norm::Infinity)?))
}
