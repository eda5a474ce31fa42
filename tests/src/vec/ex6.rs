//! Port of PETSc's `src/vec/vec/tutorials/ex6.c`: reads numbers from a binary file into a vector.

use petsc_rs::prelude::*;
use petsc_rs::viewer::FileMode;
use petsc_rs::{ErrorCode, Viewer};

const FILE: &str = "input.dat";

/// Runs the port.
///
/// # Errors
/// Errors of writing and reading; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    if petsc.world().size() != 1 {
        let text = "this is an example for one rank";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let own = petsc.self_comm();
    let m = petsc.options().int("-m")?.unwrap_or(10);
    let values: Vec<Scalar> = (0..m).map(|i| Scalar::from_real(10.0 * i as Real)).collect();
    let file = Viewer::binary(own, FILE, FileMode::Write)?;
    file.write_ints(&[m])?;
    file.write_scalars(&values)?;
    file.close()?;

    let file = Viewer::binary(own, FILE, FileMode::Read)?;
    let length = usize::try_from(file.read_ints(1)?[0])?;
    petsc.print(format_args!("reading data in binary from input.dat, sz ={length} ...\n"))?;
    let x = Vector::from_vec(own, file.read_scalars(length)?)?;
    let stdout = Viewer::stdout(own)?;
    x.view(&stdout)
}
