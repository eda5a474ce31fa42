//! Rust version of `c/overhead.c`: repeats one call with 10 unknowns. `cargo xtask bench --calls`
//! counts the instructions inside `measured`.
//!
//! Run: `overhead <call> <count>`

use petsc_benches::check;
use petsc_rs::prelude::*;

const N: usize = 10;

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let mut words = std::env::args().skip(1);
        let call = words.next().unwrap_or_default();
        let count: usize = words.next().and_then(|w| w.parse().ok()).unwrap_or(1);
        let one = Scalar::from_real(1.0);
        let mut a = laplacian(petsc)?;
        let (mut x, mut y) = a.vectors()?;
        x.set(one)?;
        y.set(one)?;
        match call.as_str() {
            "axpy" => measured(count, || y.axpy(one, &x)),
            "dot" => {
                let mut sum = Scalar::from_real(0.0);
                measured(count, || {
                    sum += x.dot(&y)?;
                    Ok(())
                })?;
                check(sum.real() > 0.0)
            }
            "array_mut" => measured(count, || {
                y.array_mut()?[3] += one;
                Ok(())
            }),
            "vector_set_value" => measured(count, || y.set_value(3, one, InsertMode::Insert)),
            "matrix_set_value" => measured(count, || a.set_value(3, 3, one, InsertMode::Insert)),
            "mult" => measured(count, || a.mult(&x, &mut y)),
            "ksp_solve" => {
                let mut ksp = Ksp::new(petsc.world())?;
                ksp.set_operators(&a, &a)?;
                ksp.set_type(KspType::CG)?;
                ksp.pc()?.set_type(PcType::JACOBI)?;
                measured(count, || ksp.solve(&x, &mut y).map(drop))
            }
            _ => check(false),
        }
    })
}

/// Creates the second differences of `N` points.
fn laplacian(petsc: &Petsc) -> Result<Matrix> {
    let n = Int::try_from(N)?;
    let mut a = Matrix::builder(petsc.world()).global_size(n, n).preallocate(3, 0).build()?;
    for i in 0..n {
        for j in (i - 1).max(0)..(i + 2).min(n) {
            let value = if i == j { 2.0 } else { -1.0 };
            a.set_value(i, j, Scalar::from_real(value), InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    Ok(a)
}

/// Callgrind identifies this function by its name.
#[inline(never)]
fn measured(count: usize, mut call: impl FnMut() -> Result<()>) -> Result<()> {
    for _ in 0..count {
        call()?;
    }
    Ok(())
}
