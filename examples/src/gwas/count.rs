//! Counting of alleles in packed genotypes.
//!
//! Each genotype has two bits: 00 stands for two copies of the first allele, 10 for one, 11 for
//! none, and 01 for an unknown genotype. Let `h` be the high bits and `l` the low bits of 32
//! samples in one word. The number of second alleles is the number of ones in `h` plus the number
//! of ones in `h & l`. The number of ones in `l & !h` is the number of unknown genotypes.

const LOW: u64 = 0x5555_5555_5555_5555;

/// A subset of the samples, as a mask for packed genotypes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Two ones for each sample in the group.
    mask: Vec<u64>,
    len: u64,
}

/// Allele counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alleles {
    /// The count of the first allele of the file.
    pub first: u64,
    /// The count of the second allele.
    pub second: u64,
}

impl std::ops::AddAssign for Alleles {
    fn add_assign(&mut self, other: Self) {
        self.first += other.first;
        self.second += other.second;
    }
}

/// Returns the eight bytes of a word, padded with zeros at the end.
fn word(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    eight[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(eight)
}

impl Group {
    /// Creates the group of the samples for which `member` is true.
    #[must_use]
    pub fn new(samples: usize, mut member: impl FnMut(usize) -> bool) -> Self {
        let mut group = Self { mask: vec![0; samples.div_ceil(32)], len: 0 };
        for i in (0..samples).filter(|&i| member(i)) {
            group.mask[i / 32] |= 3 << (2 * (i % 32));
            group.len += 1;
        }
        group
    }

    /// Returns the number of samples.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Returns whether the group is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Counts the alleles of diploid samples. `packed` contains a genotype for each sample.
    #[must_use]
    pub fn diploid(&self, packed: &[u8]) -> Alleles {
        let (second, missing) = kernel::second_and_missing(packed, &self.mask);
        Alleles { first: 2 * (self.len - missing) - second, second }
    }

    /// Counts samples with two, one and no copy of the first allele. `packed` contains a genotype
    /// for each sample.
    #[must_use]
    pub fn genotypes(&self, packed: &[u8]) -> [u64; 3] {
        let (second, missing) = kernel::second_and_missing(packed, &self.mask);
        let none = kernel::without_first(packed, &self.mask);
        let one = second - 2 * none;
        [self.len - missing - one - none, one, none]
    }

    /// Counts the alleles of haploid samples. The file stores the single allele of such a sample as
    /// a genotype with two equal alleles; a genotype with two different alleles counts as unknown.
    #[must_use]
    pub fn haploid(&self, packed: &[u8]) -> Alleles {
        let mut alleles = Alleles::default();
        for (bytes, mask) in packed.chunks(8).zip(&self.mask) {
            let w = word(bytes);
            let (high, low) = ((w >> 1) & LOW, w & LOW);
            alleles.first += u64::from((!high & !low & LOW & mask).count_ones());
            alleles.second += u64::from((high & low & mask).count_ones());
        }
        alleles
    }
}

mod kernel {
    use super::{LOW, word};

    /// Counts second alleles and unknown genotypes in the samples of a mask, with the widest bit
    /// count instruction of the processor.
    #[cfg_attr(
        has_avx512,
        multiversion::multiversion(
            targets(
                "x86_64+avx512f+avx512bw+avx512vl+avx512vpopcntdq+avx2+popcnt",
                "x86_64+avx2+popcnt"
            ),
            dispatcher = "direct",
        )
    )]
    #[cfg_attr(
        not(has_avx512),
        multiversion::multiversion(targets("x86_64+avx2+popcnt"), dispatcher = "direct")
    )]
    pub(super) fn second_and_missing(packed: &[u8], mask: &[u64]) -> (u64, u64) {
        portable(packed, mask)
    }

    /// Counts the samples of a mask that have two copies of the second allele.
    pub(super) fn without_first(packed: &[u8], mask: &[u64]) -> u64 {
        let both = |(bytes, mask): (&[u8], &u64)| {
            let w = word(bytes);
            u64::from((w & (w >> 1) & LOW & mask).count_ones())
        };
        packed.chunks(8).zip(mask).map(both).sum()
    }

    #[inline(always)]
    pub(super) fn portable(packed: &[u8], mask: &[u64]) -> (u64, u64) {
        let (mut second, mut missing) = (0, 0);
        let mut add = |w: u64, mask: u64| {
            let shifted = w >> 1;
            // For each genotype: h and h & l next to each other; l & !h.
            let seconds = ((w & !LOW) | (w & shifted & LOW)) & mask;
            second += u64::from(seconds.count_ones());
            missing += u64::from((w & !shifted & LOW & mask).count_ones());
        };
        let whole = packed.len() / 8;
        for (bytes, &mask) in packed.chunks_exact(8).zip(mask) {
            let mut eight = [0; 8];
            eight.copy_from_slice(bytes);
            add(u64::from_le_bytes(eight), mask);
        }
        if let Some(&mask) = mask.get(whole) {
            add(word(&packed[8 * whole..]), mask);
        }
        (second, missing)
    }
}

#[cfg(test)]
mod tests {
    use super::{Alleles, Group, kernel};

    /// Packs codes as PLINK does.
    fn pack(codes: &[u8]) -> Vec<u8> {
        let quarter = |four: &[u8]| four.iter().rev().fold(0, |byte, code| byte << 2 | code);
        codes.chunks(4).map(quarter).collect()
    }

    #[test]
    fn each_code_counts_what_it_means() {
        let expected = [(0b00, (2, 0)), (0b10, (1, 1)), (0b11, (0, 2)), (0b01, (0, 0))];
        for (code, (first, second)) in expected {
            let packed = pack(&[0b11, code]);
            let found = Group::new(2, |i| i == 1).diploid(&packed);
            assert_eq!(found, Alleles { first, second }, "{code:02b}");
            let found = Group::new(2, |i| i == 1).genotypes(&packed);
            assert_eq!(
                found,
                [(2, 0), (1, 1), (0, 2)].map(|pair| u64::from(pair == (first, second))),
                "{code:02b}"
            );
            let found = Group::new(2, |i| i == 1).haploid(&packed);
            let one = |n| u64::from(n == 2);
            assert_eq!(found, Alleles { first: one(first), second: one(second) });
        }
    }

    #[test]
    fn any_number_of_samples_is_counted_once() {
        let mut state = 12345_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        for samples in [1, 3, 4, 5, 31, 32, 33, 63, 127, 128, 129, 1000, 4097] {
            let codes: Vec<u8> = (0..samples).map(|_| (next() % 4) as u8).collect();
            let member: Vec<bool> = (0..samples).map(|_| next() % 3 > 0).collect();
            let packed = pack(&codes);
            let group = Group::new(samples, |i| member[i]);
            let (mut diploid, mut haploid) = (Alleles::default(), Alleles::default());
            for (code, _) in codes.iter().zip(&member).filter(|(_, m)| **m) {
                let (first, second) = [(2, 0), (0, 0), (1, 1), (0, 2)][usize::from(*code)];
                diploid += Alleles { first, second };
                haploid += Alleles { first: first / 2, second: second / 2 };
            }
            assert_eq!(group.len(), member.iter().filter(|m| **m).count() as u64);
            assert_eq!(group.diploid(&packed), diploid, "{samples}");
            assert_eq!(group.haploid(&packed), haploid, "{samples}");
            // Tests the version that this processor uses.
            let found = kernel::portable(&packed, &group.mask);
            assert_eq!(found, kernel::second_and_missing(&packed, &group.mask));
        }
    }
}
