//! Figures of mode shapes.

use std::f64::consts::TAU;
use std::fs;
use std::path::Path;

use petsc_rs::prelude::*;

use super::{Mode, Sheet};
use crate::app::agree;
use crate::eigen;
use crate::picture::{Animation, Colours, Field, Format, Frame, Labels, draw_field, write_vtk};

/// The number of frames in a period.
const FRAMES: u8 = 24;

/// Writes `mode-1.png`, `mode-1.gif`, `mode-1.vts` and so on in the requested formats. The largest
/// displacement of each shape is 1. Returns the number of files. VTK files are written in real
/// builds only. Collective.
///
/// # Errors
/// Files that cannot be written.
pub fn write_shapes(
    comm: &Comm,
    folder: &Path,
    sheet: &Sheet,
    modes: &[Mode],
    formats: &[Format],
) -> Result<usize> {
    let made = fs::create_dir_all(folder);
    agree(comm, made.map_err(|e| format!("{}: {e}", folder.display())))?;
    let mut written = 0;
    for (number, mode) in (1..).zip(modes) {
        let (scale, values) = normalised(sheet, mode)?;
        let path = |ending: &str| folder.join(format!("mode-{number}.{ending}"));
        if formats.contains(&Format::Vtk) {
            let mut shape = sheet.on_grid(mode.shape.main())?;
            shape.scale(scale)?;
            written += usize::from(write_vtk(comm, &path("vts"), &shape)?);
        }
        let title = format!("Mode {number}: {:.4} Hz", mode.frequency);
        let mut outcome = Ok(());
        for format in formats.iter().filter(|&&format| format != Format::Vtk) {
            if comm.rank() == 0 {
                let drawn = match format {
                    Format::Gif => swing(&path("gif"), sheet, &values, &title),
                    _ => still(&path("png"), sheet, &values, &title),
                };
                outcome = outcome.and(drawn.map_err(|e| format!("{}: {e}", folder.display())));
            }
            written += 1;
        }
        agree(comm, outcome)?;
    }
    Ok(written)
}

/// Returns the shape at all points, with 1 where it is largest, and the scaling factor.
fn normalised(sheet: &Sheet, mode: &Mode) -> Result<(Scalar, Vec<f64>)> {
    let values = sheet.gather(mode.shape.main())?;
    let scale = eigen::unit_scale(&values);
    Ok((scale, values.iter().map(|v| (*v * scale).real()).collect()))
}

const VALUE: &str = "displacement";
const AXES: (&str, &str) = ("x in m", "y in m");

type Outcome = std::result::Result<(), Box<dyn std::error::Error>>;

fn still(path: &Path, sheet: &Sheet, values: &[f64], title: &str) -> Outcome {
    let (nx, ny) = sheet.points();
    let field = Field { values, nx, ny, size: sheet.size(), down: false };
    let labels = Labels { title, value: VALUE, axes: AXES };
    draw_field(path, field, Colours::Diverging, &labels)
}

/// Writes one period as a repeating animation.
fn swing(path: &Path, sheet: &Sheet, values: &[f64], title: &str) -> Outcome {
    let (nx, ny) = sheet.points();
    let frames = (0..FRAMES).map(|k| {
        let phase = (TAU * f64::from(k) / f64::from(FRAMES)).cos();
        let moved: Vec<f64> = values.iter().map(|value| phase * value).collect();
        Frame::new(title.to_owned(), &moved, nx, ny)
    });
    let animation = Animation {
        size: sheet.size(),
        down: false,
        value: VALUE.into(),
        axes: (AXES.0.into(), AXES.1.into()),
        top: Some(1.0),
        frames: frames.collect(),
    };
    animation.write(path)
}
