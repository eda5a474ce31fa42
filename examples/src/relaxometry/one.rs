//! Fits of one voxel after another with TAO.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::{ConvergedReason, Tolerances};
use petsc_rs::{Tao, TaoType};

use super::model::{Bounds, MOST, Model};

/// The data of the current voxel, scaled to values around one.
struct Voxel {
    model: Model,
    times: Vec<f64>,
    signal: Vec<f64>,
    /// The scales of the parameters.
    scale: [f64; MOST],
}

impl Voxel {
    fn parameters(&self, x: &[Scalar]) -> [f64; MOST] {
        let mut p = [0.0; MOST];
        for (p, (x, s)) in p.iter_mut().zip(x.iter().zip(self.scale)) {
            *p = x.real() * s;
        }
        p
    }

    fn residual(&self, p: &[f64], k: usize) -> f64 {
        self.model.value(p, self.times[k]) - self.signal[k]
    }
}

/// A `Tao` for the voxels of one scan, with the type in the options (default: `bnls`).
pub struct OneVoxel {
    tao: Tao,
    x: Vector,
    voxel: Rc<RefCell<Voxel>>,
}

impl std::fmt::Debug for OneVoxel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OneVoxel").finish_non_exhaustive()
    }
}

impl OneVoxel {
    /// Creates the solver for a model and echo times; `comm` has one rank.
    ///
    /// # Errors
    /// A method that this build does not provide, or a complex build.
    pub fn new(comm: &Comm, model: Model, times: &[f64], bounds: &Bounds) -> Result<Self> {
        let (n, m) = (model.parameters(), times.len());
        let rate = m as f64 / times.iter().sum::<f64>();
        let voxel = Rc::new(RefCell::new(Voxel {
            model,
            times: times.to_vec(),
            signal: vec![0.0; m],
            scale: std::array::from_fn(|i| if model.is_rate(i) { rate } else { 1.0 }),
        }));
        let mut tao = Tao::new(comm)?;
        tao.set_type(TaoType::BNLS)?;
        tao.set_tolerances(Tolerances {
            gatol: 1e-11.into(),
            grtol: 0.0.into(),
            max_iterations: 1000.into(),
            ..Tolerances::default()
        })?;
        let data = Rc::clone(&voxel);
        tao.set_objective_and_gradient(move |_, x, g| {
            let v = data.borrow();
            let p = v.parameters(&x.array()?);
            let (mut f, mut sum, mut d) = (0.0, [0.0; MOST], [0.0; MOST]);
            for (k, &t) in v.times.iter().enumerate() {
                let r = v.residual(&p, k);
                v.model.gradient(&p, t, &mut d);
                f += 0.5 * r * r;
                for (sum, d) in sum.iter_mut().zip(d) {
                    *sum += r * d;
                }
            }
            for (i, g) in g.array_mut()?.iter_mut().enumerate() {
                *g = Scalar::from_real(sum[i] * v.scale[i]);
            }
            Ok(f)
        })?;
        let h = Matrix::builder(comm).local_size(n, n).kind(MatrixType::DENSE).build()?;
        let data = Rc::clone(&voxel);
        tao.set_hessian(&h, &h, move |_, x, h, _| {
            let v = data.borrow();
            let p = v.parameters(&x.array()?);
            let (mut sum, mut d) = ([0.0; MOST * MOST], [0.0; MOST]);
            for (k, &t) in v.times.iter().enumerate() {
                v.model.gradient(&p, t, &mut d);
                for i in 0..n {
                    for j in 0..n {
                        sum[i * n + j] += d[i] * d[j];
                    }
                }
                let r = v.residual(&p, k);
                v.model.add_second(&p, t, r, &mut sum);
            }
            fill(h, n, n, |i, j| sum[i * n + j] * v.scale[i] * v.scale[j])
        })?;
        let residual = Vector::new(comm, m)?;
        let data = Rc::clone(&voxel);
        tao.set_residual(&residual, move |_, x, r| {
            let v = data.borrow();
            let p = v.parameters(&x.array()?);
            for (k, r) in r.array_mut()?.iter_mut().enumerate() {
                *r = Scalar::from_real(v.residual(&p, k));
            }
            Ok(())
        })?;
        let j = Matrix::builder(comm).local_size(m, n).kind(MatrixType::DENSE).build()?;
        let data = Rc::clone(&voxel);
        tao.set_residual_jacobian(&j, &j, move |_, x, j, _| {
            let v = data.borrow();
            let p = v.parameters(&x.array()?);
            let mut rows = vec![[0.0; MOST]; m];
            for (row, &t) in rows.iter_mut().zip(&v.times) {
                v.model.gradient(&p, t, row);
            }
            fill(j, m, n, |k, i| rows[k][i] * v.scale[i])
        })?;
        tao.set_from_options()?;
        if tao.is_type("brgn")? {
            // The default of this setting adds a regularization term, which changes the optimum.
            tao.set_brgn_regularizer_weight(1e-12)?;
        }
        let x = Vector::new(comm, n)?;
        // All voxels use the same tolerance, because amplitudes are relative to the largest signal.
        let (lower, upper) = bounds.of(model);
        let (mut low, mut high) = (x.duplicate()?, x.duplicate()?);
        let far = 1e20;
        for i in 0..n {
            let unit = if model.is_rate(i) { rate } else { 1.0 };
            low.array_mut()?[i] = Scalar::from_real((lower[i] / unit).max(-far));
            high.array_mut()?[i] = Scalar::from_real((upper[i] / unit).min(far));
        }
        tao.set_variable_bounds(&low, &high)?;
        Ok(Self { tao, x, voxel })
    }

    /// Fits one voxel from the initial guess `start`. Returns the parameters, and whether the fit
    /// converged.
    ///
    /// # Errors
    /// Errors of the `Tao`, except for a solve that does not converge.
    pub fn fit(&mut self, signal: &[f64], start: &[f64; MOST]) -> Result<([f64; MOST], bool)> {
        let top = signal.iter().fold(0.0_f64, |m, s| m.max(s.abs())).max(f64::MIN_POSITIVE);
        let unit: [f64; MOST] = {
            let mut v = self.voxel.borrow_mut();
            for (to, s) in v.signal.iter_mut().zip(signal) {
                *to = s / top;
            }
            std::array::from_fn(|i| if v.model.is_rate(i) { v.scale[i] } else { top })
        };
        for (i, x) in self.x.array_mut()?.iter_mut().enumerate() {
            *x = Scalar::from_real(start[i] / unit[i]);
        }
        let status = self.tao.solve_unchecked(&mut self.x)?;
        let mut p = [0.0; MOST];
        for (i, x) in self.x.array()?.iter().enumerate() {
            p[i] = x.real() * unit[i];
        }
        // Near the optimum, a line search fails because of rounding errors.
        let at_rounding = matches!(
            status.reason,
            ConvergedReason::LineSearch
                | ConvergedReason::TrustRegion
                | ConvergedReason::FunctionCount
        ) && status.gradient_norm < 1e-6;
        Ok((p, status.reason.is_converged() || at_rounding))
    }
}

fn fill(
    a: &mut petsc_rs::MatrixRef,
    rows: usize,
    columns: usize,
    value: impl Fn(usize, usize) -> f64,
) -> Result<()> {
    for i in 0..rows {
        for j in 0..columns {
            let (row, column) = (Int::try_from(i)?, Int::try_from(j)?);
            a.set_value(row, column, Scalar::from_real(value(i, j)), InsertMode::Insert)?;
        }
    }
    a.assemble()
}

/// The fit of the workshop: amplitude and T2 of one curve, with the two parameters distributed over
/// all ranks.
#[derive(Clone, Debug)]
pub struct Workshop {
    /// The echo times in ms.
    pub times: Vec<f64>,
    /// The measured curve.
    pub signal: Vec<f64>,
}

impl Workshop {
    /// Fits the curve with `lmvm` or the method in the options; the initial guess is amplitude 0.8
    /// and T2 50 ms. Returns amplitude, T2, and the converged reason.
    ///
    /// # Errors
    /// Errors of the `Tao`.
    pub fn fit(&self, comm: &Comm) -> Result<(f64, f64, petsc_rs::tao::Converged)> {
        let mut x = Vector::new(comm, 2)?;
        for (i, value) in [0.8, 50.0].into_iter().enumerate() {
            x.set_value(Int::try_from(i)?, Scalar::from_real(value), InsertMode::Insert)?;
        }
        x.assemble()?;
        let mut tao = Tao::new(comm)?;
        tao.set_variable_bounds(1e-6, petsc_rs::tao::Bound::None)?;
        let data = self.clone();
        tao.set_objective_and_gradient(move |_, x, g| {
            let all = x.gather_to_all()?;
            let (a, t2) = (all[0].real(), all[1].real().max(1e-6));
            let (mut f, mut full) = (0.0, [0.0; 2]);
            for (t, s) in data.times.iter().zip(&data.signal) {
                let decay = (-t / t2).exp();
                let r = a * decay - s;
                f += 0.5 * r * r;
                full[0] += r * decay;
                full[1] += r * a * decay * t / (t2 * t2);
            }
            let range = x.ownership_range()?;
            for (g, i) in g.array_mut()?.iter_mut().zip(range) {
                *g = Scalar::from_real(full[usize::try_from(i)?]);
            }
            Ok(f)
        })?;
        tao.set_from_options()?;
        let converged = tao.solve(&mut x)?;
        let all = x.gather_to_all()?;
        let (a, t2) = (all[0].real(), all[1].real());
        Ok((a, t2, converged))
    }
}
