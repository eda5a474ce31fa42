//! A run that was ended, from where it was.

use std::fs;
use std::path::Path;

use petsc_rs::prelude::*;
use petsc_rs::{FileMode, Viewer};

use super::Wave;

impl Wave {
    /// Writes step, traces and both states, in the order of the grid, so that any number of ranks can go on from
    /// it. The file of an earlier call is replaced only when the new one is complete. Collective.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        let comm = self.grid.comm()?;
        let mut fresh = path.as_os_str().to_owned();
        fresh.push(".new");
        let (nx, ny) = self.settings.points;
        let traces = self.traces()?;
        let header = [self.step, nx, ny, traces.len()].map(|n| Int::try_from(n).unwrap_or(-1));
        let viewer = Viewer::binary(&comm, &fresh, FileMode::Write)?;
        viewer.write_ints(&header)?;
        for trace in &traces {
            viewer.write_reals(trace)?;
        }
        self.previous.view(&viewer)?;
        self.current.view(&viewer)?;
        viewer.close()?;
        comm.barrier()?;
        let renamed = if comm.rank() == 0 {
            fs::rename(&fresh, path)
        } else {
            Ok(())
        };
        comm.barrier()?;
        renamed.map_err(|e| Error::user(format!("{}: {e}", path.display())))
    }

    /// Goes on from what [`save`](Self::save) wrote. Collective.
    ///
    /// # Errors
    /// A file that cannot be read, or is that of another grid or other receivers.
    pub fn restore(&mut self, path: &Path) -> Result<()> {
        let comm = self.grid.comm()?;
        let viewer = Viewer::binary(&comm, path, FileMode::Read)?;
        let header = viewer.read_ints(4)?;
        let [step, nx, ny, receivers] =
            [0, 1, 2, 3].map(|i| usize::try_from(header[i]).unwrap_or(usize::MAX));
        if (nx, ny) != self.settings.points || receivers != self.traces.len() {
            return Err(Error::input(format!(
                "{}: a run with {nx} x {ny} points and {receivers} receivers, not this one",
                path.display()
            )));
        }
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
        self.step = step;
        Ok(())
    }
}
