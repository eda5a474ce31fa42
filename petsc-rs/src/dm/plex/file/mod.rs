//! Checks of mesh files before PETSc's readers open them.

mod cell;
mod gmsh;
mod ply;
mod source;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::file::{self, Access};

/// File formats, which PETSc determines from the suffix.
enum Format {
    Gmsh,
    Ply,
    /// PETSc reads the format itself, without checks.
    Unchecked(&'static str),
    /// An external library reads the format, or PETSc refuses it.
    Other,
}

impl Format {
    fn of(path: &str) -> Self {
        let ends = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
        if ends(&[".msh", ".msh2", ".msh4"]) {
            Self::Gmsh
        } else if ends(&[".ply"]) {
            Self::Ply
        } else if ends(&[".cas"]) {
            Self::Unchecked("Fluent")
        } else if ends(&[".dat"]) {
            Self::Unchecked("cells and vertices")
        } else if ends(&[".h5"]) {
            Self::Unchecked("meshes in HDF5")
        } else {
            Self::Other
        }
    }
}

/// Checks on rank 0 that PETSc can read a mesh from a file. Collective.
///
/// # Errors
/// The same on all ranks: `FILE_OPEN` if the file cannot be opened; `FILE_UNEXPECTED`, with the
/// line or byte, if it is damaged; `SUP` for formats whose files cannot be checked, and for PLY on
/// several ranks.
pub(super) fn check(comm: &Comm, path: &str) -> Result<()> {
    file::check(comm, Path::new(path), Access::Read)?;
    let format = Format::of(path);
    if let Format::Unchecked(name) = format {
        let text =
            format!("{path}: PETSc's reader of {name} does not check the file; convert it to Gmsh");
        return Err(Error::collective(ErrorCode::SUP, text));
    }
    if matches!(format, Format::Ply) && comm.size() > 1 {
        // PETSc's viewer would read on all ranks, but only rank 0 reads the file.
        let text = format!(
            "{path}: PETSc reads PLY files on one rank only, but there are {}",
            comm.size()
        );
        return Err(Error::collective(ErrorCode::SUP, text));
    }
    let mut found = Ok(());
    if comm.rank() == 0 {
        found = inspect(&format, path);
    }
    file::agree(comm, found)
}

fn inspect(format: &Format, path: &str) -> std::result::Result<(), (ErrorCode, String)> {
    let open = || match File::open(path) {
        Ok(file) => Ok(BufReader::with_capacity(1 << 16, file)),
        Err(error) => Err((ErrorCode::FILE_OPEN, format!("cannot open {path}: {error}"))),
    };
    let checked = match format {
        Format::Gmsh => gmsh::check(open()?),
        Format::Ply => ply::check(open()?),
        Format::Unchecked(_) | Format::Other => return Ok(()),
    };
    checked.map_err(|fault| (ErrorCode::FILE_UNEXPECTED, format!("{path}, {fault}")))
}
