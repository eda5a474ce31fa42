//! The area under the ROC curve.

/// Takes all pairs of a sample of class 1 and a sample of class 0, and returns the fraction of
/// pairs in which the sample of class 1 has the larger score; equal scores count one half. This is
/// the Mann-Whitney statistic, computed from ranks. Returns `None` if a class has no sample.
#[must_use]
pub fn area_under_roc(scores: &[f64], classes: &[usize]) -> Option<f64> {
    let mut all: Vec<(f64, usize)> = scores.iter().copied().zip(classes.iter().copied()).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut pairs, mut below, mut positives) = (0.0, 0.0, 0.0);
    for equal in all.chunk_by(|a, b| a.0 == b.0) {
        let here = equal.iter().filter(|(_, class)| *class == 1).count() as f64;
        let others = equal.len() as f64 - here;
        pairs += here * (below + 0.5 * others);
        below += others;
        positives += here;
    }
    (positives * below > 0.0).then(|| pairs / (positives * below))
}

#[cfg(test)]
mod tests {
    use super::area_under_roc;

    #[test]
    fn pairs_are_counted_by_hand() {
        // Three of the pairs (0.35, 0.1), (0.35, 0.4), (0.8, 0.1), (0.8, 0.4) are in order: the
        // example of scikit-learn.
        assert_eq!(area_under_roc(&[0.1, 0.4, 0.35, 0.8], &[0, 0, 1, 1]), Some(0.75));
        // (2, 1), (2, 2), (3, 1), (3, 2), (1, 1), (1, 2): three in order, two equal.
        assert_eq!(area_under_roc(&[2.0, 1.0, 3.0, 2.0, 1.0], &[1, 0, 1, 0, 1]), Some(4.0 / 6.0));
        assert_eq!(area_under_roc(&[1.0, 1.0, 1.0], &[1, 0, 0]), Some(0.5));
        assert_eq!(area_under_roc(&[-1.0, 5.0], &[1, 0]), Some(0.0));
        assert_eq!(area_under_roc(&[1.0, 2.0], &[1, 1]), None);
    }
}
