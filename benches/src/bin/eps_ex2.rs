//! Rust version of `c/eps_ex2.c`: the tutorial eps/ex2 without output. The matrix is the Laplacian
//! on n by n points, set entry by entry.
//!
//! Run: `eps_ex2 <n>`

use std::f64::consts::PI;

use petsc_benches::{eigen, size};
use petsc_rs::prelude::*;

fn main() -> std::process::ExitCode {
    slepc_rs::run(|petsc| {
        let n = size(20);
        let mut a = Matrix::builder(petsc.world()).global_size(n * n, n * n).build()?;
        for row in a.ownership_range()? {
            let (i, j) = (row / n, row % n);
            let beside =
                [(i > 0, row - n), (i < n - 1, row + n), (j > 0, row - 1), (j < n - 1, row + 1)];
            for (_, column) in beside.into_iter().filter(|(inside, _)| *inside) {
                a.set_value(row, column, Scalar::from_real(-1.0), InsertMode::Insert)?;
            }
            a.set_value(row, row, Scalar::from_real(4.0), InsertMode::Insert)?;
        }
        a.assemble()?;
        let n = n as Real;
        eigen::solve(&a, 4.0 - 4.0 * (n * PI / (n + 1.0)).cos())
    })
}
