//! Port of PETSc's `src/ts/tutorials/ex20opt_p.c`: computes the stiffness of the van der Pol
//! oscillator from an observed final state. Adjoints compute the gradient. For Newton methods, the
//! second derivative is the gradient of the directional derivative: the oscillator is integrated
//! together with its tangent, and the adjoint of both is computed.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::ts::TrajectoryType;
use petsc_rs::{ErrorCode, PcType, Tao, TaoType, Viewer};

use crate::models::van_der_pol::{self, Oscillator, With};

/// Returns the second entry of the initial state, and its first and second derivatives with respect
/// to the stiffness.
fn second_entry(mu: Real) -> [Real; 3] {
    [
        -2.0 / 3.0 + 10.0 / (81.0 * mu) - 292.0 / (2187.0 * mu.powi(2)),
        -10.0 / (81.0 * mu.powi(2)) + 2.0 * 292.0 / (2187.0 * mu.powi(3)),
        2.0 * 10.0 / (81.0 * mu.powi(3)) - 6.0 * 292.0 / (2187.0 * mu.powi(4)),
    ]
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
    let mut tao = Tao::new(world)?;
    tao.set_type(TaoType::BQNLS)?;
    let mu = options.real("-mu")?.unwrap_or(1e3);
    let implicit = options.bool("-implicitform")?.unwrap_or(true);
    let mut state = Oscillator::new(world, mu, With::State, implicit)?;
    let mut tangent = Oscillator::new(world, mu, With::Tangent, implicit)?;
    if options.bool("-monitor")?.unwrap_or(false) {
        let like = Vector::new(world, 2)?;
        van_der_pol::monitor(state.ts_mut(), world, &like)?;
    }
    let observed = state.integrate(mu, &[2.0, second_entry(mu)[0]])?;
    state.ts_mut().save_trajectory(TrajectoryType::MEMORY)?;
    tangent.ts_mut().save_trajectory(TrajectoryType::MEMORY)?;
    let missed = move |end: &[Real]| [end[0] - observed[0], end[1] - observed[1]];

    let h = Matrix::builder(world).global_size(1, 1).build()?;
    let mut p = h.vectors()?.0;
    p.set(Scalar::from_real(1.2))?;
    let state = RefCell::new(state);
    let missed = Rc::new(missed);
    let by = Rc::clone(&missed);
    tao.set_objective_and_gradient(move |_, p, g| {
        let mu = p.array()?[0].real();
        let [second, slope, _] = second_entry(mu);
        let mut state = state.borrow_mut();
        let [a, b] = by(&state.integrate(mu, &[2.0, second])?);
        let (lambda, by_mu) = state.back(&[2.0 * a, 2.0 * b])?;
        g.set(Scalar::from_real(lambda[1] * slope + by_mu))?;
        Ok(a * a + b * b)
    })?;
    let tangent = RefCell::new(tangent);
    tao.set_hessian(&h, &h, move |_, p, h, _| {
        let mu = p.array()?[0].real();
        let [second, slope, bend] = second_entry(mu);
        let mut tangent = tangent.borrow_mut();
        // The derivative of the function is 2·(u - observed)·w with the tangent w. As in the C
        // program, w starts with twice the slope, and the derivative with respect to the initial
        // state is multiplied by `bend`.
        let end = tangent.integrate(mu, &[2.0, second, 0.0, 2.0 * slope])?;
        let [a, b] = missed(&end);
        let (lambda, by_mu) = tangent.back(&[2.0 * end[2], 2.0 * end[3], 2.0 * a, 2.0 * b])?;
        let value = lambda[3] * bend + lambda[1] * bend + by_mu;
        h.set_value(0, 0, Scalar::from_real(value), InsertMode::Insert)?;
        h.assemble()
    })?;
    if let Some(ksp) = tao.ksp()? {
        ksp.pc()?.set_type(PcType::NONE)?;
    }
    tao.set_from_options()?;
    let _ = tao.solve_unchecked(&mut p)?;
    p.view(&*Viewer::stdout(world)?)
}
