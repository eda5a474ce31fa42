//! Port of PETSc's `src/mat/tutorials/ex4.c`: the preallocation is restored after an assembly
//! without entries has removed it.

use petsc_rs::Viewer;
use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;

/// Runs the port.
///
/// # Errors
/// Errors of the assembly.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let (m, r) = (5, Scalar::from_real);
    let counts = vec![1; m];
    let mut a =
        Matrix::builder(world).local_size(m, m).preallocate_rows(&counts, &counts).build()?;
    a.assemble()?;
    a.reset_preallocation()?;
    a.set_option(MatrixOption::NewNonzeroAllocationErr, true)?;
    let rows = a.ownership_range()?;
    let columns = Int::try_from(a.size()?.1)?;
    for i in rows.clone() {
        a.set_value(i, i, r(2.0), InsertMode::Insert)?;
        if rows.end < columns {
            a.set_value(i, rows.end, r(1.0), InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    let stdout = Viewer::stdout(world)?;
    a.view(&stdout)
}
