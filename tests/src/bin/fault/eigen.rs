//! Failing closures of eigensolvers and the other solvers of SLEPc.

use std::cmp::Ordering;
use std::rc::Rc;

use petsc_rs::VectorRef;
use petsc_rs::prelude::*;
use slepc_rs::eps::ConvergedReason;
use slepc_rs::nep::Dimensions;
use slepc_rs::prelude::*;
use slepc_rs::{nep, pep, svd};

use super::{Fault, N, fill, shell_like};

/// Solves a problem whose callback `kind` fails.
pub(super) fn run(petsc: &Petsc, kind: &str, fault: Fault) -> Result<()> {
    match kind.split_once('-') {
        Some(("nep", kind)) => nonlinear(petsc, kind, fault),
        Some(("svd", kind)) => singular(petsc, kind, fault),
        Some(("pep", kind)) => polynomial(petsc, kind, fault),
        Some(("mfn", kind)) => function(petsc, kind, fault),
        Some(("lme", kind)) => equation(petsc, kind, fault),
        Some(("dense", kind)) => dense(petsc, kind, fault),
        Some(("power", kind)) => eigenvector(petsc, kind, fault),
        _ => linear(petsc, kind, fault),
    }
}

fn unknown(kind: &str) -> Result<()> {
    Err(Error::user(format!("unknown kind {kind}")))
}

fn laplacian(world: &Comm) -> Result<Matrix> {
    let mut a = Matrix::builder(world).global_size(N, N).build()?;
    fill(&mut a)?;
    Ok(a)
}

fn linear(petsc: &Petsc, kind: &str, mut fault: Fault) -> Result<()> {
    let world = petsc.world();
    let a = laplacian(world)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_dimensions(Dimensions::nev(4))?;
    match kind {
        "monitor" => eps.add_monitor(move |_| fault.strike())?,
        "comparison" => {
            eps.set_which(EpsWhich::User)?;
            eps.set_eigenvalue_comparison(move |a, b| {
                fault.strike()?;
                Ok(b.re.partial_cmp(&a.re).unwrap_or(Ordering::Equal))
            })?;
        }
        "convergence" => eps.set_convergence_test_function(move |_, _, residual| {
            fault.strike()?;
            Ok(residual)
        })?,
        "stopping" => eps.set_stopping_test_function(move |test| {
            fault.strike()?;
            let _ = test.default_test()?;
            Ok(ConvergedReason::Iterating)
        })?,
        "selection" => eps.set_arbitrary_selection(move |value, _, _| {
            fault.strike()?;
            Ok(value)
        })?,
        "shell-mult" => eps.set_operators(&*shell_like(world, a, fault)?, None)?,
        "transformation" => {
            eps.st()?.set_type(StType::SHELL)?;
            eps.st()?.set_shell_apply(move |x, y| {
                fault.strike()?;
                a.mult(x, y)
            })?;
        }
        "transposed-transformation" => {
            let at = laplacian(world)?;
            eps.set_problem_type(EpsProblemType::NonHermitian)?;
            eps.set_two_sided(true)?;
            eps.st()?.set_type(StType::SHELL)?;
            eps.st()?.set_shell_apply(move |x, y| a.mult(x, y))?;
            eps.st()?.set_shell_apply_transpose(move |x, y| {
                fault.strike()?;
                at.mult_transpose(x, y)
            })?;
        }
        "back-transformation" => {
            eps.st()?.set_type(StType::SHELL)?;
            eps.st()?.set_shell_apply(move |x, y| a.mult(x, y))?;
            eps.st()?.set_shell_back_transform(move |value| {
                fault.strike()?;
                Ok(value)
            })?;
        }
        other => return unknown(other),
    }
    let converged = eps.solve()?;
    petsc.print(format_args!("{converged}\n"))
}

/// `A·x + x³ = λ·x`.
fn eigenvector(petsc: &Petsc, kind: &str, fault: Fault) -> Result<()> {
    let world = petsc.world();
    let (a, b, k) = (laplacian(world)?, laplacian(world)?, laplacian(world)?);
    let inner = laplacian(world)?;
    let left = move |x: &VectorRef, y: &mut VectorRef| {
        k.mult(x, y)?;
        let cubes = x.array()?.iter().map(|x| *x * *x * *x).collect::<Vec<_>>();
        y.array_mut()?.iter_mut().zip(cubes).for_each(|(y, cube)| *y += cube);
        Ok(())
    };
    let [mut function, mut jacobian, mut right, mut both] = std::array::from_fn(|_| Fault::none());
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, Some(&b))?;
    eps.set_problem_type(EpsProblemType::GeneralizedNonHermitian)?;
    eps.set_type(EpsType::POWER)?;
    eps.set_power_nonlinear(true)?;
    match kind {
        "function" => function = fault,
        "jacobian" => jacobian = fault,
        "function-b" => right = fault,
        "functions" => {
            both = fault;
            eps.set_power_update(true)?;
            for prefix in ["", "init_"] {
                petsc.options().set_flag(&format!("-{prefix}eps_power_snes_mf_operator"))?;
            }
            eps.set_from_options()?;
        }
        #[cfg(petsc_ge_3_20)]
        "norm" => {
            let mut fault = fault;
            eps.set_power_norm(move |_, bx| {
                fault.strike()?;
                bx.norm(Norm::Two)
            })?;
        }
        other => return unknown(other),
    }
    let left = Rc::new(left);
    let one = Rc::clone(&left);
    eps.set_power_functions(
        move |_, x, y| {
            function.strike()?;
            one(x, y)
        },
        move |_, x, y, z| {
            both.strike()?;
            left(x, y)?;
            z.copy_from(x)
        },
    )?;
    eps.set_power_function_b(move |_, x, y| {
        right.strike()?;
        y.copy_from(x)
    })?;
    eps.set_power_jacobian(move |_, _, a, p| {
        jacobian.strike()?;
        p.copy_from(&inner)?;
        a.assemble()
    })?;
    let converged = eps.solve()?;
    petsc.print(format_args!("{converged}\n"))
}

/// `T(λ) = A - λ·I`.
fn nonlinear(petsc: &Petsc, kind: &str, mut fault: Fault) -> Result<()> {
    let world = petsc.world();
    let a = laplacian(world)?;
    let (t, j) = (a.duplicate()?, a.duplicate()?);
    let (mut in_function, mut in_jacobian) = (Fault::none(), Fault::none());
    let mut nep = Nep::new(world)?;
    // The target is outside the spectrum, so that an incomplete factorization succeeds.
    nep.set_target(Scalar::from_real(-0.05))?;
    match kind {
        "function" => in_function = fault,
        "jacobian" => in_jacobian = fault,
        "monitor" => nep.add_monitor(move |_| fault.strike())?,
        "comparison" => {
            by_rational_krylov(petsc, &mut nep)?;
            nep.set_which(NepWhich::User)?;
            nep.set_nleigs_singularities(|_, _| Ok(vec![Scalar::from_real(-10.0)]))?;
            nep.set_eigenvalue_comparison(move |a, b| {
                fault.strike()?;
                Ok(a.re.total_cmp(&b.re))
            })?;
        }
        "convergence" => nep.set_convergence_test_function(move |_, _, residual| {
            fault.strike()?;
            Ok(residual)
        })?,
        "stopping" => nep.set_stopping_test_function(move |test| {
            fault.strike()?;
            let _ = test.default_test()?;
            Ok(nep::ConvergedReason::Iterating)
        })?,
        "singularities" => {
            // This closure is called once in a solve, and a fault strikes at the second call: count
            // one call in advance.
            fault.calls = 1;
            by_rational_krylov(petsc, &mut nep)?;
            nep.set_nleigs_singularities(move |_, _| {
                fault.strike()?;
                Ok(vec![Scalar::from_real(-10.0)])
            })?;
        }
        other => return unknown(other),
    }
    nep.set_function(&t, &t, move |_, lambda, t, _| {
        in_function.strike()?;
        t.copy_from(&a)?;
        t.shift(-lambda)
    })?;
    nep.set_jacobian(&j, move |_, _, j| {
        in_jacobian.strike()?;
        j.zero_entries()?;
        j.shift(Scalar::from_real(-1.0))
    })?;
    nep.set_dimensions(Dimensions::nev(2))?;
    let converged = nep.solve()?;
    petsc.print(format_args!("{converged}\n"))
}

/// Selects the method that calls the closures of singularities and of the order of eigenvalues.
fn by_rational_krylov(petsc: &Petsc, nep: &mut Nep) -> Result<()> {
    nep.set_type(NepType::NLEIGS)?;
    // Some builds have no parallel LU factorization.
    petsc.options().set("-nep_nleigs_pc_type", "redundant")?;
    nep.set_from_options()?;
    // With the target 1, elimination without pivoting has a zero pivot.
    nep.set_target(Scalar::from_real(1.03))?;
    let high = if Scalar::IS_COMPLEX { 0.1 } else { 0.0 };
    nep.region()?.set_interval([0.1, 4.0], [-high, high])
}

fn singular(petsc: &Petsc, kind: &str, mut fault: Fault) -> Result<()> {
    let a = laplacian(petsc.world())?;
    let mut svd = Svd::new(petsc.world())?;
    svd.set_operators(&a, None)?;
    svd.set_type(SvdType::TRLANCZOS)?;
    svd.set_dimensions(Dimensions::nev(4))?;
    match kind {
        "monitor" => svd.add_monitor(move |_| fault.strike())?,
        "convergence" => svd.set_convergence_test_function(move |_, _, residual| {
            fault.strike()?;
            Ok(residual)
        })?,
        "stopping" => svd.set_stopping_test_function(move |test| {
            fault.strike()?;
            let _ = test.default_test()?;
            Ok(svd::ConvergedReason::Iterating)
        })?,
        "shell-mult" | "shell-mult-transpose" => {
            let (mut forward, mut back) = (Fault::none(), Fault::none());
            if kind == "shell-mult" {
                forward = fault;
            } else {
                back = fault;
            }
            let (rows, columns) = a.local_size()?;
            let at = laplacian(petsc.world())?;
            let shell = Matrix::shell(petsc.world(), rows, columns, move |x, y| {
                forward.strike()?;
                a.mult(x, y)
            });
            let shell = shell.mult_transpose(move |x, y| {
                back.strike()?;
                at.mult_transpose(x, y)
            });
            svd.set_operators(&*shell.build()?, None)?;
        }
        other => return unknown(other),
    }
    let converged = svd.solve()?;
    petsc.print(format_args!("{converged}\n"))
}

fn polynomial(petsc: &Petsc, kind: &str, mut fault: Fault) -> Result<()> {
    let world = petsc.world();
    let k = laplacian(world)?;
    let c = laplacian(world)?;
    let mut m = laplacian(world)?;
    m.shift(Scalar::from_real(1.0))?;
    let mut pep = Pep::new(world)?;
    pep.set_operators(&[&k, &c, &m])?;
    pep.set_dimensions(Dimensions::nev(4))?;
    match kind {
        "monitor" => pep.add_monitor(move |_| fault.strike())?,
        "convergence" => pep.set_convergence_test_function(move |_, _, residual| {
            fault.strike()?;
            Ok(residual)
        })?,
        "comparison" => {
            pep.set_which(PepWhich::User)?;
            pep.set_eigenvalue_comparison(move |a, b| {
                fault.strike()?;
                Ok(b.norm().total_cmp(&a.norm()))
            })?;
        }
        "stopping" => pep.set_stopping_test_function(move |test| {
            fault.strike()?;
            let _ = test.default_test()?;
            Ok(pep::ConvergedReason::Iterating)
        })?,
        "shell-mult" => {
            let shell = shell_like(world, k, fault)?;
            pep.set_operators(&[&shell, &c, &m])?;
        }
        other => return unknown(other),
    }
    let converged = pep.solve()?;
    petsc.print(format_args!("{converged}\n"))
}

fn function(petsc: &Petsc, kind: &str, mut fault: Fault) -> Result<()> {
    let a = laplacian(petsc.world())?;
    let (mut x, mut b) = a.vectors()?;
    b.set(Scalar::from_real(1.0))?;
    let mut mfn = Mfn::new(petsc.world())?;
    mfn.set_operator(&a)?;
    mfn.function()?.set_type(FnType::EXP)?;
    mfn.set_dimension(4)?;
    match kind {
        "monitor" => mfn.add_monitor(move |_, _, _| fault.strike())?,
        "shell-mult" => mfn.set_operator(&*shell_like(petsc.world(), a, fault)?)?,
        other => return unknown(other),
    }
    let converged = mfn.solve(&b, &mut x)?;
    petsc.print(format_args!("{converged}\n"))
}

/// `A·X + X·A = -c·cᴴ` with `A` negative definite.
fn equation(petsc: &Petsc, kind: &str, mut fault: Fault) -> Result<()> {
    let world = petsc.world();
    let mut a = laplacian(world)?;
    a.scale(Scalar::from_real(-1.0))?;
    let builder = Matrix::builder(world).global_size(N, 1);
    let mut c = builder.kind(MatrixType::DENSE).build()?;
    for i in c.ownership_range()? {
        c.set_value(i, 0, Scalar::from_real(1.0), InsertMode::Insert)?;
    }
    c.assemble()?;
    let mut lme = Lme::new(world)?;
    lme.set_coefficient(&a)?;
    lme.set_rhs_factor(&c)?;
    lme.set_dimension(4)?;
    match kind {
        "monitor" => lme.add_monitor(move |_, _, _| fault.strike())?,
        "shell-mult" => lme.set_coefficient(&*shell_like(world, a, fault)?)?,
        other => return unknown(other),
    }
    let converged = lme.solve()?;
    petsc.print(format_args!("{converged}\n"))
}

fn dense(petsc: &Petsc, kind: &str, mut fault: Fault) -> Result<()> {
    if kind != "order" {
        return unknown(kind);
    }
    let mut ds = Ds::new(petsc.world(), DsType::HEP, 3)?;
    ds.set_dimensions(3, 0, 0)?;
    for (i, value) in [1.0, 3.0, 2.0].into_iter().enumerate() {
        ds.matrix_mut(DsMatrix::A)?.dense_mut()?.view_mut()[(i, i)] = Scalar::from_real(value);
    }
    let mut values = ds.solve()?;
    ds.sort(&mut values, |a, b| {
        fault.strike()?;
        Ok(b.re.total_cmp(&a.re))
    })?;
    petsc.world().barrier()
}
