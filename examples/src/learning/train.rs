//! Training with TAO. All ranks run TAO in lockstep. The entries of all vectors are on the first
//! rank, which therefore computes every norm and inner product. With copies of the vectors on each
//! rank, the last bits of a product could depend on the memory alignment, and one rank could stop a
//! step earlier than the others.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use mpi::collective::Root as _;
use mpi::topology::Communicator as _;
use petsc_rs::prelude::*;
use petsc_rs::tao::{Status, Tolerances};
use petsc_rs::{Tao, TaoType, VectorRef};

use super::problem::Problem;

/// One iteration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The number of the iteration.
    pub iteration: usize,
    /// The mean loss.
    pub loss: f64,
    /// The norm of the gradient.
    pub gradient_norm: f64,
    /// The seconds since the start.
    pub seconds: f64,
}

/// The result of training.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The parameters.
    pub theta: Vec<f64>,
    /// All iterations.
    pub steps: Vec<Step>,
    /// The converged reason.
    pub status: Status,
}

/// A penalty, bounds, and a stopping criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// The weight of the L1 norm of all parameters, including biases.
    pub l1: f64,
    /// The bounds of the weights; biases are free.
    pub weights: Option<(f64, f64)>,
    /// The loss at which training stops.
    pub loss: Option<f64>,
}

/// Broadcasts the values of the first rank to all ranks. Collective.
fn numbers(x: &VectorRef) -> Result<Vec<f64>> {
    let mut all: Vec<f64> = x.array()?.iter().map(|v| v.real()).collect();
    all.resize(x.len()?, 0.0);
    x.comm()?.mpi().process_at_rank(0).broadcast_into(&mut all[..]);
    Ok(all)
}

/// Writes values that all ranks have to a vector on the first rank.
fn put(values: &[f64], to: &mut VectorRef) -> Result<()> {
    for (to, v) in to.array_mut()?.iter_mut().zip(values) {
        *to = Scalar::from_real(*v);
    }
    Ok(())
}

/// Minimizes the loss, starting from `theta`, with the method in the options. The default method is
/// `lmvm`; with bounds on the weights it is `tron`, and with an L1 term `owlqn`. `each` is called
/// in every iteration. Reaching the iteration limit is not an error. Collective.
///
/// # Errors
/// A method that does not support the bounds; errors of the `Tao`, for example in a complex build.
pub fn optimise(
    petsc: &Petsc,
    problem: &Rc<Problem>,
    theta: &[f64],
    limits: Limits,
    iterations: usize,
    each: impl Fn(&Step) -> Result<()> + 'static,
) -> Result<Trained> {
    let comm = petsc.world();
    let own = if comm.rank() == 0 { theta.len() } else { 0 };
    let mut x = Vector::builder(comm).local_len(own).build()?;
    put(theta, &mut x)?;
    let mut tao = Tao::new(comm)?;
    tao.set_tolerances(Tolerances {
        gatol: 1e-8.into(),
        grtol: 0.0.into(),
        max_iterations: iterations.into(),
        max_evaluations: (100 * iterations + 1000).into(),
        ..Tolerances::default()
    })?;
    set_limits(&mut tao, problem, &x, limits)?;
    if let Some(loss) = limits.loss {
        tao.set_function_lower_bound(loss)?;
    }
    let p = Rc::clone(problem);
    tao.set_objective_and_gradient(move |_, x, g| {
        let theta = numbers(x)?;
        let mut gradient = vec![0.0; theta.len()];
        let loss = p.gradient(&theta, &mut gradient)?;
        put(&gradient, g)?;
        // `owlqn` adds the derivative of this term itself.
        Ok(loss + l1_term(limits.l1, &theta))
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
        // `tron` and similar methods use submatrices of the Hessian, which is given by products
        // only.
        if !options.has("-tao_subset_type")? {
            options.set("-tao_subset_type", "matrixfree")?;
        }
        // An evaluation is much more expensive than a step, so many steps are stored.
        if !options.has("-tao_lmvm_mat_lmvm_hist_size")? {
            options.set("-tao_lmvm_mat_lmvm_hist_size", "20")?;
        }
        if limits.l1 > 0.0 {
            options.set("-tao_owlqn_lambda", format!("{:e}", limits.l1))?;
        }
        tao.set_from_options()?;
        if limits.l1 > 0.0 && !tao.is_type("owlqn")? {
            return Err(Error::input("an L1 term needs -tao_type owlqn"));
        }
        tao.solve_unchecked(&mut x)
    })?;
    let theta = numbers(&x)?;
    drop(tao);
    let steps = steps.take();
    Ok(Trained { theta, steps, status })
}

/// Returns the L1 term of the loss.
#[must_use]
pub fn l1_term(weight: f64, theta: &[f64]) -> f64 {
    weight * theta.iter().map(|t| t.abs()).sum::<f64>()
}

fn set_limits(tao: &mut Tao, problem: &Problem, x: &Vector, limits: Limits) -> Result<()> {
    if limits.l1 > 0.0 {
        tao.set_type(TaoType::OWLQN)?;
    }
    let Some((low, high)) = limits.weights else {
        return Ok(());
    };
    tao.set_type(TaoType::TRON)?;
    let far = 1e20;
    let bound = |limit: f64, free: f64| -> Result<Vector> {
        let all: Vec<f64> =
            problem.network().is_weight().map(|weight| if weight { limit } else { free }).collect();
        let mut vector = x.duplicate()?;
        put(&all, &mut vector)?;
        Ok(vector)
    };
    let (low, high) = (bound(low.max(-far), -far)?, bound(high.min(far), far)?);
    tao.set_variable_bounds(&low, &high)
}
