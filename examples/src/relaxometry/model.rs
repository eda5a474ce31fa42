//! Models and initial guesses.

use clap::ValueEnum;

/// The maximum number of parameters of a model.
pub const MOST: usize = 4;

/// The model of the signal as a function of the echo time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Model {
    /// A·exp(-t/T2)
    Mono,
    /// A·exp(-t/T2) + C
    Offset,
    /// A1·exp(-t/T2_1) + A2·exp(-t/T2_2)
    Bi,
}

impl Model {
    /// Returns the number of exponentials.
    #[must_use]
    pub fn exponentials(self) -> usize {
        if self == Self::Bi { 2 } else { 1 }
    }

    /// Returns the number of parameters: amplitude and rate of each exponential, then the offset.
    #[must_use]
    pub fn parameters(self) -> usize {
        match self {
            Self::Mono => 2,
            Self::Offset => 3,
            Self::Bi => 4,
        }
    }

    /// Returns whether parameter `i` is a rate, the inverse of a T2.
    #[must_use]
    pub fn is_rate(self, i: usize) -> bool {
        i % 2 == 1
    }

    /// Returns the names of the maps, one for each parameter.
    #[must_use]
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Mono => &["a", "t2"],
            Self::Offset => &["a", "t2", "c"],
            Self::Bi => &["a1", "t2_1", "a2", "t2_2"],
        }
    }

    /// Returns the model at `t`.
    #[must_use]
    pub fn value(self, p: &[f64], t: f64) -> f64 {
        let decays: f64 =
            (0..self.exponentials()).map(|e| p[2 * e] * (-t * p[2 * e + 1]).exp()).sum();
        decays + if self == Self::Offset { p[2] } else { 0.0 }
    }

    /// Returns the derivatives of the model at `t` with respect to the parameters.
    pub fn gradient(self, p: &[f64], t: f64, g: &mut [f64]) {
        for e in 0..self.exponentials() {
            let decay = (-t * p[2 * e + 1]).exp();
            g[2 * e] = decay;
            g[2 * e + 1] = -t * p[2 * e] * decay;
        }
        if self == Self::Offset {
            g[2] = 1.0;
        }
    }

    /// Adds `weight` times the second derivatives of the model at `t` to the square matrix `h`,
    /// which is stored by rows.
    pub fn add_second(self, p: &[f64], t: f64, weight: f64, h: &mut [f64]) {
        let n = self.parameters();
        for e in 0..self.exponentials() {
            let (a, r) = (2 * e, 2 * e + 1);
            let decay = (-t * p[r]).exp();
            h[a * n + r] -= weight * t * decay;
            h[r * n + a] -= weight * t * decay;
            h[r * n + r] += weight * t * t * p[a] * decay;
        }
    }

    /// Returns the initial guess, from a linear fit to the logarithms of the signal. A model with
    /// two exponentials starts with a slower and a faster exponential, each with half of the fitted
    /// amplitude.
    #[must_use]
    pub fn start(self, times: &[f64], signal: &[f64], bounds: &Bounds) -> [f64; MOST] {
        let top = signal.iter().fold(0.0_f64, |m, &s| m.max(s));
        let through = match self {
            // The error of the logarithm is inversely proportional to the signal. With these
            // weights, the linear fit is close to the nonlinear fit.
            Self::Mono => line(times, signal, |s| (s / top) * (s / top)),
            _ => log_linear(times, signal),
        };
        let (a, r) = through.unwrap_or((top, 1.0 / bounds.t2.0));
        let rate = |r: f64| bounds.rate(r);
        // The linear fit is inaccurate if the noise dominates the signal.
        let a = if a.is_finite() { a.clamp(0.0, 10.0 * top) } else { top };
        match self {
            Self::Mono => [a, rate(r), 0.0, 0.0],
            Self::Offset => {
                let low = signal.iter().fold(top, |m, &s| m.min(s));
                [(a - 0.5 * low).max(0.1 * top), rate(1.5 * r), 0.5 * low, 0.0]
            }
            Self::Bi => [0.5 * a, rate(0.5 * r), 0.5 * a, rate(3.0 * r)],
        }
    }
}

/// The bounds of the parameters: amplitudes are nonnegative, T2 is between two times, an offset is
/// free.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The smallest and the largest T2.
    pub t2: (f64, f64),
}

impl Bounds {
    fn rate(&self, r: f64) -> f64 {
        let r = if r.is_nan() { 1.0 / self.t2.1 } else { r };
        r.clamp(1.0 / self.t2.1, 1.0 / self.t2.0)
    }

    /// Returns the lower and upper bounds of the parameters of a model.
    #[must_use]
    pub fn of(&self, model: Model) -> ([f64; MOST], [f64; MOST]) {
        let (mut lower, mut upper) = ([0.0; MOST], [f64::INFINITY; MOST]);
        for e in 0..model.exponentials() {
            lower[2 * e + 1] = 1.0 / self.t2.1;
            upper[2 * e + 1] = 1.0 / self.t2.0;
        }
        if model == Model::Offset {
            lower[2] = f64::NEG_INFINITY;
        }
        (lower, upper)
    }
}

/// Returns amplitude and rate of the linear fit to the logarithms of the positive samples.
#[must_use]
pub fn log_linear(times: &[f64], signal: &[f64]) -> Option<(f64, f64)> {
    line(times, signal, |_| 1.0)
}

/// Returns the linear fit to the logarithms, with the weights that `weight` computes from the
/// signals.
fn line(times: &[f64], signal: &[f64], weight: impl Fn(f64) -> f64) -> Option<(f64, f64)> {
    let (mut n, mut st, mut sy, mut stt, mut sty) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let mut count = 0;
    for (&t, &s) in times.iter().zip(signal) {
        if s > 0.0 {
            let (y, w) = (s.ln(), weight(s));
            count += 1;
            n += w;
            st += w * t;
            sy += w * y;
            stt += w * t * t;
            sty += w * t * y;
        }
    }
    let det = n * stt - st * st;
    if count < 2 || det.is_nan() || det <= 0.0 {
        return None;
    }
    let slope = (n * sty - st * sy) / det;
    Some((((sy - slope * st) / n).exp(), -slope))
}
