//! `--calls`: the instructions that one call in Rust executes in addition to those in C, counted
//! with callgrind.
//!
//! The benchmarks `overhead` (in C and in Rust) repeat a call inside a function `measured`;
//! callgrind counts the instructions of this function. The counts for two numbers of repetitions are
//! subtracted from each other, which cancels the instructions of the first call.

use petsc_sys_build::Config;

use super::measure;
use super::{build_twins, programs};

/// A call, and the number of instructions that Rust may add to it.
struct Call {
    name: &'static str,
    goal: f64,
}

const CALLS: [Call; 7] = [
    call("axpy", 40.0),
    call("dot", 40.0),
    call("array_mut", 80.0),
    call("vector_set_value", 40.0),
    call("matrix_set_value", 40.0),
    call("mult", 40.0),
    call("ksp_solve", 300.0),
];

const fn call(name: &'static str, goal: f64) -> Call {
    Call { name, goal }
}

/// Two numbers of repetitions, whose difference is used.
const REPEATS: [u32; 2] = [1000, 2000];

/// Prints the table and returns whether all goals are met.
pub(super) fn compare(config: &Config, only: Option<&str>) -> Result<bool, String> {
    build_twins(config, &[])?;
    let (c, rust) = programs(config, "overhead")?;
    println!("\ninstructions of one call, 10 unknowns, counted with callgrind");
    println!("  {:<18}{:>9}{:>9}{:>10}{:>7}", "call", "C", "Rust", "beyond C", "goal");
    let mut met = true;
    for Call { name, goal } in CALLS.iter().filter(|c| only.is_none_or(|o| o == c.name)) {
        let of = |program| {
            let [few, many] = REPEATS.map(|n| measure::inside(program, name, n, "*measured*"));
            Ok::<_, String>(each(few?, many?))
        };
        let (c, rust) = (of(&c)?, of(&rust)?);
        let beyond = rust - c;
        let missed = beyond > *goal;
        met &= !missed;
        let word = if missed { "  missed" } else { "" };
        println!("  {name:<18}{c:>9.1}{rust:>9.1}{beyond:>10.1}{goal:>7}{word}");
    }
    Ok(met)
}

/// Returns the instructions of one repetition.
fn each(few: u64, many: u64) -> f64 {
    super::ratio(many.saturating_sub(few), u64::from(REPEATS[1] - REPEATS[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_once_does_not_count() {
        let at = |n: u32| 12_345 + 678 * u64::from(n);
        assert!((each(at(REPEATS[0]), at(REPEATS[1])) - 678.0).abs() < 1e-12);
    }
}
