//! Port of PETSc's `src/vec/vec/tutorials/ex9.c`: ghosted vectors, created in three ways.

use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, VectorType};

const LOCAL: usize = 6;

/// Runs the port.
///
/// # Errors
/// Errors of the vectors; another number of ranks than two.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    if world.size() != 2 {
        let text = "must run example with two processors";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    // A ring of 12 points: the last of one rank and the first of the other are neighbors.
    let ghosts: [Int; 2] = if world.rank() == 0 { [11, 6] } else { [0, 5] };
    let first = if options.has("-allocate")? {
        let memory = vec![Scalar::from_real(0.0); LOCAL + ghosts.len()];
        Vector::ghosted_from_vec(world, &ghosts, memory)?
    } else if options.has("-vecmpisetghost")? {
        let mut x = Vector::builder(world).local_len(LOCAL).kind(VectorType::MPI).build()?;
        x.set_ghosts(&ghosts)?;
        x
    } else {
        Vector::ghosted(world, LOCAL, &ghosts)?
    };
    let mut x = first.duplicate()?;
    drop(first);
    for i in x.ownership_range()? {
        x.set_value(i, Scalar::from_real(i as Real), InsertMode::Insert)?;
    }
    x.assemble()?;
    x.update_ghosts(Combine::Insert, Direction::Forward)?;
    print(petsc, &x, "")?;
    if options.has("-minvalues")? {
        let value = if world.rank() == 0 { 8.0 } else { 4.0 };
        x.local_form_mut()?.array_mut()?[LOCAL..].fill(Scalar::from_real(value));
        x.update_ghosts(Combine::Min, Direction::Reverse)?;
        let title =
            if world.rank() == 0 { "\nTesting VecGhostUpdate with MIN_VALUES\n" } else { "" };
        print(petsc, &x, title)?;
    }
    Ok(())
}

/// Returns the entries of each rank and its ghosts.
fn print(petsc: &Petsc, x: &Vector, title: &str) -> Result<()> {
    let mut text = String::from(title);
    for (i, value) in x.local_form()?.array()?.iter().enumerate() {
        text += &format!("{i} {}\n", value.real());
    }
    petsc.world().print_synchronized(format_args!("{text}"))
}
