//! A run that was ended, from where it was.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use petsc_rs::prelude::*;
use petsc_rs::{BinaryOptions, FileMode, Viewer};

use super::{Wave, add_up};
use crate::app::agree;

/// What a checkpoint begins with, and the number of its integers.
const MARK: Int = 20_261;
const INTEGERS: usize = 5;

impl Wave {
    /// Writes step, traces and state, in the order of the grid, so that any number of ranks can go on from it.
    /// Collective.
    ///
    /// A file under another name is written and brought to the disk first, and takes the place of the last
    /// checkpoint in one move: whenever the run is killed, the file is whole. The one before stays under the
    /// name with `.previous` at its end.
    ///
    /// # Errors
    /// A displacement that is not finite; a file that cannot be written, or a path that is that of something else than
    /// a regular file.
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
        let options = BinaryOptions {
            skip_info: true,
            ..Default::default()
        };
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
        let moved = if comm.rank() == 0 {
            replace(&fresh, path)
        } else {
            Ok(())
        };
        agree(&comm, moved.map_err(|e| format!("{}: {e}", path.display())))
    }

    /// Goes on from what [`save`](Self::save) wrote. Collective.
    ///
    /// # Errors
    /// A file that cannot be read, is not a whole checkpoint, or is that of another run.
    pub fn restore(&mut self, path: &Path) -> Result<()> {
        let comm = self.grid.comm()?;
        let input = |what: String| Error::input(format!("{}: {what}", path.display()));
        let found = if comm.rank() == 0 {
            fs::metadata(path).map(|file| file.len())
        } else {
            Ok(0)
        };
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
        let counts: Vec<usize> = counts
            .iter()
            .map(|&n| usize::try_from(n).unwrap_or(usize::MAX))
            .collect();
        let &[step, nx, ny, receivers] = &counts[..] else {
            return Err(input("not a checkpoint".into()));
        };
        if *mark != MARK {
            return Err(input("not a checkpoint of this program and build".into()));
        }
        if (nx, ny) != self.settings.points || receivers != self.traces.len() {
            return Err(input(format!(
                "a run with {nx} x {ny} points and {receivers} receivers, not this one"
            )));
        }
        if viewer.read_reals(self.reals().len())? != self.reals() {
            return Err(input(
                "a run with another time step, size or absorbing layer, not this one".into(),
            ));
        }
        let whole = self.bytes(step);
        let complete = if comm.rank() == 0 && bytes != whole {
            Err(format!("{}: {bytes} bytes of {whole}", path.display()))
        } else {
            Ok(())
        };
        agree(&comm, complete)?;
        for trace in &mut self.traces {
            let all = viewer.read_reals(step)?;
            // One rank keeps them: the ranks' parts are added up later.
            *trace = if comm.rank() == 0 {
                all
            } else {
                vec![0.0; step]
            };
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

    /// What runs must have in common.
    fn reals(&self) -> [Real; 6] {
        let settings = &self.settings;
        let [kind, width, strength] = settings.absorb.numbers();
        let (length_x, length_y) = settings.length;
        [settings.dt, length_x, length_y, kind, width, strength]
    }

    /// The size of a checkpoint.
    fn bytes(&self, step: usize) -> u64 {
        let points = self.settings.points.0 * self.settings.points.1;
        let (vectors, values) = if self.layer.is_some() {
            (3, 4 * points)
        } else {
            (2, 2 * points)
        };
        // Each vector has a header of two integers.
        let integers = (INTEGERS + 2 * vectors) * size_of::<Int>();
        let reals = (self.reals().len() + self.traces.len() * step) * size_of::<Real>();
        (integers + reals + values * size_of::<Scalar>()) as u64
    }
}

/// Whether a checkpoint can be written there, which is to be known before a long run. Collective.
///
/// # Errors
/// A folder that there is not or that cannot be written to; a path that is that of something else than a regular file,
/// which a checkpoint would take the place of. Errors of the user's input.
pub fn checkpoint_place(comm: &Comm, path: &Path) -> Result<()> {
    let outcome = if comm.rank() == 0 {
        free_place(path)
    } else {
        Ok(())
    };
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

/// What the operating system says to one more write tells why PETSc's failed, of which PETSc does not keep the reason.
fn not_written(fresh: &Path, error: Error) -> Error {
    let again = OpenOptions::new().append(true).open(fresh);
    let reason = match again.and_then(|mut file| file.write_all(&[0; 65536])) {
        Ok(()) => error.message().to_owned(),
        Err(reason) => reason.to_string(),
    };
    // It takes room that others may need.
    let _ = fs::remove_file(fresh);
    Error::new(error.code(), format!("{}: {reason}", fresh.display())).with_exit_code(2)
}

/// The name with something at its end.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Puts `fresh` in the place of `path`, and what was there beside it. There is a whole file at `path` at any time.
fn replace(fresh: &Path, path: &Path) -> io::Result<()> {
    File::open(fresh)?.sync_all()?;
    if path.exists() {
        let previous = beside(path, ".previous");
        let link = beside(path, ".link");
        if link.exists() {
            fs::remove_file(&link)?;
        }
        // A second name for the same file, or a copy where the file system has no such thing.
        if fs::hard_link(path, &link).is_err() {
            fs::copy(path, &link)?;
        }
        fs::rename(&link, previous)?;
    }
    fs::rename(fresh, path)?;
    // The new name is to be on the disk as well.
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}
