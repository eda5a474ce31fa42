//! Rust version of `c/eps_ex1.c`: the tutorial eps/ex1 without output. The matrix is the Laplacian
//! in one dimension, set row by row.
//!
//! Run: `eps_ex1 <n>`

use std::f64::consts::PI;

use petsc_benches::{eigen, size};
use petsc_rs::prelude::*;

fn main() -> std::process::ExitCode {
    slepc_rs::run(|petsc| {
        let n = size(100);
        let mut a = Matrix::builder(petsc.world()).global_size(n, n).build()?;
        for i in a.ownership_range()? {
            for j in [i - 1, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
                a.set_value(i, j, Scalar::from_real(-1.0), InsertMode::Insert)?;
            }
            a.set_value(i, i, Scalar::from_real(2.0), InsertMode::Insert)?;
        }
        a.assemble()?;
        let n = n as Real;
        eigen::solve(&a, 2.0 - 2.0 * (n * PI / (n + 1.0)).cos())
    })
}
