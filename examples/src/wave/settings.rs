//! What is computed, and whether it can be.

use super::{Absorb, Medium, Source};

/// What is computed. Lengths in m, times in s.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Numbers of points.
    pub points: (usize, usize),
    /// Size of the rectangle, from the first point to the last.
    pub length: (f64, f64),
    /// Time step.
    pub dt: f64,
    /// Speed of sound.
    pub medium: Medium,
    /// What the edges do with waves.
    pub absorb: Absorb,
    /// Where and how the ground is shaken.
    pub source: Option<Source>,
    /// Points whose motion is recorded.
    pub receivers: Vec<(usize, usize)>,
}

impl Settings {
    /// Distances of points.
    #[must_use]
    pub fn spacing(&self) -> (f64, f64) {
        let along = |length: f64, n: usize| length / (n - 1) as f64;
        (
            along(self.length.0, self.points.0),
            along(self.length.1, self.points.1),
        )
    }

    /// The Courant number, which must not exceed 1: `c·dt·√(1/dx² + 1/dy²)` for the largest `c`.
    #[must_use]
    pub fn courant(&self) -> f64 {
        self.medium.fastest() * self.dt * self.resolution()
    }

    /// The largest time step at which leapfrog is stable.
    #[must_use]
    pub fn largest_step(&self) -> f64 {
        1.0 / (self.medium.fastest() * self.resolution())
    }

    fn resolution(&self) -> f64 {
        let (dx, dy) = self.spacing();
        (1.0 / (dx * dx) + 1.0 / (dy * dy)).sqrt()
    }

    /// Whether a point lies in the absorbing layer.
    #[must_use]
    pub fn absorbs_at(&self, (i, j): (usize, usize)) -> bool {
        let (nx, ny) = self.points;
        let width = match self.absorb {
            Absorb::None => 0,
            Absorb::Sponge { width, .. } | Absorb::Pml { width, .. } => width,
        };
        i.min(nx.saturating_sub(i + 1))
            .min(j)
            .min(ny.saturating_sub(j + 1))
            < width
    }

    /// What is wrong with the settings for leapfrog, in one line.
    ///
    /// # Errors
    /// The line.
    pub fn check(&self) -> Result<(), String> {
        self.check_any_method()?;
        if self.courant() > 1.0 {
            return Err(format!(
                "the time step {} s is unstable (CFL {:.3} > 1): at most {:.6} s on this grid",
                self.dt,
                self.courant(),
                // Rounded down, so that the number said is legal.
                (self.largest_step() * 1e6).floor() / 1e6
            ));
        }
        Ok(())
    }

    /// What is wrong with the settings, whatever steps in time, in one line.
    ///
    /// # Errors
    /// The line.
    pub fn check_any_method(&self) -> Result<(), String> {
        let (nx, ny) = self.points;
        if nx < 10 || ny < 10 {
            return Err(format!(
                "a grid of {nx} x {ny} points: at least 10 each way"
            ));
        }
        let positive = |what: &str, value: f64| {
            if value.is_finite() && value > 0.0 {
                Ok(())
            } else {
                Err(format!("{what} {value} must be positive"))
            }
        };
        positive("the length along x", self.length.0)?;
        positive("the length along y", self.length.1)?;
        positive("the time step", self.dt)?;
        positive("the largest wave speed", self.medium.fastest())?;
        self.absorb.check(self.points)?;
        if let Some(source) = self.source.as_ref().filter(|s| !s.amplitude.is_finite()) {
            return Err(format!(
                "the amplitude {} of the source must be finite",
                source.amplitude
            ));
        }
        let places = self.source.iter().map(|s| ("source", s.at));
        for (what, (i, j)) in places.chain(self.receivers.iter().map(|&at| ("receiver", at))) {
            if i >= nx || j >= ny {
                return Err(format!(
                    "the {what} at ({i}, {j}) is outside of {nx} x {ny} points"
                ));
            }
        }
        Ok(())
    }
}
