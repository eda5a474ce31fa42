//! Port of PETSc's `src/mat/tutorials/ex17.c`: partitioning of a ring that is distributed unevenly.

use petsc_rs::prelude::*;
use petsc_rs::{Partitioning, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of the partitioning.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let rank = Int::from(i16::try_from(world.rank())?);
    let listed = |name| Ok::<_, Error>(options.ints(name)?.unwrap_or_default().contains(&rank));
    let m = match (listed("-emptyranks")?, listed("-bigranks")?) {
        (_, true) => 5,
        (true, false) => 0,
        (false, false) => 1,
    };
    let mut a = Matrix::builder(world).local_size(m, m).preallocate(3, 2).build()?;
    let n = Int::try_from(a.size()?.1)?;
    for i in a.ownership_range()? {
        let columns = [(i + n - 1) % n, i, (i + 1) % n];
        a.set_values(&[i], &columns, &[Scalar::from_real(1.0); 3], InsertMode::Insert)?;
    }
    a.assemble()?;
    let stdout = Viewer::stdout(world)?;
    a.view(&stdout)?;
    let mut partitioning = Partitioning::new(&a)?;
    partitioning.set_from_options()?;
    let parts = partitioning.apply()?;
    parts.view(&stdout)
}
