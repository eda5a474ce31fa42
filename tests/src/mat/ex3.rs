//! Port of PETSc's `src/mat/tutorials/ex3.c`: an unassembled matrix, which is the sum of one
//! element matrix on each rank.

use petsc_rs::ErrorCode;
use petsc_rs::matrix::Unassembled;
use petsc_rs::prelude::*;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and products; a product that is wrong.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let r = Scalar::from_real;
    let (rank, size) = (Int::from(i16::try_from(world.rank())?), usize::try_from(world.size())?);
    let nodes = [rank, rank + 1];
    let map = LocalToGlobalMap::new(world, 1, &nodes)?;
    let mut a = Matrix::unassembled(
        world,
        &Unassembled {
            size: (size + 1, size + 1),
            rows: &map,
            columns: &map,
            entries_per_row: Some(nodes.len()),
        },
    )?;
    a.set_name("A")?;
    let element = [1.0, -1.0, -1.0, 1.0].map(r);
    a.set_values(&nodes, &nodes, &element, InsertMode::Add)?;
    a.assemble()?;

    let (mut x, mut y) = a.vectors()?;
    x.set_name("x")?;
    y.set_name("y")?;
    x.set(r(1.0))?;
    x.view_from_options("-x_view")?;
    a.mult(&x, &mut y)?;
    y.view_from_options("-y_view")?;
    if y.norm(Norm::Two)? > 1e-10 {
        let text = "invalid output, x should be in the null space of A";
        return Err(Error::new(ErrorCode::ARG_WRONG, text));
    }
    if size > 1 {
        x.set_zero()?;
        x.set_value(1, r(1.0), InsertMode::Insert)?;
        x.assemble()?;
        a.mult(&x, &mut y)?;
        // Every rank sets the entry, which is inserted, not added.
        if (y.norm(Norm::One)? - 4.0).abs() > 1e-10 {
            let text = "invalid output for matrix multiply";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
    }
    Ok(())
}
