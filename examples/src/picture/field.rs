//! A scalar field on a rectangle, in colors.

use std::error::Error;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

use super::style::{FONT, map, use_font};
use super::tick::tick;

/// The color map of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// From dark to bright, from the smallest value to the largest.
    Sequential,
    /// From blue over white to red, with white at zero.
    Diverging,
}

/// The number of colors, minus one.
const LEVELS: f64 = 190.0;

const INFERNO: &[(u8, u8, u8)] =
    &[(0, 0, 4), (87, 16, 110), (188, 55, 84), (249, 142, 9), (252, 255, 164)];
const BLUE_RED: &[(u8, u8, u8)] =
    &[(20, 60, 150), (150, 180, 225), (250, 250, 250), (235, 160, 140), (150, 20, 30)];

fn stops(colours: Colours) -> &'static [(u8, u8, u8)] {
    match colours {
        Colours::Sequential => INFERNO,
        Colours::Diverging => BLUE_RED,
    }
}

/// The labels of a figure.
#[derive(Clone, Debug)]
pub struct Labels<'a> {
    /// The title.
    pub title: &'a str,
    /// The name of the value with its unit.
    pub value: &'a str,
    /// The names of the axes with their units.
    pub axes: (&'a str, &'a str),
}

/// A field of `nx` by `ny` points on a rectangle of the given size, with `x` running fastest.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The values, row by row.
    pub values: &'a [f64],
    /// The number of points along `x`.
    pub nx: usize,
    /// The number of points along `y`.
    pub ny: usize,
    /// The lengths of the rectangle.
    pub size: (f64, f64),
    /// Whether `y` points downward, for example for depth.
    pub down: bool,
}

impl Field<'_> {
    /// Returns the smallest and the largest value, or a symmetric interval for a color map centered
    /// at zero.
    #[must_use]
    pub fn range(&self, colours: Colours) -> (f64, f64) {
        let finite = || self.values.iter().copied().filter(|v| v.is_finite());
        match colours {
            Colours::Sequential => {
                (finite().fold(f64::MAX, f64::min), finite().fold(f64::MIN, f64::max))
            }
            Colours::Diverging => {
                let largest = finite().fold(0.0_f64, |m, v| m.max(v.abs()));
                (-largest, largest)
            }
        }
    }

    /// Returns all colors of a figure except those of its text.
    pub(super) fn palette(colours: Colours) -> Vec<[u8; 3]> {
        (0..=LEVELS as u32)
            .map(|level| {
                let RGBColor(r, g, b) = map(stops(colours), f64::from(level) / LEVELS);
                [r, g, b]
            })
            .collect()
    }

    /// Returns the height of a figure with this width in pixels.
    pub(super) fn height(&self, width: u32) -> u32 {
        let ratio = (self.size.1 / self.size.0).clamp(0.3, 1.6);
        (f64::from(width - 180) * ratio) as u32 + 130
    }
}

/// Draws a field into a PNG file.
///
/// # Errors
/// A file that cannot be written.
pub fn draw_field(
    path: &Path,
    field: Field<'_>,
    colours: Colours,
    labels: &Labels<'_>,
) -> Result<(), Box<dyn Error>> {
    let size = (900, field.height(900));
    let root = BitMapBackend::new(path, size).into_drawing_area();
    paint(&root, field, (colours, field.range(colours)), labels)?;
    root.present()?;
    Ok(())
}

/// Draws a field and a color bar for a range of values.
pub(super) fn paint(
    root: &DrawingArea<BitMapBackend<'_>, Shift>,
    field: Field<'_>,
    (colours, (low, high)): (Colours, (f64, f64)),
    labels: &Labels<'_>,
) -> Result<(), Box<dyn Error>> {
    use_font();
    let span = (high - low).max(f64::MIN_POSITIVE);
    let stops = stops(colours);
    root.fill(&WHITE)?;
    let (main, side) = root.split_horizontally(root.dim_in_pixel().0 - 120);
    let mut chart = ChartBuilder::on(&main)
        .caption(labels.title, (FONT, 22))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(62)
        .build_cartesian_2d(
            0.0..field.size.0,
            if field.down { field.size.1..0.0 } else { 0.0..field.size.1 },
        )?;
    chart
        .configure_mesh()
        .disable_mesh()
        .x_desc(labels.axes.0)
        .y_desc(labels.axes.1)
        .label_style((FONT, 15))
        .axis_desc_style((FONT, 17))
        .draw()?;
    // Each pixel has the color of the nearest point.
    let plotting = chart.plotting_area();
    let (width, tall) = plotting.dim_in_pixel();
    for py in 0..tall {
        let row = if field.down { py } else { tall - 1 - py };
        let y = (f64::from(row) + 0.5) / f64::from(tall);
        let j = ((y * (field.ny - 1) as f64).round() as usize).min(field.ny - 1);
        for px in 0..width {
            let x = (f64::from(px) + 0.5) / f64::from(width);
            let i = ((x * (field.nx - 1) as f64).round() as usize).min(field.nx - 1);
            // The number of colors is limited to that of a GIF.
            let level = (field.values[j * field.nx + i] - low) / span;
            let colour = map(stops, (level * LEVELS).round() / LEVELS);
            plotting.draw_pixel((x * field.size.0, y * field.size.1), &colour)?;
        }
    }
    // The tolerance keeps the labels at the ends of the color bar despite rounding errors.
    let beyond = 1e-9 * span;
    let mut scale = ChartBuilder::on(&side)
        .margin_top(50)
        .margin_bottom(56)
        .margin_right(6)
        .y_label_area_size(74)
        .build_cartesian_2d(0.0..1.0, low - beyond..low + span + beyond)?;
    scale
        .configure_mesh()
        .disable_mesh()
        .disable_x_axis()
        .set_tick_mark_size(LabelAreaPosition::Left, 5)
        .y_desc(labels.value)
        .y_label_formatter(&|v| {
            tick(*v, span, |v| {
                if low.abs().max(high.abs()) < 0.01 {
                    format!("{v:.1e}")
                } else {
                    format!("{v:.3}")
                }
            })
        })
        .label_style((FONT, 14))
        .axis_desc_style((FONT, 16))
        .draw()?;
    let steps = LEVELS as u32;
    scale.draw_series((0..steps).map(|k| {
        let (a, b) = (f64::from(k) / f64::from(steps), f64::from(k + 1) / f64::from(steps));
        let colour = map(stops, (a * LEVELS).round() / LEVELS);
        Rectangle::new([(0.0, low + a * span), (1.0, low + b * span)], colour.filled())
    }))?;
    Ok(())
}
