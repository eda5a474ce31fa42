//! Absorbing layers at the boundary.

/// An absorbing layer at all four edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Absorb {
    /// No layer: the edges reflect.
    None,
    /// The layer of the workshop: each new value is multiplied by a factor below 1, see [`sponge`].
    /// The factor also acts as a restoring force, so the layer reflects waves.
    Sponge {
        /// The width in cells.
        width: usize,
        /// The strength in the exponent of the factor, at the edge.
        strength: f64,
    },
    /// A perfectly matched layer, which does not reflect in the continuous equation.
    Pml {
        /// The width in cells.
        width: usize,
        /// The reflection coefficient at normal incidence, in the continuous equation.
        reflection: f64,
    },
}

impl Absorb {
    /// Checks the layer for a grid with these numbers of points. An error is one line.
    pub(super) fn check(&self, (nx, ny): (usize, usize)) -> Result<(), String> {
        match *self {
            Self::None => Ok(()),
            Self::Sponge { strength, .. } if !(strength.is_finite() && strength >= 0.0) => {
                Err(format!("sponge strength {strength}: use a nonnegative number"))
            }
            Self::Sponge { .. } => Ok(()),
            Self::Pml { reflection, .. } if !(reflection > 0.0 && reflection < 1.0) => {
                Err(format!(
                    "reflection {reflection} of the matched layer: use a number between 0 and 1"
                ))
            }
            Self::Pml { width, .. } if 2 * width >= nx.min(ny) => Err(format!(
                "matched layers of {width} cells fill the grid of {nx} x {ny} points: use a smaller width or more points"
            )),
            Self::Pml { .. } => Ok(()),
        }
    }

    /// Returns an identifier. Runs with different identifiers cannot continue from each other's
    /// checkpoints.
    pub(super) fn numbers(&self) -> [f64; 3] {
        match *self {
            Self::None => [0.0; 3],
            Self::Sponge { width, strength } => [1.0, width as f64, strength],
            Self::Pml { width, reflection } => [2.0, width as f64, reflection],
        }
    }
}

/// Returns the factor of the sponge at a point: `exp(-strength·((width - distance)/width)²)`, and 1
/// in the interior.
#[must_use]
pub fn sponge(at: (usize, usize), points: (usize, usize), (width, strength): (usize, f64)) -> f64 {
    let distance = at.0.min(points.0 - 1 - at.0).min(at.1).min(points.1 - 1 - at.1);
    if distance >= width {
        return 1.0;
    }
    let ratio = (width - distance) as f64 / width as f64;
    (-strength * ratio * ratio).exp()
}

/// The damping of a matched layer in one direction: zero in the interior, increasing with the
/// square of the depth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profile {
    last: f64,
    width: f64,
    /// The damping at the edge, in 1/s.
    largest: f64,
}

impl Profile {
    /// Creates the damping for `n` points with distance `spacing` and wave speed `speed`.
    pub(super) fn new(n: usize, width: usize, reflection: f64, spacing: f64, speed: f64) -> Self {
        // The displacement is zero one cell beyond the grid, where the layer ends.
        let cells = if width == 0 { 0.0 } else { width as f64 + 1.0 };
        let largest = if width == 0 {
            0.0
        } else {
            1.5 * speed * (1.0 / reflection).ln() / (cells * spacing)
        };
        Self { last: (n - 1) as f64, width: width as f64, largest }
    }

    /// Returns the damping at a position in units of cells, which may lie between two points.
    pub(super) fn at(&self, place: f64) -> f64 {
        let depth = self.width - place.min(self.last - place);
        if depth <= 0.0 {
            return 0.0;
        }
        let ratio = depth / (self.width + 1.0);
        self.largest * ratio * ratio
    }

    /// Returns the points where the damping of both layers is zero.
    pub(super) fn inside(&self) -> std::ops::Range<usize> {
        // The flux to a neighbor, half a cell away, belongs to the layer.
        let width = if self.largest > 0.0 { self.width as usize + 1 } else { 0 };
        width..(self.last as usize + 1).saturating_sub(width).max(width)
    }
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn a_profile_is_zero_inside_and_symmetric() {
        let profile = Profile::new(101, 10, 1e-3, 2.0, 1500.0);
        let edge = 1.5 * 1500.0 * 1000.0_f64.ln() / 22.0;
        assert!((profile.at(-1.0) / edge - 1.0).abs() < 1e-12);
        assert_eq!(profile.at(-1.0), profile.at(101.0));
        assert_eq!(profile.at(3.5), profile.at(96.5));
        assert_eq!(profile.at(10.0), 0.0);
        assert!(profile.at(9.5) > 0.0);
        assert_eq!(profile.inside(), 11..90);
        assert_eq!(Profile::new(5, 0, 0.1, 1.0, 1.0).inside(), 0..5);
    }
}
