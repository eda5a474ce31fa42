//! Redirects the output of each process to a separate file.
//!
//! Launchers differ in how they label, delay and truncate the output of their ranks. A separate
//! file contains the complete output of a rank in order, even if the rank is killed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use petsc_rs::sys;

/// Prefix of the output file of a process before its rank is known.
pub(crate) const EARLY: &str = "early-";

/// The file to which the streams of this process are redirected.
pub(crate) struct Streams {
    file: File,
    path: PathBuf,
}

impl Streams {
    /// Redirects standard output and standard error to a file in `folder`. Call it before MPI is
    /// initialized.
    pub(crate) fn redirect(folder: &Path) -> io::Result<Self> {
        let path = folder.join(format!("{EARLY}{}", process::id()));
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        rustix::stdio::dup2_stdout(&file)?;
        rustix::stdio::dup2_stderr(&file)?;
        Ok(Self { file, path })
    }

    /// Names the file after the rank. Call it after PETSc is initialized.
    pub(crate) fn belong_to(&self, folder: &Path, rank: i32) -> io::Result<()> {
        fs::rename(&self.path, path(folder, rank))?;
        // SAFETY: PETSc set its variable at initialization, and it is not changed now.
        let stream = unsafe { sys::PETSC_STDOUT };
        if !stream.is_null() {
            // SAFETY: C's standard output, which is always open; no buffer is passed. Without this,
            // output to a file is lost when the process is killed.
            unsafe { libc::setvbuf(stream.cast(), std::ptr::null_mut(), libc::_IOLBF, 0) };
        }
        Ok(())
    }

    /// Returns the number of bytes printed so far.
    pub(crate) fn len(&self) -> io::Result<u64> {
        io::stdout().flush()?;
        Ok(self.file.metadata()?.len())
    }
}

/// Returns the path of the output of a rank.
pub(crate) fn path(folder: &Path, rank: impl std::fmt::Display) -> PathBuf {
    folder.join(format!("output-{rank}"))
}
