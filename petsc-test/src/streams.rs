//! What each process prints, in a file of its own.
//!
//! Launchers differ in how they mark, delay and cut the output of their ranks; a file per rank has
//! all of it, in order, also after the rank was killed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use petsc_rs::sys;

/// The output of a process that does not know its rank yet begins with this.
pub(crate) const EARLY: &str = "early-";

/// The file that this process's streams go to.
pub(crate) struct Streams {
    file: File,
    path: PathBuf,
}

impl Streams {
    /// Sends standard output and standard error to a file in `folder`. To be called before MPI starts.
    pub(crate) fn redirect(folder: &Path) -> io::Result<Self> {
        let path = folder.join(format!("{EARLY}{}", process::id()));
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        rustix::stdio::dup2_stdout(&file)?;
        rustix::stdio::dup2_stderr(&file)?;
        Ok(Self { file, path })
    }

    /// Names the file after the rank. To be called once PETSc runs.
    pub(crate) fn belong_to(&self, folder: &Path, rank: i32) -> io::Result<()> {
        fs::rename(&self.path, path(folder, rank))?;
        // SAFETY: PETSc has set its variable at initialize, and nobody changes it now.
        let stream = unsafe { sys::PETSC_STDOUT };
        if !stream.is_null() {
            // SAFETY: C's standard output, which is always open; no buffer is handed over. Without
            // this, what was printed to a file is lost when the process is killed.
            unsafe { libc::setvbuf(stream.cast(), std::ptr::null_mut(), libc::_IOLBF, 0) };
        }
        Ok(())
    }

    /// Bytes printed so far.
    pub(crate) fn len(&self) -> io::Result<u64> {
        io::stdout().flush()?;
        Ok(self.file.metadata()?.len())
    }
}

/// Output of a rank.
pub(crate) fn path(folder: &Path, rank: impl std::fmt::Display) -> PathBuf {
    folder.join(format!("output-{rank}"))
}
