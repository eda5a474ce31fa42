//! The response of one mode to ground motion, without time discretization error.

use super::Accelerogram;

/// The oscillator `q̈ + 2ζω·q̇ + ω²·q = p(t)`, initially at rest.
#[derive(Clone, Copy, Debug)]
pub struct Oscillator {
    /// `ω` in 1/s; 0 for a rigid-body motion.
    pub omega: f64,
    /// The damping ratio `ζ`, below 1.
    pub ratio: f64,
}

/// The displacement and the velocity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    /// `q`.
    pub q: f64,
    /// `q̇`.
    pub v: f64,
}

/// The coefficients that map state and load at the start of a step, and the slope of the load, to
/// the state at its end.
struct Step {
    length: f64,
    q: [f64; 4],
    v: [f64; 4],
}

impl Oscillator {
    /// Returns the states at the times of the ground accelerations `a`, for the load `p = -a`. The
    /// load is linear in each step, so the solution of a step is known in closed form. The only
    /// errors are rounding errors, for any step length.
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
            state = State { q: apply(step.q), v: apply(step.v) };
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
        // The solutions for an initial displacement of 1, and for an initial velocity of 1.
        let q = [decay * (cos + z * w / damped * sin), decay * sin / damped];
        let v = [-decay * w * w / damped * sin, decay * (cos - z * w / damped * sin)];
        // The particular solution for the load p + s·τ is (p + s·τ)/ω² - 2ζs/ω³; the remainder is a
        // free vibration.
        let (w2, lag) = (w * w, 2.0 * z / w);
        let swing = |free: [f64; 2], to: [f64; 2]| {
            [free[0], free[1], to[0] - free[0] / w2, to[1] + (free[0] * lag - free[1]) / w2]
        };
        Step { length: t, q: swing(q, [1.0 / w2, (t - lag) / w2]), v: swing(v, [0.0, 1.0 / w2]) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Accelerogram, Oscillator};

    /// The response to a step of the ground acceleration: `q = -(1 - e^(-ζωt)·(cos ω_d t +
    /// ζω/ω_d·sin ω_d t))/ω²`.
    #[test]
    fn a_step_has_its_closed_form() {
        let times = [0.0, 0.3, 0.45, 1.7, 1.9];
        let ground = Accelerogram { times: times.into(), accelerations: vec![1.0; times.len()] };
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

    /// The solution is `q = t - sin t` for a load equal to `t`, and `t³/6` without a spring.
    #[test]
    fn a_ramp_has_its_closed_form() {
        let times = vec![0.0, 0.1, 2.0, 2.5];
        let ground = Accelerogram { accelerations: times.iter().map(|t| -t).collect(), times };
        let spring = Oscillator { omega: 1.0, ratio: 0.0 };
        let none = Oscillator { omega: 0.0, ratio: 0.0 };
        let both = spring.respond(&ground).into_iter().zip(none.respond(&ground));
        for (t, (a, b)) in ground.times.iter().zip(both) {
            assert!((a.q - (t - t.sin())).abs() < 1e-15 && (a.v - (1.0 - t.cos())).abs() < 1e-15);
            assert!((b.q - t.powi(3) / 6.0).abs() < 1e-14 && (b.v - t * t / 2.0).abs() < 1e-14);
        }
    }
}
