//! Logistic regression with samples distributed over the ranks: averaged mini-batch gradients as in
//! the workshop, or TAO.
//!
//! ```text
//! cargo run --release -p workshop --bin logreg -- --data breast_cancer_wdbc.csv --l2 1e-3 -tao_type nls
//! mpiexec -n 2 target/release/logreg --data breast_cancer_wdbc.csv --l2 0 --l1 1e-2
//! mpiexec -n 2 target/release/logreg --data breast_cancer_wdbc.csv --bounds -1 1 -tao_type bntr
//! mpiexec -n 2 target/release/logreg --samples 1000000 --features 128 --method sgd --epochs 10
//! ```
//!
//! The program runs on any number of ranks. The results are identical on up to twelve ranks. TAO
//! needs a real PETSc.

use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;

use clap::{Parser, ValueEnum};
use petsc_rs::prelude::*;
use workshop::app::{self, input_error};
use workshop::learning::{
    Constant, Data, Limits, Network, Problem, Samples, Stochastic, Update, l1_term, optimise,
};

/// The fitting method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Method {
    /// All samples at once, with any -tao_type: lmvm, nls, tron
    Tao,
    /// Mini-batches with averaged gradients
    Sgd,
}

/// Fits the probability of class 1 to features.
///
/// PETSc options begin with one dash: -tao_type, -tao_monitor, -log_view.
#[derive(Parser, Debug)]
#[command(name = "logreg", version)]
struct Args {
    /// File with comma-separated numbers whose last column is the class, 0 or 1; without it,
    /// samples are simulated
    #[arg(long)]
    data: Option<PathBuf>,
    /// Number of simulated samples
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(20..))]
    samples: u64,
    /// Number of simulated features
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u64).range(1..))]
    features: u64,
    /// Weight of the L2 penalty, half the sum of squares of the coefficients
    #[arg(long, default_value_t = 1e-3)]
    l2: f64,
    /// Weight of the L1 penalty on all coefficients, including the constant; owlqn sets many of
    /// them to zero
    #[arg(long, default_value_t = 0.0, conflicts_with = "bounds")]
    l1: f64,
    /// Bounds of the coefficients except the constant, for tron, blmvm, bntr
    #[arg(long, num_args = 2, value_names = ["LOW", "HIGH"], allow_hyphen_values = true)]
    bounds: Option<Vec<f64>>,
    /// Remove constant features
    #[arg(long, requires = "data")]
    drop_constant: bool,
    /// Fitting method
    #[arg(long, value_enum, default_value_t = Method::Tao)]
    method: Method,
    /// Maximum number of TAO iterations, or number of epochs
    #[arg(long, default_value_t = 500)]
    epochs: usize,
    /// Step length of sgd
    #[arg(long, default_value_t = 0.1)]
    rate: f64,
    /// Number of samples in a mini-batch
    #[arg(long, default_value_t = 256)]
    batch: usize,
}

impl Args {
    fn check(&self) -> std::result::Result<(), String> {
        let weight = |w: f64| w.is_finite() && w >= 0.0;
        if !(weight(self.l2) && weight(self.l1) && self.rate > 0.0 && self.batch > 0) {
            return Err(
                "--l1 and --l2 must not be negative, --rate and --batch must be positive".into()
            );
        }
        if self.method == Method::Sgd && (self.l1 > 0.0 || self.bounds.is_some()) {
            return Err("--l1 and --bounds need --method tao".into());
        }
        match self.bounds.as_deref() {
            Some(&[low, high]) if !(low <= high && low <= 0.0 && high >= 0.0) => {
                Err(format!("--bounds {low} {high}: the interval must contain zero"))
            }
            _ => Ok(()),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            l1: self.l1,
            weights: match self.bounds.as_deref() {
                Some(&[low, high]) => Some((low, high)),
                _ => None,
            },
            loss: None,
        }
    }
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        args.check().map_err(input_error)?;
        let comm = petsc.world();
        let data = data(petsc, &args)?;
        petsc.print(format_args!(
            "{} samples to train, {} to test, {} features\n",
            data.train.total(),
            data.test.total(),
            data.features
        ))?;
        let network = Network::new(data.features, &[], 2);
        // The loss is convex, so any initial guess is suitable. At zero, all probabilities are one
        // half.
        let mut theta = vec![0.0; network.parameters()];
        let problem = Rc::new(Problem::new(comm, network, data.train, args.l2)?);
        match args.method {
            Method::Tao => {
                let limits = args.limits();
                let trained = optimise(petsc, &problem, &theta, limits, args.epochs, |_| Ok(()))?;
                theta = trained.theta;
                petsc.print(format_args!(
                    "{} after {} iterations\n",
                    trained.status.reason, trained.status.iterations
                ))?;
            }
            Method::Sgd => Stochastic {
                update: Update::Sgd,
                rate: args.rate,
                batch: args.batch,
                epochs: args.epochs,
            }
            .train(comm, &problem, &mut theta, |_, _| Ok(()))?,
        }
        let loss = problem.gradient(&theta, &mut vec![0.0; theta.len()])?;
        let accuracy = |samples: &Samples| -> Result<f64> {
            let table = problem.confusion(&theta, samples, 2)?;
            Ok((table[0] + table[3]) as f64 / table.iter().sum::<u64>().max(1) as f64)
        };
        let (trained, tested) = (accuracy(problem.samples())?, accuracy(&data.test)?);
        petsc.print(format_args!(
            "loss {:.12e}\naccuracy: training {trained:.4}, test {tested:.4}\n{}{} of {} coefficients are not zero\n",
            loss + l1_term(args.l1, &theta),
            problem.roc_line(&theta, &data.test)?,
            theta.iter().filter(|t| **t != 0.0).count(),
            theta.len()
        ))
    })
}

fn data(petsc: &Petsc, args: &Args) -> Result<Data> {
    let comm = petsc.world();
    let Some(path) = &args.data else {
        return Data::made_up(comm, args.samples, args.features);
    };
    let constant = if args.drop_constant { Constant::Drop } else { Constant::Refuse };
    let data = Data::read(comm, path, constant)?;
    if data.classes != 2 {
        return Err(input_error(format_args!(
            "{}: {} classes, expected 0 and 1",
            path.display(),
            data.classes
        )));
    }
    if !data.constant.is_empty() {
        petsc.print(format_args!("{} constant features are removed\n", data.constant.len()))?;
    }
    Ok(data)
}
