//! Levenberg and Marquardt for several voxels at once, one in each lane: all loops run over lanes, so that the
//! compiler turns them into vector instructions.

#![expect(
    clippy::needless_range_loop,
    reason = "the same index runs over lanes of several arrays"
)]

use super::model::{MOST, Model};
use crate::lanes::{LANES, Lane, exp};

/// Most steps, rejected ones included.
const STEPS: usize = 200;
/// The relative change of the parameters at which a fit is done; what is left is a small share of it.
const TOLERANCE: f64 = 1e-7;

/// What came out, lane by lane; amplitudes and offsets in the unit of the signal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    pub(super) parameters: [Lane; MOST],
    /// Half the sum of squares.
    pub(super) cost: Lane,
    /// Diagonal of `(JᵀJ)⁻¹`.
    pub(super) variance: [Lane; MOST],
    pub(super) done: [bool; LANES],
}

/// Fits `P` parameters of `E` exponentials to `y`, one lane of signals for each time.
fn fit<const P: usize, const E: usize>(
    times: &[f64],
    y: &[Lane],
    start: &[Lane; MOST],
    lower: &[f64; MOST],
    upper: &[f64; MOST],
) -> Outcome {
    let mut p: [Lane; P] = std::array::from_fn(|j| start[j]);
    let mut lambda = [1e-3; LANES];
    let mut done = [false; LANES];
    let mut normal = normal_equations::<P, E>(times, y, &p);
    for _ in 0..STEPS {
        let step = damped_step(&normal, &p, &lambda, lower, upper);
        let mut trial = p;
        let mut change = [0.0_f64; LANES];
        for j in 0..P {
            for i in 0..LANES {
                let next = (p[j][i] - step[j][i]).max(lower[j]).min(upper[j]);
                let relative = (next - p[j][i]).abs() / (p[j][i].abs() + 1e-12);
                change[i] = if relative > change[i] {
                    relative
                } else {
                    change[i]
                };
                trial[j][i] = next;
            }
        }
        let there = normal_equations::<P, E>(times, y, &trial);
        for i in 0..LANES {
            let better = !done[i] && there.cost[i] <= normal.cost[i];
            let small = change[i] < TOLERANCE;
            let stuck = !better && (small || lambda[i] > 1e14);
            for j in 0..P {
                p[j][i] = if better { trial[j][i] } else { p[j][i] };
            }
            lambda[i] = if better {
                (0.1 * lambda[i]).max(1e-15)
            } else {
                10.0 * lambda[i]
            };
            done[i] |= stuck || (better && small && lambda[i] < 1e-2);
        }
        // Where a step was refused nothing changed, and these are the old numbers once more.
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

/// Takes the new numbers where the trial was taken.
#[inline]
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

/// Half the sum of squares, its gradient and `JᵀJ`, of which the lower triangle is filled.
#[inline]
fn normal_equations<const P: usize, const E: usize>(
    times: &[f64],
    y: &[Lane],
    p: &[Lane; P],
) -> Normal<P> {
    let mut n = Normal {
        cost: [0.0; LANES],
        g: [[0.0; LANES]; P],
        h: [[[0.0; LANES]; P]; P],
    };
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
            let decay = exp(&x);
            for i in 0..LANES {
                j[2 * e][i] = decay[i];
                j[2 * e + 1][i] = -t * p[2 * e][i] * decay[i];
                r[i] += p[2 * e][i] * decay[i];
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
                n.g[a][i] += j[a][i] * r[i];
            }
            for b in 0..=a {
                for i in 0..LANES {
                    n.h[a][b][i] += j[a][i] * j[b][i];
                }
            }
        }
    }
    n
}

/// The step of Marquardt's method; parameters at a bound that the gradient pushes against stay.
#[inline]
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
            // A diagonal of one for those that stay.
            h[j][j][i] += 1.0 - keep;
        }
    }
    solve(&h, &g, lambda)
}

/// Solves with the diagonal of `h` made longer by `1 + lambda`, by Cholesky.
#[inline]
fn solve<const P: usize>(h: &[[Lane; P]; P], b: &[Lane; P], lambda: &Lane) -> [Lane; P] {
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
            // Not positive to rounding: a step that will be refused.
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

/// Fits a model to the lanes.
pub(super) fn fit_lanes(
    model: Model,
    times: &[f64],
    y: &[Lane],
    start: &[Lane; MOST],
    bounds: (&[f64; MOST], &[f64; MOST]),
) -> Outcome {
    let (lower, upper) = bounds;
    match model {
        Model::Mono => fit::<2, 1>(times, y, start, lower, upper),
        Model::Offset => fit::<3, 1>(times, y, start, lower, upper),
        Model::Bi => fit::<4, 2>(times, y, start, lower, upper),
    }
}
