//! Curves over a common axis.

use std::path::Path;

use plotters::prelude::*;

use super::style::{FONT, use_font};
use super::tick::tick;

/// A curve with its name.
#[derive(Clone, Debug)]
pub struct Curve<'a> {
    /// The name in the legend.
    pub name: String,
    /// The points in order.
    pub points: &'a [(f64, f64)],
}

/// Draws curves into a PNG file.
///
/// # Errors
/// A file that cannot be written.
pub fn draw_curves(
    path: &Path,
    curves: &[Curve<'_>],
    title: &str,
    axes: (&str, &str),
) -> Result<(), Box<dyn std::error::Error>> {
    use_font();
    let points =
        || curves.iter().flat_map(|c| c.points).filter(|p| p.0.is_finite() && p.1.is_finite());
    let range = |get: fn(&(f64, f64)) -> f64| {
        let (low, high) =
            points().map(get).fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        if low < high { low..high } else { low.min(0.0) - 1.0..high.max(0.0) + 1.0 }
    };
    let (x, y) = (range(|p| p.0), range(|p| p.1));
    let span = y.end - y.start;
    let room = 0.05 * span;
    let plain = (0.5..1e4).contains(&span);
    let root = BitMapBackend::new(path, (1000, 520)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption(title, (FONT, 22))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(84)
        .build_cartesian_2d(x, y.start - room..y.end + room)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .x_desc(axes.0)
        .y_desc(axes.1)
        .y_label_formatter(&|v| {
            tick(*v, span, |v| if plain { format!("{v:.2}") } else { format!("{v:.1e}") })
        })
        .label_style((FONT, 15))
        .axis_desc_style((FONT, 17))
        .draw()?;
    for (i, curve) in curves.iter().enumerate() {
        let colour = Palette99::pick(i).to_rgba();
        chart
            .draw_series(LineSeries::new(curve.points.iter().copied(), colour))?
            .label(&curve.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour));
    }
    if curves.len() > 1 {
        chart
            .configure_series_labels()
            // Seismograms start with small values.
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.85))
            .label_font((FONT, 15))
            .draw()?;
    }
    root.present()?;
    Ok(())
}
