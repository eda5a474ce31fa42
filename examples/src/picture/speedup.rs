//! Measured speedups and a fitted law.

use std::path::Path;

use plotters::prelude::*;

use super::style::{FONT, use_font};

/// The speedup on a number of ranks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speedup {
    /// The number of ranks.
    pub ranks: usize,
    /// The speedup from the median time.
    pub median: f64,
    /// The speedups from the longest and the shortest time.
    pub spread: (f64, f64),
}

const MEASURED: RGBColor = RGBColor(59, 82, 139);
const LAW: RGBColor = RGBColor(220, 50, 30);
const IDEAL: RGBColor = RGBColor(150, 150, 156);

/// Draws the measurements with their range, the ideal speedup, and the `law`, which is labeled with
/// `name`.
///
/// # Errors
/// A file that cannot be written, or no measurements.
pub fn draw_speedups(
    path: &Path,
    title: &str,
    measured: &[Speedup],
    name: &str,
    law: impl Fn(usize) -> f64,
) -> Result<(), Box<dyn std::error::Error>> {
    let (Some(first), Some(last)) = (measured.first(), measured.last()) else {
        return Err("there are no measurements".into());
    };
    let (first, last) = (first.ranks, last.ranks);
    let top = measured.iter().map(|m| m.spread.1).fold(0.0, f64::max);
    let top = 1.1 * top.max(last as f64 / first as f64);
    use_font();
    let root = BitMapBackend::new(path, (900, 520)).into_drawing_area();
    root.fill(&WHITE)?;
    let (left, right) = (first as f64 - 0.2, last as f64 + 0.2);
    let mut chart = ChartBuilder::on(&root)
        .caption(title, (FONT, 20))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(60)
        .build_cartesian_2d(left..right, 0.0..top)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .disable_x_mesh()
        // The axis has integer labels.
        .x_labels(last + 1 - first)
        .x_label_formatter(&|x| {
            if x.fract() == 0.0 { format!("{x:.0}") } else { String::new() }
        })
        .x_desc("ranks")
        .y_desc("speedup")
        .label_style((FONT, 15))
        .axis_desc_style((FONT, 17))
        .draw()?;
    let line = |f: &dyn Fn(usize) -> f64| -> Vec<(f64, f64)> {
        (first..=last).map(|p| (p as f64, f(p))).collect()
    };
    let ideal = line(&|p| p as f64 / first as f64);
    chart
        .draw_series(DashedLineSeries::new(ideal, 6, 5, IDEAL.stroke_width(2)))?
        .label("ideal")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], IDEAL.stroke_width(2)));
    chart
        .draw_series(LineSeries::new(line(&law), LAW.stroke_width(2)))?
        .label(name)
        .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], LAW.stroke_width(2)));
    let bars = measured.iter().map(|m| {
        let (x, (low, high)) = (m.ranks as f64, m.spread);
        PathElement::new([(x, low), (x, high)], MEASURED.stroke_width(2))
    });
    chart.draw_series(bars)?;
    let medians = measured.iter().map(|m| (m.ranks as f64, m.median));
    chart
        .draw_series(medians.map(|at| Circle::new(at, 5, MEASURED.filled())))?
        .label("measured: median, minimum, maximum")
        .legend(|(x, y)| Circle::new((x + 9, y), 4, MEASURED.filled()));
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.85))
        .label_font((FONT, 15))
        .draw()?;
    root.present()?;
    Ok(())
}
