//! Closures of optimisers.

use petsc_rs::prelude::*;
use petsc_rs::tao::{Bound, ConvergedReason};
use petsc_rs::{Tao, TaoType, VectorRef};

use crate::Fault;

/// `Σ (xᵢ − 3)⁴`.
fn quartic(x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
    let mut terms = x.duplicate()?;
    {
        let (x, mut g, mut terms) = (x.array()?, g.array_mut()?, terms.array_mut()?);
        for k in 0..x.len() {
            let d = x[k].real() - 3.0;
            g[k] = Scalar::from_real(4.0 * d.powi(3));
            terms[k] = Scalar::from_real(d.powi(4));
        }
    }
    Ok(terms.sum()?.real())
}

pub(crate) fn run(petsc: &Petsc, kind: &str, mut fault: Fault) -> Result<()> {
    let world = petsc.world();
    let mut x = Vector::new(world, 12)?;
    let mut tao = Tao::new(world)?;
    tao.set_objective_and_gradient(|_, x, g| quartic(x, g))?;
    let n = x.local_len()?;
    let matrix = || Matrix::builder(world).local_size(n, n).build();
    match kind {
        "both" => tao.set_objective_and_gradient(move |_, x, g| {
            fault.strike()?;
            quartic(x, g)
        })?,
        "objective" => {
            tao.set_type(TaoType::NM)?;
            tao.set_objective(move |_, x| {
                fault.strike()?;
                let mut g = x.duplicate()?;
                quartic(x, &mut g)
            })?;
        }
        "gradient" => {
            tao = Tao::new(world)?;
            tao.set_objective(|_, x| {
                let mut g = x.duplicate()?;
                quartic(x, &mut g)
            })?;
            tao.set_gradient(move |_, x, g| {
                fault.strike()?;
                quartic(x, g).map(drop)
            })?;
        }
        "hessian" => {
            tao.set_type(TaoType::NLS)?;
            let h = matrix()?;
            tao.set_hessian(&h, &h, move |_, x, h, _| {
                fault.strike()?;
                for i in x.ownership_range()? {
                    h.set_value(i, i, Scalar::from_real(12.0), InsertMode::Insert)?;
                }
                h.assemble()
            })?;
        }
        "hessian-product" => {
            tao.set_type(TaoType::NLS)?;
            tao.set_hessian_product(&x, move |_, v, y| {
                fault.strike()?;
                y.copy_from(v)
            })?;
        }
        "residual" | "residual-jacobian" => {
            tao.set_type(TaoType::BRGN)?;
            let residual = kind == "residual";
            let (mut first, mut second) = (fault.clone(), fault);
            first.here &= residual;
            second.here &= !residual;
            let r = x.duplicate()?;
            tao.set_residual(&r, move |_, x, r| {
                first.strike()?;
                r.copy_from(x)?;
                r.shift(Scalar::from_real(-3.0))
            })?;
            let j = matrix()?;
            tao.set_residual_jacobian(&j, &j, move |_, x, j, _| {
                second.strike()?;
                for i in x.ownership_range()? {
                    j.set_value(i, i, Scalar::from_real(1.0), InsertMode::Insert)?;
                }
                j.assemble()
            })?;
        }
        "constraint" => {
            tao.set_type(TaoType::ALMM)?;
            let (c, j) = (x.duplicate()?, matrix()?);
            tao.set_equality_constraints(&c, move |_, x, c| {
                fault.strike()?;
                c.copy_from(x)
            })?;
            tao.set_equality_jacobian(&j, &j, |_, x, j, _| {
                for i in x.ownership_range()? {
                    j.set_value(i, i, Scalar::from_real(1.0), InsertMode::Insert)?;
                }
                j.assemble()
            })?;
            tao.set_from_options()?;
        }
        "bounds" => {
            // Called once in a solve: the first call is the second one.
            fault.calls = 1;
            tao.set_type(TaoType::BLMVM)?;
            tao.set_compute_variable_bounds(move |_, lower, upper| {
                fault.strike()?;
                lower.set_zero()?;
                upper.set(Scalar::from_real(2.0))
            })?;
        }
        "monitor" => tao.add_monitor(move |_| fault.strike())?,
        "convergence" => tao.set_convergence_test(move |_| {
            fault.strike()?;
            Ok(ConvergedReason::Iterating)
        })?,
        "complementarity" | "complementarity-jacobian" => {
            tao.set_type(TaoType::SSILS)?;
            let first_one = kind == "complementarity";
            let (mut first, mut second) = (fault.clone(), fault);
            first.here &= first_one;
            second.here &= !first_one;
            tao.set_variable_bounds(0.0, Bound::None)?;
            let c = x.duplicate()?;
            tao.set_constraints(&c, move |_, x, c| {
                first.strike()?;
                quartic(x, c).map(drop)
            })?;
            let j = matrix()?;
            tao.set_jacobian(&j, &j, move |_, x, j, _| {
                second.strike()?;
                for i in x.ownership_range()? {
                    j.set_value(i, i, Scalar::from_real(12.0), InsertMode::Insert)?;
                }
                j.assemble()
            })?;
        }
        "shell" => {
            tao.set_type(TaoType::SHELL)?;
            fault.calls = 1;
            tao.set_shell_solve(move |_| fault.strike())?;
        }
        "update" => tao.set_update(move |_, _| fault.strike())?,
        other => return Err(Error::user(format!("unknown kind {other}"))),
    }
    let converged = tao.solve(&mut x)?;
    petsc.print(format_args!("{converged}\n"))
}
