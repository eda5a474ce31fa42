//! Measurement of times.

use std::thread;
use std::time::{Duration, Instant};

use mpi::traits::CommunicatorCollectives;
use petsc_rs::{Comm, Result};

/// Returns the median of the values; for an even number of values, the mean of the two central
/// ones.
///
/// # Panics
/// Panics if there are no values.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { 0.5 * (sorted[middle - 1] + sorted[middle]) }
}

/// Returns the seconds that `body` takes, as the median of `repeats` runs after a warm-up run, and
/// the result of the last run.
///
/// # Errors
/// Errors of `body`.
pub fn median_time<T>(repeats: usize, mut body: impl FnMut() -> Result<T>) -> Result<(f64, T)> {
    let mut last = body()?;
    let mut times = Vec::new();
    for _ in 0..repeats.max(1) {
        let start = Instant::now();
        last = body()?;
        times.push(start.elapsed().as_secs_f64());
    }
    Ok((median(&times), last))
}

/// A barrier that does not occupy the core. In MPI's own barrier, waiting ranks use their core,
/// which affects the measurement if ranks share cores.
pub fn wait_quietly(comm: &Comm) {
    let mut request = Some(comm.mpi().immediate_barrier());
    while let Some(waiting) = request.take() {
        if let Err(waiting) = waiting.test() {
            request = Some(waiting);
            thread::sleep(Duration::from_millis(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn one_outlier_does_not_move_the_median() {
        assert_eq!(median(&[3.0, 1.0, 100.0]), 3.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 100.0]), 3.0);
    }
}
