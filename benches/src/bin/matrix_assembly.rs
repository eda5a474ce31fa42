//! Rust version of `c/matrix_assembly.c`: assembles the stiffness matrix of n by n bilinear
//! elements four times. The entries are added element by element, sixteen in each call.
//!
//! Run: `matrix_assembly <n>`

use petsc_benches::{check, size};
use petsc_rs::prelude::*;

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let n = size(200);
        let nodes = (n + 1) * (n + 1);
        let mut a =
            Matrix::builder(petsc.world()).global_size(nodes, nodes).preallocate(9, 9).build()?;
        for _ in 0..4 {
            assemble(&mut a, n)?;
        }
        // A constant is in the null space.
        let (mut x, mut y) = a.vectors()?;
        x.set(Scalar::from_real(1.0))?;
        a.mult(&x, &mut y)?;
        check(y.norm(Norm::Infinity)? < 1e-9)
    })
}

fn assemble(a: &mut Matrix, n: Int) -> Result<()> {
    let (d, e, f) = (2.0 / 3.0, -1.0 / 6.0, -1.0 / 3.0);
    let stiffness =
        [d, e, f, e, e, d, e, f, f, e, d, e, e, f, e, d].map(|v: Real| Scalar::from_real(v));
    let mut entries = a.assembler(InsertMode::Add)?;
    for i in 0..n {
        for j in 0..n {
            let corner = i * (n + 1) + j;
            let nodes = [corner, corner + 1, corner + n + 2, corner + n + 1];
            entries.block(&nodes, &nodes, &stiffness)?;
        }
    }
    entries.finish()
}
