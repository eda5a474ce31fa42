//! Fields that change, as a GIF.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use plotters::prelude::*;

use super::field::{Colours, Field, Labels, paint};

/// Pixels across, and hundredths of a second for each frame.
const WIDTH: u32 = 640;
const DELAY: u16 = 8;
/// Points kept along each direction: no more than pixels.
const POINTS: usize = 460;

/// A field at one time.
#[derive(Clone, Debug)]
pub struct Frame {
    title: String,
    nx: usize,
    ny: usize,
    values: Vec<f64>,
}

/// Frames with the same size, which are drawn when all are known, with one scale of colours.
#[derive(Clone, Debug)]
pub struct Animation {
    /// Of the rectangle.
    pub size: (f64, f64),
    /// Whether `y` points downwards.
    pub down: bool,
    /// Of the value, with its unit.
    pub value: String,
    /// Of the axes, with their units.
    pub axes: (String, String),
    /// In order.
    pub frames: Vec<Frame>,
}

impl Frame {
    /// Keeps as many points as can be seen.
    #[must_use]
    pub fn new(title: String, values: &[f64], nx: usize, ny: usize) -> Self {
        let every = nx.max(ny).div_ceil(POINTS);
        let kept = |n: usize| (0..n).step_by(every);
        Self {
            title,
            nx: kept(nx).len(),
            ny: kept(ny).len(),
            values: kept(ny)
                .flat_map(|j| kept(nx).map(move |i| values[j * nx + i]))
                .collect(),
        }
    }
}

impl Animation {
    /// Draws all frames into a GIF that starts again at its end. The scale leaves out the strongest frames, at
    /// most a tenth, so that a short shock does not make all others pale.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Box<dyn Error>> {
        let Some(first) = self.frames.first() else {
            return Ok(());
        };
        let mut largest: Vec<f64> = self
            .frames
            .iter()
            .map(|frame| self.field(frame).range(Colours::Diverging).1)
            .collect();
        largest.sort_by(f64::total_cmp);
        let top = largest[(9 * (largest.len() - 1)) / 10];
        let height = self.field(first).height(WIDTH);
        let (w, h) = (u16::try_from(WIDTH)?, u16::try_from(height)?);
        let file = BufWriter::new(File::create(path)?);
        let mut encoder = gif::Encoder::new(file, w, h, &[])?;
        encoder.set_repeat(gif::Repeat::Infinite)?;
        let mut pixels = vec![0; 3 * WIDTH as usize * height as usize];
        for frame in &self.frames {
            let labels = Labels {
                title: &frame.title,
                value: &self.value,
                axes: (&self.axes.0, &self.axes.1),
            };
            let backend = BitMapBackend::with_buffer(&mut pixels, (WIDTH, height));
            let root = backend.into_drawing_area();
            paint(
                &root,
                self.field(frame),
                (Colours::Diverging, (-top, top)),
                &labels,
            )?;
            root.present()?;
            drop(root);
            let mut picture = gif::Frame::from_rgb_speed(w, h, &pixels, 30);
            picture.delay = DELAY;
            encoder.write_frame(&picture)?;
        }
        Ok(())
    }

    fn field<'a>(&self, frame: &'a Frame) -> Field<'a> {
        Field {
            values: &frame.values,
            nx: frame.nx,
            ny: frame.ny,
            size: self.size,
            down: self.down,
        }
    }
}
