//! Failing closures of TAO solvers.

use petsc_rs::prelude::*;
use petsc_rs::tao::{AdmmRegularizer, Bound, ConvergedReason, LineSearch};
use petsc_rs::{IndexSet, MatrixRef, Tao, TaoType, VectorRef};

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

fn identity(a: &mut MatrixRef) -> Result<()> {
    for i in a.ownership_range()? {
        a.set_value(i, i, Scalar::from_real(1.0), InsertMode::Insert)?;
    }
    a.assemble()
}

/// Sets two required closures, one of which fails.
fn one_of_two(fault: Fault, first_fails: bool) -> (Fault, Fault) {
    let (mut first, mut second) = (fault.clone(), fault);
    first.here &= first_fails;
    second.here &= !first_fails;
    (first, second)
}

fn options_of_brgn(petsc: &Petsc) -> Result<()> {
    petsc.options().set("-tao_brgn_regularization_type", "user")
}

/// A problem with the same number of states and design variables: the length of `x` is doubled.
fn divided(world: &Comm, x: &mut Vector, tao: &mut Tao) -> Result<()> {
    let (c, n) = (x.duplicate()?, x.local_len()?);
    *x = Vector::with_local_len(world, 2 * n)?;
    let first = x.ownership_range()?.start;
    let half = |from| IndexSet::strided(world, n, from, 1);
    tao.set_type(TaoType::LCL)?;
    tao.set_from_options()?;
    tao.set_constraints(&c, move |_, x, c| {
        let (x, mut c) = (x.array()?, c.array_mut()?);
        (0..n).for_each(|i| c[i] = x[i] + x[n + i]);
        Ok(())
    })?;
    tao.set_state_design(&*half(first)?, &*half(first + Int::try_from(n)?)?)
}

/// A separate line search.
fn line_search(world: &Comm, mut x: Vector, mut fault: Fault) -> Result<()> {
    let (mut g, mut s) = (x.duplicate()?, x.duplicate()?);
    let f = quartic(&x, &mut g)?;
    // The step is so long that the objective increases at the first trial point.
    s.axpy(Scalar::from_real(-1.0), &g)?;
    let mut search = LineSearch::new(world)?;
    search.set_objective_and_gradient(move |_, x, g| {
        fault.strike()?;
        quartic(x, g)
    })?;
    let _ = search.apply(&mut x, f, &mut g, &s)?;
    Ok(())
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
            let (mut first, mut second) = one_of_two(fault, kind == "residual");
            let r = x.duplicate()?;
            tao.set_residual(&r, move |_, x, r| {
                first.strike()?;
                r.copy_from(x)?;
                r.shift(Scalar::from_real(-3.0))
            })?;
            let j = matrix()?;
            tao.set_residual_jacobian(&j, &j, move |_, _, j, _| {
                second.strike()?;
                identity(j)
            })?;
        }
        "regularizer" | "regularizer-hessian" => {
            options_of_brgn(petsc)?;
            tao.set_type(TaoType::BRGN)?;
            tao.set_from_options()?;
            let (mut first, mut second) = one_of_two(fault, kind == "regularizer");
            let (r, j) = (x.duplicate()?, matrix()?);
            tao.set_residual(&r, |_, x, r| {
                r.copy_from(x)?;
                r.shift(Scalar::from_real(-3.0))
            })?;
            tao.set_residual_jacobian(&j, &j, |_, _, j, _| identity(j))?;
            let mut h = matrix()?;
            identity(&mut h)?;
            tao.set_brgn_regularizer(
                move |_, x, g| {
                    first.strike()?;
                    quartic(x, g)
                },
                &h,
                move |_, _, h| {
                    second.strike()?;
                    identity(h)
                },
            )?;
        }
        "admm-misfit" | "admm-misfit-hessian" | "admm-misfit-constraint" => {
            let (mut first, rest) = one_of_two(fault, kind == "admm-misfit");
            let (mut second, mut third) = one_of_two(rest, kind == "admm-misfit-hessian");
            tao.set_type(TaoType::ADMM)?;
            tao.set_admm_misfit(move |_, x, g| {
                first.strike()?;
                quartic(x, g)
            })?;
            let (mut h, mut j) = (matrix()?, matrix()?);
            identity(&mut h)?;
            identity(&mut j)?;
            tao.set_admm_misfit_hessian(&h, &h, move |_, _, h, _| {
                second.strike()?;
                identity(h)
            })?;
            tao.set_admm_misfit_constraint(&j, &j, move |_, _, j, _| {
                third.strike()?;
                identity(j)
            })?;
        }
        "admm-regularizer" | "admm-regularizer-hessian" => {
            let (mut first, mut second) = one_of_two(fault, kind == "admm-regularizer");
            tao.set_type(TaoType::ADMM)?;
            tao.set_admm_regularizer_type(AdmmRegularizer::User)?;
            tao.set_admm_misfit(|_, x, g| quartic(x, g))?;
            tao.admm_misfit_solver()?.set_type(TaoType::LMVM)?;
            tao.set_admm_regularizer(move |_, x, g| {
                first.strike()?;
                quartic(x, g)
            })?;
            let mut h = matrix()?;
            identity(&mut h)?;
            tao.set_admm_regularizer_hessian(&h, &h, move |_, _, h, _| {
                second.strike()?;
                identity(h)
            })?;
        }
        "shell" => {
            // This closure is called once in a solve, and a fault strikes at the second call: count
            // one call in advance.
            fault.calls = 1;
            tao.set_type(TaoType::SHELL)?;
            tao.set_shell_solve(move |tao| {
                fault.strike()?;
                tao.set_converged_reason(ConvergedReason::User)
            })?;
        }
        "constraint" => {
            tao.set_type(TaoType::ALMM)?;
            let (c, j) = (x.duplicate()?, matrix()?);
            tao.set_equality_constraints(&c, move |_, x, c| {
                fault.strike()?;
                c.copy_from(x)
            })?;
            tao.set_equality_jacobian(&j, &j, |_, _, j, _| identity(j))?;
            tao.set_from_options()?;
        }
        "bounds" => {
            // This closure is called once in a solve, and a fault strikes at the second call: count
            // one call in advance.
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
        "state-jacobian" | "design-jacobian" => {
            let (mut first, mut second) = one_of_two(fault, kind == "state-jacobian");
            divided(world, &mut x, &mut tao)?;
            let j = matrix()?;
            tao.set_state_jacobian(&j, &j, None, move |_, _, j, _, _| {
                first.strike()?;
                identity(j)
            })?;
            let j = matrix()?;
            tao.set_design_jacobian(&j, move |_, _, j| {
                second.strike()?;
                identity(j)
            })?;
        }
        "line-search" => return line_search(world, x, fault),
        "update" => tao.set_update(move |_, _| fault.strike())?,
        other => return Err(Error::user(format!("unknown kind {other}"))),
    }
    let converged = tao.solve(&mut x)?;
    petsc.print(format_args!("{converged}\n"))
}
