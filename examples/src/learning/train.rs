//! Training by TAO: every rank runs the same optimiser on the same numbers, in lockstep.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use petsc_rs::prelude::*;
use petsc_rs::tao::{Status, Tolerances};
use petsc_rs::{Tao, VectorRef};

use super::problem::Problem;

/// One iteration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Its number.
    pub iteration: usize,
    /// Mean loss.
    pub loss: f64,
    /// Norm of the gradient.
    pub gradient_norm: f64,
    /// Seconds since the start.
    pub seconds: f64,
}

/// What training ended with.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The parameters.
    pub theta: Vec<f64>,
    /// Every iteration.
    pub steps: Vec<Step>,
    /// Where the optimiser stopped.
    pub status: Status,
}

fn numbers(x: &VectorRef) -> Result<Vec<f64>> {
    Ok(x.array()?.iter().map(|v| v.real()).collect())
}

fn put(values: &[f64], to: &mut VectorRef) -> Result<()> {
    for (to, v) in to.array_mut()?.iter_mut().zip(values) {
        *to = Scalar::from_real(*v);
    }
    Ok(())
}

/// Minimises the loss from `theta` by the method that the options say, `lmvm` if they do not. `each` sees every
/// iteration. Running into the limit of iterations is no error. Collective.
///
/// # Errors
/// What the optimiser returns, such as in a complex build.
pub fn optimise(
    petsc: &Petsc,
    problem: &Rc<Problem>,
    theta: &[f64],
    iterations: usize,
    each: impl Fn(&Step) -> Result<()> + 'static,
) -> Result<Trained> {
    let comm = petsc.self_comm();
    let mut x = Vector::new(comm, theta.len())?;
    put(theta, &mut x)?;
    let mut tao = Tao::new(comm)?;
    tao.set_tolerances(Tolerances {
        gatol: 1e-8.into(),
        grtol: 0.0.into(),
        max_iterations: iterations.into(),
        max_evaluations: (100 * iterations + 1000).into(),
        ..Tolerances::default()
    })?;
    let p = Rc::clone(problem);
    tao.set_objective_and_gradient(move |_, x, g| {
        let theta = numbers(x)?;
        let mut gradient = vec![0.0; theta.len()];
        let loss = p.gradient(&theta, &mut gradient)?;
        put(&gradient, g)?;
        Ok(loss)
    })?;
    let p = Rc::clone(problem);
    tao.set_hessian_product(&x, move |x, v, y| {
        let mut product = vec![0.0; x.len()?];
        p.hessian_product(&numbers(x)?, &numbers(v)?, &mut product)?;
        put(&product, y)
    })?;
    let steps = Rc::new(RefCell::new(Vec::new()));
    let (all, started) = (Rc::clone(&steps), Instant::now());
    tao.add_monitor(move |tao| {
        let status = tao.status()?;
        let step = Step {
            iteration: status.iterations,
            loss: status.objective,
            gradient_norm: status.gradient_norm,
            seconds: started.elapsed().as_secs_f64(),
        };
        all.borrow_mut().push(step);
        each(&step)
    })?;
    let status = petsc.options().scope(|options| {
        // `tron` and the like cut parts out of the Hessian, of which there are products only.
        if !options.has("-tao_subset_type")? {
            options.set("-tao_subset_type", "matrixfree")?;
        }
        tao.set_from_options()?;
        tao.solve_unchecked(&mut x)
    })?;
    let theta = numbers(&x)?;
    drop(tao);
    let steps = steps.take();
    Ok(Trained {
        theta,
        steps,
        status,
    })
}
