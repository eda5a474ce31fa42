//! Solvers inside of solvers: multigrid, composites, preconditioners, sweeps.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::dm::{GridMut, GridRead, StencilAssembler};
use petsc_rs::ksp::Side;
use petsc_rs::prelude::*;
use petsc_rs::snes::{CompositeType, FasType, Tolerances};
use petsc_rs::{DmdaRef, ErrorCode, Snes, SnesRef, SnesType, VectorRef};
use petsc_test::assert_close;

use super::{check_all, code, r, squares};

type In<'a> = GridRead<'a, Scalar>;
type Out<'a> = GridMut<'a, Scalar>;

/// The function whose values the problem is made for, which vanishes at both ends.
fn made(x: Real) -> Real {
    x * (1.0 - x)
}

/// `-u'' + u³ = f` on the unit interval, times the distance of points: the three-point formula is exact for
/// [`made`].
fn function(grid: &DmdaRef, u: &In<'_>, f: &mut Out<'_>) -> Result<()> {
    let m = grid.layout()?.sizes[0];
    let h = 1.0 / (m - 1) as Real;
    for i in grid.corners()?.x() {
        let c = u[i];
        f[i] = if i == 0 || i == m - 1 {
            c * r(2.0 / h)
        } else {
            let known = 2.0 + made(i as Real * h).powi(3);
            let at = |j: Int| if j == 0 || j == m - 1 { r(0.0) } else { u[j] };
            (r(2.0) * c - at(i - 1) - at(i + 1)) * r(1.0 / h) + (c * c * c - r(known)) * r(h)
        };
    }
    Ok(())
}

/// Newton's method for one point after another.
fn sweep(snes: &SnesRef, x: &mut VectorRef, b: Option<&VectorRef>) -> Result<()> {
    let grid = snes.dm()?.into_dmda()?;
    let m = grid.layout()?.sizes[0];
    let h = 1.0 / (m - 1) as Real;
    for _ in 0..snes.ngs_sweeps()? {
        let mut local = grid.local_vector()?;
        grid.global_to_local(x, InsertMode::Insert, &mut local)?;
        {
            let b = b.map(|b| grid.array(b)).transpose()?;
            let mut u = grid.array_mut(&mut local)?;
            for i in grid.corners()?.x() {
                let wanted = b.as_ref().map_or(r(0.0), |b| b[i]);
                if i == 0 || i == m - 1 {
                    u[i] = wanted * r(h / 2.0);
                    continue;
                }
                let known = 2.0 + made(i as Real * h).powi(3);
                let at = |u: &GridMut<'_, Scalar>, j: Int| {
                    if j == 0 || j == m - 1 { r(0.0) } else { u[j] }
                };
                let sides = at(&u, i - 1) + at(&u, i + 1);
                let mut c = u[i];
                for _ in 0..3 {
                    let f =
                        (r(2.0) * c - sides) * r(1.0 / h) + (c * c * c - r(known)) * r(h) - wanted;
                    c -= f / (r(2.0 / h) + r(3.0 * h) * c * c);
                }
                u[i] = c;
            }
        }
        grid.local_to_global(&local, InsertMode::Insert, x)?;
    }
    Ok(())
}

fn check_made(grid: &DmdaRef, x: &VectorRef) -> Result<()> {
    let h = 1.0 / (grid.layout()?.sizes[0] - 1) as Real;
    let u = grid.array(x)?;
    for i in grid.corners()?.x() {
        assert_close!(u[i].real(), made(i as Real * h), 1e-7, 1e-7);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn nonlinear_multigrid_converges_in_few_cycles(petsc: &Petsc) -> Result<()> {
    for kind in [FasType::Multiplicative, FasType::Full] {
        let grid = Dmda::builder(petsc.world()).sizes([33]).build()?;
        let mut x = grid.create_global_vector()?;
        let mut snes = Snes::new(petsc.world())?;
        snes.set_dm(&grid)?;
        snes.set_function_local(function)?;
        snes.set_ngs(sweep)?;
        snes.set_type(SnesType::FAS)?;
        snes.set_fas_levels(3)?;
        snes.set_fas_type(kind)?;
        assert_eq!((snes.fas_levels()?, snes.fas_type()?), (3, kind));
        snes.set_fas_cycles(1)?;
        for level in 1..3 {
            let mut smoother = snes.fas_smoother(level)?;
            smoother.set_type(SnesType::NGS)?;
            smoother.set_ngs_sweeps(3)?;
            assert_eq!(smoother.ngs_sweeps()?, 3);
        }
        snes.set_fas_smooth_down(1)?;
        snes.set_fas_smooth_up(1)?;
        snes.fas_coarse_solver()?.set_type(SnesType::NEWTONLS)?;
        assert_eq!(code(snes.fas_smoother(3)), ErrorCode::ARG_OUTOFRANGE);
        let scale = x.duplicate()?;
        assert_eq!(code(snes.set_fas_rscale(0, &scale)), ErrorCode::ARG_OUTOFRANGE);
        snes.set_tolerances(Tolerances {
            // With 3.26, the coarse solver's own tolerance keeps the cycles from going below 1e-10.
            rtol: 2e-9.into(),
            ..Default::default()
        })?;
        assert!(snes.fas_interpolation(1)?.is_none());
        snes.set_fas_log(true)?;
        let converged = snes.solve(None, &mut x)?;
        check_made(&grid, &x)?;
        // Levels of 9, 17 and 33 points.
        assert_eq!(snes.fas_interpolation(2)?.unwrap().size()?, (33, 17));
        assert_eq!(snes.fas_restriction(1)?.unwrap().size()?, (17, 9));
        assert_eq!(snes.fas_injection(1)?.unwrap().size()?, (9, 17));
        for outcome in [snes.fas_interpolation(0), snes.fas_restriction(3), snes.fas_injection(0)] {
            assert_eq!(code(outcome), ErrorCode::ARG_OUTOFRANGE);
        }
        // Multigrid needs few cycles; sweeps alone would need hundreds.
        assert!(converged.iterations < 25, "{converged}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn subdomains_have_solvers_after_the_setup(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([33]).build()?;
    let mut x = grid.create_global_vector()?;
    let mut snes = Snes::new(petsc.world())?;
    assert_eq!(code(snes.set_nasm_final_jacobian(true)), ErrorCode::ARG_WRONG);
    assert_eq!(code(snes.nasm_count()), ErrorCode::ARG_WRONG);
    assert_eq!(code(snes.fas_interpolation(1)), ErrorCode::ARG_WRONG);
    assert_eq!(code(snes.set_fas_log(true)), ErrorCode::ARG_WRONG);
    snes.set_dm(&grid)?;
    snes.set_function_local(function)?;
    snes.set_type(SnesType::NASM)?;
    snes.set_nasm_final_jacobian(false)?;
    assert_eq!(snes.nasm_count()?, 0);
    assert_eq!(code(snes.nasm_solver(0)), ErrorCode::ARG_OUTOFRANGE);
    snes.set_solution(&x)?;
    snes.set_up()?;
    assert_eq!(snes.nasm_count()?, 1);
    assert_eq!(code(snes.nasm_solver(1)), ErrorCode::ARG_OUTOFRANGE);
    let part = snes.nasm_solver(0)?;
    assert_eq!(part.options_prefix()?.as_deref(), Some("sub_"));
    drop(part);
    let _ = snes.solve_unchecked(None, &mut x)?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn sweeps_alone_converge(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let mut x = grid.create_global_vector()?;
    let mut snes = Snes::new(petsc.world())?;
    snes.set_dm(&grid)?;
    snes.set_function_local(function)?;
    snes.set_ngs(sweep)?;
    snes.set_type(SnesType::NGS)?;
    snes.set_ngs_tolerances(Tolerances {
        atol: 1e-9.into(),
        max_iterations: 4.into(),
        ..Default::default()
    })?;
    let (atol, _, _, most) = snes.ngs_tolerances()?;
    assert_eq!((atol, most), (1e-9, 4));
    snes.set_tolerances(Tolerances {
        rtol: 1e-10.into(),
        max_iterations: 2000.into(),
        ..Default::default()
    })?;
    let _ = snes.solve(None, &mut x)?;
    check_made(&grid, &x)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_composite_converges_and_takes_no_late_members(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = squares(petsc.world(), 5)?;
    snes.set_type(SnesType::COMPOSITE)?;
    snes.set_composite_type(CompositeType::Multiplicative)?;
    snes.add_to_composite(SnesType::NEWTONLS)?;
    snes.add_to_composite(SnesType::NEWTONTR)?;
    assert_eq!(snes.composite_count()?, 2);
    assert_eq!(code(snes.composite_solver(2)), ErrorCode::ARG_OUTOFRANGE);
    assert_eq!(code(snes.set_composite_damping(2, 0.5)), ErrorCode::ARG_OUTOFRANGE);
    snes.composite_solver(0)?
        .set_tolerances(Tolerances { max_iterations: 1.into(), ..Default::default() })?;
    let _ = snes.solve(None, &mut x)?;
    let late = snes.set_composite_type(CompositeType::AdditiveOptimal);
    assert_eq!(code(late), ErrorCode::ARG_WRONGSTATE);
    let late = snes.add_to_composite(SnesType::NEWTONLS);
    assert_eq!(code(late), ErrorCode::ARG_WRONGSTATE);
    let _ = snes.solve(None, &mut x)?;
    check_all(&x, 2.0)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_nonlinear_preconditioner_runs_within_the_solver(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = squares(petsc.world(), 5)?;
    assert!(!snes.has_npc()?);
    let calls = Rc::new(Cell::new(0));
    let seen = Rc::clone(&calls);
    snes.set_type(SnesType::NGMRES)?;
    let mut npc = Snes::new(petsc.world())?;
    npc.set_type(SnesType::NEWTONLS)?;
    npc.add_monitor(move |_, _, _| {
        seen.set(seen.get() + 1);
        Ok(())
    })?;
    snes.set_npc(&npc)?;
    drop(npc);
    snes.set_npc_side(Side::Right)?;
    assert_eq!(snes.npc_side()?, Side::Right);
    let _ = snes.solve(None, &mut x)?;
    check_all(&x, 2.0)?;
    assert!(calls.get() > 0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn linear_solvers_can_be_replaced(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut x) = squares(petsc.world(), 5)?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_type(KspType::PREONLY)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    snes.set_ksp(&ksp)?;
    drop(ksp);
    let converged = snes.solve(None, &mut x)?;
    check_all(&x, 2.0)?;
    assert_eq!(converged.linear_iterations, converged.iterations);
    if petsc.world().size() > 1 {
        let alone = Ksp::new(petsc.self_comm())?;
        assert_eq!(code(snes.set_ksp(&alone)), ErrorCode::ARG_NOTSAMECOMM);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_grid_function_brings_its_own_differences(petsc: &Petsc) -> Result<()> {
    let solve = |jacobian: bool| -> Result<(usize, usize)> {
        let grid = Dmda::builder(petsc.world()).sizes([33]).build()?;
        let mut x = grid.create_global_vector()?;
        let mut snes = Snes::new(petsc.world())?;
        snes.set_dm(&grid)?;
        snes.set_function_local(function)?;
        if jacobian {
            snes.set_jacobian_local(
                |grid: &DmdaRef, u: &In<'_>, rows: &mut StencilAssembler<'_>| {
                    let m = grid.layout()?.sizes[0];
                    let h = 1.0 / (m - 1) as Real;
                    for i in grid.corners()?.x() {
                        let center = r(2.0 / h);
                        if i == 0 || i == m - 1 {
                            rows.set(i, i, center)?;
                            continue;
                        }
                        let side = r(-1.0 / h);
                        let entries =
                            [(i - 1, side), (i, center + r(3.0 * h) * u[i] * u[i]), (i + 1, side)];
                        let kept = entries.into_iter().filter(|&(j, _)| j != 0 && j != m - 1);
                        rows.row(i, kept)?;
                    }
                    Ok(())
                },
            )?;
        }
        snes.ksp()?.set_tolerances(super::tight())?;
        let converged = snes.solve(None, &mut x)?;
        check_made(&grid, &x)?;
        Ok((converged.iterations, snes.function_evaluations()?))
    };
    // As with a Jacobian written by hand, and the differences do not count.
    assert_eq!(solve(true)?, solve(false)?);
    Ok(())
}
