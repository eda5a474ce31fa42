//! Figures of a power network.

use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

use super::style::{FONT, HEAT, VIRIDIS, map, use_font};
use crate::network::DcModel;

pub(super) type Failure = Box<dyn std::error::Error + Send + Sync>;

pub(super) fn failure(e: impl std::fmt::Display) -> Failure {
    e.to_string().into()
}

const SIZE: (u32, u32) = (1400, 1000);

/// Draws buses colored by angle (in degrees) and lines colored by loading (fraction of the rating).
/// Lines without a rating are thin and gray.
///
/// # Errors
/// A file that cannot be written.
pub fn draw_network(
    path: &Path,
    title: &str,
    model: &DcModel,
    points: &[(f64, f64)],
    degrees: &[f64],
    loading: &[Option<f64>],
) -> Result<(), Failure> {
    use_font();
    let root = BitMapBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE).map_err(failure)?;
    root.draw(&Text::new(title, (40, 18), (FONT, 30).into_font())).map_err(failure)?;
    let place = |p: (f64, f64)| (40 + (p.0 * 1150.0) as i32, 70 + (p.1 * 890.0) as i32);

    // Lines with the largest loading are drawn last.
    let mut order: Vec<usize> = (0..model.lines.len()).collect();
    order.sort_by(|&a, &b| loading[a].unwrap_or(-1.0).total_cmp(&loading[b].unwrap_or(-1.0)));
    for i in order {
        let line = &model.lines[i];
        let ends = vec![place(points[line.from]), place(points[line.to])];
        let style = match loading[i] {
            None => ShapeStyle::from(&RGBColor(225, 225, 228)).stroke_width(1),
            Some(l) => ShapeStyle::from(&map(HEAT, l)).stroke_width(if l > 0.8 { 3 } else { 1 }),
        };
        root.draw(&PathElement::new(ends, style)).map_err(failure)?;
    }
    let (low, high) = range(degrees);
    let radius = if points.len() > 1500 { 3 } else { 5 };
    for (&p, &angle) in points.iter().zip(degrees) {
        let colour = map(VIRIDIS, (angle - low) / (high - low));
        root.draw(&Circle::new(place(p), radius, colour.filled())).map_err(failure)?;
    }
    legend(&root, (1230, 110), "angle", VIRIDIS, &[format!("{high:.1}°"), format!("{low:.1}°")])?;
    legend(&root, (1230, 560), "loading", HEAT, &["≥ 100 %".into(), "0 %".into()])?;
    root.present().map_err(failure)
}

/// Draws a histogram of the loading and the sorted angles. Without ratings, only the angles are
/// drawn.
///
/// # Errors
/// A file that cannot be written.
pub fn draw_loading(
    path: &Path,
    title: &str,
    degrees: &[f64],
    loading: &[Option<f64>],
) -> Result<(), Failure> {
    use_font();
    let rated: Vec<f64> = loading.iter().flatten().map(|l| 100.0 * l).collect();
    let width = if rated.is_empty() { 700 } else { 1400 };
    let root = BitMapBackend::new(path, (width, 560)).into_drawing_area();
    root.fill(&WHITE).map_err(failure)?;
    let titled = root.margin(14, 0, 0, 24).titled(title, (FONT, 28)).map_err(failure)?;
    if rated.is_empty() {
        draw_angles(&titled, degrees)?;
    } else {
        let (left, right) = titled.split_horizontally(700);
        draw_ratings(&left, &rated)?;
        draw_angles(&right, degrees)?;
    }
    root.present().map_err(failure)
}

type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// Draws the histogram of the loading in percent of the rating.
fn draw_ratings(area: &Area<'_>, rated: &[f64]) -> Result<(), Failure> {
    let top = rated.iter().copied().fold(110.0, f64::max).min(300.0);
    let bins = 40;
    let mut counts = vec![0_usize; bins];
    for l in rated {
        counts[((l / top * bins as f64) as usize).min(bins - 1)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let mut chart = ChartBuilder::on(area)
        .margin(16)
        .x_label_area_size(48)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..top, 0..most + most / 10 + 1)
        .map_err(failure)?;
    chart
        .configure_mesh()
        .x_desc("loading of rated lines in %")
        .y_desc("number of lines")
        .label_style((FONT, 17))
        .axis_desc_style((FONT, 19))
        .light_line_style(WHITE)
        .draw()
        .map_err(failure)?;
    let width = top / bins as f64;
    chart
        .draw_series(counts.iter().enumerate().map(|(i, &count)| {
            let x = i as f64 * width;
            let colour = map(HEAT, (x + 0.5 * width) / 100.0);
            Rectangle::new([(x + 0.08 * width, 0), (x + 0.92 * width, count)], colour.filled())
        }))
        .map_err(failure)?;
    Ok(())
}

/// Draws the sorted angles.
fn draw_angles(area: &Area<'_>, degrees: &[f64]) -> Result<(), Failure> {
    let mut sorted = degrees.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = range(&sorted);
    let mut chart = ChartBuilder::on(area)
        .margin(16)
        .x_label_area_size(48)
        .y_label_area_size(72)
        .build_cartesian_2d(0.0..100.0, low..high)
        .map_err(failure)?;
    chart
        .configure_mesh()
        .x_desc("buses in order of angle, in %")
        .y_desc("angle in degrees")
        .label_style((FONT, 17))
        .axis_desc_style((FONT, 19))
        .light_line_style(WHITE)
        .draw()
        .map_err(failure)?;
    let last = (sorted.len().max(2) - 1) as f64;
    let line = sorted.iter().enumerate().map(|(i, &angle)| (100.0 * i as f64 / last, angle));
    let style = ShapeStyle::from(&RGBColor(59, 82, 139)).stroke_width(3);
    chart.draw_series(LineSeries::new(line, style)).map_err(failure)?;
    Ok(())
}

fn range(values: &[f64]) -> (f64, f64) {
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(l, h), &v| (l.min(v), h.max(v)));
    if high > low { (low, high) } else { (low - 0.5, low + 0.5) }
}

/// Draws a vertical color bar with labels at its ends.
fn legend(
    root: &Area<'_>,
    (x, y): (i32, i32),
    name: &str,
    stops: &[(u8, u8, u8)],
    ends: &[String; 2],
) -> Result<(), Failure> {
    const HEIGHT: i32 = 300;
    for i in 0..HEIGHT {
        let colour = map(stops, 1.0 - f64::from(i) / f64::from(HEIGHT));
        let row = Rectangle::new([(x, y + i), (x + 26, y + i + 1)], colour.filled());
        root.draw(&row).map_err(failure)?;
    }
    let texts = [(name, y - 36, 22), (&ends[0], y - 4, 19), (&ends[1], y + HEIGHT - 14, 19)];
    for (text, at, size) in texts {
        let x = if at == y - 36 { x } else { x + 36 };
        root.draw(&Text::new(text.to_owned(), (x, at), (FONT, size).into_font()))
            .map_err(failure)?;
    }
    Ok(())
}
