//! Wave speeds of the ground.

use std::path::Path;

/// The wave speed at each point.
#[derive(Clone, Debug)]
pub enum Medium {
    /// The same speed everywhere, in m/s.
    Uniform(f64),
    /// A table of `nx` by `ny` values on the rectangle, with `x` running fastest.
    Table {
        /// The number of columns.
        nx: usize,
        /// The number of rows; the first is at `y = 0`.
        ny: usize,
        /// The speeds in m/s.
        values: Vec<f32>,
    },
}

impl Medium {
    /// Reads 32-bit little-endian floating-point numbers.
    ///
    /// # Errors
    /// One line that describes the error, with the name of the file.
    pub fn read(path: &Path, nx: usize, ny: usize) -> Result<Self, String> {
        let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let expected = nx.saturating_mul(ny).saturating_mul(4);
        if bytes.len() != expected || expected == 0 {
            return Err(format!(
                "{}: {} bytes, but {nx} x {ny} numbers of 4 bytes are {expected}",
                path.display(),
                bytes.len()
            ));
        }
        let values: Vec<f32> =
            bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if let Some(i) = values.iter().position(|v| !(v.is_finite() && *v > 0.0)) {
            return Err(format!(
                "{}: value {i} is {}: a speed must be positive and finite",
                path.display(),
                values[i]
            ));
        }
        Ok(Self::Table { nx, ny, values })
    }

    /// Returns the largest speed.
    #[must_use]
    pub fn fastest(&self) -> f64 {
        match self {
            Self::Uniform(c) => *c,
            Self::Table { values, .. } => f64::from(values.iter().copied().fold(0.0, f32::max)),
        }
    }

    /// Returns the speed at a grid point, interpolated linearly between the entries of a table.
    #[must_use]
    pub fn speed(&self, (i, j): (usize, usize), points: (usize, usize)) -> f64 {
        let Self::Table { nx, ny, values } = self else {
            return self.fastest();
        };
        let place = |i: usize, n: usize, entries: usize| {
            let at = i as f64 / (n - 1) as f64 * (entries - 1) as f64;
            let low = (at as usize).min(entries.saturating_sub(2));
            (low, (low + 1).min(entries - 1), at - low as f64)
        };
        let ((x0, x1, a), (y0, y1, b)) = (place(i, points.0, *nx), place(j, points.1, *ny));
        let value = |x: usize, y: usize| f64::from(values[y * nx + x]);
        (1.0 - b) * ((1.0 - a) * value(x0, y0) + a * value(x1, y0))
            + b * ((1.0 - a) * value(x0, y1) + a * value(x1, y1))
    }
}

#[cfg(test)]
mod tests {
    use super::Medium;

    #[test]
    fn tables_are_linear_between_their_entries() {
        let table = Medium::Table { nx: 2, ny: 2, values: vec![1.0, 3.0, 5.0, 7.0] };
        assert_eq!(table.speed((0, 0), (3, 5)), 1.0);
        assert_eq!(table.speed((1, 0), (3, 5)), 2.0);
        assert_eq!(table.speed((2, 4), (3, 5)), 7.0);
        assert_eq!(table.speed((1, 2), (3, 5)), 4.0);
        assert_eq!(table.fastest(), 7.0);
    }
}
