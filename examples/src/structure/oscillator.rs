//! One mode on ground that moves, without error in time.

use super::Accelerogram;

/// `q̈ + 2ζω·q̇ + ω²·q = p(t)`, at rest at first.
#[derive(Clone, Copy, Debug)]
pub struct Oscillator {
    /// `ω` in 1/s; 0 for what moves without bending.
    pub omega: f64,
    /// Damping ratio `ζ` below 1.
    pub ratio: f64,
}

/// A displacement and its velocity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    /// `q`.
    pub q: f64,
    /// `q̇`.
    pub v: f64,
}

/// How state and load at the begin of a step, and the slope of the load, make the state at its end.
struct Step {
    length: f64,
    q: [f64; 4],
    v: [f64; 4],
}

impl Oscillator {
    /// The states at the times of the ground's accelerations `a`, for the load `p = -a`. The load is a straight
    /// line in each step, for which the solution is a known function; so the only error is rounding, however long
    /// the steps are.
    #[must_use]
    pub fn respond(&self, ground: &Accelerogram) -> Vec<State> {
        let mut state = State::default();
        let mut all = vec![state];
        let mut step = self.step(0.0);
        for (t, a) in ground.times.windows(2).zip(ground.accelerations.windows(2)) {
            let length = t[1] - t[0];
            if length != step.length {
                step = self.step(length);
            }
            let (load, slope) = (-a[0], (a[0] - a[1]) / length);
            let apply = |[q, v, p, s]: [f64; 4]| q * state.q + v * state.v + p * load + s * slope;
            state = State {
                q: apply(step.q),
                v: apply(step.v),
            };
            all.push(state);
        }
        all
    }

    fn step(&self, t: f64) -> Step {
        let (w, z) = (self.omega, self.ratio);
        if w == 0.0 {
            return Step {
                length: t,
                q: [1.0, t, t * t / 2.0, t.powi(3) / 6.0],
                v: [0.0, 1.0, t, t * t / 2.0],
            };
        }
        let damped = w * (1.0 - z * z).sqrt();
        let decay = (-z * w * t).exp();
        let (sin, cos) = (damped * t).sin_cos();
        // From a displacement of 1, and from a velocity of 1.
        let q = [decay * (cos + z * w / damped * sin), decay * sin / damped];
        let v = [
            -decay * w * w / damped * sin,
            decay * (cos - z * w / damped * sin),
        ];
        // The load p + s·τ holds the displacement (p + s·τ)/ω² - 2ζs/ω³; the rest swings freely.
        let (w2, lag) = (w * w, 2.0 * z / w);
        let swing = |free: [f64; 2], to: [f64; 2]| {
            [
                free[0],
                free[1],
                to[0] - free[0] / w2,
                to[1] + (free[0] * lag - free[1]) / w2,
            ]
        };
        Step {
            length: t,
            q: swing(q, [1.0 / w2, (t - lag) / w2]),
            v: swing(v, [0.0, 1.0 / w2]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Accelerogram, Oscillator};

    /// A step of the ground's acceleration: `q = -(1 - e^(-ζωt)·(cos ω_d t + ζω/ω_d·sin ω_d t))/ω²`.
    #[test]
    fn a_step_has_its_closed_form() {
        let times = [0.0, 0.3, 0.45, 1.7, 1.9];
        let ground = Accelerogram {
            times: times.into(),
            accelerations: vec![1.0; times.len()],
        };
        for ratio in [0.0, 0.02, 0.7] {
            let one = Oscillator { omega: 7.0, ratio };
            for (t, state) in times.iter().zip(one.respond(&ground)) {
                let d = 7.0 * f64::sqrt(1.0 - ratio * ratio);
                let free = (d * t).cos() + 7.0 * ratio / d * (d * t).sin();
                let q = -1.0 / 49.0 * (1.0 - (-ratio * 7.0 * t).exp() * free);
                assert!((state.q - q).abs() < 1e-15, "{t} {ratio}: {}", state.q);
            }
        }
    }

    /// `q = t - sin t` for a load that grows as `t`, and `t³/6` without a spring.
    #[test]
    fn a_ramp_has_its_closed_form() {
        let times = vec![0.0, 0.1, 2.0, 2.5];
        let ground = Accelerogram {
            accelerations: times.iter().map(|t| -t).collect(),
            times,
        };
        let spring = Oscillator {
            omega: 1.0,
            ratio: 0.0,
        };
        let none = Oscillator {
            omega: 0.0,
            ratio: 0.0,
        };
        let both = spring
            .respond(&ground)
            .into_iter()
            .zip(none.respond(&ground));
        for (t, (a, b)) in ground.times.iter().zip(both) {
            assert!((a.q - (t - t.sin())).abs() < 1e-15 && (a.v - (1.0 - t.cos())).abs() < 1e-15);
            assert!((b.q - t.powi(3) / 6.0).abs() < 1e-14 && (b.v - t * t / 2.0).abs() < 1e-14);
        }
    }
}
