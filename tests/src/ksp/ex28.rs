//! Port of PETSc's `src/ksp/ksp/tutorials/ex28.c`: time steps of a wave equation in one periodic
//! dimension with two unknowns at each point, solved with multigrid.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::dm::{BoundaryType, component};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, FileMode, Viewer};

use crate::models;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let grid = Dmda::builder(world)
        .sizes([3])
        .boundaries([BoundaryType::Periodic])
        .dof(2)
        .from_options()
        .build()?;
    let mut x = grid.create_global_vector()?;
    let h = spacing(&grid)?;
    let mut values = grid.array_as_mut::<[Scalar; 2]>(&mut x)?;
    for i in grid.corners()?.x() {
        values[i] = [Scalar::from_real((i as Real * h).sin()); 2];
    }
    drop(values);
    // The state of the previous step is stored in an array, because a closure on the grid must not
    // own a vector of this grid.
    let state = Rc::new(RefCell::new(x.array()?.to_vec()));
    let mut ksp = Ksp::new(world)?;
    ksp.set_dm(&grid)?;
    let before = Rc::clone(&state);
    ksp.set_compute_rhs(move |ksp, b| {
        let h = Scalar::from_real(spacing(ksp.dm()?.as_dmda()?)?);
        let mut b = b.array_mut()?;
        for (b, x) in b.iter_mut().zip(before.borrow().iter()) {
            *b = *x * h;
        }
        Ok(())
    })?;
    let file = Viewer::binary(petsc.self_comm(), "binaryoutput", FileMode::Write)?;
    ksp.set_compute_operators(move |ksp, _, p| {
        let grid = ksp.dm()?.into_dmda()?;
        let h = spacing(&grid)?;
        let lambda = 2.0 * h;
        let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
        for i in grid.corners()?.x() {
            for (own, other) in [(0, 1), (1, 0)] {
                rows.row(
                    component(own, i),
                    [
                        (component(own, i), h),
                        (component(other, i - 1), lambda),
                        (component(other, i + 1), -lambda),
                    ],
                )?;
            }
        }
        rows.finish()?;
        p.view(&file)
    })?;
    ksp.set_from_options()?;
    ksp.set_up()?;
    let picture = Viewer::draw(world, "", 300, 300)?;
    x.view(&picture)?;
    for _ in 0..10 {
        let _ = ksp.solve_in_place_unchecked()?;
        if let Some(x) = ksp.solution()? {
            state.borrow_mut().copy_from_slice(&x.array()?);
            x.view(&picture)?;
        }
    }
    Ok(())
}

fn spacing(grid: &DmdaRef) -> Result<Real> {
    let [n, _, _] = models::sizes(grid)?;
    Ok(2.0 * std::f64::consts::PI as Real / n as Real)
}
