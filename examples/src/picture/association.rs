//! Pictures of an association scan.

use std::collections::HashSet;
use std::path::Path;

use plotters::prelude::*;

use super::network::{Failure, failure};
use super::style::{FONT, use_font};

/// Where a variant is, and how strong: `-log₁₀ p`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place<'a> {
    /// Name of its chromosome.
    pub chromosome: &'a str,
    /// Base pairs from the start.
    pub position: i64,
    /// Strength.
    pub strength: f64,
}

const EVEN: RGBColor = RGBColor(59, 82, 139);
const ODD: RGBColor = RGBColor(120, 160, 190);
const STRONG: RGBColor = RGBColor(220, 50, 30);
const GREY: RGBColor = RGBColor(110, 110, 118);
const SIZE: (u32, u32) = (1500, 620);

/// A stretch of the horizontal axis.
struct Stretch<'a> {
    name: &'a str,
    /// First and last position.
    range: (f64, f64),
    /// Where the first is drawn.
    start: f64,
}

impl Stretch<'_> {
    fn place(&self, position: i64) -> f64 {
        self.start + position as f64 - self.range.0
    }

    fn end(&self) -> f64 {
        self.start + self.range.1 - self.range.0
    }
}

/// Chromosomes in the order in which they come, one after the other; neighbours apart by a gap.
fn stretches<'a>(places: &[Place<'a>]) -> Vec<Stretch<'a>> {
    let mut list: Vec<Stretch<'a>> = Vec::new();
    for place in places {
        let at = place.position as f64;
        match list.iter_mut().find(|s| s.name == place.chromosome) {
            Some(stretch) => {
                let (low, high) = stretch.range;
                stretch.range = (low.min(at), high.max(at));
            }
            None => list.push(Stretch {
                name: place.chromosome,
                range: (at, at),
                start: 0.0,
            }),
        }
    }
    let gap = list.iter().map(Stretch::end).sum::<f64>().max(1.0) / 150.0;
    let mut start = 0.0;
    for stretch in &mut list {
        stretch.start = start;
        start = stretch.end() + gap;
    }
    list
}

/// Points without those that would fall on the same pixel as another.
fn thin(points: impl Iterator<Item = (f64, f64)>, scale: (f64, f64)) -> Vec<(f64, f64)> {
    let mut seen = HashSet::new();
    points
        .filter(|&(x, y)| seen.insert(((x * scale.0) as i64, (y * scale.1) as i64)))
        .collect()
}

/// Draws the strength of each variant along the genome, with the line above which it is significant.
///
/// # Errors
/// A file that cannot be written.
pub fn draw_manhattan(
    path: &Path,
    title: &str,
    places: &[Place<'_>],
    line: f64,
) -> Result<(), Failure> {
    use_font();
    let root = BitMapBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE).map_err(failure)?;
    let stretches = stretches(places);
    let right = stretches.last().map_or(1.0, Stretch::end).max(1.0);
    let strongest = places.iter().map(|p| p.strength).fold(line, f64::max);
    let top = 1.08 * strongest.max(1.0);
    let mut chart = ChartBuilder::on(&root)
        .margin(18)
        .caption(title, (FONT, 28))
        .x_label_area_size(64)
        .y_label_area_size(72)
        .build_cartesian_2d(-0.005 * right..1.005 * right, 0.0..top)
        .map_err(failure)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(0)
        .x_desc("chromosome")
        .y_desc("-log10 p")
        .label_style((FONT, 17))
        .axis_desc_style((FONT, 19))
        .light_line_style(WHITE)
        .draw()
        .map_err(failure)?;
    let scale = (f64::from(SIZE.0) / right, f64::from(SIZE.1) / top);
    for (number, stretch) in stretches.iter().enumerate() {
        let own = places.iter().filter(|p| p.chromosome == stretch.name);
        let points = own.map(|p| (stretch.place(p.position), p.strength));
        let colour = if number % 2 == 0 { EVEN } else { ODD };
        let dots = thin(points, scale).into_iter().map(|(x, y)| {
            let (colour, radius) = if y > line { (STRONG, 4) } else { (colour, 2) };
            Circle::new((x, y), radius, colour.filled())
        });
        chart.draw_series(dots).map_err(failure)?;
    }
    let dashes = DashedLineSeries::new([(0.0, line), (right, line)], 8, 6, GREY.stroke_width(2));
    chart.draw_series(dashes).map_err(failure)?;
    // Names where there is room for them.
    let (area, mut free) = (chart.plotting_area(), i32::MIN);
    for stretch in &stretches {
        let (x, y) = area.map_coordinate(&(0.5 * (stretch.start + stretch.end()), 0.0));
        let half = 5 * stretch.name.len() as i32;
        if x - half > free {
            let text = Text::new(stretch.name, (x - half, y + 8), (FONT, 17).into_font());
            root.draw(&text).map_err(failure)?;
            free = x + half + 4;
        }
    }
    root.present().map_err(failure)
}

/// Draws the strengths in order against those that chance alone would give; `inflation` goes into the picture as text.
///
/// # Errors
/// A file that cannot be written.
pub fn draw_quantiles(
    path: &Path,
    title: &str,
    strengths: &[f64],
    inflation: Option<f64>,
) -> Result<(), Failure> {
    use_font();
    let root = BitMapBackend::new(path, (700, 700)).into_drawing_area();
    root.fill(&WHITE).map_err(failure)?;
    let mut sorted = strengths.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let n = sorted.len() as f64;
    // The middle of the i-th of n equal parts of the probabilities.
    let chance = |i: usize| -((i as f64 + 0.5) / n).log10();
    let right = 1.05 * chance(0).max(1.0);
    let top = 1.05 * sorted.first().copied().unwrap_or(1.0).max(right);
    let mut chart = ChartBuilder::on(&root)
        .margin(18)
        .caption(title, (FONT, 26))
        .x_label_area_size(52)
        .y_label_area_size(72)
        .build_cartesian_2d(0.0..right, 0.0..top)
        .map_err(failure)?;
    chart
        .configure_mesh()
        .x_desc("expected -log10 p")
        .y_desc("observed -log10 p")
        .label_style((FONT, 17))
        .axis_desc_style((FONT, 19))
        .light_line_style(WHITE)
        .draw()
        .map_err(failure)?;
    let diagonal = LineSeries::new([(0.0, 0.0), (right, right)], GREY.stroke_width(2));
    chart.draw_series(diagonal).map_err(failure)?;
    let points = sorted.iter().enumerate().map(|(i, &s)| (chance(i), s));
    let dots = thin(points, (700.0 / right, 700.0 / top));
    chart
        .draw_series(dots.into_iter().map(|p| Circle::new(p, 3, EVEN.filled())))
        .map_err(failure)?;
    if let Some(inflation) = inflation {
        let text = format!("genomic inflation {inflation:.3}");
        let place = (0.05 * right, 0.94 * top);
        chart
            .draw_series([Text::new(text, place, (FONT, 22).into_font())])
            .map_err(failure)?;
    }
    root.present().map_err(failure)
}

#[cfg(test)]
mod tests {
    use super::{Place, stretches};

    #[test]
    fn chromosomes_follow_each_other() {
        let place = |chromosome, position| Place {
            chromosome,
            position,
            strength: 1.0,
        };
        let list = stretches(&[
            place("1", 500),
            place("2", 300),
            place("1", 900),
            place("X", 5),
        ]);
        let names: Vec<_> = list.iter().map(|s| s.name).collect();
        assert_eq!(names, ["1", "2", "X"]);
        assert_eq!((list[0].place(500), list[0].end()), (0.0, 400.0));
        assert!(list.windows(2).all(|w| w[1].start > w[0].end()));
    }
}
