//! Opening files together: rank 0 tries, and all ranks know.

use std::fs::{File, OpenOptions};
use std::path::Path;

use mpi::collective::Root;
use mpi::topology::Communicator;

use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};

/// What a file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// It must exist.
    Read,
    /// It is created if need be.
    Write,
    /// It must exist and be writable.
    Update,
}

/// Whether rank 0, which does the work for most of PETSc's viewers, can open the file. PETSc reports
/// that on rank 0 only, and the other ranks would wait.
///
/// Collective.
///
/// # Errors
/// `FILE_OPEN` on all ranks, with the reason of the operating system.
pub(crate) fn check(comm: &Comm, path: &Path, access: Access) -> Result<()> {
    let mut text = Vec::new();
    if comm.rank() == 0 {
        let outcome = match access {
            Access::Read => File::open(path).and_then(|f| {
                if f.metadata()?.is_dir() {
                    return Err(std::io::Error::other("it is a directory"));
                }
                Ok(())
            }),
            Access::Write => OpenOptions::new()
                .append(true)
                .create(true)
                .open(path)
                .map(drop),
            Access::Update => OpenOptions::new()
                .read(true)
                .write(true)
                .open(path)
                .map(drop),
        };
        if let Err(error) = outcome {
            text = format!("cannot open {}: {error}", path.display()).into_bytes();
        }
    }
    let mut length = text.len() as u64;
    let root = comm.mpi().process_at_rank(0);
    root.broadcast_into(&mut length);
    if length == 0 {
        return Ok(());
    }
    text.resize(usize::try_from(length)?, 0);
    root.broadcast_into(&mut text[..]);
    let text = String::from_utf8_lossy(&text).into_owned();
    Err(Error::collective(ErrorCode::FILE_OPEN, text))
}
