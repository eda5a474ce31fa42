//! Figures of an association scan.

use std::path::Path;

use plotters::prelude::*;

use super::network::{Failure, failure};
use super::style::{FONT, use_font};

/// The position of a variant, and its statistic `-log₁₀ p`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place<'a> {
    /// The name of the chromosome.
    pub chromosome: &'a str,
    /// The position in base pairs.
    pub position: i64,
    /// `-log₁₀ p`.
    pub strength: f64,
}

const EVEN: RGBColor = RGBColor(59, 82, 139);
const ODD: RGBColor = RGBColor(120, 160, 190);
const STRONG: RGBColor = RGBColor(220, 50, 30);
const GREY: RGBColor = RGBColor(110, 110, 118);
const SIZE: (u32, u32) = (1100, 480);

/// The interval of a chromosome on the horizontal axis.
struct Stretch<'a> {
    name: &'a str,
    /// The smallest and the largest position of a variant, in base pairs.
    range: (f64, f64),
    /// The coordinate of the first position in the figure.
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

/// Returns the chromosomes in order of occurrence, next to each other with gaps, and the chromosome
/// of each variant.
fn stretches<'a>(places: &[Place<'a>]) -> (Vec<Stretch<'a>>, Vec<usize>) {
    let (mut list, mut numbers) = (Vec::<Stretch<'a>>::new(), Vec::new());
    let mut number = 0;
    for place in places {
        let at = place.position as f64;
        // Most variants are on the same chromosome as the previous one.
        if list.get(number).is_none_or(|s| s.name != place.chromosome) {
            let known = list.iter().position(|s| s.name == place.chromosome);
            number = known.unwrap_or(list.len());
        }
        numbers.push(number);
        match list.get_mut(number) {
            Some(stretch) => {
                let (low, high) = stretch.range;
                stretch.range = (low.min(at), high.max(at));
            }
            None => list.push(Stretch { name: place.chromosome, range: (at, at), start: 0.0 }),
        }
    }
    let gap = list.iter().map(Stretch::end).sum::<f64>().max(1.0) / 150.0;
    let mut start = 0.0;
    for stretch in &mut list {
        stretch.start = start;
        start = stretch.end() + gap;
    }
    (list, numbers)
}

/// A raster in which only the first point of each pixel is drawn.
struct Raster {
    columns: usize,
    scale: (f64, f64),
    taken: Vec<bool>,
}

impl Raster {
    fn new(size: (u32, u32), range: (f64, f64)) -> Self {
        let (columns, rows) = (size.0 as usize + 1, size.1 as usize + 1);
        Self {
            columns,
            scale: (f64::from(size.0) / range.0, f64::from(size.1) / range.1),
            taken: vec![false; columns * rows],
        }
    }

    fn take(&mut self, (x, y): (f64, f64)) -> bool {
        let (column, row) = ((x * self.scale.0) as usize, (y * self.scale.1) as usize);
        let pixel = row * self.columns + column.min(self.columns - 1);
        let taken = self.taken.get_mut(pixel);
        taken.is_none_or(|taken| !std::mem::replace(taken, true))
    }
}

/// Draws `-log₁₀ p` of each variant along the genome, with the significance threshold.
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
    let (stretches, numbers) = stretches(places);
    let right = stretches.last().map_or(1.0, Stretch::end).max(1.0);
    let strongest = places.iter().map(|p| p.strength).fold(line, f64::max);
    let top = 1.08 * strongest.max(1.0);
    let mut chart = ChartBuilder::on(&root)
        .margin(18)
        .caption(title, (FONT, 26))
        .x_label_area_size(52)
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
    let mut raster = Raster::new(SIZE, (right, top));
    let points = places.iter().zip(&numbers).map(|(place, &number)| {
        let point = (stretches[number].place(place.position), place.strength);
        (point, if number % 2 == 0 { EVEN } else { ODD })
    });
    let dots = points.filter(|(point, _)| raster.take(*point)).map(|((x, y), colour)| {
        let (colour, radius) = if y > line { (STRONG, 4) } else { (colour, 2) };
        Circle::new((x, y), radius, colour.filled())
    });
    chart.draw_series(dots).map_err(failure)?;
    let dashes = DashedLineSeries::new([(0.0, line), (right, line)], 8, 6, GREY.stroke_width(2));
    chart.draw_series(dashes).map_err(failure)?;
    // Names are drawn where they fit.
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

/// Draws the quantile-quantile plot of the observed and expected `-log₁₀ p`, with `inflation` as
/// text.
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
    // The center of the i-th of n equal intervals of probability.
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
    let mut raster = Raster::new((700, 700), (right, top));
    let dots = points.filter(|&point| raster.take(point));
    chart.draw_series(dots.map(|p| Circle::new(p, 3, EVEN.filled()))).map_err(failure)?;
    if let Some(inflation) = inflation {
        let text = format!("genomic inflation {inflation:.3}");
        let place = (0.05 * right, 0.94 * top);
        chart.draw_series([Text::new(text, place, (FONT, 22).into_font())]).map_err(failure)?;
    }
    root.present().map_err(failure)
}

#[cfg(test)]
mod tests {
    use super::{Place, Raster, stretches};

    #[test]
    fn chromosomes_follow_each_other() {
        let place = |chromosome, position| Place { chromosome, position, strength: 1.0 };
        let (list, numbers) =
            stretches(&[place("1", 500), place("2", 300), place("1", 900), place("X", 5)]);
        let names: Vec<_> = list.iter().map(|s| s.name).collect();
        assert_eq!(names, ["1", "2", "X"]);
        assert_eq!(numbers, [0, 1, 0, 2]);
        assert_eq!((list[0].place(500), list[0].end()), (0.0, 400.0));
        assert!(list.windows(2).all(|w| w[1].start > w[0].end()));
    }

    #[test]
    fn a_pixel_is_drawn_once() {
        let mut raster = Raster::new((10, 20), (1.0, 1.0));
        assert!(raster.take((0.52, 0.51)) && !raster.take((0.58, 0.54)));
        assert!(raster.take((0.52, 0.56)) && raster.take((0.61, 0.51)));
        assert!(raster.take((1.0, 1.0)) && !raster.take((1.0, 1.0)));
    }
}
