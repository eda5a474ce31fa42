//! Shortening of a failing case: steps are removed while the case still fails in the same way.

/// Returns the required steps, in order. `fails` returns whether a case with these steps fails; it
/// fails with all steps. Delta debugging: halves are removed, then quarters, down to single steps.
pub(crate) fn shorten(steps: &[u64], mut fails: impl FnMut(&[u64]) -> bool) -> Vec<u64> {
    let mut steps = steps.to_vec();
    let mut size = steps.len().div_ceil(2);
    while size > 0 && steps.len() > 1 {
        let mut start = 0;
        let before = steps.len();
        while start < steps.len() {
            let end = (start + size).min(steps.len());
            let fewer = [&steps[..start], &steps[end..]].concat();
            if !fewer.is_empty() && fails(&fewer) {
                steps = fewer;
            } else {
                start = end;
            }
        }
        // Single steps are removed repeatedly, as long as the case becomes shorter.
        if size > 1 {
            size = size.div_ceil(2);
        } else if steps.len() == before {
            size = 0;
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::shorten;

    fn count(steps: &[u64], needed: &[u64]) -> (Vec<u64>, usize) {
        let mut runs = 0;
        let short = shorten(steps, |left| {
            runs += 1;
            needed.iter().all(|n| left.contains(n))
        });
        (short, runs)
    }

    #[test]
    fn only_needed_steps_stay_in_order() {
        let steps: Vec<u64> = (0..30).collect();
        for needed in [vec![0], vec![29], vec![3, 7, 9], vec![0, 15, 29]] {
            let (short, runs) = count(&steps, &needed);
            assert_eq!(short, needed);
            assert!(runs < 100, "{runs} runs for {needed:?}");
        }
        assert_eq!(count(&steps, &steps).0, steps);
    }

    #[test]
    fn a_step_that_is_needed_only_with_another_goes_with_it() {
        // Step 5 needs step 4 before it; step 8 fails alone.
        let fails = |left: &[u64]| left.contains(&8) && (!left.contains(&5) || left.contains(&4));
        assert_eq!(shorten(&[1, 4, 5, 8], fails), [8]);
    }

    #[test]
    fn one_step_stays() {
        assert_eq!(count(&[4], &[4]), (vec![4], 0));
        assert!(shorten(&[], |_| true).is_empty());
    }
}
