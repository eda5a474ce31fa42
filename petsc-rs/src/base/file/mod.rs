//! Checks of files. Rank 0 checks the file, and all ranks return the result.

pub(crate) mod binary;

use std::fs::{File, OpenOptions};
use std::path::Path;

use mpi::collective::Root;
use mpi::topology::Communicator;

use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::sys;

/// Access for which a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// The file must exist.
    Read,
    /// The file is created if necessary.
    Write,
    /// The file must exist and be writable.
    Update,
}

/// Checks whether rank 0, which accesses the file for most of PETSc's viewers, can open it. PETSc
/// reports the error on rank 0 only, and the other ranks would wait.
///
/// Collective.
///
/// # Errors
/// `FILE_OPEN`, on all ranks, with the message of the operating system.
pub(crate) fn check(comm: &Comm, path: &Path, access: Access) -> Result<()> {
    let mut found = Ok(());
    if comm.rank() == 0 {
        let outcome = match access {
            Access::Read => File::open(path).and_then(|f| {
                if f.metadata()?.is_dir() {
                    return Err(std::io::Error::other("it is a directory"));
                }
                Ok(())
            }),
            Access::Write => OpenOptions::new().append(true).create(true).open(path).map(drop),
            Access::Update => OpenOptions::new().read(true).write(true).open(path).map(drop),
        };
        if let Err(error) = outcome {
            let text = format!("cannot open {}: {error}", path.display());
            found = Err((ErrorCode::FILE_OPEN, text));
        }
    }
    agree(comm, found)
}

/// Returns the result of rank 0 on all ranks; the arguments of other ranks are ignored. Collective.
///
/// # Errors
/// Code and message of rank 0, the same on all ranks.
pub(crate) fn agree(
    comm: &Comm,
    found: std::result::Result<(), (ErrorCode, String)>,
) -> Result<()> {
    let (code, text) = match found {
        Ok(()) => (0, String::new()),
        Err((code, text)) => (code.to_i32(), text),
    };
    let root = comm.mpi().process_at_rank(0);
    let mut head = [i64::from(code), i64::try_from(text.len())?];
    root.broadcast_into(&mut head[..]);
    let [code, length] = head;
    if code == 0 {
        return Ok(());
    }
    let mut text = text.into_bytes();
    text.resize(usize::try_from(length)?, 0);
    root.broadcast_into(&mut text[..]);
    let code = ErrorCode::from_raw(sys::error_code(i32::try_from(code)?));
    Err(Error::collective(code, String::from_utf8_lossy(&text)))
}
