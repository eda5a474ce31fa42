//! Rust version of `c/eps_ex3.c`: the tutorial eps/ex3 without output. The matrix is the Laplacian
//! on n by n points, as a shell matrix.
//!
//! Run: `eps_ex3 <n>`

use std::f64::consts::PI;

use petsc_benches::{count, eigen};
use petsc_rs::prelude::*;

fn main() -> std::process::ExitCode {
    slepc_rs::run(|petsc| {
        let n = count(20);
        let a = Matrix::shell(petsc.world(), n * n, n * n, move |x, y| {
            product(n, &x.array()?, &mut y.array_mut()?);
            Ok(())
        })
        .build()?;
        let n = n as Real;
        eigen::solve(&a, 4.0 - 4.0 * (n * PI / (n + 1.0)).cos())
    })
}

/// Computes the product line by line: neighbors within the line, then the lines above and below.
fn product(n: usize, x: &[Scalar], y: &mut [Scalar]) {
    let lines = x.chunks_exact(n);
    for (j, (row, out)) in lines.clone().zip(y.chunks_exact_mut(n)).enumerate() {
        out[0] = row[0] * 4.0 - row[1];
        for (out, x) in out[1..].iter_mut().zip(row.windows(3)) {
            *out = x[1] * 4.0 - x[0] - x[2];
        }
        out[n - 1] = row[n - 1] * 4.0 - row[n - 2];
        if j > 0 {
            subtract(out, &x[(j - 1) * n..]);
        }
        if j + 1 < n {
            subtract(out, &x[(j + 1) * n..]);
        }
    }
}

fn subtract(out: &mut [Scalar], x: &[Scalar]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out -= *x;
    }
}
