//! T2 maps from multi-echo magnetic resonance images, and the curve fit of the workshop.
//!
//! ```text
//! cargo run --release -p workshop --bin t2fit
//! mpiexec -n 2 target/release/t2fit --input brain.npy --te 10,25,50,90,150,250 --out out/
//! mpiexec -n 2 target/release/t2fit --input prostate.nii.gz --te-first 26.4 --te-step 13.2 --model offset \
//!     --engine tao -tao_type tron --out out/
//! mpiexec -n 2 target/release/t2fit --input brain.npy --te 10,25,50,90,150,250 --smooth 0.1 --slice 3 --out out/
//! mpiexec -n 2 target/release/t2fit --input large.nii --te-first 10 --te-step 10 --stream --out out/
//! mpiexec -n 2 target/release/t2fit --synthetic 256 256 128
//! ```
//!
//! The program runs on any number of ranks with the same results. `--engine tao`, `--smooth` and
//! the fit of the workshop need a real PETSc.

mod args;
mod curve;
mod image;
mod made_up;
mod progress;
mod slice;
mod stream;
mod write;

use std::process::ExitCode;

use workshop::app::{self, input_error};

use crate::args::{Args, check};

/// The echo times of the workshop.
const TIMES: [f64; 10] = [10.0, 20.0, 40.0, 60.0, 80.0, 120.0, 160.0, 200.0, 240.0, 280.0];

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        check(&args).map_err(input_error)?;
        match (&args.synthetic, &args.input) {
            (Some(size), _) if args.smooth.is_some() => slice::made_up(petsc, &args, size),
            (Some(size), _) => made_up::synthetic(petsc, &args, size),
            (None, Some(path)) if args.smooth.is_some() => slice::image(petsc, &args, path),
            (None, Some(path)) if args.stream => stream::image(petsc, &args, path),
            (None, Some(path)) => image::image(petsc, &args, path),
            (None, None) => curve::workshop(petsc, &args),
        }
    })
}
