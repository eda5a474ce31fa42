//! Operators that apply the Jacobian by differences, in the hands of others than their solver.

use petsc_rs::prelude::*;
use petsc_rs::snes::{MatrixFree, Tolerances};
use petsc_rs::{ErrorCode, MatrixRef, Snes, Ts};
use petsc_test::assert_close;

use super::{N, cubic, root};
use crate::ksp::r;
use crate::vector::{all, code};

/// Applies a matrix to ones and compares with the Jacobian of the cubic problem at its solution.
fn check(a: &MatrixRef) -> Result<()> {
    let (mut ones, mut y) = a.vectors()?;
    ones.set(r(1.0))?;
    a.mult(&ones, &mut y)?;
    for (i, value) in (0..N).zip(all(&y)?) {
        let end = if i == 0 || i == N - 1 { 1.0 } else { 0.0 };
        assert_close!(value, end + 3.0 * root(i).powi(2), 0.0, 1e-4);
    }
    Ok(())
}

/// Goes on until nothing changes any more: the operator takes differences at the last iterate but one, and subtracts
/// what the residual is by now.
fn exhaust(snes: &mut Snes, x: &mut Vector) -> Result<()> {
    snes.set_tolerances(Tolerances {
        rtol: 1e-30.into(),
        atol: 1e-30.into(),
        stol: 0.0.into(),
        max_iterations: 25.into(),
        ..Default::default()
    })?;
    let _ = snes.solve_unchecked(None, x)?;
    Ok(())
}

/// A solver that is done, with an operator by differences.
fn solved(petsc: &Petsc, which: MatrixFree) -> Result<(Snes, Vector)> {
    let (mut snes, mut x) = cubic(petsc.world(), which == MatrixFree::Operator)?;
    snes.set_matrix_free(which)?;
    if which == MatrixFree::All {
        snes.ksp()?.pc()?.set_type(PcType::NONE)?;
    }
    exhaust(&mut snes, &mut x)?;
    Ok((snes, x))
}

const STATE: Option<ErrorCode> = Some(ErrorCode::ARG_WRONGSTATE);

#[petsc_test::test(ranks = [1, 2, 3])]
fn an_operator_outlives_its_solver(petsc: &Petsc) -> Result<()> {
    outlive(petsc, MatrixFree::All)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn an_operator_with_a_preconditioner_outlives_its_solver(petsc: &Petsc) -> Result<()> {
    outlive(petsc, MatrixFree::Operator)
}

/// Once: after an error, solvers are not destroyed at once.
fn outlive(petsc: &Petsc, which: MatrixFree) -> Result<()> {
    let (snes, mut x) = solved(petsc, which)?;
    let (mut first, mut second) = (Ksp::new(petsc.world())?, Ksp::new(petsc.world())?);
    for (ksp, a) in [
        (&mut first, snes.jacobian()?.ok_or("it was used")?.0),
        (&mut second, snes.ksp()?.operators()?.0),
    ] {
        ksp.set_operators(&a, &a)?;
        ksp.pc()?.set_type(PcType::NONE)?;
        check(&ksp.operators()?.0)?;
    }
    drop(snes);
    let b = x.duplicate_with_values()?;
    for ksp in [&mut first, &mut second] {
        assert_eq!(code(ksp.operators()?.0.mult(&b, &mut x)), STATE);
        assert_eq!(code(ksp.solve(&b, &mut x)), STATE);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn an_operator_keeps_the_residual_that_it_subtracts(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = solved(petsc, MatrixFree::All)?;
    let mut ksp = Ksp::new(petsc.world())?;
    let a = snes.jacobian()?.ok_or("it was used")?.0;
    ksp.set_operators(&a, &a)?;
    // A handle from the solver keeps it, a reference of C does not.
    drop(a);
    // The solver gives up its residual, and the operator: it makes others for the next solve.
    snes.reset()?;
    check(&ksp.operators()?.0)?;
    snes.ksp()?.pc()?.set_type(PcType::NONE)?;
    x.set(r(0.5))?;
    exhaust(&mut snes, &mut x)?;
    check(&ksp.operators()?.0)?;
    check(&snes.jacobian()?.ok_or("it was used")?.0)?;
    drop(snes);
    assert_eq!(code(check(&ksp.operators()?.0)), STATE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn an_operator_is_not_copied_nor_assembled_alone(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = solved(petsc, MatrixFree::Operator)?;
    let a = snes.jacobian()?.ok_or("it was used")?.0;
    let sup = Some(ErrorCode::SUP);
    assert_eq!(code(a.duplicate()), sup);
    assert_eq!(code(a.duplicate_with_values()), sup);
    // In another solver it is assembled by whoever computes the Jacobian there.
    let mut other = Snes::new(petsc.world())?;
    let residual = x.duplicate()?;
    other.set_function(&residual, |_, x, f| f.copy_from(x))?;
    other.set_jacobian(&a, &a, |_, _, a, _| a.assemble())?;
    other.ksp()?.pc()?.set_type(PcType::NONE)?;
    snes.reset()?;
    x.set(r(1.0))?;
    assert_eq!(code(other.solve(None, &mut x)), STATE);
    drop(snes);
    x.set(r(1.0))?;
    assert_eq!(code(other.solve(None, &mut x)), STATE);
    Ok(())
}

/// The solver within an integrator is not created through its own constructor.
#[petsc_test::test(ranks = [1, 2])]
fn an_operator_outlives_its_integrator(petsc: &Petsc) -> Result<()> {
    let mut ts = Ts::new(petsc.world())?;
    ts.set_type(petsc_rs::ts::TsType::BEULER)?;
    let mut x = Vector::new(petsc.world(), 6)?;
    x.set(r(1.0))?;
    let residual = x.duplicate()?;
    ts.set_i_function(&residual, |_, _, u, rate, f| {
        f.copy_from(u)?;
        f.axpy(r(1.0), rate)
    })?;
    let mut snes = ts.snes()?;
    snes.set_matrix_free(MatrixFree::All)?;
    snes.ksp()?.pc()?.set_type(PcType::NONE)?;
    ts.set_time_step(0.1)?;
    ts.set_max_steps(2)?;
    let _ = ts.solve(&mut x)?;
    let mut ksp = Ksp::new(petsc.world())?;
    let a = ts.snes()?.jacobian()?.ok_or("it was used")?.0;
    ksp.set_operators(&a, &a)?;
    drop((a, snes, ts));
    let b = x.duplicate()?;
    assert_eq!(code(ksp.operators()?.0.mult(&b, &mut x)), STATE);
    Ok(())
}

#[petsc_test::test]
fn the_operators_that_nobody_guards_are_refused(petsc: &Petsc) -> Result<()> {
    let sup = Some(ErrorCode::SUP);
    petsc.options().scope(|options| {
        let (mut snes, mut x) = cubic(petsc.world(), false)?;
        options.set("-snes_mf_version", 1)?;
        snes.set_from_options()?;
        // Perhaps that of a solver within this one.
        options.set("-fas_coarse_snes_mf_version", 2)?;
        assert_eq!(code(snes.set_from_options()), sup);
        assert_eq!(code(snes.solve(None, &mut x)), sup);
        assert_eq!(code(Ts::new(petsc.world())?.set_from_options()), sup);
        Ok(())
    })
}
