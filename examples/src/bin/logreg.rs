//! Logistic regression, samples shared by ranks: the workshop's averaged mini-batch gradients, or TAO.
//!
//! ```text
//! cargo run --release -p workshop --bin logreg -- --data breast_cancer_wdbc.csv --l2 1e-3 -tao_type nls
//! mpiexec -n 2 target/release/logreg --samples 1000000 --features 128 --method sgd --epochs 10
//! ```
//!
//! Any number of ranks, with the same numbers on each up to twelve. The methods of TAO need a real PETSc.

use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;

use clap::{Parser, ValueEnum};
use petsc_rs::prelude::*;
use workshop::app::{self, agree, input_error};
use workshop::learning::{
    Network, Problem, Samples, Scaling, Stochastic, Update, made_up, optimise, read_table,
};

/// Who fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Method {
    /// All samples at once, by any -tao_type: lmvm, nls, tron …
    Tao,
    /// Mini-batches, averaged gradients
    Sgd,
}

/// Fits the chance of class 1 to features.
///
/// Options with one dash go to PETSc: -tao_type, -tao_monitor, -log_view …
#[derive(Parser, Debug)]
#[command(name = "logreg", version)]
struct Args {
    /// Comma-separated numbers, the last column being the class, 0 or 1; without one, samples are made up
    #[arg(long)]
    data: Option<PathBuf>,
    /// Samples to make up
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(20..))]
    samples: u64,
    /// Features to make up
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u64).range(1..))]
    features: u64,
    /// Weight of half the squares of the coefficients
    #[arg(long, default_value_t = 1e-3)]
    l2: f64,
    /// Who fits
    #[arg(long, value_enum, default_value_t = Method::Tao)]
    method: Method,
    /// Iterations of TAO, or passes through the samples
    #[arg(long, default_value_t = 500)]
    epochs: usize,
    /// Length of the step of sgd
    #[arg(long, default_value_t = 0.1)]
    rate: f64,
    /// Samples in a mini-batch
    #[arg(long, default_value_t = 256)]
    batch: usize,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        if !(args.l2.is_finite() && args.l2 >= 0.0 && args.rate > 0.0 && args.batch > 0) {
            return Err(input_error(
                "--l2 must not be negative, --rate and --batch must be positive",
            ));
        }
        let comm = petsc.world();
        let (train, test, features) = samples(petsc, &args)?;
        petsc.print(format_args!(
            "{} samples to train, {} to test, {features} features\n",
            train.total(),
            test.total()
        ))?;
        let network = Network::new(features, &[], 2);
        // The loss is convex: any start will do, and at zero all chances are a half.
        let mut theta = vec![0.0; network.parameters()];
        let problem = Rc::new(Problem::new(comm, network, train, args.l2)?);
        match args.method {
            Method::Tao => {
                let trained = optimise(petsc, &problem, &theta, args.epochs, |_| Ok(()))?;
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
        let (trained, tested) = (accuracy(problem.samples())?, accuracy(&test)?);
        petsc.print(format_args!(
            "loss {loss:.12e}\naccuracy: training {trained:.4}, test {tested:.4}\n"
        ))
    })
}

/// Samples to train and to test: every fifth row is for the test.
fn samples(petsc: &Petsc, args: &Args) -> Result<(Samples, Samples, usize)> {
    let comm = petsc.world();
    let testing = |i: usize| i % 5 == 4;
    let Some(path) = &args.data else {
        let (n, features) = (
            usize::try_from(args.samples)?,
            usize::try_from(args.features)?,
        );
        let train = Samples::share(comm, n, |r| made_up(r, features, 2024))?;
        let test = Samples::share(comm, n / 5, |r| {
            made_up(n + r.start..n + r.end, features, 2024)
        })?;
        return Ok((train, test, features));
    };
    let mut table = agree(comm, read_table(path))?;
    if table.class_count != 2 {
        return Err(input_error(format_args!(
            "{}: {} classes, wanted 0 and 1",
            path.display(),
            table.class_count
        )));
    }
    let scaling = Scaling::of(&table.rows(|i| !testing(i)));
    scaling.apply(&mut table);
    if scaling.constant > 0 {
        petsc.print(format_args!(
            "{} features do not vary and say nothing\n",
            scaling.constant
        ))?;
    }
    let train = Samples::of(comm, &table.rows(|i| !testing(i)))?;
    let test = Samples::of(comm, &table.rows(testing))?;
    Ok((train, test, table.features.ncols()))
}
