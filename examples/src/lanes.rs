//! Elementary functions of several numbers at once, one in each lane. The functions are loops over
//! the lanes without branches, which the compiler converts into vector instructions of the
//! processor.
//!
//! Functions with a parameter `FUSED` are inlined into a function that `for_processors!` defines.
//! The parameter states whether the processor has a fused multiply-add instruction.

/// The number of lanes.
pub const LANES: usize = 8;

/// One number for each lane.
pub type Lane = [f64; LANES];

/// Defines a function that compiles `body::<FUSED>` for several kinds of processors. The fastest
/// one that the processor supports is selected at run time.
macro_rules! for_processors {
    ($($(#[$about:meta])* $visible:vis fn $name:ident($($argument:ident: $kind:ty),* $(,)?)
        $(-> $result:ty)? = $body:ident;)*) => {$(
        $(#[$about])*
        #[cfg_attr(has_avx512, multiversion::multiversion(
            targets("x86_64+avx512f+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"),
            dispatcher = "direct",
        ))]
        #[cfg_attr(not(has_avx512), multiversion::multiversion(
            targets("x86_64+avx2+fma"),
            dispatcher = "direct",
        ))]
        $visible fn $name($($argument: $kind),*) $(-> $result)? {
            if multiversion::target::target_cfg_f!(target_feature = "fma") {
                $body::<true>($($argument),*)
            } else {
                $body::<false>($($argument),*)
            }
        }
    )*};
}
pub(crate) use for_processors;

/// Computes `a·b + c`, rounded once or twice.
#[inline(always)]
pub(crate) fn multiply_add<const FUSED: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// Loads [`LANES`] numbers.
#[inline(always)]
pub(crate) fn load(from: &[f64]) -> Lane {
    std::array::from_fn(|i| from[i])
}

/// Loads at most [`LANES`] numbers; the other lanes are 0.
#[inline(always)]
pub(crate) fn load_part(from: &[f64]) -> Lane {
    std::array::from_fn(|i| if i < from.len() { from[i] } else { 0.0 })
}

/// Evaluates a polynomial with Horner's rule, highest power first.
#[inline(always)]
fn polynomial<const FUSED: bool, const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    let mut sum = coefficients[0];
    for &c in &coefficients[1..] {
        sum = multiply_add::<FUSED>(sum, x, c);
    }
    sum
}

/// Computes `exp(x)` for `x < 700` with an error of one or two units in the last place. Below -700
/// the result is `exp(-700)`.
#[inline(always)]
pub(crate) fn exp<const FUSED: bool>(x: &Lane) -> Lane {
    const LOG2_E: f64 = std::f64::consts::LOG2_E;
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    // Adding this number leaves the nearest integer in the last bits.
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
        let shifted = multiply_add::<FUSED>(x, LOG2_E, ROUND);
        let k = shifted - ROUND;
        let r = multiply_add::<FUSED>(-k, LN2_HIGH, x);
        let r = multiply_add::<FUSED>(-k, LN2_LOW, r);
        let power = (shifted.to_bits().wrapping_sub(ROUND.to_bits())).wrapping_add(1023) << 52;
        out[i] = polynomial::<FUSED, 14>(&TAYLOR, r) * f64::from_bits(power);
    }
    out
}

/// Computes `tanh(x)` with an error of a few units of `1e-16`.
#[inline(always)]
pub(crate) fn tanh<const FUSED: bool>(x: &Lane) -> Lane {
    let mut twice = [0.0; LANES];
    for i in 0..LANES {
        twice[i] = -2.0 * x[i].abs();
    }
    let e = exp::<FUSED>(&twice);
    let mut out = [0.0; LANES];
    for i in 0..LANES {
        let y = ((1.0 - e[i]) / (1.0 + e[i])).copysign(x[i]);
        out[i] = if x[i].is_nan() { x[i] } else { y };
    }
    out
}

/// Computes `ln(1 + x)` for `0 ≤ x ≤ 1` with an error of one or two units in the last place, as
/// twice the series of the inverse hyperbolic tangent of `x / (2 + x)`.
#[inline(always)]
pub(crate) fn ln_1p<const FUSED: bool>(x: &Lane) -> Lane {
    const SERIES: [f64; 17] = {
        let mut c = [0.0; 17];
        let mut k = 0;
        while k < 17 {
            c[k] = 2.0 / (2 * (16 - k) + 1) as f64;
            k += 1;
        }
        c
    };
    let mut out = [0.0; LANES];
    for i in 0..LANES {
        let s = x[i] / (2.0 + x[i]);
        out[i] = s * polynomial::<FUSED, 17>(&SERIES, s * s);
    }
    out
}

/// Computes `ln(x)` of normal positive numbers with an error of one or two units in the last place
/// of the larger of 1 and the result.
#[inline(always)]
pub(crate) fn ln<const FUSED: bool>(x: &Lane) -> Lane {
    const LN2: f64 = std::f64::consts::LN_2;
    // This offset moves the fraction into an interval around 1, from half of the square root of 2
    // to the square root of 2.
    const SHIFT: u64 = 0x3ff0_0000_0000_0000 - 0x3fe6_a09e_667f_3bcd;
    // The sum of this number and an integer below 2^52 has the integer in its last bits.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    // 2/(2k+1), from 10 down to 0: the argument is below 0.03.
    const SERIES: [f64; 11] = {
        let mut c = [0.0; 11];
        let mut k = 0;
        while k < 11 {
            c[k] = 2.0 / (2 * (10 - k) + 1) as f64;
            k += 1;
        }
        c
    };
    let mut out = [0.0; LANES];
    for i in 0..LANES {
        let bits = x[i].to_bits().wrapping_add(SHIFT);
        let exponent = bits >> 52;
        let power = f64::from_bits(exponent | WHOLE.to_bits()) - (WHOLE + 1023.0);
        let fraction =
            f64::from_bits((bits & 0x000f_ffff_ffff_ffff).wrapping_add(0x3fe6_a09e_667f_3bcd));
        let s = (fraction - 1.0) / (fraction + 1.0);
        let log = s * polynomial::<FUSED, 11>(&SERIES, s * s);
        out[i] = multiply_add::<FUSED>(power, LN2, log);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[inline(always)]
    fn each<const FUSED: bool>(x: &mut [f64], function: u8) {
        for chunk in x.chunks_mut(LANES) {
            let lane = load_part(chunk);
            let lane = match function {
                0 => exp::<FUSED>(&lane),
                1 => tanh::<FUSED>(&lane),
                2 => ln_1p::<FUSED>(&lane),
                _ => ln::<FUSED>(&lane),
            };
            chunk.copy_from_slice(&lane[..chunk.len()]);
        }
    }

    for_processors! {
        fn on_this_processor(x: &mut [f64], function: u8) = each;
    }

    /// Compares the vector instructions of this processor and the portable version.
    fn check(function: u8, x: &[f64], exact: impl Fn(f64) -> (f64, f64)) {
        for versions in [on_this_processor, each::<false>] {
            let mut y = x.to_vec();
            versions(&mut y, function);
            for (x, y) in x.iter().zip(y) {
                let (exact, most) = exact(*x);
                assert!((y - exact).abs() <= most * f64::EPSILON, "{function}: {x} {y} {exact}");
            }
        }
    }

    #[test]
    fn functions_are_those_of_the_standard_library() {
        let x: Vec<f64> = (-500..60_001).map(|k| -0.0123 * f64::from(k)).collect();
        check(0, &x, |x| {
            let exact = x.max(-700.0).exp();
            (exact, 4.0 * exact)
        });
        let mut x: Vec<f64> = (-4003..4000).map(|k| f64::from(k) * 0.007).collect();
        x.extend([0.0, 1e-300, -1e-9, 800.0, -1e300]);
        check(1, &x, |x| (x.tanh(), 4.0));
        let x: Vec<f64> = (0..=10_000).map(|k| f64::from(k) * 1e-4).collect();
        check(2, &x, |x| (x.ln_1p(), 4.0 * x.ln_1p()));
        check(2, &[1e-300, 1e-17, 1e-9], |x| (x.ln_1p(), 4.0 * x.ln_1p()));
        let x: Vec<f64> = (-7000..7000).map(|k| (0.1 * f64::from(k)).exp()).collect();
        check(3, &x, |x| (x.ln(), 4.0 * x.ln().abs().max(1.0)));
        let x: Vec<f64> = (1..4000).map(|k| f64::from(k) * 1e-3).collect();
        check(3, &x, |x| (x.ln(), 4.0 * x.ln().abs().max(1.0)));
        let mut x = [f64::NAN];
        on_this_processor(&mut x, 1);
        assert!(x[0].is_nan());
    }
}
