//! Training of a neural network as an optimization problem. The ranks share the samples; each rank
//! has all parameters.
//!
//! ```text
//! cargo run --release -p workshop --bin classifier -- -tao_type lmvm
//! mpiexec -n 2 target/release/classifier --samples 200000 --features 64 --hidden 256,128 -tao_type bncg
//! mpiexec -n 2 target/release/classifier --data digits_8x8.csv.gz --hidden 32 --l2 1e-3 --out out/
//! mpiexec -n 2 target/release/classifier --method adam --epochs 20
//! ```
//!
//! The program runs on any number of ranks. The results are identical on up to twelve ranks. TAO
//! needs a real PETSc.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use petsc_rs::prelude::*;
use workshop::app::{self, agree, input_error};
use workshop::learning::{
    Constant, Data, Limits, Network, Problem, Samples, Stochastic, Update, optimise,
};
use workshop::picture::{Curve, draw_confusion, draw_curves};

/// The training method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Method {
    /// All samples at once, with any -tao_type: lmvm, cg, bncg, nls, ntr, tron
    Tao,
    /// Mini-batches with gradient descent
    Sgd,
    /// Mini-batches with Adam
    Adam,
}

/// Trains a network of dense layers with tanh activations.
///
/// PETSc options begin with one dash: -tao_type, -tao_monitor, -log_view.
#[derive(Parser, Debug)]
#[command(name = "classifier", version)]
struct Args {
    /// File with comma-separated numbers whose last column is the class; without it, samples are
    /// simulated
    #[arg(long)]
    data: Option<PathBuf>,
    /// Number of simulated samples
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(20..))]
    samples: u64,
    /// Number of simulated features
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..))]
    features: u64,
    /// Sizes of the hidden layers
    #[arg(long, value_delimiter = ',', default_value = "32,16")]
    hidden: Vec<usize>,
    /// Size of the first hidden layer, the option of the workshop
    #[arg(long)]
    hidden1: Option<usize>,
    /// Size of the second hidden layer
    #[arg(long, requires = "hidden1")]
    hidden2: Option<usize>,
    /// Weight of the L2 penalty on the weights
    #[arg(long, default_value_t = 0.0)]
    l2: f64,
    /// Training method
    #[arg(long, value_enum, default_value_t = Method::Tao)]
    method: Method,
    /// Maximum number of TAO iterations, or number of epochs
    #[arg(long, default_value_t = 50)]
    epochs: usize,
    /// Stop at this loss (with --method tao)
    #[arg(long, value_name = "LOSS")]
    until: Option<f64>,
    /// Step length of sgd and adam
    #[arg(long, default_value_t = 0.01)]
    rate: f64,
    /// Number of samples in a mini-batch
    #[arg(long, default_value_t = 256)]
    batch: usize,
    /// Seed of the random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Instead of training, compare the gradient and products with the Hessian to finite
    /// differences
    #[arg(long)]
    check: bool,
    /// Directory for loss.csv, loss.png and confusion.png
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Args {
    fn layers(&self) -> Vec<usize> {
        match self.hidden1 {
            None => self.hidden.clone(),
            Some(first) => std::iter::once(first).chain(self.hidden2).collect(),
        }
    }

    fn check_numbers(&self) -> std::result::Result<(), String> {
        if self.layers().contains(&0) || self.layers().is_empty() {
            return Err("hidden layers must have at least one unit".into());
        }
        if !(self.l2.is_finite() && self.l2 >= 0.0) {
            return Err(format!("--l2 {}: use a nonnegative number", self.l2));
        }
        if self.until.is_some_and(|loss| !loss.is_finite()) {
            return Err("--until must be a finite number".into());
        }
        if !(self.rate.is_finite() && self.rate > 0.0) || self.batch == 0 {
            return Err("--rate and --batch must be positive".into());
        }
        Ok(())
    }
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        args.check_numbers().map_err(input_error)?;
        let Data { train, test, features, classes, .. } = data(petsc, &args)?;
        let network = Network::new(features, &args.layers(), classes);
        petsc.print(format_args!(
            "{} samples to train, {} to test, {features} features, {classes} classes, layers {:?}, {} parameters\n",
            train.total(),
            test.total(),
            network.sizes(),
            network.parameters()
        ))?;
        let theta = network.start(args.seed);
        let problem = Rc::new(Problem::new(petsc.world(), network, train, args.l2)?);
        if args.check {
            return check(petsc, &problem, &theta);
        }
        let (theta, curve) = train_network(petsc, &args, &problem, theta)?;
        finish(petsc, &args, &problem, &test, &theta, classes, &curve)
    })
}

fn data(petsc: &Petsc, args: &Args) -> Result<Data> {
    let comm = petsc.world();
    let Some(path) = &args.data else {
        return Data::made_up(comm, args.samples, args.features);
    };
    let data = Data::read(comm, path, Constant::Keep)?;
    if !data.constant.is_empty() {
        petsc.print(format_args!(
            "{} features are constant and have no effect\n",
            data.constant.len()
        ))?;
    }
    Ok(data)
}

/// The loss by iteration or epoch.
type LossCurve = Vec<(f64, f64)>;

/// Trains a network, and returns its parameters and the history of the loss.
fn train_network(
    petsc: &Petsc,
    args: &Args,
    problem: &Rc<Problem>,
    mut theta: Vec<f64>,
) -> Result<(Vec<f64>, LossCurve)> {
    let started = Instant::now();
    if args.method == Method::Tao {
        let first = petsc.world().rank() == 0;
        let limits = Limits { loss: args.until, ..Limits::default() };
        let trained = optimise(petsc, problem, &theta, limits, args.epochs, move |step| {
            if first {
                println!(
                    "iteration {:4}  loss {:.12e}  |g| {:.3e}",
                    step.iteration, step.loss, step.gradient_norm
                );
            }
            Ok(())
        })?;
        petsc.print(format_args!(
            "{} after {} iterations, loss {:.12e}, {:.4} s\n",
            trained.status.reason,
            trained.status.iterations,
            trained.status.objective,
            started.elapsed().as_secs_f64()
        ))?;
        let curve = trained.steps.iter().map(|s| (s.iteration as f64, s.loss)).collect();
        return Ok((trained.theta, curve));
    }
    let stochastic = Stochastic {
        update: if args.method == Method::Adam { Update::Adam } else { Update::Sgd },
        rate: args.rate,
        batch: args.batch,
        epochs: args.epochs,
    };
    let mut curve = Vec::new();
    stochastic.train(petsc.world(), problem, &mut theta, |epoch, loss| {
        curve.push((epoch as f64, loss));
        petsc.print(format_args!("epoch {epoch:4}  loss {loss:.12e}\n"))
    })?;
    petsc.print(format_args!("{:.2} s\n", started.elapsed().as_secs_f64()))?;
    Ok((theta, curve))
}

/// Compares with central differences in random directions.
fn check(petsc: &Petsc, problem: &Problem, theta: &[f64]) -> Result<()> {
    let n = theta.len();
    let (mut g, mut high, mut low, mut hv) =
        (vec![0.0; n], vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    problem.gradient(theta, &mut g)?;
    let (mut worst, mut worst_product) = (0.0_f64, 0.0_f64);
    for seed in 0..5 {
        let v = problem.network().start(100 + seed);
        let h = 1e-5;
        let moved = |h: f64| -> Vec<f64> { theta.iter().zip(&v).map(|(t, v)| t + h * v).collect() };
        let difference = (problem.gradient(&moved(h), &mut high)?
            - problem.gradient(&moved(-h), &mut low)?)
            / (2.0 * h);
        let exact: f64 = g.iter().zip(&v).map(|(g, v)| g * v).sum();
        worst = worst.max((difference - exact).abs() / exact.abs());
        problem.hessian_product(theta, &v, &mut hv)?;
        let norm = hv.iter().map(|x| x * x).sum::<f64>().sqrt();
        let error = hv
            .iter()
            .zip(high.iter().zip(&low))
            .map(|(x, (a, b))| (x - (a - b) / (2.0 * h)).powi(2))
            .sum::<f64>()
            .sqrt();
        worst_product = worst_product.max(error / norm);
    }
    petsc.print(format_args!(
        "relative difference from central differences: gradient {worst:.2e}, product with the Hessian {worst_product:.2e}\n"
    ))
}

fn finish(
    petsc: &Petsc,
    args: &Args,
    problem: &Problem,
    test: &Samples,
    theta: &[f64],
    classes: usize,
    curve: &[(f64, f64)],
) -> Result<()> {
    let trained = problem.confusion(theta, problem.samples(), classes)?;
    let tested = problem.confusion(theta, test, classes)?;
    petsc.print(format_args!(
        "accuracy: training {:.4}, test {:.4}\n{}",
        accuracy(&trained, classes),
        accuracy(&tested, classes),
        problem.roc_line(theta, test)?
    ))?;
    let Some(folder) = &args.out else {
        return Ok(());
    };
    let written =
        if petsc.world().rank() == 0 { write(folder, curve, &tested, classes) } else { Ok(()) };
    agree(petsc.world(), written.map_err(|e| format!("{}: {e}", folder.display())))?;
    petsc.print(format_args!("wrote loss and confusion matrix to {}\n", folder.display()))
}

fn accuracy(confusion: &[u64], classes: usize) -> f64 {
    let right: u64 = (0..classes).map(|k| confusion[k * classes + k]).sum();
    right as f64 / confusion.iter().sum::<u64>().max(1) as f64
}

fn write(
    folder: &Path,
    curve: &[(f64, f64)],
    confusion: &[u64],
    classes: usize,
) -> std::result::Result<(), Box<dyn std::error::Error>> {
    fs::create_dir_all(folder)?;
    let mut text = String::from("iteration,loss\n");
    for (i, loss) in curve {
        text.push_str(&format!("{i},{loss:e}\n"));
    }
    fs::write(folder.join("loss.csv"), text)?;
    let loss = Curve { name: "mean loss".into(), points: curve };
    draw_curves(&folder.join("loss.png"), &[loss], "Training", ("iteration", "loss"))?;
    draw_confusion(&folder.join("confusion.png"), "Test samples", confusion, classes)
}
