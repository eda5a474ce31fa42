//! Port of PETSc's `src/tao/constrained/tutorials/tomographyADMM.c`: tomography with few rays, `min
//! ½‖A x − b‖² + g(z)` with `D x = z`, solved with the alternating direction method of multipliers.

use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::Bound;
use petsc_rs::{ErrorCode, MatrixRef, Tao, TaoRef, TaoType, VectorRef};

use crate::models::tomography::Scan;

fn real(value: Real) -> Scalar {
    Scalar::from_real(value)
}

/// A function for a constant Hessian or Jacobian, which does nothing.
fn constant(_: &TaoRef, _: &VectorRef, _: &mut MatrixRef, _: &mut MatrixRef) -> Result<()> {
    Ok(())
}

/// The regularization: `z` is small, or sparse.
#[derive(Clone, Copy)]
struct Prior {
    lambda: Real,
    /// The smoothing parameter of the L1 norm.
    epsilon: Real,
}

impl Prior {
    /// Computes `½λ‖z‖²`.
    fn square(self, z: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        g.copy_from(z)?;
        g.scale(real(self.lambda))?;
        Ok(0.5 * self.lambda * z.dot(z)?.real())
    }

    /// Computes `λ Σ (√(zᵢ² + ε²) − ε)`.
    fn smooth(self, z: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        let mut terms = z.duplicate()?;
        {
            let (z, mut g, mut terms) = (z.array()?, g.array_mut()?, terms.array_mut()?);
            for ((z, g), term) in z.iter().zip(g.iter_mut()).zip(terms.iter_mut()) {
                let root = z.real().hypot(self.epsilon);
                *g = real(self.lambda * z.real() / root);
                *term = real(self.lambda * (root - self.epsilon));
            }
        }
        Ok(terms.sum()?.real())
    }

    /// Returns `λ ε² / (zᵢ² + ε²)^(3/2)`.
    fn smooth_hessian(self, z: &VectorRef, h: &mut MatrixRef) -> Result<()> {
        let mut diagonal = z.duplicate()?;
        for (z, h) in z.array()?.iter().zip(diagonal.array_mut()?.iter_mut()) {
            *h = real(self.lambda * self.epsilon.powi(2) / z.real().hypot(self.epsilon).powi(3));
        }
        h.set_diagonal(&diagonal, InsertMode::Insert)
    }
}

/// Computes `½‖A x − b‖²` with its gradient `AᵀA x − Aᵀb`.
struct Misfit {
    scan: Rc<Scan>,
    normal: Matrix,
    projected: Vector,
}

impl Misfit {
    fn new(scan: &Rc<Scan>) -> Result<Self> {
        let mut projected = scan.truth.duplicate()?;
        scan.rays.mult_transpose(&scan.measured, &mut projected)?;
        Ok(Self {
            normal: scan.rays.transpose_product(&scan.rays, None)?.into_matrix(),
            projected,
            scan: Rc::clone(scan),
        })
    }

    fn gradient(&self, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        let mut residual = self.scan.measured.duplicate()?;
        self.scan.residual(x, &mut residual)?;
        self.normal.mult(x, g)?;
        g.axpy(real(-1.0), &self.projected)?;
        Ok(0.5 * residual.dot(&residual)?.real())
    }
}

/// Computes the step for `z` in closed form, for `λ‖z‖₁`.
fn threshold(
    d: &MatrixRef,
    lambda: Real,
) -> Result<impl FnMut(&mut TaoRef) -> Result<()> + 'static> {
    let d = d.duplicate_with_values()?;
    let (_, mut at) = d.vectors()?;
    Ok(move |tao: &mut TaoRef| {
        let outside = || Error::new(ErrorCode::ARG_WRONGSTATE, "this is a step of admm");
        let admm = tao.admm_parent()?.ok_or_else(outside)?;
        let mu = admm.admm_spectral_penalty()?;
        let misfit = admm.admm_misfit_solver()?;
        let x = misfit.solution()?;
        let y = admm.admm_dual()?;
        // D x + y / μ
        d.mult(&*x.ok_or_else(outside)?, &mut at)?;
        at.axpy(real(1.0 / mu), &*y.ok_or_else(outside)?)?;
        let mut z = tao.solution_mut()?.ok_or_else(outside)?;
        z.set_soft_threshold(&at, -lambda / mu, lambda / mu)
    })
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`s; an unknown `-reg`.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (comm, options) = (petsc.world(), petsc.options());
    let number = |name, otherwise| Ok::<_, Error>(options.real(name)?.unwrap_or(otherwise));
    let prior = Prior { lambda: number("-lambda", 1e-8)?, epsilon: number("-eps", 1e-3)? };
    let least = number("-mumin", 5e-6)?;
    let scan = Rc::new(Scan::read(comm)?);
    let misfit = Rc::new(Misfit::new(&scan)?);
    let d = scan.differences(scan.pixels()?)?;
    let mut x = scan.truth.duplicate()?;

    let mut tao = Tao::new(comm)?;
    tao.set_type(TaoType::ADMM)?;
    tao.set_admm_spectral_penalty(1.0)?;
    // The sum of both terms, for other methods: ½‖A x − b‖² + λ‖x‖².
    let this = Rc::clone(&misfit);
    tao.set_objective_and_gradient(move |_, x, g| {
        let value = this.gradient(x, g)?;
        g.axpy(real(2.0 * prior.lambda), x)?;
        Ok(value + prior.lambda * x.norm(Norm::Two)?.powi(2))
    })?;
    let mut h = misfit.normal.duplicate_with_values()?;
    h.shift(real(prior.lambda))?;
    tao.set_hessian(&h, &h, constant)?;

    let h = misfit.normal.duplicate_with_values()?;
    tao.set_admm_misfit(move |_, x, g| misfit.gradient(x, g))?;
    tao.set_admm_misfit_hessian(&h, &h, constant)?;
    tao.set_admm_misfit_hessian_changes(false)?;
    tao.set_admm_misfit_constraint(&d, &d, constant)?;

    let n = x.local_len()?;
    let mut hz = Matrix::builder(comm).local_size(n, n).build()?;
    hz.assemble()?;
    hz.shift(real(prior.lambda))?;
    match options.int("-reg")?.unwrap_or(2) {
        1 => {
            tao.set_admm_regularizer(move |_, z, g| prior.smooth(z, g))?;
            tao.set_admm_regularizer_hessian(&hz, &hz, move |_, z, h, _| {
                prior.smooth_hessian(z, h)
            })?;
        }
        2 => {
            tao.set_admm_regularizer(move |_, z, g| prior.square(z, g))?;
            tao.set_admm_regularizer_hessian(&hz, &hz, constant)?;
        }
        3 => {
            let mut steps = tao.admm_regularizer_solver()?;
            steps.set_type(TaoType::SHELL)?;
            steps.set_shell_solve(threshold(&d, prior.lambda)?)?;
        }
        _ => {
            let text = "Incorrect Reg type";
            return Err(Error::new(ErrorCode::ARG_UNKNOWN_TYPE, text));
        }
    }
    tao.admm_misfit_solver()?.set_variable_bounds(0.0, Bound::None)?;
    tao.set_admm_regularizer_coefficient(prior.lambda)?;
    tao.set_admm_minimum_spectral_penalty(least)?;
    tao.set_from_options()?;
    let _ = tao.solve_unchecked(&mut x)?;
    scan.report(&mut x)
}
