//! Port of PETSc's `src/ksp/ksp/tutorials/ex65.c`: the Laplacian in one dimension, solved with
//! multigrid and a user-defined DM that uses a DMDA.

use petsc_rs::dm::{CustomGrid, DmShell, Interpolation};
use petsc_rs::prelude::*;
use petsc_rs::{KspRef, MatrixRef, VectorRef};

use crate::models;

struct Line(Dmda);

impl CustomGrid for Line {
    fn create_matrix(&self) -> Result<Matrix> {
        self.0.create_matrix()
    }

    fn create_global_vector(&self) -> Result<Vector> {
        self.0.create_global_vector()
    }

    fn create_local_vector(&self) -> Result<Vector> {
        self.0.create_local_vector()
    }

    fn refine(&self) -> Result<Self> {
        Ok(Self(self.0.refine()?))
    }

    fn coarsen(&self) -> Result<Self> {
        Ok(Self(self.0.coarsen()?))
    }

    fn create_interpolation(&self, fine: &Self) -> Result<Interpolation> {
        self.0.create_interpolation(&fine.0)
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let grid = Dmda::builder(world).sizes([129]).from_options().build()?;
    let levels = grid.refine_level()?;
    let mut shell = DmShell::custom(world, Line(grid))?;
    shell.set_refine_level(levels)?;
    let mut ksp = Ksp::new(world)?;
    ksp.set_dm(&shell)?;
    ksp.set_compute_rhs(rhs)?;
    ksp.set_compute_operators(|ksp, _, p| operators(ksp, p))?;
    ksp.set_from_options()?;
    let _ = ksp.solve_in_place_unchecked()?;
    Ok(())
}

fn rhs(ksp: &KspRef, b: &mut VectorRef) -> Result<()> {
    let line = ksp.dm()?.as_shell()?.custom::<Line>()?;
    let [n, _, _] = models::sizes(&line.0)?;
    let zero = Scalar::from_real(0.0);
    b.set(Scalar::from_real(1.0 / (n - 1) as Real))?;
    b.set_values(&[0, n - 1], &[zero, zero], InsertMode::Insert)?;
    b.assemble()
}

fn operators(ksp: &KspRef, p: &mut MatrixRef) -> Result<()> {
    let line = ksp.dm()?.as_shell()?.custom::<Line>()?;
    let [n, _, _] = models::sizes(&line.0)?;
    let h = 1.0 / (n - 1) as Real;
    let mut rows = line.0.stencil_assembler(p, InsertMode::Insert)?;
    for i in line.0.corners()?.x() {
        if i == 0 || i == n - 1 {
            rows.set(i, i, 2.0 / h)?;
        } else {
            rows.row(i, [(i - 1, -1.0 / h), (i, 2.0 / h), (i + 1, -1.0 / h)])?;
        }
    }
    rows.finish()
}
