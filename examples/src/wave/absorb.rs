//! What keeps waves from coming back from the edge.

/// A layer at all four edges that absorbs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Absorb {
    /// No layer: the edges reflect.
    None,
    /// As in the workshop: what has arrived is multiplied by a factor below 1 each step, see [`sponge`]. It acts
    /// as a spring, too, and reflects.
    Sponge {
        /// In cells.
        width: usize,
        /// In the exponent of the factor, at the edge.
        strength: f64,
    },
    /// A perfectly matched layer, which the continuous equation enters without any reflection.
    Pml {
        /// In cells.
        width: usize,
        /// What comes back of a wave that meets the edge at a right angle, in the continuous equation.
        reflection: f64,
    },
}

impl Absorb {
    /// What is wrong with it on a grid of so many points, in one line.
    pub(super) fn check(&self, (nx, ny): (usize, usize)) -> Result<(), String> {
        match *self {
            Self::None => Ok(()),
            Self::Sponge { strength, .. } if !(strength.is_finite() && strength >= 0.0) => Err(
                format!("the strength {strength} of the sponge must not be negative"),
            ),
            Self::Sponge { .. } => Ok(()),
            Self::Pml { reflection, .. } if !(reflection > 0.0 && reflection < 1.0) => Err(
                format!("the reflection {reflection} of the matched layer must be between 0 and 1"),
            ),
            Self::Pml { width, .. } if 2 * width >= nx.min(ny) => Err(format!(
                "matched layers of {width} cells leave no inside of {nx} x {ny} points"
            )),
            Self::Pml { .. } => Ok(()),
        }
    }

    /// Tells runs apart that cannot go on from each other's checkpoints.
    pub(super) fn numbers(&self) -> [f64; 3] {
        match *self {
            Self::None => [0.0; 3],
            Self::Sponge { width, strength } => [1.0, width as f64, strength],
            Self::Pml { width, reflection } => [2.0, width as f64, reflection],
        }
    }
}

/// The factor of the sponge at a point: `exp(-strength·((width - distance)/width)²)`, 1 inside.
#[must_use]
pub fn sponge(at: (usize, usize), points: (usize, usize), (width, strength): (usize, f64)) -> f64 {
    let distance =
        at.0.min(points.0 - 1 - at.0)
            .min(at.1)
            .min(points.1 - 1 - at.1);
    if distance >= width {
        return 1.0;
    }
    let ratio = (width - distance) as f64 / width as f64;
    (-strength * ratio * ratio).exp()
}

/// How strongly a matched layer damps along one direction: zero inside, rising with the square of the depth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profile {
    last: f64,
    width: f64,
    /// At the edge, in 1/s.
    largest: f64,
}

impl Profile {
    /// For `n` points at a distance of `spacing`, and waves of `speed`.
    pub(super) fn new(n: usize, width: usize, reflection: f64, spacing: f64, speed: f64) -> Self {
        // The field is zero one cell beyond the grid: there the layer ends.
        let cells = if width == 0 { 0.0 } else { width as f64 + 1.0 };
        let largest = if width == 0 {
            0.0
        } else {
            1.5 * speed * (1.0 / reflection).ln() / (cells * spacing)
        };
        Self {
            last: (n - 1) as f64,
            width: width as f64,
            largest,
        }
    }

    /// At a place in units of cells, which may lie between two points.
    pub(super) fn at(&self, place: f64) -> f64 {
        let depth = self.width - place.min(self.last - place);
        if depth <= 0.0 {
            return 0.0;
        }
        let ratio = depth / (self.width + 1.0);
        self.largest * ratio * ratio
    }

    /// The points where the layers before and after have nothing to say.
    pub(super) fn inside(&self) -> std::ops::Range<usize> {
        // The flux to a neighbour half a cell away belongs to the layer.
        let width = if self.largest > 0.0 {
            self.width as usize + 1
        } else {
            0
        };
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
