//! Output of waves: figures, VTK files and seismograms.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use petsc_rs::DmdaRef;
use petsc_rs::prelude::*;

use super::Settings;
use crate::app::{agree, input_error};
use crate::picture::{
    Animation, Colours, Curve, Field, Format, Frame, Labels, draw_curves, draw_field, write_vtk,
};

/// The displacements at the receivers after each step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seismogram {
    /// The times in s.
    pub times: Vec<f64>,
    /// A row of values for each receiver.
    pub traces: Vec<Vec<f64>>,
}

impl Seismogram {
    /// Writes `seismogram.csv` and `seismogram.png`. Only one rank may call this function.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub fn write(
        &self,
        folder: &Path,
        receivers: &[(usize, usize)],
    ) -> std::result::Result<(), Box<dyn std::error::Error>> {
        let mut text = String::from("time");
        for (i, j) in receivers {
            write!(text, ",u_{i}_{j}")?;
        }
        text.push('\n');
        for (step, time) in self.times.iter().enumerate() {
            write!(text, "{time}")?;
            for trace in &self.traces {
                write!(text, ",{:e}", trace[step])?;
            }
            text.push('\n');
        }
        let table = folder.join("seismogram.csv");
        fs::write(&table, text).map_err(|e| format!("{}: {e}", table.display()))?;
        let along =
            |trace: &Vec<f64>| self.times.iter().copied().zip(trace.iter().copied()).collect();
        let points: Vec<Vec<(f64, f64)>> = self.traces.iter().map(along).collect();
        let curves: Vec<Curve<'_>> = receivers
            .iter()
            .zip(&points)
            .map(|(at, points)| Curve { name: format!("receiver {at:?}"), points })
            .collect();
        let picture = folder.join("seismogram.png");
        let axes = ("time in s", "displacement");
        draw_curves(&picture, &curves, "Seismogram", axes)
            .map_err(|e| format!("{}: {e}", picture.display()).into())
    }
}

/// Writes snapshots to a directory.
#[derive(Debug)]
pub struct Pictures {
    folder: PathBuf,
    formats: Vec<Format>,
    points: (usize, usize),
    animation: Animation,
}

impl Pictures {
    /// Creates the output. Set `down` if `y` is a depth, as in velocity models whose first row is
    /// the surface.
    #[must_use]
    pub fn new(folder: PathBuf, formats: Vec<Format>, settings: &Settings, down: bool) -> Self {
        let vertical = if down { "depth in km" } else { "y in km" };
        Self {
            folder,
            formats,
            points: settings.points,
            animation: Animation {
                size: (settings.length.0 / 1e3, settings.length.1 / 1e3),
                down,
                value: "displacement".into(),
                axes: ("x in km".into(), vertical.into()),
                top: None,
                frames: Vec::new(),
            },
        }
    }

    /// Writes a displacement, or stores it for the animation. Collective.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn snapshot(&mut self, step: usize, time: f64, grid: &DmdaRef, u: &Vector) -> Result<()> {
        let comm = grid.comm()?;
        if self.formats.contains(&Format::Vtk) {
            let path = self.folder.join(format!("snapshot-{step:06}.vts"));
            if !write_vtk(&comm, &path, u)? {
                let text = "VTK snapshots need a PETSc with real scalars: use png or gif";
                return Err(input_error(text));
            }
        }
        if self.formats == [Format::Vtk] {
            return Ok(());
        }
        let all = grid.gather_natural(u)?;
        if comm.rank() != 0 {
            return agree(&comm, Ok::<_, String>(()));
        }
        let values: Vec<f64> = all.iter().map(|v| v.real()).collect();
        let (nx, ny) = self.points;
        let title = format!("Displacement after {time:.3} s");
        let mut outcome = Ok(());
        if self.formats.contains(&Format::Png) {
            let animation = &self.animation;
            let field =
                Field { values: &values, nx, ny, size: animation.size, down: animation.down };
            let labels = Labels {
                title: &title,
                value: &animation.value,
                axes: (&animation.axes.0, &animation.axes.1),
            };
            let path = self.folder.join(format!("snapshot-{step:06}.png"));
            outcome = draw_field(&path, field, Colours::Diverging, &labels)
                .map_err(|e| format!("{}: {e}", path.display()));
        }
        if self.formats.contains(&Format::Gif) {
            let frame = Frame::new(title, &values, nx, ny);
            self.animation.frames.push(frame);
        }
        agree(&comm, outcome)
    }

    /// Writes the stored frames and the seismogram. Collective.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn finish(&self, comm: &Comm, seismogram: &Seismogram, settings: &Settings) -> Result<()> {
        let mut outcome = Ok(());
        if comm.rank() == 0 {
            let moving = self.folder.join("snapshots.gif");
            let written = seismogram.write(&self.folder, &settings.receivers);
            outcome = written.map_err(|e| e.to_string()).and_then(|()| {
                let done = self.animation.write(&moving);
                done.map_err(|e| format!("{}: {e}", moving.display()))
            });
        }
        agree(comm, outcome)
    }
}
