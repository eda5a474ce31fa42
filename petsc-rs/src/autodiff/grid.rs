//! Residual and Jacobian on a DMDA from a formula at a point.

use super::stencil::{Place, Plan, Stencil};
use super::{Dual, Number};
use crate::dm::DmdaRef;
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::vector::{InsertMode, VectorRef};
use crate::{Int, Scalar, ScalarExt as _, call, ffi};

/// A residual at the points of a DMDA with `DOF` unknowns each, written once for all number types.
///
/// # Examples
/// See [`SnesRef::set_residual_autodiff`](crate::SnesRef::set_residual_autodiff).
pub trait GridResidual<const DOF: usize> {
    /// Computes the residual at `place` from the unknowns `x` at this point and its neighbors. The
    /// result must depend on the arguments only: the method is called once for the function, and
    /// one or more times for the Jacobian.
    ///
    /// In a library crate, mark the implementation `#[inline]`.
    ///
    /// # Errors
    /// If the method returns an [`Error::domain`](crate::Error::domain) while the function is
    /// evaluated, the solver shortens its step. Any other error ends the solve.
    fn at<N: Number>(&self, place: &Place<'_>, x: &Stencil<'_, N, DOF>) -> Result<[N; DOF]>;
}

impl DmdaRef {
    /// Computes `y ← F(x)` for global vectors. Use this method with solvers that are not part of
    /// PETSc. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a point does not have `DOF` unknowns or a vector does not fit the DMDA; any
    /// error of the residual.
    pub fn residual_autodiff<R, const DOF: usize>(
        &self,
        residual: &R,
        x: &VectorRef,
        y: &mut VectorRef,
    ) -> Result<()>
    where
        R: GridResidual<DOF>,
    {
        function(residual, self, &*self.ghosted(x)?, y)
    }

    /// Computes and assembles `p ← ∂F/∂x` for a global vector `x` and a matrix `p` created with
    /// [`create_matrix`](crate::DmRef::create_matrix). Collective.
    ///
    /// # Errors
    /// The errors of [`residual_autodiff`](Self::residual_autodiff).
    pub fn jacobian_autodiff<R, const DOF: usize>(
        &self,
        residual: &R,
        x: &VectorRef,
        p: &mut MatrixRef,
    ) -> Result<()>
    where
        R: GridResidual<DOF>,
    {
        jacobian(residual, self, &*self.ghosted(x)?, p)?;
        p.assemble()
    }
}

/// Computes `y ← F(x)` at the points of this rank. The ghost points of `x` must be up to date.
pub(super) fn function<R, const DOF: usize>(
    residual: &R,
    grid: &DmdaRef,
    x: &VectorRef,
    y: &mut VectorRef,
) -> Result<()>
where
    R: GridResidual<DOF>,
{
    let plan = Plan::new::<DOF>(grid)?;
    let (x, mut y) = (x.array()?, y.array_mut()?);
    check_lengths::<DOF>(&plan, x.len(), y.len())?;
    let mut rows = y.chunks_exact_mut(DOF);
    for_each_point(&plan, |place| {
        let stencil = Stencil::<Scalar, DOF>::new(&x, &plan, place);
        let values = residual.at(place, &stencil)?;
        if let Some(row) = rows.next() {
            row.copy_from_slice(&values);
        }
        Ok(())
    })
}

/// Computes `p ← ∂F/∂x` without assembling the matrix.
pub(super) fn jacobian<R, const DOF: usize>(
    residual: &R,
    grid: &DmdaRef,
    x: &VectorRef,
    p: &mut MatrixRef,
) -> Result<()>
where
    R: GridResidual<DOF>,
{
    let plan = Plan::new::<DOF>(grid)?;
    let x = x.array()?;
    check_lengths::<DOF>(&plan, x.len(), plan.layout.owned.len() * DOF)?;
    let (rows, columns) = p.local_limits()?;
    ffi::same_len("number of local rows", x.len(), ffi::size(rows)?)?;
    ffi::same_len("number of local columns", x.len(), ffi::size(columns)?)?;
    if plan.repeats {
        p.zero_entries()?;
    }
    let _borrow = p.borrow(ffi::Access::Write)?;
    // The points of a stencil on a line, or of a star stencil in two or three dimensions, with one
    // unknown need one pass. Otherwise ten directions have the lowest cost: with fewer, more of the
    // residual is computed again, and more do not fit into registers.
    match plan.points() * DOF {
        ..=3 => passes::<R, DOF, 3>(residual, &plan, &x, p),
        4..=5 => passes::<R, DOF, 5>(residual, &plan, &x, p),
        6..=7 => passes::<R, DOF, 7>(residual, &plan, &x, p),
        _ => passes::<R, DOF, 10>(residual, &plan, &x, p),
    }
}

fn passes<R, const DOF: usize, const W: usize>(
    residual: &R,
    plan: &Plan,
    x: &[Scalar],
    p: &mut MatrixRef,
) -> Result<()>
where
    R: GridResidual<DOF>,
{
    let (points, dof) = (plan.points(), ffi::petsc_int(DOF)?);
    let entries = points * DOF;
    let n = ffi::petsc_int(entries)?;
    let mode = if plan.repeats { InsertMode::Add } else { InsertMode::Insert };
    let mode = mode.to_raw();
    // Position in a row of the derivative of each direction.
    let slots: Vec<usize> = (0..entries).map(|d| d % points * DOF + d / points).collect();
    let mut values = vec![Scalar::from_real(0.0); entries * DOF];
    let mut columns: Vec<Int> = vec![0; entries];
    let mut rows = [0; DOF];
    for_each_point(plan, |place| {
        let stencil = Stencil::<Dual<W>, DOF>::new(x, plan, place);
        for (first, slots) in slots.chunks(W).enumerate() {
            let f = residual.at(place, &stencil.pass(first * W))?;
            for (f, row) in f.iter().zip(values.chunks_exact_mut(entries)) {
                for (&slot, &derivative) in slots.iter().zip(f.derivatives()) {
                    row[slot] = derivative;
                }
            }
        }
        for (block, &steps) in columns.chunks_exact_mut(DOF).zip(&plan.steps) {
            match stencil.neighbour(steps) {
                Some(place) => (place * dof..).zip(block).for_each(|(j, c)| *c = j),
                None => block.fill(-1),
            }
        }
        let here = stencil.neighbour([0; 3]).unwrap_or(-1) * dof;
        (here..).zip(&mut rows).for_each(|(j, r)| *r = j);
        // SAFETY: `DOF` rows and `n` columns, all of them places of ghosted points, of which the maps
        // have as many (above), or negative; a value for each.
        unsafe {
            call!(MatSetValuesLocal(
                p.as_ptr(),
                dof,
                rows.as_ptr(),
                n,
                columns.as_ptr(),
                values.as_ptr(),
                mode
            ))
        }
    })
}

/// Visits the points of this rank in memory order.
#[inline(always)]
fn for_each_point(plan: &Plan, mut body: impl FnMut(&Place<'_>) -> Result<()>) -> Result<()> {
    let (grid, own) = (&plan.layout, plan.layout.owned);
    for k in own.z() {
        for j in own.y() {
            for i in own.x() {
                body(&Place { i, j, k, grid })?;
            }
        }
    }
    Ok(())
}

fn check_lengths<const DOF: usize>(plan: &Plan, x: usize, y: usize) -> Result<()> {
    ffi::same_len("length of the local vector", plan.layout.ghosted.len() * DOF, x)?;
    ffi::same_len("length of the global vector on this rank", plan.layout.owned.len() * DOF, y)
}
