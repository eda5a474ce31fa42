//! Random samples of the documentation, from a seed.

/// SplitMix64 of Steele, Lea and Flood.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Draws up to `count` of the items, each at most once. The order of the sample is random.
pub(super) fn draw<T>(mut items: Vec<T>, count: usize, seed: u64) -> Vec<T> {
    let mut random = Random(seed);
    let mut drawn = Vec::new();
    while drawn.len() < count && !items.is_empty() {
        let at = random.next() % items.len() as u64;
        drawn.push(items.swap_remove(usize::try_from(at).unwrap_or(0)));
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_splitmix() {
        // The first numbers of the reference implementation for the seed 1234567.
        let mut random = Random(1_234_567);
        let first = [(); 2].map(|()| random.next());
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn no_item_is_drawn_twice() {
        let mut drawn = draw((0..10).collect(), 20, 7);
        assert_ne!(drawn, draw((0..10).collect(), 20, 8));
        drawn.sort_unstable();
        assert!(drawn.into_iter().eq(0..10));
    }
}
