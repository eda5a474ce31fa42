//! Image reconstruction from undersampled data.

use std::cell::RefCell;
use std::rc::Rc;

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use num_complex::Complex64;
use petsc_rs::bytemuck::{cast_slice, cast_slice_mut};
use petsc_rs::ksp::Tolerances;
use petsc_rs::prelude::*;

use super::encoding::Encoding;
use super::gradient::Gradient;

/// Conjugate gradients for `E*·E + more`, where `more` adds to the product. In real builds, an
/// image is a vector of real and imaginary parts, for which the operator is symmetric.
struct Normal {
    ksp: Ksp,
    b: Vector,
    x: Vector,
}

impl Normal {
    fn new(
        encoding: &Rc<RefCell<Encoding>>,
        tolerances: Tolerances,
        more: impl Fn(&[Complex64], &mut [Complex64]) + 'static,
    ) -> Result<Self> {
        let (comm, pixels) = {
            let encoding = encoding.borrow();
            (encoding.comm().clone(), encoding.rows().len() * encoding.shape()[1])
        };
        let n = pixels * (size_of::<Complex64>() / size_of::<Scalar>());
        let encoding = Rc::clone(encoding);
        let operator = Matrix::shell(&comm, n, n, move |x, y| {
            let x = x.array()?;
            let mut y = y.array_mut()?;
            let (x, y) = (cast_slice(&x), cast_slice_mut(&mut y));
            encoding.borrow_mut().normal(x, y)?;
            more(x, y);
            Ok(())
        });
        let operator = operator.build()?;
        let mut ksp = Ksp::new(&comm)?;
        ksp.set_operators(&operator, &operator)?;
        ksp.set_type(KspType::CG)?;
        ksp.pc()?.set_type(PcType::NONE)?;
        ksp.set_tolerances(tolerances)?;
        ksp.set_from_options()?;
        Ok(Self { ksp, b: Vector::with_local_len(&comm, n)?, x: Vector::with_local_len(&comm, n)? })
    }

    /// Solves for `b`, optionally with the last solution as initial guess.
    fn solve(&mut self, b: &[Complex64]) -> Result<Vec<Complex64>> {
        cast_slice_mut(&mut self.b.array_mut()?).copy_from_slice(b);
        let _ = self.ksp.solve(&self.b, &mut self.x)?;
        Ok(cast_slice(&self.x.array()?).to_vec())
    }
}

/// Computes the SENSE image, which minimizes `|E·x − samples|² + regularise·|x|²`. Returns the
/// image and the number of iterations. Collective.
///
/// # Errors
/// The solver does not converge.
pub fn sense(
    encoding: &Rc<RefCell<Encoding>>,
    adjoint: &[Complex64],
    regularise: f64,
) -> Result<(Vec<Complex64>, usize)> {
    let tolerances =
        Tolerances { rtol: 1e-10.into(), max_iterations: 500.into(), ..Tolerances::default() };
    let mut normal = Normal::new(encoding, tolerances, move |x, y| {
        y.iter_mut().zip(x).for_each(|(y, x)| *y += regularise * x);
    })?;
    let image = normal.solve(adjoint)?;
    Ok((image, normal.ksp.iterations()?))
}

/// Parameters of the total variation method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variation {
    /// The weight of the total variation, relative to the maximum of the adjoint applied to the
    /// samples.
    pub weight: f64,
    /// The penalty parameter of the splitting.
    pub penalty: f64,
    /// The number of rounds.
    pub rounds: usize,
    /// The number of conjugate gradient iterations in a round.
    pub inner: usize,
}

/// Computes the image that minimizes `½|E·x − samples|² + weight·Σ|∇x|` with the alternating
/// direction method of multipliers. Each round computes a few conjugate gradient iterations for the
/// image, and then applies soft thresholding to the differences of neighboring pixels. Collective.
///
/// # Errors
/// Errors of the solver.
pub fn total_variation(
    encoding: &Rc<RefCell<Encoding>>,
    adjoint: &[Complex64],
    how: Variation,
) -> Result<Vec<Complex64>> {
    let (comm, columns) = {
        let encoding = encoding.borrow();
        (encoding.comm().clone(), encoding.shape()[1])
    };
    let gradient = Gradient::new(&comm, columns);
    let tolerances =
        Tolerances { rtol: 0.0.into(), max_iterations: how.inner.into(), ..Tolerances::default() };
    let inside = gradient.clone();
    let mut normal = Normal::new(encoding, tolerances, move |x, y| {
        inside.add_adjoint(&inside.apply(x), how.penalty, y);
    })?;
    normal.ksp.set_converged_at_limit(true)?;
    normal.ksp.set_initial_guess_nonzero(true)?;
    cast_slice_mut(&mut normal.x.array_mut()?).copy_from_slice(adjoint);
    let (own, mut top) = (adjoint.iter().map(|v| v.norm()).fold(0.0, f64::max), 0.0);
    comm.mpi().all_reduce_into(&own, &mut top, SystemOperation::max());
    let limit = how.weight * top / how.penalty;
    let zero = || vec![Complex64::default(); adjoint.len()];
    // Differences d and multipliers u; the step for the image uses d - u.
    let (mut u, mut seen) = ([zero(), zero()], [zero(), zero()]);
    let mut x = adjoint.to_vec();
    for _ in 0..how.rounds {
        let mut b = adjoint.to_vec();
        gradient.add_adjoint(&seen, how.penalty, &mut b);
        x = normal.solve(&b)?;
        let [down, right] = gradient.apply(&x);
        for (i, (down, right)) in down.into_iter().zip(right).enumerate() {
            let g = [down + u[0][i], right + u[1][i]];
            let size = (g[0].norm_sqr() + g[1].norm_sqr()).sqrt();
            let part = (1.0 - limit / size.max(f64::MIN_POSITIVE)).max(0.0);
            for axis in 0..2 {
                let d = g[axis] * part;
                u[axis][i] = g[axis] - d;
                seen[axis][i] = d - u[axis][i];
            }
        }
    }
    Ok(x)
}
