//! The Levenberg-Marquardt method for several voxels at once, one in each lane. All loops run over
//! lanes, so that the compiler vectorizes them.

#![expect(clippy::needless_range_loop, reason = "the same index runs over lanes of several arrays")]

use super::model::{MOST, Model};
use crate::lanes::{LANES, Lane, exp, for_processors, ln, multiply_add};

/// The maximum number of steps, including rejected ones.
const STEPS: usize = 200;
/// The relative change of the parameters for convergence; the remaining error is a small fraction
/// of it.
const TOLERANCE: f64 = 1e-7;
/// The tolerance for the extrapolated next change. Near the optimum, the ratio of consecutive
/// changes is constant and depends on the noise.
const TO_COME: f64 = 1e-8;

/// The results of each lane; amplitudes and offsets have the unit of the signal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    pub(super) parameters: [Lane; MOST],
    /// Half the sum of squares.
    pub(super) cost: Lane,
    /// The diagonal of `(JᵀJ)⁻¹`.
    pub(super) variance: [Lane; MOST],
    pub(super) done: [bool; LANES],
}

/// Fits `P` parameters of `E` exponentials to `y`, which has one lane of signals for each time.
#[inline(always)]
fn fit<const P: usize, const E: usize, const FUSED: bool>(
    times: &[f64],
    y: &[Lane],
    start: &[Lane; MOST],
    lower: &[f64; MOST],
    upper: &[f64; MOST],
) -> Outcome {
    let mut p: [Lane; P] = std::array::from_fn(|j| start[j]);
    let mut lambda = [1e-3; LANES];
    let mut done = [false; LANES];
    let mut before = [0.0; LANES];
    let mut normal = normal_equations::<P, E, FUSED>(times, y, &p);
    for _ in 0..STEPS {
        let step = damped_step(&normal, &p, &lambda, lower, upper);
        let mut trial = p;
        let mut change = [0.0_f64; LANES];
        for j in 0..P {
            for i in 0..LANES {
                let next = (p[j][i] - step[j][i]).max(lower[j]).min(upper[j]);
                let relative = (next - p[j][i]).abs() / (p[j][i].abs() + 1e-12);
                change[i] = if relative > change[i] { relative } else { change[i] };
                trial[j][i] = next;
            }
        }
        let there = normal_equations::<P, E, FUSED>(times, y, &trial);
        for i in 0..LANES {
            let better = !done[i] && there.cost[i] <= normal.cost[i];
            let small = change[i] < TOLERANCE;
            let last = small || change[i] * change[i] < TO_COME * before[i];
            let stuck = !better && (small || lambda[i] > 1e14);
            for j in 0..P {
                p[j][i] = if better { trial[j][i] } else { p[j][i] };
            }
            lambda[i] = if better { (0.1 * lambda[i]).max(1e-15) } else { 10.0 * lambda[i] };
            // The ratio of changes is not meaningful after a rejected step.
            before[i] = if better { change[i] } else { 0.0 };
            done[i] |= stuck || (better && last && lambda[i] < 1e-2);
        }
        // In lanes with a rejected step, nothing changed, and these are the old values.
        normal = merge(normal, there, &p, &trial);
        if done.iter().all(|&d| d) {
            break;
        }
    }
    let mut outcome = Outcome {
        parameters: [[0.0; LANES]; MOST],
        cost: normal.cost,
        variance: [[0.0; LANES]; MOST],
        done,
    };
    outcome.parameters[..P].copy_from_slice(&p);
    let flat = [0.0; LANES];
    for j in 0..P {
        let mut unit = [[0.0; LANES]; P];
        unit[j] = [1.0; LANES];
        outcome.variance[j] = solve(&normal.h, &unit, &flat)[j];
    }
    outcome
}

struct Normal<const P: usize> {
    cost: Lane,
    g: [Lane; P],
    h: [[Lane; P]; P],
}

/// Copies the new values of the lanes whose trial was accepted.
#[inline(always)]
fn merge<const P: usize>(
    mut old: Normal<P>,
    new: Normal<P>,
    p: &[Lane; P],
    trial: &[Lane; P],
) -> Normal<P> {
    for i in 0..LANES {
        let taken = (0..P).all(|j| p[j][i] == trial[j][i]);
        let pick = |a: &mut f64, b: f64| *a = if taken { b } else { *a };
        pick(&mut old.cost[i], new.cost[i]);
        for j in 0..P {
            pick(&mut old.g[j][i], new.g[j][i]);
            for k in 0..=j {
                pick(&mut old.h[j][k][i], new.h[j][k][i]);
            }
        }
    }
    old
}

/// Computes half the sum of squares, its gradient, and the lower triangle of `JᵀJ`.
#[inline(always)]
fn normal_equations<const P: usize, const E: usize, const FUSED: bool>(
    times: &[f64],
    y: &[Lane],
    p: &[Lane; P],
) -> Normal<P> {
    let mut n = Normal { cost: [0.0; LANES], g: [[0.0; LANES]; P], h: [[[0.0; LANES]; P]; P] };
    for (&t, y) in times.iter().zip(y) {
        let mut j = [[1.0; LANES]; P];
        let mut r = [0.0; LANES];
        for i in 0..LANES {
            r[i] = -y[i];
        }
        for e in 0..E {
            let mut x = [0.0; LANES];
            for i in 0..LANES {
                x[i] = -t * p[2 * e + 1][i];
            }
            let decay = exp::<FUSED>(&x);
            for i in 0..LANES {
                j[2 * e][i] = decay[i];
                j[2 * e + 1][i] = -t * p[2 * e][i] * decay[i];
                r[i] = multiply_add::<FUSED>(p[2 * e][i], decay[i], r[i]);
            }
        }
        if P > 2 * E {
            for i in 0..LANES {
                r[i] += p[2 * E][i];
            }
        }
        for i in 0..LANES {
            n.cost[i] += 0.5 * r[i] * r[i];
        }
        for a in 0..P {
            for i in 0..LANES {
                n.g[a][i] = multiply_add::<FUSED>(j[a][i], r[i], n.g[a][i]);
            }
            for b in 0..=a {
                for i in 0..LANES {
                    n.h[a][b][i] = multiply_add::<FUSED>(j[a][i], j[b][i], n.h[a][b][i]);
                }
            }
        }
    }
    n
}

/// Computes a Levenberg-Marquardt step. Parameters at an active bound are fixed.
#[inline(always)]
fn damped_step<const P: usize>(
    n: &Normal<P>,
    p: &[Lane; P],
    lambda: &Lane,
    lower: &[f64; MOST],
    upper: &[f64; MOST],
) -> [Lane; P] {
    let (mut g, mut h) = (n.g, n.h);
    for j in 0..P {
        for i in 0..LANES {
            let low = p[j][i] <= lower[j] && g[j][i] > 0.0;
            let high = p[j][i] >= upper[j] && g[j][i] < 0.0;
            let keep = if low | high { 0.0 } else { 1.0 };
            g[j][i] *= keep;
            for k in 0..=j {
                h[j][k][i] *= keep;
            }
            for row in h.iter_mut().skip(j) {
                row[j][i] *= keep;
            }
            // Fixed parameters have a diagonal entry of one.
            h[j][j][i] += 1.0 - keep;
        }
    }
    solve(&h, &g, lambda)
}

/// Computes the step for two parameters with Cramer's rule.
#[inline(always)]
fn solve_two<const P: usize>(h: &[[Lane; P]; P], b: &[Lane; P], lambda: &Lane) -> [Lane; P] {
    let mut x = *b;
    for i in 0..LANES {
        let longer = 1.0 + lambda[i];
        let (a, c) =
            (h[0][0][i] * longer + f64::MIN_POSITIVE, h[1][1][i] * longer + f64::MIN_POSITIVE);
        let k = h[1][0][i];
        // The matrix is numerically not positive definite: this step will be rejected.
        let inverse = 1.0 / (a * c - k * k).max(1e-300);
        x[0][i] = (c * b[0][i] - k * b[1][i]) * inverse;
        x[1][i] = (a * b[1][i] - k * b[0][i]) * inverse;
    }
    x
}

/// Solves with a Cholesky factorization of `h`, whose diagonal is multiplied by `1 + lambda`.
#[inline(always)]
fn solve<const P: usize>(h: &[[Lane; P]; P], b: &[Lane; P], lambda: &Lane) -> [Lane; P] {
    if P == 2 {
        return solve_two(h, b, lambda);
    }
    let mut l = *h;
    let mut x = *b;
    for j in 0..P {
        for i in 0..LANES {
            l[j][j][i] = l[j][j][i] * (1.0 + lambda[i]) + f64::MIN_POSITIVE;
        }
    }
    for j in 0..P {
        for k in 0..j {
            for i in 0..LANES {
                l[j][j][i] -= l[j][k][i] * l[j][k][i];
            }
        }
        for i in 0..LANES {
            // The matrix is numerically not positive definite: this step will be rejected.
            l[j][j][i] = l[j][j][i].max(1e-300).sqrt();
        }
        for a in j + 1..P {
            for k in 0..j {
                for i in 0..LANES {
                    l[a][j][i] -= l[a][k][i] * l[j][k][i];
                }
            }
            for i in 0..LANES {
                l[a][j][i] /= l[j][j][i];
            }
        }
    }
    for j in 0..P {
        for k in 0..j {
            for i in 0..LANES {
                x[j][i] -= l[j][k][i] * x[k][i];
            }
        }
        for i in 0..LANES {
            x[j][i] /= l[j][j][i];
        }
    }
    for j in (0..P).rev() {
        for k in j + 1..P {
            for i in 0..LANES {
                x[j][i] -= l[k][j][i] * x[k][i];
            }
        }
        for i in 0..LANES {
            x[j][i] /= l[j][j][i];
        }
    }
    x
}

for_processors! {
    /// Returns the initial guess for one exponential: a linear fit to the logarithms, weighted with
    /// the squares of the signals, as [`Model::start`] computes it for one voxel.
    pub(super) fn start_mono(
        times: &[f64],
        y: &[Lane],
        bounds: (&[f64; MOST], &[f64; MOST]),
    ) -> [Lane; MOST] = line;

    /// Fits a model to the lanes.
    pub(super) fn fit_lanes(
        model: Model,
        times: &[f64],
        y: &[Lane],
        start: &[Lane; MOST],
        bounds: (&[f64; MOST], &[f64; MOST]),
    ) -> Outcome = fit_model;
}

#[inline(always)]
fn fit_model<const FUSED: bool>(
    model: Model,
    times: &[f64],
    y: &[Lane],
    start: &[Lane; MOST],
    bounds: (&[f64; MOST], &[f64; MOST]),
) -> Outcome {
    let (lower, upper) = bounds;
    match model {
        Model::Mono => fit::<2, 1, FUSED>(times, y, start, lower, upper),
        Model::Offset => fit::<3, 1, FUSED>(times, y, start, lower, upper),
        Model::Bi => fit::<4, 2, FUSED>(times, y, start, lower, upper),
    }
}

#[inline(always)]
fn line<const FUSED: bool>(
    times: &[f64],
    y: &[Lane],
    (lower, upper): (&[f64; MOST], &[f64; MOST]),
) -> [Lane; MOST] {
    let mut top = [0.0_f64; LANES];
    for y in y {
        for i in 0..LANES {
            top[i] = if y[i] > top[i] { y[i] } else { top[i] };
        }
    }
    let scale = top.map(|top| if top > f64::MIN_POSITIVE { 1.0 / top } else { 0.0 });
    let mut sums = [[0.0; LANES]; 5];
    let mut count = [0.0; LANES];
    for (&t, y) in times.iter().zip(y) {
        let mut s = [0.0; LANES];
        for i in 0..LANES {
            s[i] = scale[i] * y[i];
        }
        // Entries without signal have weight 0.
        let logarithm = ln::<FUSED>(&s.map(|s| if s > 1e-300 { s } else { 1.0 }));
        for i in 0..LANES {
            count[i] += if s[i] > 1e-300 { 1.0 } else { 0.0 };
            let (w, l) = (s[i] * s[i], logarithm[i]);
            sums[0][i] += w;
            sums[1][i] = multiply_add::<FUSED>(w, t, sums[1][i]);
            sums[2][i] = multiply_add::<FUSED>(w, l, sums[2][i]);
            sums[3][i] = multiply_add::<FUSED>(w * t, t, sums[3][i]);
            sums[4][i] = multiply_add::<FUSED>(w * t, l, sums[4][i]);
        }
    }
    let [n, st, sl, stt, stl] = sums;
    let mut intercept = [0.0; LANES];
    let mut rate = [upper[1]; LANES];
    for i in 0..LANES {
        let determinant = n[i] * stt[i] - st[i] * st[i];
        let slope = (n[i] * stl[i] - st[i] * sl[i]) / determinant;
        if count[i] > 1.5 && determinant > 0.0 {
            rate[i] = (-slope).max(lower[1]).min(upper[1]);
            // The linear fit is inaccurate if the noise dominates the signal.
            intercept[i] = ((sl[i] - slope * st[i]) / n[i]).min(std::f64::consts::LN_10);
        }
    }
    let mut amplitude = exp::<FUSED>(&intercept);
    for i in 0..LANES {
        amplitude[i] *= top[i];
    }
    [amplitude, rate, [0.0; LANES], [0.0; LANES]]
}
