//! Multigrid, with interpolations that are given and with those that are found.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::pc::{Cycle, Galerkin, MgType};
use petsc_rs::{ErrorCode, prelude::*};
use petsc_test::{assert_code, assert_error};

use super::error_of;
use crate::ksp::{laplacian, r, tight};

/// Linear interpolation from `(n - 1) / 2` to `n` inner points.
pub(super) fn interpolation(petsc: &Petsc, n: Int) -> Result<Matrix> {
    let coarse = (n - 1) / 2;
    let mut p = Matrix::builder(petsc.world()).global_size(n, coarse).build()?;
    for i in p.ownership_range()? {
        if i % 2 == 1 {
            p.set_value(i, i / 2, r(1.0), InsertMode::Insert)?;
        } else {
            for j in [i / 2 - 1, i / 2].into_iter().filter(|j| (0..coarse).contains(j)) {
                p.set_value(i, j, r(0.5), InsertMode::Insert)?;
            }
        }
    }
    p.assemble()?;
    Ok(p)
}

#[petsc_test::test(ranks = [1, 2])]
fn iterations_of_multigrid_do_not_grow_with_the_grid(petsc: &Petsc) -> Result<()> {
    let mut iterations = Vec::new();
    for n in [31, 127] {
        let a = laplacian(petsc.world(), n)?;
        let (mut x, mut b) = a.vectors()?;
        b.set(r(1.0))?;
        let mut ksp = Ksp::new(petsc.world())?;
        ksp.set_type(KspType::CG)?;
        ksp.set_operators(&a, &a)?;
        ksp.set_tolerances(tight())?;
        let mut pc = ksp.pc()?;
        pc.set_type(PcType::MG)?;
        assert_eq!(pc.mg_levels()?, 0);
        assert_eq!(pc.mg_smoother(0).unwrap_err().code(), ErrorCode::ARG_OUTOFRANGE);
        assert_error(
            pc.set_mg_cycle(Cycle::W),
            ErrorCode::ARG_OUTOFRANGE,
            "levels of multigrid do not exist yet",
        );
        pc.set_mg_levels(3)?;
        let (p, coarser) = (interpolation(petsc, n)?, interpolation(petsc, (n - 1) / 2)?);
        pc.set_mg_interpolation(2, &p)?;
        pc.set_mg_interpolation(1, &coarser)?;
        assert_error(
            pc.set_mg_interpolation(0, &p),
            ErrorCode::ARG_OUTOFRANGE,
            "level 0 lies outside 1..3",
        );
        assert_error(
            pc.set_mg_interpolation(3, &p),
            ErrorCode::ARG_OUTOFRANGE,
            "level 3 lies outside 1..3",
        );
        pc.set_mg_galerkin(Galerkin::Both)?;
        pc.set_mg_type(MgType::Multiplicative)?;
        pc.set_mg_cycle(Cycle::V)?;
        pc.set_mg_smoothing_steps(2)?;
        for level in [1, 2] {
            let mut smoother = pc.mg_smoother(level)?;
            smoother.set_type(KspType::RICHARDSON)?;
            smoother.set_richardson_scale(0.6)?;
            smoother.pc()?.set_type(PcType::JACOBI)?;
        }
        iterations.push(ksp.solve(&b, &mut x)?.iterations);
        assert!(ksp.true_residual_norm(&b, &x)? < 1e-6);
        assert_eq!(
            ksp.pc()?.mg_coarse_solver()?.operators()?.0.size()?.0,
            usize::try_from((n - 3) / 4)?
        );
    }
    // The number of iterations of multigrid does not grow with the grid.
    assert!(iterations[1] <= iterations[0] + 2, "{iterations:?}");
    let mut pc = Pc::new(petsc.world())?;
    pc.set_type(PcType::JACOBI)?;
    assert_code(pc.set_mg_levels(2), ErrorCode::ARG_WRONG);
    assert_code(pc.set_mg_type(MgType::Full), ErrorCode::ARG_WRONG);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_w_cycle_of_the_finest_level_solves_twice_on_the_coarsest(petsc: &Petsc) -> Result<()> {
    let n = 31;
    let a = laplacian(petsc.world(), n)?;
    let mut pc = Pc::new(petsc.world())?;
    pc.set_operators(&a, &a)?;
    pc.set_type(PcType::MG)?;
    pc.set_mg_levels(3)?;
    pc.set_mg_interpolation(2, &*interpolation(petsc, n)?)?;
    pc.set_mg_interpolation(1, &*interpolation(petsc, (n - 1) / 2)?)?;
    pc.set_mg_galerkin(Galerkin::Both)?;
    pc.set_up()?;
    let solves = Rc::new(Cell::new(0));
    let counter = Rc::clone(&solves);
    pc.mg_coarse_solver()?.set_pre_solve(move |_, _, _| {
        counter.set(counter.get() + 1);
        Ok(())
    })?;
    let (mut x, mut y) = a.vectors()?;
    x.set(r(1.0))?;
    pc.apply(&x, &mut y)?;
    assert_eq!(solves.take(), 1);
    pc.set_mg_cycle_on_level(2, Cycle::W)?;
    pc.apply(&x, &mut y)?;
    assert_eq!(solves.take(), 2);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn gamg_converges_with_its_settings(petsc: &Petsc) -> Result<()> {
    let error = error_of(petsc, 200, |ksp| {
        let mut pc = ksp.pc()?;
        pc.set_type(PcType::GAMG)?;
        pc.set_gamg_threshold(&[0.0, 0.01])?;
        pc.set_gamg_smooths(1)?;
        pc.set_gamg_coarse_limit(10)?;
        ksp.set_up()?;
        assert!(ksp.pc()?.mg_levels()? >= 2);
        let (grid, operator) = ksp.pc()?.mg_complexity()?;
        // The coarse levels count beside the finest one.
        assert!(grid > 1.0 && operator > 1.0, "{grid} {operator}");
        Ok(())
    })?;
    assert!(error < 1e-6);
    Ok(())
}

#[cfg(petsc_have_hypre)]
#[petsc_test::test(ranks = [1, 2])]
fn boomeramg_preconditions_the_laplacian(petsc: &Petsc) -> Result<()> {
    if Scalar::IS_COMPLEX {
        return Ok(());
    }
    let error = error_of(petsc, 60, |ksp| {
        ksp.pc()?.set_type(PcType::HYPRE)?;
        ksp.pc()?.set_hypre_type("boomeramg")
    })?;
    assert!(error < 1e-6);
    Ok(())
}
