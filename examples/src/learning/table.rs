//! Numeric tables whose last column is the class.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use ndarray::{Array2, ArrayView1, Axis};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use crate::app::GZIP;

/// The features by row, and the class of each row.
#[derive(Clone, Debug)]
pub struct Table {
    /// The features, one row for each sample.
    pub features: Array2<f64>,
    /// The classes, starting at 0.
    pub classes: Vec<usize>,
    /// The number of classes.
    pub class_count: usize,
}

impl Table {
    /// Returns the rows for which `keep` is true.
    #[must_use]
    pub fn rows(&self, keep: impl Fn(usize) -> bool) -> Self {
        let rows: Vec<usize> = (0..self.classes.len()).filter(|&i| keep(i)).collect();
        Self {
            features: self.features.select(Axis(0), &rows),
            classes: rows.iter().map(|&i| self.classes[i]).collect(),
            class_count: self.class_count,
        }
    }

    /// Returns the table without some of its feature columns.
    #[must_use]
    pub fn without(&self, columns: &[usize]) -> Self {
        let keep: Vec<usize> =
            (0..self.features.ncols()).filter(|c| !columns.contains(c)).collect();
        Self {
            features: self.features.select(Axis(1), &keep),
            classes: self.classes.clone(),
            class_count: self.class_count,
        }
    }
}

/// Opens a text file, compressed with gzip or not, with any file name.
fn open(path: &Path) -> std::io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::new(File::open(path)?);
    Ok(if file.fill_buf()?.starts_with(&GZIP) {
        Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(file)))
    } else {
        Box::new(file)
    })
}

/// Reads a file of comma-separated numbers, compressed with gzip or not. The first line is skipped
/// as a heading if it contains words, or if the second row of numbers has another length.
///
/// # Errors
/// One line that describes the error, with file name and line number.
pub fn read_table(path: &Path) -> Result<Table, String> {
    let name = path.display();
    let stream = open(path).map_err(|e| format!("{name}: {e}"))?;
    let mut rows: Vec<(usize, Vec<f64>)> = Vec::new();
    for (number, line) in stream.lines().enumerate() {
        let line = line.map_err(|e| format!("{name}: {e}"))?;
        if line.trim().is_empty() {
            continue;
        }
        let values: Result<Vec<f64>, _> =
            line.split(',').map(|v| v.trim().parse::<f64>()).collect();
        match values {
            Ok(values) => rows.push((number + 1, values)),
            Err(_) if number == 0 => {}
            Err(_) => return Err(format!("{name}:{}: a field is not a number", number + 1)),
        }
    }
    // A numeric heading, for example the numbers of rows and columns.
    if rows.len() > 1 && rows[0].1.len() != rows[1].1.len() && rows[0].0 == 1 {
        rows.remove(0);
    }
    let Some(width) = rows.first().map(|r| r.1.len()) else {
        return Err(format!("{name}: the file contains no rows of numbers"));
    };
    if width < 2 {
        return Err(format!(
            "{name}: the table has one column: use at least one feature and a class"
        ));
    }
    let mut features = Array2::zeros((rows.len(), width - 1));
    let mut classes = Vec::with_capacity(rows.len());
    for (i, (number, row)) in rows.iter().enumerate() {
        if row.len() != width {
            return Err(format!("{name}:{number}: {} fields, expected {width}", row.len()));
        }
        if row.iter().any(|v| !v.is_finite()) {
            return Err(format!("{name}:{number}: a field is not finite"));
        }
        let (class, values) =
            row.split_last().ok_or_else(|| format!("{name}:{number}: the line is empty"))?;
        if class.fract() != 0.0 || !(0.0..1e6).contains(class) {
            return Err(format!("{name}:{number}: class {class} is not a nonnegative integer"));
        }
        classes.push(*class as usize);
        features.row_mut(i).assign(&ArrayView1::from(values));
    }
    let class_count = classes.iter().max().map_or(0, |m| m + 1);
    if classes.iter().all(|&c| c == classes[0]) {
        return Err(format!(
            "{name}: all rows are of class {}: use rows of at least two classes",
            classes[0]
        ));
    }
    Ok(Table { features, classes, class_count })
}

/// The means and standard deviations of features. Constant features are only shifted.
#[derive(Clone, Debug)]
pub struct Scaling {
    means: Vec<f64>,
    spreads: Vec<f64>,
    /// The constant features.
    pub constant: Vec<usize>,
}

impl Scaling {
    /// Computes the scaling of the features of a table.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let n = table.features.nrows().max(1) as f64;
        let (mut means, mut spreads, mut constant) = (Vec::new(), Vec::new(), Vec::new());
        for (number, column) in table.features.columns().into_iter().enumerate() {
            let mean = column.sum() / n;
            let spread = (column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
            let varies = spread > 1e-12 * mean.abs().max(f64::MIN_POSITIVE);
            if !varies {
                constant.push(number);
            }
            means.push(mean);
            spreads.push(if varies { spread } else { 1.0 });
        }
        Self { means, spreads, constant }
    }

    /// Subtracts the mean from each feature of the table, and divides by the standard deviation.
    pub fn apply(&self, table: &mut Table) {
        for (mut column, (mean, spread)) in
            table.features.columns_mut().into_iter().zip(self.means.iter().zip(&self.spreads))
        {
            column.mapv_inplace(|v| (v - mean) / spread);
        }
    }
}

/// Simulates rows with normally distributed features. The class of a row is random; its log odds
/// are a fixed nonlinear function of the features. A row depends on its number and the seed only.
/// The classes of about four fifths of the rows can be predicted.
#[must_use]
pub fn made_up(rows: std::ops::Range<usize>, features: usize, seed: u64) -> Table {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let (first, second): (Vec<f64>, Vec<f64>) =
        (0..features).map(|_| (normal(&mut random), normal(&mut random))).unzip();
    let scale = (features as f64).sqrt();
    let mut table = Table {
        features: Array2::zeros((rows.len(), features)),
        classes: Vec::with_capacity(rows.len()),
        class_count: 2,
    };
    for (i, row) in rows.enumerate() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(
            seed ^ (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        );
        let (mut u, mut v) = (0.0, 0.0);
        for k in 0..features {
            let x = normal(&mut random);
            table.features[(i, k)] = x;
            u += first[k] * x / scale;
            v += second[k] * x / scale;
        }
        let logit = 3.0 * (2.0 * u).tanh() + 1.5 * u * v;
        let chance = 1.0 / (1.0 + (-logit).exp());
        let draw = (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        table.classes.push(usize::from(draw < chance));
    }
    table
}

/// Returns a normally distributed number (Box-Muller).
pub(super) fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    let mut uniform = || ((random.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    let (u, v) = (uniform(), uniform());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

#[cfg(test)]
mod tests {
    use super::read_table;
    use std::io::Write as _;

    /// Compression is detected from the first bytes and not from the file name.
    #[test]
    fn compressed_tables_are_read_by_any_name() {
        let text = b"1,2,0\n3,4,1\n";
        let folder = tempfile::tempdir().unwrap();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), Default::default());
        packed.write_all(text).unwrap();
        let packed = packed.finish().unwrap();
        for (name, bytes) in [("a.csv", &text[..]), ("b.csv", &packed), ("c.csv.gz", &packed)] {
            let file = folder.path().join(name);
            std::fs::write(&file, bytes).unwrap();
            let table = read_table(&file).unwrap();
            assert_eq!(table.classes, [0, 1], "{name}");
            assert_eq!(table.features[(1, 1)], 4.0, "{name}");
        }
    }
}
