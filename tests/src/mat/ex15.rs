//! Port of PETSc's `src/mat/tutorials/ex15.c`: partitioning of a path, with and without weights.

use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, Partitioning, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of the partitioning library.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let n = options.int("-N")?.unwrap_or(10);
    let vertex_weights = options.bool("-test_vertex_weights")?.unwrap_or(false);
    let edge_weights = options.bool("-test_use_edge_weights")?.unwrap_or(false);
    let mut a = Matrix::builder(world).global_size(n, n).preallocate(3, 2).build()?;
    for row in a.ownership_range()? {
        for column in (row - 1..=row + 1).filter(|j| (0..n).contains(j)) {
            let value = if row == column || !edge_weights {
                1.0
            } else if row.min(column) == 0 {
                2.0
            } else if row.max(column) == n - 1 {
                3.0
            } else {
                5.0
            };
            a.set_value(row, column, Scalar::from_real(value), InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    let mut partitioning = Partitioning::new(&a)?;
    if vertex_weights {
        let weight = Int::from(i16::try_from(world.rank())?) + 1;
        partitioning.set_vertex_weights(&vec![weight; a.local_size()?.0])?;
    }
    if edge_weights {
        partitioning.set_use_edge_weights(true)?;
        if !partitioning.use_edge_weights()? {
            let text = "the flag use_edge_weights is not set up correctly";
            return Err(Error::new(ErrorCode::ARG_INCOMP, text));
        }
    }
    partitioning.set_from_options()?;
    let parts = partitioning.apply()?;
    let stdout = Viewer::stdout(world)?;
    parts.view(&stdout)
}
