//! Port of PETSc's `src/vec/vec/tutorials/ex10.c`: writes a vector to a binary or HDF5 file and
//! reads it back, with events in the log.

use petsc_rs::prelude::*;
use petsc_rs::viewer::FileMode;
use petsc_rs::{ErrorCode, VectorType, Viewer};

const FILE: &str = "vector.dat";

/// Runs the port.
///
/// # Errors
/// Errors of writing and reading; data that differ after reading; no format.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options, log) = (petsc.world(), petsc.options(), petsc.log());
    let format = if options.bool("-binary")?.unwrap_or(false) {
        "binary"
    } else if cfg!(petsc_have_hdf5) && options.bool("-hdf5")?.unwrap_or(false) {
        "hdf5"
    } else {
        return Err(Error::new(
            ErrorCode::SUP,
            "no data format specified, run with one of -binary -hdf5",
        ));
    };
    let open = |mode| match format {
        #[cfg(petsc_have_hdf5)]
        "hdf5" => Viewer::hdf5(world, FILE, mode),
        _ => Viewer::binary(world, FILE, mode),
    };
    let mpiio = options.bool("-mpiio")?.unwrap_or(false);
    let sizes_set = options.bool("-sizes_set")?.unwrap_or(false);
    let type_set = options.bool("-type_set")?.unwrap_or(false);
    let m = usize::try_from(options.int("-m")?.unwrap_or(20))?;
    let stdout = Viewer::stdout(world)?;
    log.event("Generate Vector")?.record(|| {
        let mut u = Vector::builder(world).global_len(m).from_options().build()?;
        u.set_name("Test_Vec")?;
        for i in u.ownership_range()? {
            u.set_value(i, Scalar::from_real(i as Real), InsertMode::Insert)?;
        }
        u.assemble()?;
        u.view(&stdout)?;
        petsc.print(format_args!("writing vector in {format} to vector.dat ...\n"))?;
        let file = open(FileMode::Write)?;
        u.view(&file)?;
        file.close()
    })?;
    let u = log.event("Read Vector")?.record(|| {
        if mpiio {
            petsc.print(format_args!("Using MPI IO for reading the vector\n"))?;
            options.set("-viewer_binary_mpiio", "")?;
        }
        petsc.print(format_args!("reading vector in {format} from vector.dat ...\n"))?;
        let file = open(FileMode::Read)?;
        if !sizes_set && !type_set {
            let mut u = match format {
                "hdf5" => Vector::load_named(world, &file, "Test_Vec")?,
                _ => Vector::load(world, &file)?,
            };
            u.set_name("Test_Vec")?;
            return Ok(u);
        }
        let mut builder = Vector::builder(world).global_len(m);
        if sizes_set {
            petsc.print(format_args!("Setting vector sizes...\n"))?;
            builder = builder.local_len(uneven(m, world));
        }
        if type_set {
            petsc.print(format_args!("Setting vector type...\n"))?;
            builder = builder.kind(VectorType::MPI);
        }
        let mut u = builder.build()?;
        u.set_name("Test_Vec")?;
        u.read(&file)?;
        Ok(u)
    })?;
    u.view(&stdout)?;
    let start = u.ownership_range()?.start;
    for (i, value) in (start..).zip(u.array()?.iter()) {
        if *value != Scalar::from_real(i as Real) {
            return Err(Error::new(ErrorCode::SUP, "data check failed"));
        }
    }
    Ok(())
}

/// Returns a local size with additional entries on the first rank and fewer on the last one, as
/// many as there are ranks.
fn uneven(m: usize, world: &Comm) -> usize {
    let size = usize::try_from(world.size()).unwrap_or(1);
    match world.rank() {
        _ if size == 1 => m,
        0 => m / size + size,
        rank if rank + 1 == world.size() => m / size - size,
        _ => m / size,
    }
}
