//! Simulated genotypes. One variant is simulated at a time, so memory is needed for one variant
//! only.

use std::borrow::Cow;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::bim::{Chromosome, Variant};
use super::phenotype::Status;
use super::scan::Genotypes;

/// Frequencies are multiples of 2⁻¹⁶.
const ONE: u32 = 1 << 16;
const AUTOSOMES: usize = 22;

/// A cohort in which some variants are more frequent in cases. The genotypes of a variant depend
/// only on the seed and the number of the variant, and not on the rank.
#[derive(Clone, Debug)]
pub struct Simulation {
    samples: usize,
    variants: usize,
    seed: u64,
    /// A mask of the cases, with one bit for each sample and 64 samples in a word.
    cases: Vec<u64>,
    /// A mask of all samples, with one bit for each; the last word may have fewer than 64 samples.
    present: Vec<u64>,
    causal: Vec<usize>,
    effect: u32,
    missing: u32,
    packed: Vec<u8>,
}

/// Returns random cases and controls with equal probability.
#[must_use]
pub fn random_phenotypes(samples: usize, seed: u64) -> Vec<Status> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let side = |_| match random.next_u64() >> 63 {
        0 => Status::Control,
        _ => Status::Case,
    };
    (0..samples).map(side).collect()
}

impl Simulation {
    /// Creates a simulation with `variants` variants for the samples of `status`. For `causal` of
    /// the variants, which are evenly spaced, the frequency in cases is larger than the frequency
    /// in controls by `effect`. Each genotype is unknown with probability `missing`.
    #[must_use]
    pub fn new(
        status: &[Status],
        variants: usize,
        seed: u64,
        causal: usize,
        effect: f64,
        missing: f64,
    ) -> Self {
        let words = status.len().div_ceil(64);
        let (mut cases, mut present) = (vec![0; words], vec![0; words]);
        for (i, status) in status.iter().enumerate() {
            present[i / 64] |= 1 << (i % 64);
            cases[i / 64] |= u64::from(*status == Status::Case) << (i % 64);
        }
        let causal = causal.min(variants);
        let part = |p: f64| (p * f64::from(ONE)).round() as u32;
        Self {
            samples: status.len(),
            variants,
            seed,
            cases,
            present,
            causal: (0..causal).map(|c| (2 * c + 1) * variants / (2 * causal)).collect(),
            effect: part(effect),
            missing: part(missing),
            packed: Vec::with_capacity(16 * words),
        }
    }

    /// Returns the numbers of the variants that are more frequent in cases.
    #[must_use]
    pub fn causal(&self) -> &[usize] {
        &self.causal
    }

    /// Returns the frequency of the first allele of a variant in controls and in cases.
    #[must_use]
    pub fn frequencies(&self, index: usize) -> [f64; 2] {
        let (control, case, _) = self.odds(index);
        [control, case].map(|k| f64::from(k) / f64::from(ONE))
    }

    fn odds(&self, index: usize) -> (u32, u32, Xoshiro256PlusPlus) {
        // An odd factor gives different variants different seeds.
        let seed = self.seed.wrapping_add((index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        // From 5 to 50 %.
        let (low, high) = (ONE / 20, ONE / 2);
        let control = low + (random.next_u64() % u64::from(high - low)) as u32;
        let is_causal = self.causal.binary_search(&index).is_ok();
        let case = (control + if is_causal { self.effect } else { 0 }).min(ONE);
        (control, case, random)
    }

    /// Returns the line of a variant in a `.bim` file.
    #[must_use]
    pub fn variant_info(&self, index: usize) -> Variant<'static> {
        let chromosome = 1 + index * AUTOSOMES / self.variants.max(1);
        Variant {
            chromosome: Chromosome::Autosome(chromosome as u16),
            id: Cow::Owned(format!("sim{}", index + 1)),
            position: 100 * (index as i64 + 1),
            first: "A",
            second: "G",
        }
    }

    /// Returns the number of bytes of the packed genotypes of one variant.
    #[must_use]
    pub fn stride(&self) -> usize {
        self.samples.div_ceil(4)
    }
}

/// Returns 64 independent bits, each 1 with probability `odds`/2¹⁶. The binary digits of the odds,
/// lowest first, select `or` or `and` with random bits.
fn bits(random: &mut Xoshiro256PlusPlus, odds: u32) -> u64 {
    if odds >= ONE {
        return !0;
    }
    let mut result = 0;
    for digit in odds.trailing_zeros().min(16)..16 {
        let fresh = random.next_u64();
        result = if odds >> digit & 1 == 1 { result | fresh } else { result & fresh };
    }
    result
}

/// Spreads the bits of a half word to every second position.
fn spread(half: u64) -> u64 {
    let mut x = half & 0xffff_ffff;
    x = (x | x << 16) & 0x0000_ffff_0000_ffff;
    x = (x | x << 8) & 0x00ff_00ff_00ff_00ff;
    x = (x | x << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    x = (x | x << 2) & 0x3333_3333_3333_3333;
    (x | x << 1) & 0x5555_5555_5555_5555
}

impl Genotypes for Simulation {
    fn variant(&mut self, index: usize) -> &[u8] {
        let (control, case, mut random) = self.odds(index);
        self.packed.clear();
        for (cases, present) in self.cases.iter().zip(&self.present) {
            let mut allele = || {
                let bits_of_controls = bits(&mut random, control);
                if case == control {
                    return bits_of_controls;
                }
                let bits_of_cases = bits(&mut random, case);
                (bits_of_cases & cases) | (bits_of_controls & !cases)
            };
            // The bits state whether the first allele was inherited from each parent.
            let (one, other) = (allele(), allele());
            let (mut high, mut low) = (!(one & other), !(one | other));
            if self.missing > 0 {
                let unknown = bits(&mut random, self.missing);
                high &= !unknown;
                low |= unknown;
            }
            high &= present;
            low &= present;
            for shift in [0, 32] {
                let word = spread(low >> shift) | spread(high >> shift) << 1;
                self.packed.extend_from_slice(&word.to_le_bytes());
            }
        }
        self.packed.truncate(self.samples.div_ceil(4));
        &self.packed
    }
}

#[cfg(test)]
mod tests {
    use super::{Genotypes, Simulation, Status, random_phenotypes};

    /// The counts are within five standard deviations of the binomial mean.
    #[test]
    fn simulated_frequencies_are_near_the_expected_ones() {
        let status = random_phenotypes(20_001, 5);
        let cases = status.iter().filter(|s| **s == Status::Case).count();
        assert!(cases.abs_diff(10_000) < 350, "{cases}");
        let mut simulation = Simulation::new(&status, 40, 1, 4, 0.1, 0.02);
        assert_eq!(simulation.causal(), [5, 15, 25, 35]);
        for index in 0..40 {
            let expected = simulation.frequencies(index);
            let packed = simulation.variant(index).to_vec();
            assert_eq!(packed.len(), 5001);
            assert_eq!(packed[5000] >> 2, 0, "bits after the last sample are zero");
            let (mut copies, mut known, mut unknown) = ([0_u32; 2], [0_u32; 2], 0);
            for (i, status) in status.iter().enumerate() {
                let code = packed[i / 4] >> (2 * (i % 4)) & 3;
                let side = usize::from(*status == Status::Case);
                unknown += u32::from(code == 1);
                known[side] += u32::from(code != 1);
                copies[side] += [2, 0, 1, 0][usize::from(code)];
            }
            assert!(unknown.abs_diff(400) < 100, "{unknown}");
            for side in 0..2 {
                let (n, p) = (2.0 * f64::from(known[side]), expected[side]);
                let deviation = (f64::from(copies[side]) - n * p) / (n * p * (1.0 - p)).sqrt();
                assert!(deviation.abs() < 5.0, "{index} {side}: {deviation}");
            }
            let causal = simulation.causal().contains(&index);
            assert!((expected[1] - expected[0] - if causal { 0.1 } else { 0.0 }).abs() < 1e-4);
        }
    }

    #[test]
    fn a_variant_is_the_same_whoever_makes_it() {
        let status = random_phenotypes(101, 9);
        let mut one = Simulation::new(&status, 10, 3, 0, 0.0, 0.0);
        let mut other = one.clone();
        let last = one.variant(9).to_vec();
        other.variant(2);
        assert_eq!(other.variant(9), last);
        assert_ne!(other.variant(8), last);
    }
}
