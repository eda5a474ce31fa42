//! Time-dependent fields as GIF animations.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use plotters::prelude::*;

use super::field::{Colours, Field, Labels, paint};

/// The width in pixels, and the time of each frame in hundredths of a second.
const WIDTH: u32 = 640;
const DELAY: u16 = 8;
/// The maximum number of points in each direction, which is that of the pixels.
const POINTS: usize = 460;

/// A field at one time.
#[derive(Clone, Debug)]
pub struct Frame {
    title: String,
    nx: usize,
    ny: usize,
    values: Vec<f64>,
}

/// Frames of the same size. They are drawn together after the last one, with a common color scale.
#[derive(Clone, Debug)]
pub struct Animation {
    /// The size of the rectangle.
    pub size: (f64, f64),
    /// Whether `y` points downward.
    pub down: bool,
    /// The name of the value with its unit.
    pub value: String,
    /// The names of the axes with their units.
    pub axes: (String, String),
    /// The value of the most intense colors. If it is `None`, the median of the frames' maxima is
    /// used, so that a short pulse does not make all other frames pale.
    pub top: Option<f64>,
    /// The frames, in order.
    pub frames: Vec<Frame>,
}

impl Frame {
    /// Creates a frame from a field, with at most as many points as the figure has pixels.
    #[must_use]
    pub fn new(title: String, values: &[f64], nx: usize, ny: usize) -> Self {
        let every = nx.max(ny).div_ceil(POINTS);
        let kept = |n: usize| (0..n).step_by(every);
        Self {
            title,
            nx: kept(nx).len(),
            ny: kept(ny).len(),
            values: kept(ny).flat_map(|j| kept(nx).map(move |i| values[j * nx + i])).collect(),
        }
    }
}

impl Animation {
    /// Draws all frames into a GIF that repeats.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Box<dyn Error>> {
        let Some(first) = self.frames.first() else {
            return Ok(());
        };
        let mut largest: Vec<f64> =
            self.frames.iter().map(|frame| self.field(frame).range(Colours::Diverging).1).collect();
        largest.sort_by(f64::total_cmp);
        let top = self.top.unwrap_or(largest[largest.len() / 2]);
        let height = self.field(first).height(WIDTH);
        let (w, h) = (u16::try_from(WIDTH)?, u16::try_from(height)?);
        let file = BufWriter::new(File::create(path)?);
        let palette = Palette::new(Colours::Diverging);
        let mut encoder = gif::Encoder::new(file, w, h, &palette.bytes)?;
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
            paint(&root, self.field(frame), (Colours::Diverging, (-top, top)), &labels)?;
            root.present()?;
            drop(root);
            let picture = gif::Frame {
                width: w,
                height: h,
                delay: DELAY,
                buffer: palette.indices(&pixels).into(),
                ..Default::default()
            };
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

/// Returns the colors of a field, and grays for the text.
struct Palette {
    bytes: Vec<u8>,
    places: BTreeMap<[u8; 3], u8>,
    first_grey: usize,
}

const GREYS: usize = 65;

impl Palette {
    fn new(colours: Colours) -> Self {
        let mut all = Field::palette(colours);
        let first_grey = all.len();
        all.extend((0..GREYS).map(|k| [(k * 255 / (GREYS - 1)) as u8; 3]));
        Self {
            places: all.iter().zip(0..=u8::MAX).map(|(c, k)| (*c, k)).collect(),
            bytes: all.concat(),
            first_grey,
        }
    }

    fn indices(&self, pixels: &[u8]) -> Vec<u8> {
        let place = |pixel: &[u8]| {
            let &[r, g, b] = pixel else { return 0 };
            let grey = (usize::from(r) + usize::from(g) + usize::from(b)) / 3;
            let near = self.first_grey + (grey * (GREYS - 1) + 127) / 255;
            self.places.get(&[r, g, b]).copied().unwrap_or(u8::try_from(near).unwrap_or(u8::MAX))
        };
        pixels.chunks_exact(3).map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Colours, GREYS, Palette};

    #[test]
    fn colors_of_the_field_stay_and_text_is_gray() {
        let palette = Palette::new(Colours::Diverging);
        assert!(palette.bytes.len() <= 3 * 256);
        let colours = palette.bytes.len() / 3 - GREYS;
        for k in 0..colours {
            let pixel = &palette.bytes[3 * k..3 * k + 3];
            let found = usize::from(palette.indices(pixel)[0]);
            assert_eq!(palette.bytes[3 * found..3 * found + 3], *pixel);
        }
        for (grey, k) in [(0, 0), (128, 32), (255, 64)] {
            let found = palette.indices(&[grey, grey, grey]);
            assert_eq!(usize::from(found[0]), colours + k);
        }
    }
}
