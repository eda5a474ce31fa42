//! Compares the time of a Jacobian by automatic differentiation with that of a hand-written one.
//! The Jacobians of the Bratu problem and of the driven cavity on an n by n grid are evaluated
//! repeatedly.
//!
//! Run: `autodiff <n> -problem bratu|cavity -by hand|autodiff|function -times <k>`. Without `-by`,
//! all versions run interleaved; the program prints the ratio of their shortest times.

#[path = "../../../petsc-rs/tests/suite/autodiff/problems.rs"]
mod problems;

use std::time::Instant;

use petsc_benches::size;
use petsc_rs::autodiff::GridResidual;
use petsc_rs::dm::{GridRead, StencilAssembler};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, Options, bytemuck::Pod};
use problems::{Bratu, Cavity, bratu_jacobian, cavity_jacobian};

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let options = petsc.options();
        let bratu = options.string("-problem")?.as_deref() != Some("cavity");
        let lambda = 6.0;
        let cavity = Cavity { grashof: 1e4, prandtl: 1.0, lid: 100.0 };
        if bratu {
            compare(petsc, &options, &Bratu { lambda }, |grid, x: &GridRead<'_, Scalar>, rows| {
                bratu_jacobian(lambda, grid, x, rows)
            })
        } else {
            compare(petsc, &options, &cavity, |grid, x, rows| {
                cavity_jacobian(cavity, grid, x, rows)
            })
        }
    })
}

fn compare<R, T, F, const DOF: usize>(
    petsc: &Petsc,
    options: &Options,
    residual: &R,
    by_hand: F,
) -> Result<()>
where
    R: GridResidual<DOF>,
    T: Pod,
    F: Fn(&DmdaRef, &GridRead<'_, T>, &mut StencilAssembler<'_>) -> Result<()>,
{
    let n = usize::try_from(size(100)).unwrap_or(100);
    let times = options.parse::<usize>("-times")?.unwrap_or(10);
    let grid = Dmda::builder(petsc.world()).sizes([n, n]).dof(DOF).build()?;
    let mut x = grid.create_global_vector()?;
    for (k, value) in x.array_mut()?.iter_mut().enumerate() {
        *value = Scalar::from_real((k as Real * 0.7).sin());
    }
    let mut y = x.duplicate()?;
    let mut a = grid.create_matrix()?;
    let mut step = |by: &str| -> Result<()> {
        match by {
            "function" => grid.residual_autodiff(residual, &x, &mut y),
            "autodiff" => grid.jacobian_autodiff(residual, &x, &mut a),
            _ => {
                let local = grid.ghosted(&x)?;
                let local = grid.array_as::<T>(&local)?;
                let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
                by_hand(&grid, &local, &mut rows)?;
                rows.finish()
            }
        }
    };
    if let Some(by) = options.string("-by")? {
        return (0..times).try_for_each(|_| step(&by));
    }
    let kinds = ["hand", "autodiff", "function"];
    let mut best = [f64::INFINITY; 3];
    for _ in 0..times {
        for (kind, best) in kinds.iter().zip(&mut best) {
            let begin = Instant::now();
            step(kind)?;
            *best = best.min(begin.elapsed().as_secs_f64());
        }
    }
    let [hand, autodiff, function] = best.map(|t| t * 1e3);
    petsc.print(format_args!(
        "{n}x{n}: by hand {hand:.3} ms, autodiff {autodiff:.3} ms, ratio {:.2}, function {function:.3} ms\n",
        autodiff / hand
    ))
}
