//! The settings of a computation and their checks.

use super::{Absorb, Medium, Source};

/// The settings of a computation. Lengths are in m, times in s.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The numbers of points.
    pub points: (usize, usize),
    /// The size of the rectangle, from the first point to the last.
    pub length: (f64, f64),
    /// The time step.
    pub dt: f64,
    /// The wave speed.
    pub medium: Medium,
    /// The absorbing layer.
    pub absorb: Absorb,
    /// The source.
    pub source: Option<Source>,
    /// The receivers: points whose displacement is recorded.
    pub receivers: Vec<(usize, usize)>,
}

impl Settings {
    /// Returns the distances between points.
    #[must_use]
    pub fn spacing(&self) -> (f64, f64) {
        let along = |length: f64, n: usize| length / (n - 1) as f64;
        (along(self.length.0, self.points.0), along(self.length.1, self.points.1))
    }

    /// Returns the Courant number `c·dt·√(1/dx² + 1/dy²)` for the largest `c`. It must not exceed
    /// 1.
    #[must_use]
    pub fn courant(&self) -> f64 {
        self.medium.fastest() * self.dt * self.resolution()
    }

    /// Returns the largest time step for which leapfrog is stable.
    #[must_use]
    pub fn largest_step(&self) -> f64 {
        1.0 / (self.medium.fastest() * self.resolution())
    }

    fn resolution(&self) -> f64 {
        let (dx, dy) = self.spacing();
        (1.0 / (dx * dx) + 1.0 / (dy * dy)).sqrt()
    }

    /// Returns whether a point lies in the absorbing layer.
    #[must_use]
    pub fn absorbs_at(&self, (i, j): (usize, usize)) -> bool {
        let (nx, ny) = self.points;
        let width = match self.absorb {
            Absorb::None => 0,
            Absorb::Sponge { width, .. } | Absorb::Pml { width, .. } => width,
        };
        i.min(nx.saturating_sub(i + 1)).min(j).min(ny.saturating_sub(j + 1)) < width
    }

    /// Checks the settings for leapfrog.
    ///
    /// # Errors
    /// One line that describes the error.
    pub fn check(&self) -> Result<(), String> {
        self.check_any_method()?;
        if self.courant() > 1.0 {
            return Err(format!(
                "the time step {} s is unstable (CFL {:.3} > 1): use at most {:.6} s on this grid",
                self.dt,
                self.courant(),
                // The step is rounded down, so that the printed step is stable.
                (self.largest_step() * 1e6).floor() / 1e6
            ));
        }
        Ok(())
    }

    /// Checks the settings for any time integration method.
    ///
    /// # Errors
    /// One line that describes the error.
    pub fn check_any_method(&self) -> Result<(), String> {
        let (nx, ny) = self.points;
        if nx < 10 || ny < 10 {
            return Err(format!("a grid of {nx} x {ny} points: use at least 10 in each direction"));
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
            return Err(format!("the amplitude {} of the source must be finite", source.amplitude));
        }
        let places = self.source.iter().map(|s| ("source", s.at));
        for (what, (i, j)) in places.chain(self.receivers.iter().map(|&at| ("receiver", at))) {
            if i >= nx || j >= ny {
                return Err(format!(
                    "the {what} at ({i}, {j}) lies outside the grid of {nx} x {ny} points"
                ));
            }
        }
        Ok(())
    }
}
