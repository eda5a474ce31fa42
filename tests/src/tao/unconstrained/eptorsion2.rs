//! Port of PETSc's `src/tao/unconstrained/tutorials/eptorsion2.c`: torsion of a bar on a DMDA in
//! parallel.

use std::rc::Rc;

use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, MatrixRef, PcType, Tao, TaoType, VectorRef};

use crate::models::torsion::Torsion;

fn gradient(torsion: Torsion, grid: &DmdaRef, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
    {
        let local = grid.ghosted(x)?;
        let (x, mut g) = (grid.array(&local)?, grid.array_mut(g)?);
        for at in grid.corners()?.points() {
            let products = torsion.row(at).map(|(other, h)| h * x[other].real());
            g[at] = Scalar::from_real(products.sum::<Real>() - torsion.load());
        }
    }
    torsion.value(x, g)
}

fn hessian(torsion: Torsion, grid: &DmdaRef, h: &mut MatrixRef) -> Result<()> {
    let mut rows = grid.stencil_assembler(h, InsertMode::Insert)?;
    for at in grid.corners()?.points() {
        rows.row(at, torsion.row(at))?;
    }
    rows.finish()
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let torsion = Torsion::from_options(&petsc.options())?;
    torsion.announce(petsc)?;
    let grid = Dmda::builder(world)
        .sizes([usize::try_from(torsion.mx)?, usize::try_from(torsion.my)?])
        .from_options()
        .build()?;
    let mut x = grid.create_global_vector()?;
    {
        let mut x = grid.array_mut(&mut x)?;
        for at in grid.corners()?.points() {
            x[at] = Scalar::from_real(torsion.guess(at));
        }
    }
    let mut h = grid.create_matrix()?;
    h.set_option(MatrixOption::Symmetric, true)?;

    let grid = Rc::new(grid);
    let mut tao = Tao::new(world)?;
    tao.set_type(TaoType::CG)?;
    let on = Rc::clone(&grid);
    tao.set_objective_and_gradient(move |_, x, g| gradient(torsion, &on, x, g))?;
    tao.set_hessian(&h, &h, move |_, _, h, _| hessian(torsion, &grid, h))?;
    tao.set_from_options()?;
    if let Some(ksp) = tao.ksp()? {
        ksp.pc()?.set_type(PcType::NONE)?;
    }
    let _ = tao.solve_unchecked(&mut x)?;
    Ok(())
}
