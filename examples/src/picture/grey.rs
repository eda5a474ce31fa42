//! Gray-scale images next to each other.

use std::path::Path;

use plotters::prelude::*;

use super::network::{Failure, failure};
use super::style::{FONT, use_font};

/// An image with its name.
#[derive(Clone, Copy, Debug)]
pub struct Grey<'a> {
    /// The name above the image.
    pub title: &'a str,
    /// The values row by row, starting at the top.
    pub values: &'a [f64],
    /// This value and larger ones are white; zero is black.
    pub white: f64,
}

const GAP: u32 = 10;
const HEAD: u32 = 34;

/// Draws images of `rows` by `columns` pixels next to each other; small images are enlarged.
///
/// # Errors
/// A file that cannot be written.
pub fn draw_grey(
    path: &Path,
    [rows, columns]: [usize; 2],
    images: &[Grey<'_>],
) -> Result<(), Failure> {
    use_font();
    let zoom = (360 / columns.max(1)).clamp(1, 8) as u32;
    let (wide, tall) = (columns as u32 * zoom, rows as u32 * zoom);
    let size = (images.len() as u32 * (wide + GAP) + GAP, tall + HEAD + GAP);
    let root = BitMapBackend::new(path, size).into_drawing_area();
    root.fill(&WHITE).map_err(failure)?;
    for (number, image) in (0..).zip(images) {
        let left = GAP + number * (wide + GAP);
        let text = Text::new(image.title, (left as i32, 8), (FONT, 20).into_font());
        root.draw(&text).map_err(failure)?;
        for y in 0..tall {
            for x in 0..wide {
                let at = (y / zoom) as usize * columns + (x / zoom) as usize;
                let level = (255.0 * (image.values[at] / image.white).clamp(0.0, 1.0)) as u8;
                let place = ((left + x) as i32, (HEAD + y) as i32);
                root.draw_pixel(place, &RGBColor(level, level, level)).map_err(failure)?;
            }
        }
    }
    root.present().map_err(failure)
}
