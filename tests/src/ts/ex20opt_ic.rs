//! Port of PETSc's `src/ts/tutorials/ex20opt_ic.c`: computes the initial state of the van der Pol
//! oscillator from an observed final state. Adjoints compute the gradient. For Newton methods,
//! second-order adjoints compute products with the Hessian, after an integration that includes a
//! tangent.
//!
//! The second derivatives of the C program differ from its own finite differences (`-mode 2`): its
//! trajectory returns the tangents of a step in the wrong order, and with variable steps
//! (`-implicitform 0`) a tangent is advanced too far. In this port, the second derivatives agree
//! with finite differences, and variable steps are an error: use `-ts_adapt_type none`.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::ts::{EquationType, ExactFinalTime, HessianProduct, SecondOrderCost, TrajectoryType};
use petsc_rs::{ErrorCode, MatrixRef, PcType, Tao, TaoType, Ts, TsType, VectorRef};

use crate::models::van_der_pol;

/// The distance of the final state from the observed state, as a function of the initial state.
struct Missed {
    ts: Ts,
    /// The state.
    u: Vector,
    lambda: Vector,
    lambda2: Vector,
    observed: Vector,
}

impl Missed {
    fn new(comm: &Comm, mu: Real, implicit: bool) -> Result<Self> {
        let a = Matrix::builder(comm).global_size(2, 2).build()?;
        let (u, g) = a.vectors()?;
        let mut ts = Ts::new(comm)?;
        // With this equation type, the adjoint of beuler needs fewer evaluations, and its
        // second-order adjoint requires it.
        ts.set_equation_type(EquationType::OdeExplicit)?;
        if implicit {
            ts.set_i_function(&g, move |_, _, u, v, y| {
                rates(mu, u, y)?;
                y.aypx(Scalar::from_real(-1.0), v)
            })?;
            ts.set_i_jacobian(&a, &a, move |_, state, _, p| {
                jacobian(mu, state.u, state.shift, -1.0, p)
            })?;
            ts.set_i_hessian_product(move |_, product, y| bend(-mu, product, y))?;
            ts.set_type(TsType::CN)?;
        } else {
            ts.set_rhs_function(&g, move |_, _, u, g| rates(mu, u, g))?;
            ts.set_rhs_jacobian(&a, &a, move |_, _, u, _, p| jacobian(mu, u, 0.0, 1.0, p))?;
            ts.set_rhs_hessian_product(move |_, product, y| bend(mu, product, y))?;
            ts.set_type(TsType::RK)?;
        }
        ts.set_max_time(0.5)?;
        ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
        Ok(Self {
            lambda: u.duplicate()?,
            lambda2: u.duplicate()?,
            observed: u.duplicate()?,
            ts,
            u,
        })
    }

    /// Computes the adjoint at the initial state.
    fn begin(&mut self, first: &VectorRef) -> Result<()> {
        self.u.copy_from(first)?;
        self.ts.set_time(0.0)?;
        self.ts.set_step_number(0)?;
        // Options may change this time step.
        self.ts.set_time_step(0.001)?;
        self.ts.set_from_options()
    }

    /// Computes the square of the distance, and its gradient.
    fn gradient(&mut self, first: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        self.begin(first)?;
        let _ = self.ts.solve(&mut self.u)?;
        self.lambda.set_waxpy(Scalar::from_real(-1.0), &self.observed, &self.u)?;
        let missed = self.lambda.norm(Norm::Two)?;
        self.lambda.scale(Scalar::from_real(2.0))?;
        self.ts.adjoint_solve(&mut [&mut self.lambda], &mut [])?;
        g.copy_from(&self.lambda)?;
        Ok(missed * missed)
    }

    /// Computes the product of the Hessian with a direction.
    fn hessian_product(
        &mut self,
        first: &VectorRef,
        direction: &VectorRef,
        y: &mut VectorRef,
    ) -> Result<()> {
        let two = Scalar::from_real(2.0);
        self.begin(first)?;
        let tangent = self.ts.solve_tangent(&mut self.u, direction, None)?;
        self.lambda.set_waxpy(Scalar::from_real(-1.0), &self.observed, &self.u)?;
        self.lambda.scale(two)?;
        tangent.derivative(&mut self.lambda2)?;
        self.lambda2.scale(two)?;
        tangent.adjoint_solve(&mut [SecondOrderCost {
            lambda: &mut self.lambda,
            lambda2: &mut self.lambda2,
            mu: None,
        }])?;
        y.copy_from(&self.lambda2)
    }
}

fn pair(x: &VectorRef) -> Result<[Real; 2]> {
    let x = x.array()?;
    Ok([x[0].real(), x[1].real()])
}

fn put(values: [Real; 2], x: &mut VectorRef) -> Result<()> {
    let mut x = x.array_mut()?;
    (x[0], x[1]) = (Scalar::from_real(values[0]), Scalar::from_real(values[1]));
    Ok(())
}

/// Returns the rates of `u″ = μ·((1 - u²)·u′ - u)` as a first-order system.
fn rates(mu: Real, u: &VectorRef, g: &mut VectorRef) -> Result<()> {
    let [x, y] = pair(u)?;
    put([y, mu * ((1.0 - x * x) * y - x)], g)
}

/// Sets `shift` on the diagonal, plus the derivatives of [`rates`] times `sign`.
fn jacobian(mu: Real, u: &VectorRef, shift: Real, sign: Real, p: &mut MatrixRef) -> Result<()> {
    let [x, y] = pair(u)?;
    let entries =
        [shift, sign, -sign * mu * (2.0 * y * x + 1.0), shift + sign * mu * (1.0 - x * x)];
    p.set_values(&[0, 1], &[0, 1], &entries.map(Scalar::from_real), InsertMode::Insert)?;
    p.assemble()
}

/// Computes the products with the second derivatives of [`rates`]; only those of the second rate
/// are nonzero.
fn bend(mu: Real, product: &HessianProduct<'_>, y: &mut VectorRef) -> Result<()> {
    let ([x, v], [_, left], [r, s]) = (pair(product.u)?, pair(product.left)?, pair(product.right)?);
    let factor = -2.0 * mu * left;
    put([factor * (v * r + x * s), factor * x * r], y)
}

/// Formats with six digits, as with C's `%g`.
fn shown(x: Real) -> String {
    if x.abs() < 1e-4 {
        return format!("{x:.5e}");
    }
    let digits = (0..9).find(|d| x.abs() * 10_f64.powi(*d) >= 1e5);
    let digits = usize::try_from(digits.unwrap_or(9)).unwrap_or(9);
    format!("{x:.digits$}")
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    if world.size() != 1 {
        let text = "This is a uniprocessor example only!";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let mu = options.real("-mu")?.unwrap_or(1e3);
    let implicit = options.bool("-implicitform")?.unwrap_or(true);
    let mut missed = Missed::new(world, mu, implicit)?;
    let mut x = missed.u.duplicate()?;
    if options.bool("-monitor")?.unwrap_or(false) {
        van_der_pol::monitor(&mut missed.ts, world, &x)?;
    }
    missed.ts.set_from_options()?;
    van_der_pol::begin(&mut missed.observed, mu)?;
    let _ = missed.ts.solve(&mut missed.observed)?;
    let first = [options.real("-ic1")?.unwrap_or(2.2), options.real("-ic2")?.unwrap_or(-0.7)];
    put(first, &mut x)?;
    // As in the C program, the trajectory is saved to files, with stages.
    missed.ts.save_trajectory(TrajectoryType::BASIC)?;

    match options.int("-mode")?.unwrap_or(0) {
        0 => optimise(petsc, missed, &mut x),
        1 => {
            let (mut direction, mut column) = (x.duplicate()?, x.duplicate()?);
            for (name, unit) in [("First", [1.0, 0.0]), ("Second", [0.0, 1.0])] {
                put(unit, &mut direction)?;
                missed.hessian_product(&x, &direction, &mut column)?;
                let [a, b] = pair(&column)?;
                let [a, b] = [a, b].map(shown);
                petsc.print(format_args!("\n{name} column of the Hessian\n{a}\n{b}\n"))?;
            }
            Ok(())
        }
        2 => differences(petsc, &mut missed, &x),
        _ => Ok(()),
    }
}

/// Computes the initial state.
fn optimise(petsc: &Petsc, missed: Missed, x: &mut VectorRef) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let mut tao = Tao::new(world)?;
    tao.set_type(TaoType::BLMVM)?;
    let missed = Rc::new(RefCell::new(missed));
    let here = Rc::clone(&missed);
    tao.set_objective_and_gradient(move |_, x, g| here.borrow_mut().gradient(x, g))?;
    if options.bool("-my_tao_mf")?.unwrap_or(true) {
        let at = Rc::new(RefCell::new(x.duplicate()?));
        let (here, place) = (Rc::clone(&missed), Rc::clone(&at));
        let mut h = Matrix::shell(world, 2, 2, move |v, y| {
            here.borrow_mut().hessian_product(&place.borrow(), v, y)
        })
        .build()?;
        h.set_option(MatrixOption::Symmetric, true)?;
        tao.set_hessian(&h, &h, move |_, x, _, _| at.borrow_mut().copy_from(x))?;
    } else {
        let h = Matrix::builder(world).global_size(2, 2).build()?;
        let (mut direction, mut column) = (x.duplicate()?, x.duplicate()?);
        tao.set_hessian(&h, &h, move |_, x, h, _| {
            for (j, unit) in [(0, [1.0, 0.0]), (1, [0.0, 1.0])] {
                put(unit, &mut direction)?;
                missed.borrow_mut().hessian_product(x, &direction, &mut column)?;
                h.set_values(&[0, 1], &[j], &column.array()?, InsertMode::Insert)?;
            }
            h.assemble()
        })?;
    }
    if let Some(ksp) = tao.ksp()? {
        ksp.pc()?.set_type(PcType::NONE)?;
    }
    tao.set_from_options()?;
    tao.solve_unchecked(x).map(|_| ())
}

/// Prints finite differences of the gradient.
fn differences(petsc: &Petsc, missed: &mut Missed, x: &VectorRef) -> Result<()> {
    const STEP: Real = 1e-7;
    let (mut base, mut g, mut moved) = (x.duplicate()?, x.duplicate()?, x.duplicate()?);
    missed.gradient(x, &mut base)?;
    petsc.print(format_args!("\n Finite difference approximation of the Hessian\n"))?;
    for unit in [[STEP, 0.0], [0.0, STEP]] {
        put(unit, &mut moved)?;
        moved.axpy(Scalar::from_real(1.0), x)?;
        missed.gradient(&moved, &mut g)?;
        g.axpy(Scalar::from_real(-1.0), &base)?;
        let [a, b] = pair(&g)?.map(|g| shown(g / STEP));
        petsc.print(format_args!("{a} {b}\n"))?;
    }
    Ok(())
}
