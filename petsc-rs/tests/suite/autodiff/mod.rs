//! Derived Jacobians.

mod numbers;
mod objective;
mod problems;
mod solvers;
mod sparse;

use petsc_rs::autodiff::{GridResidual, Number, Place, Stencil};
use petsc_rs::dm::{BoundaryType, GridRead, StencilType};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, MatrixRef, VectorRef};
use problems::{Bratu, Cavity, bratu_jacobian, cavity_jacobian};

use super::dm::float;
use super::vector::real;

/// Values without a pattern, of both signs.
fn fill(x: &mut VectorRef) -> Result<()> {
    let start = x.ownership_range()?.start;
    for (k, value) in (start..).zip(x.array_mut()?.iter_mut()) {
        *value = real((float(k) * 0.7 + 0.3).sin());
    }
    Ok(())
}

/// The norm of `a - b` beside that of `b`.
fn distance(a: &mut MatrixRef, b: &MatrixRef) -> Result<f64> {
    a.axpy(real(-1.0), b, petsc_rs::matrix::Structure::Subset)?;
    Ok(a.norm(Norm::Frobenius)? / b.norm(Norm::Frobenius)?)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn bratu_is_what_was_derived_by_hand(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([17, 12]).build()?;
    let mut x = grid.create_global_vector()?;
    fill(&mut x)?;
    let (mut derived, mut by_hand) = (grid.create_matrix()?, grid.create_matrix()?);
    grid.jacobian_autodiff(&Bratu { lambda: 6.0 }, &x, &mut derived)?;
    let local = grid.ghosted(&x)?;
    let u: GridRead<'_, Scalar> = grid.array(&local)?;
    let mut rows = grid.stencil_assembler(&mut by_hand, InsertMode::Insert)?;
    bratu_jacobian(6.0, &grid, &u, &mut rows)?;
    rows.finish()?;
    assert!(distance(&mut derived, &by_hand)? < 1e-14);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn four_unknowns_are_what_was_derived_by_hand(petsc: &Petsc) -> Result<()> {
    let cavity = Cavity { grashof: 1e4, prandtl: 0.7, lid: 100.0 };
    let grid = Dmda::builder(petsc.world()).sizes([9, 14]).dof(4).build()?;
    let mut x = grid.create_global_vector()?;
    fill(&mut x)?;
    let (mut derived, mut by_hand) = (grid.create_matrix()?, grid.create_matrix()?);
    grid.jacobian_autodiff(&cavity, &x, &mut derived)?;
    let local = grid.ghosted(&x)?;
    let u = grid.array_as::<[Scalar; 4]>(&local)?;
    let mut rows = grid.stencil_assembler(&mut by_hand, InsertMode::Insert)?;
    cavity_jacobian(cavity, &grid, &u, &mut rows)?;
    rows.finish()?;
    assert!(distance(&mut derived, &by_hand)? < 1e-14);
    Ok(())
}

/// Products of each unknown with the others around: of second degree, for which differences are exact.
struct Products {
    dimension: usize,
    star: bool,
    width: Int,
    boundary: BoundaryType,
}

impl<const DOF: usize> GridResidual<DOF> for Products {
    fn at<N: Number>(&self, at: &Place<'_>, x: &Stencil<'_, N, DOF>) -> Result<[N; DOF]> {
        let here = x.point(0);
        let mut f = here;
        let reach = |d: usize| {
            let w = if d < self.dimension { self.width } else { 0 };
            -w..=w
        };
        let mut weight = 1.0;
        for dk in reach(2) {
            for dj in reach(1) {
                for di in reach(0) {
                    weight += 1.0;
                    let step = [di, dj, dk];
                    let place = [at.i + di, at.j + dj, at.k + dk];
                    let inside = (0..3).all(|d| (0..at.grid.sizes[d]).contains(&place[d]));
                    let axes = step.iter().filter(|&&d| d != 0).count();
                    if (self.star && axes > 1) || (self.boundary == BoundaryType::None && !inside) {
                        continue;
                    }
                    let there = x.point((di, dj, dk));
                    for c in 0..DOF {
                        f[c] += there[c] * here[(c + 1) % DOF] * weight + there[0];
                    }
                }
            }
        }
        Ok(f)
    }
}

fn check<const DOF: usize>(
    petsc: &Petsc,
    sizes: &[usize],
    (stencil, width): (StencilType, usize),
    boundary: BoundaryType,
) -> Result<()> {
    let builder = Dmda::builder(petsc.world()).dof(DOF).stencil(stencil, width);
    let grid = match *sizes {
        [m] => builder.sizes([m]).boundaries([boundary]).build()?,
        [m, n] => builder.sizes([m, n]).boundaries([boundary; 2]).build()?,
        [m, n, p] => builder.sizes([m, n, p]).boundaries([boundary; 3]).build()?,
        _ => return Ok(()),
    };
    let residual = Products {
        dimension: sizes.len(),
        star: stencil == StencilType::Star,
        width: width.to_string().parse().unwrap_or(1),
        boundary,
    };
    differences::<_, DOF>(&grid, &residual, &format!("{sizes:?} {stencil:?} {boundary:?} {DOF}"))
}

/// `J v` beside `(F(x + v) - F(x - v)) / 2`.
fn differences<R: GridResidual<DOF>, const DOF: usize>(
    grid: &DmdaRef,
    residual: &R,
    name: &str,
) -> Result<()> {
    let mut x = grid.create_global_vector()?;
    fill(&mut x)?;
    let mut v = x.duplicate()?;
    v.pointwise_mult(&x, &x)?;
    let mut a = grid.create_matrix()?;
    grid.jacobian_autodiff(residual, &x, &mut a)?;
    let (mut product, mut before, mut after) = (x.duplicate()?, x.duplicate()?, x.duplicate()?);
    a.mult(&v, &mut product)?;
    x.axpy(real(1.0), &v)?;
    grid.residual_autodiff(residual, &x, &mut after)?;
    x.axpy(real(-2.0), &v)?;
    grid.residual_autodiff(residual, &x, &mut before)?;
    after.axpy(real(-1.0), &before)?;
    after.axpy(real(-2.0), &product)?;
    let error = after.norm(Norm::Infinity)? / product.norm(Norm::Infinity)?;
    assert!(error < 1e-13, "{name}: {error}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn jacobians_are_right_for_each_boundary_stencil_and_dimension(petsc: &Petsc) -> Result<()> {
    use BoundaryType::{Ghosted, Mirror, None, Periodic};
    for boundary in [None, Ghosted, Periodic, Mirror] {
        for stencil in [StencilType::Star, StencilType::Box] {
            if boundary == Mirror && stencil == StencilType::Box {
                continue; // PETSc has none
            }
            check::<1>(petsc, &[9], (stencil, 1), boundary)?;
            check::<2>(petsc, &[12], (stencil, 2), boundary)?;
            check::<1>(petsc, &[7, 8], (stencil, 1), boundary)?;
            check::<2>(petsc, &[6, 7], (stencil, 1), boundary)?;
            check::<4>(petsc, &[6, 6], (stencil, 1), boundary)?;
            if boundary != Mirror {
                check::<1>(petsc, &[5, 6, 7], (stencil, 1), boundary)?;
                check::<2>(petsc, &[4, 5, 6], (stencil, 1), boundary)?;
            }
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_neighbor_on_both_sides_of_a_small_ring_counts_twice(petsc: &Petsc) -> Result<()> {
    // Point 0 has the same neighbor before and after it.
    check::<1>(petsc, &[2], (StencilType::Star, 1), BoundaryType::Periodic)?;
    check::<2>(petsc, &[4, 2], (StencilType::Box, 1), BoundaryType::Periodic)
}

#[petsc_test::test]
fn a_wrong_number_of_unknowns_is_refused(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([4, 4]).build()?;
    let x = grid.create_global_vector()?;
    let mut y = x.duplicate()?;
    let cavity = Cavity { grashof: 1.0, prandtl: 1.0, lid: 1.0 };
    let error = grid.residual_autodiff(&cavity, &x, &mut y).expect_err("it should fail");
    assert_eq!(error.code(), petsc_rs::ErrorCode::ARG_SIZ);
    Ok(())
}
