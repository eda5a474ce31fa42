//! Elementary functions of several numbers at once, one in each lane: loops over lanes without branches, which the
//! compiler turns into vector instructions.

/// Number of lanes.
pub const LANES: usize = 8;

/// One number for each lane.
pub type Lane = [f64; LANES];

/// `exp(x)` for `x ≤ 0`, to a unit in the last place or two; below -700 it is `exp(-700)`.
#[inline]
#[must_use]
pub fn exp(x: &Lane) -> Lane {
    const LOG2_E: f64 = std::f64::consts::LOG2_E;
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    // Adding it leaves the nearest whole number in the last bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    // 1/k!, from 13 down to 0.
    const TAYLOR: [f64; 14] = [
        1.0 / 6_227_020_800.0,
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ];
    let mut out = [0.0; LANES];
    for i in 0..LANES {
        let x = if x[i] > -700.0 { x[i] } else { -700.0 };
        let shifted = x * LOG2_E + ROUND;
        let k = shifted - ROUND;
        let r = (x - k * LN2_HIGH) - k * LN2_LOW;
        let mut sum = TAYLOR[0];
        for c in &TAYLOR[1..] {
            sum = sum * r + c;
        }
        let power = (shifted.to_bits().wrapping_sub(ROUND.to_bits())).wrapping_add(1023) << 52;
        out[i] = sum * f64::from_bits(power);
    }
    out
}

/// `tanh(x)`, to a few units of `1e-16`.
#[inline]
#[must_use]
pub fn tanh(x: &Lane) -> Lane {
    let mut twice = [0.0; LANES];
    for i in 0..LANES {
        twice[i] = -2.0 * x[i].abs();
    }
    let e = exp(&twice);
    let mut out = [0.0; LANES];
    for i in 0..LANES {
        let y = ((1.0 - e[i]) / (1.0 + e[i])).copysign(x[i]);
        out[i] = if x[i].is_nan() { x[i] } else { y };
    }
    out
}

/// `tanh` of every number.
pub fn tanh_all(x: &mut [f64]) {
    for chunk in x.chunks_mut(LANES) {
        let mut lane = [0.0; LANES];
        lane[..chunk.len()].copy_from_slice(chunk);
        chunk.copy_from_slice(&tanh(&lane)[..chunk.len()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_that_of_the_standard_library() {
        for k in 0..7000 {
            let x: Lane = std::array::from_fn(|i| -0.1 * f64::from(k) - 0.0123 * i as f64);
            for (x, y) in x.iter().zip(exp(&x)) {
                let exact = x.max(-700.0).exp();
                assert!(
                    (y - exact).abs() <= 4.0 * f64::EPSILON * exact,
                    "exp({x}) = {y}, {exact}"
                );
            }
        }
    }

    #[test]
    fn the_hyperbolic_tangent_too() {
        let mut all: Vec<f64> = (-4003..4000).map(|k| f64::from(k) * 0.007).collect();
        all.extend([0.0, 1e-300, -1e-9, 800.0, -1e300]);
        let exact: Vec<f64> = all.iter().map(|x| x.tanh()).collect();
        tanh_all(&mut all);
        for (y, exact) in all.iter().zip(exact) {
            assert!((y - exact).abs() <= 4.0 * f64::EPSILON, "{y} {exact}");
        }
        assert!(tanh(&[f64::NAN; LANES])[0].is_nan());
    }
}
