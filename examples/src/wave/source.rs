//! What shakes the ground.

use std::f64::consts::PI;

/// The shape of a pulse in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Wavelet {
    /// A sine in a Gaussian window, as in the workshop.
    Sine,
    /// The second derivative of a Gaussian.
    Ricker,
}

/// A shaking point.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Where.
    pub at: (usize, usize),
    /// How.
    pub wavelet: Wavelet,
    /// How strong.
    pub amplitude: f64,
    /// Its dominant frequency in Hz.
    pub frequency: f64,
}

impl Source {
    /// The value at a time in s; the pulse is centred at 1.5 periods.
    #[must_use]
    pub fn value(&self, time: f64) -> f64 {
        let centre = 1.5 / self.frequency;
        let late = time - centre;
        let shape = match self.wavelet {
            Wavelet::Sine => {
                let width = centre / 3.0;
                (-late * late / (2.0 * width * width)).exp()
                    * (2.0 * PI * self.frequency * time).sin()
            }
            Wavelet::Ricker => {
                let square = (PI * self.frequency * late).powi(2);
                (1.0 - 2.0 * square) * (-square).exp()
            }
        };
        self.amplitude * shape
    }
}
