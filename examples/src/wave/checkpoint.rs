//! Checkpoints: saving a run and restarting it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use petsc_rs::prelude::*;
use petsc_rs::{BinaryOptions, FileMode, Viewer};

use super::{Wave, add_up};
use crate::app::agree;

/// The magic number of a checkpoint, and the number of integers in its header.
const MARK: Int = 20_261;
const INTEGERS: usize = 5;

impl Wave {
    /// Writes step, traces and state in the natural ordering of the grid, so that a run on any
    /// number of ranks can continue from it. Collective.
    ///
    /// The checkpoint is written to a temporary file, flushed to the disk and renamed. The file is
    /// therefore complete at any time at which the run is killed. The previous checkpoint is kept
    /// with `.previous` appended to its name.
    ///
    /// # Errors
    /// A displacement that is not finite; a file that cannot be written; a path that is not a
    /// regular file.
    pub fn save(&self, path: &Path) -> Result<()> {
        let comm = self.grid.comm()?;
        self.check()?;
        checkpoint_place(&comm, path)?;
        let (nx, ny) = self.settings.points;
        let traces = add_up(&comm, &self.traces);
        let counts = [self.step, nx, ny, traces.len()];
        let mut header = vec![MARK];
        for count in counts {
            header.push(Int::try_from(count)?);
        }
        let fresh = beside(path, ".new");
        let options = BinaryOptions { skip_info: true, ..Default::default() };
        let write = || -> Result<()> {
            let viewer = Viewer::binary_with(&comm, &fresh, FileMode::Write, options)?;
            viewer.write_ints(&header)?;
            viewer.write_reals(&self.reals())?;
            for trace in &traces {
                viewer.write_reals(trace)?;
            }
            self.previous.view(&viewer)?;
            self.current.view(&viewer)?;
            if let Some(layer) = &self.layer {
                layer.save(&self.grid.with_dof(2)?)?.view(&viewer)?;
            }
            viewer.close()
        };
        write().map_err(|error| not_written(&fresh, error))?;
        comm.barrier()?;
        let moved = if comm.rank() == 0 { replace(&fresh, path) } else { Ok(()) };
        agree(&comm, moved.map_err(|e| format!("{}: {e}", path.display())))
    }

    /// Continues from a checkpoint that [`save`](Self::save) wrote. Collective.
    ///
    /// # Errors
    /// A file that cannot be read, is not a complete checkpoint, or belongs to another run.
    pub fn restore(&mut self, path: &Path) -> Result<()> {
        let comm = self.grid.comm()?;
        let input = |what: String| Error::input(format!("{}: {what}", path.display()));
        let found =
            if comm.rank() == 0 { fs::metadata(path).map(|file| file.len()) } else { Ok(0) };
        let bytes = agree(&comm, found.map_err(|e| format!("{}: {e}", path.display())))?;
        let short = (INTEGERS * size_of::<Int>() + size_of_val(&self.reals())) as u64;
        let enough = if comm.rank() == 0 && bytes < short {
            Err(format!("{}: not a checkpoint", path.display()))
        } else {
            Ok(())
        };
        agree(&comm, enough)?;
        let viewer = Viewer::binary(&comm, path, FileMode::Read)?;
        let header = viewer.read_ints(INTEGERS)?;
        let [mark, counts @ ..] = &header[..] else {
            return Err(input("not a checkpoint".into()));
        };
        let counts: Vec<usize> =
            counts.iter().map(|&n| usize::try_from(n).unwrap_or(usize::MAX)).collect();
        let &[step, nx, ny, receivers] = &counts[..] else {
            return Err(input("not a checkpoint".into()));
        };
        if *mark != MARK {
            return Err(input("not a checkpoint of this program and build".into()));
        }
        if (nx, ny) != self.settings.points || receivers != self.traces.len() {
            return Err(input(format!(
                "the checkpoint belongs to a run with {nx} x {ny} points and {receivers} receivers"
            )));
        }
        if viewer.read_reals(self.reals().len())? != self.reals() {
            return Err(input(
                "the checkpoint belongs to a run with another time step, size or absorbing layer"
                    .into(),
            ));
        }
        let whole = self.bytes(step);
        let complete = if comm.rank() == 0 && bytes != whole {
            Err(format!("{}: {bytes} bytes instead of {whole}", path.display()))
        } else {
            Ok(())
        };
        agree(&comm, complete)?;
        for trace in &mut self.traces {
            let all = viewer.read_reals(step)?;
            // One rank keeps the traces, because the parts of the ranks are added later.
            *trace = if comm.rank() == 0 { all } else { vec![0.0; step] };
        }
        self.previous.read(&viewer)?;
        self.current.read(&viewer)?;
        if let Some(layer) = &mut self.layer {
            let pairs = self.grid.with_dof(2)?;
            let mut all = pairs.create_global_vector()?;
            all.read(&viewer)?;
            layer.restore(&pairs, &all)?;
        }
        self.step = step;
        Ok(())
    }

    /// The parameters that a checkpoint and a run must have in common.
    fn reals(&self) -> [Real; 6] {
        let settings = &self.settings;
        let [kind, width, strength] = settings.absorb.numbers();
        let (length_x, length_y) = settings.length;
        [settings.dt, length_x, length_y, kind, width, strength]
    }

    /// Returns the size of a checkpoint.
    fn bytes(&self, step: usize) -> u64 {
        let points = self.settings.points.0 * self.settings.points.1;
        let (vectors, values) =
            if self.layer.is_some() { (3, 4 * points) } else { (2, 2 * points) };
        // Each vector has a header of two integers.
        let integers = (INTEGERS + 2 * vectors) * size_of::<Int>();
        let reals = (self.reals().len() + self.traces.len() * step) * size_of::<Real>();
        (integers + reals + values * size_of::<Scalar>()) as u64
    }
}

/// Checks before a long run whether a checkpoint can be written to this path. Collective.
///
/// # Errors
/// A directory that does not exist or is not writable; a path that exists and is not a regular
/// file. Both are errors for invalid input.
pub fn checkpoint_place(comm: &Comm, path: &Path) -> Result<()> {
    let outcome = if comm.rank() == 0 { free_place(path) } else { Ok(()) };
    agree(comm, outcome)
}

fn free_place(path: &Path) -> std::result::Result<(), String> {
    let fresh = beside(path, ".new");
    for name in [path, &fresh] {
        if name.exists() && !name.is_file() {
            return Err(format!("{}: not a regular file", name.display()));
        }
    }
    let old = fresh.exists();
    let opened = OpenOptions::new().append(true).create(true).open(&fresh);
    opened
        .and_then(|_| if old { Ok(()) } else { fs::remove_file(&fresh) })
        .map_err(|e| format!("{}: {e}", path.display()))
}

/// Another write attempt obtains the operating system's reason, because PETSc does not keep the
/// reason of its failed write.
fn not_written(fresh: &Path, error: Error) -> Error {
    let again = OpenOptions::new().append(true).open(fresh);
    let reason = match again.and_then(|mut file| file.write_all(&[0; 65536])) {
        Ok(()) => error.message().to_owned(),
        Err(reason) => reason.to_string(),
    };
    // The incomplete file occupies disk space.
    let _ = fs::remove_file(fresh);
    Error::new(error.code(), format!("{}: {reason}", fresh.display())).with_exit_code(2)
}

/// Appends a suffix to a name.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Renames `fresh` to `path` and keeps the previous file. There is a complete file at `path` at any
/// time.
fn replace(fresh: &Path, path: &Path) -> io::Result<()> {
    File::open(fresh)?.sync_all()?;
    if path.exists() {
        let previous = beside(path, ".previous");
        let link = beside(path, ".link");
        if link.exists() {
            fs::remove_file(&link)?;
        }
        // Creates a hard link to the same file, or a copy if the file system does not support
        // links.
        if fs::hard_link(path, &link).is_err() {
            fs::copy(path, &link)?;
        }
        fs::rename(&link, previous)?;
    }
    fs::rename(fresh, path)?;
    // Flushes the directory, so that the new name is on the disk.
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}
