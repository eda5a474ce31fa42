//! Failing closures of nonlinear solvers.

use petsc_rs::prelude::*;
use petsc_rs::snes::Changed;
use petsc_rs::{MatrixRef, Snes, SnesType, VectorRef};

use crate::Fault;

const N: Int = 60;

/// `x² = 4`, entry by entry.
fn squares(x: &VectorRef, f: &mut VectorRef) -> Result<()> {
    f.pointwise_mult(x, x)?;
    f.shift(Scalar::from_real(-4.0))
}

fn diagonal(x: &VectorRef, a: &mut MatrixRef) -> Result<()> {
    let start = x.ownership_range()?.start;
    for (i, x) in (start..).zip(x.array()?.iter()) {
        a.set_value(i, i, Scalar::from_real(2.0) * *x, InsertMode::Insert)?;
    }
    a.assemble()
}

pub(crate) fn run(petsc: &Petsc, kind: &str, mut fault: Fault) -> Result<()> {
    let world = petsc.world();
    let a = Matrix::builder(world).global_size(N, N).build()?;
    let (mut x, f) = a.vectors()?;
    x.set(Scalar::from_real(1.0))?;
    let mut snes = Snes::new(world)?;
    snes.set_function(&f, |_, x, f| squares(x, f))?;
    snes.set_jacobian(&a, &a, |_, x, a, _| diagonal(x, a))?;
    match kind {
        "function" => snes.set_function(&f, move |_, x, f| {
            fault.strike()?;
            squares(x, f)
        })?,
        "jacobian" => snes.set_jacobian(&a, &a, move |_, x, a, _| {
            fault.strike()?;
            diagonal(x, a)
        })?,
        "monitor" => snes.add_monitor(move |_, _, _| fault.strike())?,
        "convergence" => snes.set_convergence_test(move |test| {
            fault.strike()?;
            test.default_test()
        })?,
        "update" => snes.set_update(move |_, _| fault.strike())?,
        "objective" => snes.set_objective(move |_, x| {
            fault.strike()?;
            x.norm(Norm::Two)
        })?,
        "guess" => {
            // This closure is called once in a solve, and a fault strikes at the second call: count
            // one call in advance.
            fault.calls = 1;
            snes.set_initial_guess(move |_, _| fault.strike())?;
        }
        "pre-check" => snes.line_search()?.set_pre_check(move |_, _, _| {
            fault.strike()?;
            Ok(false)
        })?,
        "post-check" => snes.line_search()?.set_post_check(move |_, _, _, _| {
            fault.strike()?;
            Ok(Changed::default())
        })?,
        "bounds" => {
            fault.calls = 1;
            snes.set_type(SnesType::VINEWTONRSLS)?;
            snes.set_compute_variable_bounds(move |_, lower, upper| {
                fault.strike()?;
                lower.set(Scalar::from_real(0.0))?;
                upper.set(Scalar::from_real(9.0))
            })?;
        }
        "ngs" => {
            snes.set_type(SnesType::NGS)?;
            snes.set_ngs(move |_, x, _| {
                fault.strike()?;
                x.scale(Scalar::from_real(1.5))
            })?;
        }
        "picard" => snes.set_picard(
            &f,
            |_, _, b| b.set(Scalar::from_real(12.0)),
            &a,
            &a,
            move |_, x, a, _| {
                fault.strike()?;
                diagonal(x, a)
            },
        )?,
        "scoped" => {
            let converged = snes.scope(|s| {
                s.set_function(&f, |_, x, f| {
                    fault.strike()?;
                    squares(x, f)
                })?;
                s.solve(None, &mut x)
            })?;
            return petsc.print(format_args!("{converged}\n"));
        }
        other => return Err(Error::user(format!("unknown kind snes-{other}"))),
    }
    let converged = snes.solve(None, &mut x)?;
    petsc.print(format_args!("{converged}\n"))
}
