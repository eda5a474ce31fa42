//! Port of PETSc's `src/vec/vec/tutorials/ex5.c`: writes a vector to a binary file and reads it
//! back with MPI-IO, with events in the log.

use petsc_rs::prelude::*;
use petsc_rs::viewer::FileMode;
use petsc_rs::{Vector, Viewer};

const FILE: &str = "vector.dat";

/// Runs the port.
///
/// # Errors
/// Errors of writing and reading.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options, log) = (petsc.world(), petsc.options(), petsc.log());
    let m = options.int("-m")?.unwrap_or(10);
    let stdout = Viewer::stdout(world)?;
    log.event("Generate Vector")?.record(|| {
        let mut u =
            Vector::builder(world).global_len(usize::try_from(m)?).from_options().build()?;
        let rank = Int::from(i16::try_from(world.rank())?);
        for (k, index) in (0..).zip(u.ownership_range()?) {
            let value = Scalar::from_real((k + 100 * rank) as Real);
            u.set_value(index, value, InsertMode::Insert)?;
        }
        u.assemble()?;
        u.view(&stdout)?;
        petsc.print(format_args!("writing vector in binary to vector.dat ...\n"))?;
        let file = Viewer::binary(world, FILE, FileMode::Write)?;
        u.view(&file)?;
        file.close()
    })?;
    options.set("-viewer_binary_mpiio", "")?;
    log.event("Read Vector")?.record(|| {
        petsc.print(format_args!("reading vector in binary from vector.dat ...\n"))?;
        let file = Viewer::binary(world, FILE, FileMode::Read)?;
        let u = Vector::load(world, &file)?;
        u.view(&stdout)
    })
}
