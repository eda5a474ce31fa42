//! The method `power`: shifts that change, and `A(x)·x = λ·B(x)·x`.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::{ErrorCode, MatrixRef, SnesRef, VectorRef};
use petsc_test::assert_close;
use slepc_rs::eps::{PowerShiftType, Tolerances};
use slepc_rs::prelude::*;

use crate::problems::{
    code, laplacian, laplacian_eigenvalue, r, solve_directly, solver, tridiagonal,
};

/// `-u″ + 2000·u³ = λ·b·u` on twenty points, `λ·‖b·u‖ = 1`, by Newton's method on all twenty-one numbers (scipy's
/// `fsolve`): for `b = 1`, for `b = 1 + x`, and for this with the maximum norm.
const ONE: f64 = 11.021430744177797;
const WEIGHTED: f64 = 7.29459994425505;
#[cfg(petsc_ge_3_20)]
const BY_MAXIMUM: f64 = 10.347752879563469;

const N: Int = 20;
const CUBE: f64 = 2000.0;
const H: f64 = 1.0 / (N + 1) as f64;

fn stiffness(comm: &Comm) -> Result<Matrix> {
    let k = 1.0 / (H * H);
    tridiagonal(comm, N, [-k, 2.0 * k, -k])
}

/// `y ← K·x + 2000·|x|²·x`, which keeps the phase of complex numbers free.
fn left(k: &MatrixRef, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
    k.mult(x, y)?;
    for (y, x) in y.array_mut()?.iter_mut().zip(x.array()?.iter()) {
        *y += *x * r(CUBE * x.modulus().powi(2));
    }
    Ok(())
}

fn right(x: &VectorRef, y: &mut VectorRef) -> Result<()> {
    let start = x.ownership_range()?.start;
    for ((i, y), x) in (start..).zip(y.array_mut()?.iter_mut()).zip(x.array()?.iter()) {
        *y = *x * r(1.0 + (i + 1) as f64 * H);
    }
    Ok(())
}

fn derivative(k: &MatrixRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef) -> Result<()> {
    p.copy_from(k)?;
    let start = x.ownership_range()?.start;
    for (i, x) in (start..).zip(x.array()?.iter()) {
        let slope = 3.0 * CUBE * x.modulus().powi(2);
        p.set_value(i, i, r(slope), InsertMode::Add)?;
    }
    p.assemble()?;
    a.assemble()
}

/// Function and Jacobian of the left side, with a count of what holds them.
fn nonlinear(comm: &Comm, a: &Matrix, b: Option<&Matrix>) -> Result<(Eps, Rc<Cell<usize>>)> {
    let mut eps = solver(comm, a, b, EpsProblemType::NonHermitian, 1)?;
    if b.is_some() {
        eps.set_problem_type(EpsProblemType::GeneralizedNonHermitian)?;
    }
    eps.set_type(EpsType::POWER)?;
    eps.set_power_nonlinear(true)?;
    eps.set_tolerances(Tolerances { tolerance: 1e-10.into(), ..Tolerances::default() })?;
    let calls = Rc::new(Cell::new(0));
    let (k, counted) = (stiffness(comm)?, Rc::clone(&calls));
    eps.set_power_function(move |_: &SnesRef, x, y| {
        counted.set(counted.get() + 1);
        left(&k, x, y)
    })?;
    let k = stiffness(comm)?;
    eps.set_power_jacobian(move |_, x, a, p| derivative(&k, x, a, p))?;
    eps.power_snes()?.ksp()?.pc()?.set_type(PcType::REDUNDANT)?;
    Ok((eps, calls))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn inverse_iteration_finds_the_eigenvector_of_a_nonlinear_problem(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = stiffness(comm)?;
    let (mut eps, calls) = nonlinear(comm, &a, None)?;
    assert!(eps.power_nonlinear()? && !eps.power_update()?);
    let converged = eps.solve()?;
    assert!(converged.iterations > 2 && calls.get() > converged.iterations);
    let found = eps.eigenvalue(0)?;
    assert_close!(found.re, ONE, 1e-8);
    // Scaled as the problem wants it.
    let u = eps.eigenpairs()?.next().ok_or("a pair")??.vector()?;
    let norm = u.main().norm(Norm::Two)?;
    assert_close!(norm * found.re, 1.0, 1e-7);
    // Once more from there: a step or two. The closure may be replaced.
    let mut start = u.main().duplicate()?;
    start.copy_from(u.main())?;
    eps.set_initial_space(&[&start])?;
    let k = stiffness(comm)?;
    eps.set_power_function(move |_, x, y| left(&k, x, y))?;
    assert_eq!(Rc::strong_count(&calls), 1);
    assert!(eps.solve()?.iterations <= 2);
    assert_close!(eps.eigenvalue(0)?.re, ONE, 1e-8);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_of_both_sides_are_freed_with_the_solver(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = stiffness(comm)?;
    let b = a.duplicate()?;
    let (mut eps, calls) = nonlinear(comm, &a, Some(&b))?;
    let held = Rc::clone(&calls);
    eps.set_power_function_b(move |_, x, y| {
        held.set(held.get() + 1);
        right(x, y)
    })?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, WEIGHTED, 1e-8);
    #[cfg(petsc_ge_3_20)]
    {
        assert!(eps.power_sign_normalization()?);
        eps.set_power_sign_normalization(false)?;
        assert!(!eps.power_sign_normalization()?);
        eps.set_power_norm(|_, bx| bx.norm(Norm::Infinity))?;
        let _ = eps.solve()?;
        assert_close!(eps.eigenvalue(0)?.re, BY_MAXIMUM, 1e-8);
    }
    // They live with the solver.
    assert_eq!(Rc::strong_count(&calls), 3);
    eps.set_operators(&a, Some(&a))?;
    assert_eq!(code(eps.solve()), Some(ErrorCode::ARG_IDN));
    petsc.recover()?;
    drop(eps);
    assert_eq!(Rc::strong_count(&calls), 1);
    Ok(())
}

#[petsc_test::test(
    ranks = [1, 2, 3],
    args = ["-eps_power_snes_mf_operator", "-init_eps_power_snes_mf_operator", "-eps_power_snes_rtol", "1e-12",
            "-eps_power_ksp_rtol", "1e-10"]
)]
fn newton_evaluates_both_sides_at_once(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = stiffness(comm)?;
    let b = a.duplicate()?;
    for both in [false, true] {
        let (mut eps, _) = nonlinear(comm, &a, Some(&b))?;
        eps.set_power_function_b(|_, x, y| right(x, y))?;
        eps.set_power_update(true)?;
        assert!(eps.power_update()?);
        eps.set_from_options()?;
        let calls = Rc::new(Cell::new(0));
        if both {
            let (counted, k) = (Rc::clone(&calls), stiffness(comm)?);
            let one = stiffness(comm)?;
            eps.set_power_functions(
                move |_, x, y| left(&one, x, y),
                move |_, x, y, z| {
                    counted.set(counted.get() + 1);
                    left(&k, x, y)?;
                    right(x, z)
                },
            )?;
        }
        // Newton's method of its own prefix factorizes once more.
        petsc.options().set("-init_eps_power_pc_type", "redundant")?;
        let converged = eps.solve()?;
        assert_eq!((converged.pairs, converged.iterations), (1, 1));
        assert_close!(eps.eigenvalue(0)?.re, WEIGHTED, 1e-8);
        assert!(eps.power_snes()?.iterations()? > 1);
        assert_eq!(calls.get() > 2, both);
    }
    petsc.options().clear("-init_eps_power_pc_type")
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn incomplete_nonlinear_problems_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = stiffness(comm)?;
    let (wrong, unsupported) = (Some(ErrorCode::ARG_WRONG), Some(ErrorCode::SUP));
    let mut eps = solver(comm, &a, None, EpsProblemType::NonHermitian, 1)?;
    assert_eq!(code(eps.set_power_nonlinear(true)), wrong);
    eps.set_type(EpsType::POWER)?;
    assert_eq!(code(eps.set_power_update(true)), unsupported);
    assert_eq!(code(eps.power_snes()), unsupported);
    eps.set_power_nonlinear(true)?;
    // SLEPc says which is missing.
    assert_eq!(code(eps.solve()), Some(ErrorCode::USER));
    // A closure that fails in the middle of it leaves no circle behind, and the next solve begins anew.
    let (mut eps, calls) = nonlinear(comm, &a, None)?;
    let (count, k) = (Rc::clone(&calls), stiffness(comm)?);
    eps.set_power_function(move |_, x, y| {
        count.set(count.get() + 1);
        if count.get() == 4 {
            return Err(Error::user("enough"));
        }
        left(&k, x, y)
    })?;
    let error = eps.solve().err().ok_or("an error")?;
    assert!(format!("{error:?}").contains("enough"), "{error:?}");
    petsc.recover()?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, ONE, 1e-8);
    eps.set_power_function_b(|_, x, y| y.copy_from(x))?;
    assert_eq!(code(eps.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    drop(eps);
    petsc.recover()?;
    assert_eq!(Rc::strong_count(&calls), 1);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn rayleigh_shifts_save_steps(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), N)?;
    let mut steps = Vec::new();
    for kind in [PowerShiftType::Constant, PowerShiftType::Rayleigh] {
        let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
        assert_eq!(code(eps.set_power_shift_type(kind)), Some(ErrorCode::ARG_WRONG));
        eps.set_type(EpsType::POWER)?;
        assert_eq!(eps.power_shift_type()?, PowerShiftType::Constant);
        eps.set_power_shift_type(kind)?;
        assert_eq!(eps.power_shift_type()?, kind);
        eps.set_which(EpsWhich::TargetMagnitude)?;
        eps.set_target(r(laplacian_eigenvalue(N, 5) + 0.03))?;
        eps.st()?.set_type(StType::SINVERT)?;
        solve_directly(&mut *eps.st()?)?;
        // A shift that is the eigenvalue to the last digit would make the matrix singular.
        let tolerance = if kind == PowerShiftType::Constant { 1e-8 } else { 1e-4 };
        eps.set_tolerances(Tolerances { tolerance: tolerance.into(), ..Tolerances::default() })?;
        steps.push(eps.solve()?.iterations);
        assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(N, 5), 10.0 * tolerance);
    }
    assert!(steps[1] < steps[0], "{steps:?}");
    Ok(())
}

/// What SLEPc would go on with: Newton's method without its solver, or a transformation that does nothing.
#[petsc_test::test(ranks = [1, 2])]
fn a_nonlinear_problem_does_not_become_linear(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = stiffness(comm)?;
    let stays = Some(ErrorCode::ARG_WRONGSTATE);
    let mut eps = solver(comm, &a, None, EpsProblemType::NonHermitian, 1)?;
    eps.set_type(EpsType::POWER)?;
    eps.set_power_nonlinear(false)?;
    eps.set_power_nonlinear(true)?;
    eps.set_power_update(true)?;
    assert_eq!(code(eps.set_power_nonlinear(false)), stays);
    assert!(eps.power_nonlinear()?);
    // By options, before a setup and after one.
    let off = ("-eps_power_nonlinear", "0");
    petsc.options().set(off.0, off.1)?;
    eps.set_from_options()?;
    assert_eq!(code(eps.solve()), stays);
    let (mut eps, _) = nonlinear(comm, &a, None)?;
    let _ = eps.solve()?;
    eps.set_from_options()?;
    assert_eq!(code(eps.solve()), stays);
    petsc.options().clear(off.0)?;
    eps.set_power_nonlinear(true)?;
    let _ = eps.solve()?;
    assert_close!(eps.eigenvalue(0)?.re, ONE, 1e-8);
    Ok(())
}

/// Nobody looks at the nonlinear solver when the eigensolver itself asks for the right side.
#[petsc_test::test(
    ranks = [1, 2],
    args = ["-eps_power_snes_mf_operator", "-init_eps_power_snes_mf_operator", "-init_eps_power_pc_type", "redundant"]
)]
fn a_domain_error_of_the_right_side_comes_out(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = stiffness(comm)?;
    let b = a.duplicate()?;
    let calls = Rc::new(Cell::new(0));
    let solve = |update, fails| {
        let (mut eps, _) = nonlinear(comm, &a, Some(&b))?;
        calls.set(0);
        let count = Rc::clone(&calls);
        eps.set_power_function_b(move |_, x, y| {
            count.set(count.get() + 1);
            if count.get() == fails {
                return Err(Error::domain("not here"));
            }
            right(x, y)
        })?;
        eps.set_power_update(update)?;
        eps.set_from_options()?;
        eps.solve().map(drop)
    };
    for update in [false, true] {
        // The first call of all, and one in the middle.
        for fails in [1, 3] {
            let error = solve(update, fails).err().ok_or("an error")?;
            assert_eq!(error.code(), ErrorCode::FP, "{update} {fails}");
            assert!(format!("{error:?}").contains("not here"), "{error:?}");
        }
    }
    // In a step of Newton's method for both sides, which is shortened or ends.
    solve(true, 0)?;
    assert_ne!(code(solve(true, calls.get())), Some(ErrorCode::FP));
    Ok(())
}
