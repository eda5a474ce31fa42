//! Operations on the values of a layer other than matrix products. Matrices are stored by rows;
//! matrices of samples have one row for each sample.

use crate::lanes::{LANES, Lane, exp, for_processors, ln_1p, load, load_part, multiply_add, tanh};

for_processors! {
    /// Adds the biases to each row of `z` and applies the hyperbolic tangent.
    pub(super) fn activate(z: &mut [f64], biases: &[f64]) = activate_lanes;
    /// Multiplies `delta` by the derivatives of the hyperbolic tangents with the values `a`.
    pub(super) fn slope(delta: &mut [f64], a: &[f64]) = slope_lanes;
    /// Computes the product of `a` and `weights` with one column, plus a bias.
    pub(super) fn one_output(a: &[f64], weights: &[f64], bias: f64, z: &mut [f64]) = one_output_lanes;
    /// Computes the product of the column `delta` and the row `weights`, times the derivatives of
    /// the hyperbolic tangents `a`.
    pub(super) fn one_input(delta: &[f64], weights: &[f64], a: &[f64], below: &mut [f64]) = one_input_lanes;
    /// Computes the sum of the rows of `a`, each multiplied by an entry of `factors`.
    pub(super) fn add_rows(factors: &[f64], a: &[f64], to: &mut [f64]) = add_rows_lanes;
    /// Computes the sum of the rows of `a`.
    pub(super) fn add_all_rows(a: &[f64], to: &mut [f64]) = add_all_rows_lanes;
    /// Computes the logistic loss of samples of the classes 0 and 1, and overwrites `z` with its
    /// derivative.
    pub(super) fn logistic(z: &mut [f64], classes: &[usize]) -> f64 = logistic_lanes;
}

#[inline(always)]
fn activate_lanes<const FUSED: bool>(z: &mut [f64], biases: &[f64]) {
    for row in z.chunks_exact_mut(biases.len()) {
        for (z, b) in row.iter_mut().zip(biases) {
            *z += b;
        }
    }
    let mut lanes = z.chunks_exact_mut(LANES);
    for z in lanes.by_ref() {
        z.copy_from_slice(&tanh::<FUSED>(&load(z)));
    }
    let rest = lanes.into_remainder();
    let y = tanh::<FUSED>(&load_part(rest));
    rest.copy_from_slice(&y[..rest.len()]);
}

#[inline(always)]
fn slope_lanes<const FUSED: bool>(delta: &mut [f64], a: &[f64]) {
    for (d, &a) in delta.iter_mut().zip(a) {
        *d *= multiply_add::<FUSED>(-a, a, 1.0);
    }
}

#[inline(always)]
fn one_output_lanes<const FUSED: bool>(a: &[f64], weights: &[f64], bias: f64, z: &mut [f64]) {
    let whole = weights.len() / LANES * LANES;
    for (row, z) in a.chunks_exact(weights.len()).zip(z) {
        let mut sums: Lane = load_part(&[bias]);
        let (a, rest) = row.split_at(whole);
        for (a, w) in a.chunks_exact(LANES).zip(weights.chunks_exact(LANES)) {
            for i in 0..LANES {
                sums[i] = multiply_add::<FUSED>(a[i], w[i], sums[i]);
            }
        }
        for ((a, w), sum) in rest.iter().zip(&weights[whole..]).zip(&mut sums) {
            *sum = multiply_add::<FUSED>(*a, *w, *sum);
        }
        *z = sum(&sums);
    }
}

#[inline(always)]
fn one_input_lanes<const FUSED: bool>(
    delta: &[f64],
    weights: &[f64],
    a: &[f64],
    below: &mut [f64],
) {
    let n = weights.len();
    for ((&d, a), below) in delta.iter().zip(a.chunks_exact(n)).zip(below.chunks_exact_mut(n)) {
        for ((below, &a), &w) in below.iter_mut().zip(a).zip(weights) {
            *below = d * w * multiply_add::<FUSED>(-a, a, 1.0);
        }
    }
}

#[inline(always)]
fn add_rows_lanes<const FUSED: bool>(factors: &[f64], a: &[f64], to: &mut [f64]) {
    for (&f, row) in factors.iter().zip(a.chunks_exact(to.len())) {
        for (to, &a) in to.iter_mut().zip(row) {
            *to = multiply_add::<FUSED>(f, a, *to);
        }
    }
}

#[inline(always)]
fn add_all_rows_lanes<const FUSED: bool>(a: &[f64], to: &mut [f64]) {
    for row in a.chunks_exact(to.len()) {
        for (to, a) in to.iter_mut().zip(row) {
            *to += a;
        }
    }
}

#[inline(always)]
fn logistic_lanes<const FUSED: bool>(z: &mut [f64], classes: &[usize]) -> f64 {
    let mut losses: Lane = [0.0; LANES];
    let mut lanes = z.chunks_exact_mut(LANES);
    let numbers = classes.chunks_exact(LANES);
    let last = numbers.remainder();
    for (z, classes) in lanes.by_ref().zip(numbers) {
        let y = std::array::from_fn(|i| classes[i] as f64);
        let (derivative, loss) = logistic_lane::<FUSED>(&load(z), &y);
        z.copy_from_slice(&derivative);
        losses = add(losses, loss);
    }
    let rest = lanes.into_remainder();
    let y = std::array::from_fn(|i| last.get(i).map_or(0.0, |&class| class as f64));
    let (derivative, loss) = logistic_lane::<FUSED>(&load_part(rest), &y);
    rest.copy_from_slice(&derivative[..rest.len()]);
    // Unused lanes do not count.
    sum(&add(losses, load_part(&loss[..rest.len()])))
}

/// Computes the derivatives and the losses.
#[inline(always)]
fn logistic_lane<const FUSED: bool>(t: &Lane, y: &Lane) -> (Lane, Lane) {
    let e = exp::<FUSED>(&t.map(|t| -t.abs()));
    let logarithm = ln_1p::<FUSED>(&e);
    let (mut derivative, mut loss) = ([0.0; LANES], [0.0; LANES]);
    for i in 0..LANES {
        let top = if t[i] < 0.0 { e[i] } else { 1.0 };
        let positive = if t[i] < 0.0 { 0.0 } else { t[i] };
        derivative[i] = top / (1.0 + e[i]) - y[i];
        loss[i] = positive - y[i] * t[i] + logarithm[i];
    }
    (derivative, loss)
}

#[inline(always)]
fn add(mut x: Lane, y: Lane) -> Lane {
    for i in 0..LANES {
        x[i] += y[i];
    }
    x
}

/// Computes the sum over lanes, pairwise.
#[inline(always)]
fn sum(x: &Lane) -> f64 {
    ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]))
}
