//! Rust version of `c/vector_assembly.c`: assembles the load vector of n by n bilinear elements
//! eight times, element by element with four entries in each call, and then loops over the array.
//!
//! Run: `vector_assembly <n>`

use petsc_benches::{check, size};
use petsc_rs::prelude::*;

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let n = size(200);
        let mut v = Vector::new(petsc.world(), usize::try_from((n + 1) * (n + 1))?)?;
        for _ in 0..8 {
            v.set_zero()?;
            assemble(&mut v, n)?;
            for value in v.array_mut()?.iter_mut() {
                *value *= 0.5;
            }
        }
        let area = (n * n) as Real;
        check((v.norm(Norm::One)? - 0.5 * area).abs() < 1e-6 * area)
    })
}

fn assemble(v: &mut Vector, n: Int) -> Result<()> {
    let mut entries = v.assembler(InsertMode::Add)?;
    let load = [Scalar::from_real(0.25); 4];
    for i in 0..n {
        for j in 0..n {
            let corner = i * (n + 1) + j;
            let nodes = [corner, corner + 1, corner + n + 2, corner + n + 1];
            entries.values(&nodes, &load)?;
        }
    }
    entries.finish()
}
