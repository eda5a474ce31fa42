//! Confusion matrices: predicted classes and true classes.

use std::error::Error;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::style::{FONT, HEAT, map, use_font};

/// The size of the figure in pixels.
const SIZE: (u32, u32) = (760, 760);
/// The maximum number of classes for which the cells contain numbers.
const NUMBERED: usize = 20;

/// Draws a confusion matrix; rows are true classes, columns predicted classes. The color of a cell
/// represents its fraction of the row; the printed number is the count.
///
/// # Errors
/// A file that cannot be written.
pub fn draw_confusion(
    path: &Path,
    title: &str,
    counts: &[u64],
    classes: usize,
) -> Result<(), Box<dyn Error>> {
    let root = BitMapBackend::new(path, SIZE).into_drawing_area();
    paint(&root, title, counts, classes)?;
    root.present()?;
    Ok(())
}

fn paint(
    root: &DrawingArea<BitMapBackend<'_>, Shift>,
    title: &str,
    counts: &[u64],
    classes: usize,
) -> Result<(), Box<dyn Error>> {
    use_font();
    root.fill(&WHITE)?;
    let n = i32::try_from(classes)?;
    let mut chart = ChartBuilder::on(root)
        .caption(title, (FONT, 22))
        .margin(14)
        .x_label_area_size(46)
        .y_label_area_size(56)
        .build_cartesian_2d((0..n - 1).into_segmented(), (0..n - 1).into_segmented())?;
    let name = |class: &SegmentValue<i32>| match class {
        SegmentValue::CenterOf(k) => k.to_string(),
        _ => String::new(),
    };
    // Rows are ordered downward.
    let from_top = |class: &SegmentValue<i32>| match class {
        SegmentValue::CenterOf(k) => (n - 1 - k).to_string(),
        _ => String::new(),
    };
    chart
        .configure_mesh()
        .disable_mesh()
        .x_labels(classes.min(NUMBERED))
        .y_labels(classes.min(NUMBERED))
        .x_label_formatter(&name)
        .y_label_formatter(&from_top)
        .x_desc("predicted class")
        .y_desc("true class")
        .label_style((FONT, 16))
        .axis_desc_style((FONT, 18))
        .draw()?;
    let plotting = chart.plotting_area();
    let (width, height) = plotting.dim_in_pixel();
    let (left, top) = plotting.get_base_pixel();
    let edge = |k: usize, length: u32| (k * length as usize / classes) as i32;
    let size = (260 / classes.max(6)).max(11) as u32;
    for (row, line) in counts.chunks_exact(classes).enumerate() {
        let total = line.iter().sum::<u64>().max(1) as f64;
        for (column, &count) in line.iter().enumerate() {
            let share = count as f64 / total;
            let (x, y) = (left + edge(column, width), top + edge(row, height));
            let (right, below) = (left + edge(column + 1, width), top + edge(row + 1, height));
            let colour = if count == 0 { WHITE } else { map(HEAT, share) };
            root.draw(&Rectangle::new([(x, y), (right, below)], colour.filled()))?;
            if classes <= NUMBERED {
                let ink = if share > 0.5 { &WHITE } else { &BLACK };
                let style = (FONT, size).into_font().color(ink);
                let style = style.pos(Pos::new(HPos::Center, VPos::Center));
                let middle = ((x + right) / 2, (y + below) / 2);
                root.draw(&Text::new(count.to_string(), middle, style))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{BitMapBackend, HEAT, IntoDrawingArea as _, RGBColor, SIZE, map, paint};

    /// True class 0 is in the upper row, predicted class 0 on the left.
    #[test]
    fn squares_have_the_colors_of_their_shares() {
        let (width, height) = SIZE;
        let mut pixels = vec![0; 3 * (width * height) as usize];
        let root = BitMapBackend::with_buffer(&mut pixels, SIZE).into_drawing_area();
        paint(&root, "", &[3, 1, 0, 5], 2).unwrap();
        drop(root);
        let at = |x: u32, y: u32| {
            let start = 3 * (y * width + x) as usize;
            RGBColor(pixels[start], pixels[start + 1], pixels[start + 2])
        };
        // These pixels are not covered by the numbers.
        let (left, right, upper, lower) = (100, 600, 100, 600);
        assert_eq!(at(left, upper), map(HEAT, 0.75));
        assert_eq!(at(right, upper), map(HEAT, 0.25));
        assert_eq!(at(left, lower), RGBColor(255, 255, 255));
        assert_eq!(at(right, lower), map(HEAT, 1.0));
    }
}
