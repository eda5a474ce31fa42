//! The dice: all random decisions of a case, from one seed.

use std::cell::Cell;

use petsc_rs::{InsertMode, Int, Norm, Real, Scalar, ScalarExt as _};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

thread_local! {
    static TRACE: Cell<bool> = const { Cell::new(false) };
}

/// From now on, all throws are printed: the replay of a case shows what was chosen.
pub(crate) fn trace() {
    TRACE.set(true);
}

/// A seed for the part `number` of what has the seed `seed`.
pub(crate) fn derive(seed: u64, number: u64) -> u64 {
    let mixed = SplitMix64::seed_from_u64(seed).next_u64();
    SplitMix64::seed_from_u64(mixed ^ number).next_u64()
}

/// A source of random decisions. Equal seeds give equal decisions, on all ranks.
pub(crate) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A number in `0..n`; 0 for `n` = 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let sides = (n as u64).max(1);
        let throw = usize::try_from(self.0.next_u64() % sides).unwrap_or(0);
        if TRACE.get() {
            eprint!(" {throw}/{n}");
        }
        throw
    }

    /// True in so many of 100 throws.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn coin(&mut self) -> bool {
        self.chance(50)
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A number by which ranks see whether they have thrown as often.
    pub(crate) fn mark(&self) -> i64 {
        i64::try_from(self.0.clone().next_u64() >> 1).unwrap_or(0)
    }

    pub(crate) fn seed(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A dice for decisions of which each rank takes as many as it has entries: the others stay equal on all ranks.
    pub(crate) fn apart(&mut self) -> Self {
        Self::new(self.seed())
    }

    /// A number between -4 and 4, often a small integer.
    pub(crate) fn real(&mut self) -> Real {
        let eighths = self.below(65) as f64 - 32.0;
        eighths / 8.0
    }

    pub(crate) fn scalar(&mut self) -> Scalar {
        Scalar::from_real(self.real())
    }

    pub(crate) fn scalars(&mut self, n: usize) -> Vec<Scalar> {
        (0..n).map(|_| self.scalar()).collect()
    }

    /// An index into `0..n`, in one of twenty throws one beside it.
    pub(crate) fn index(&mut self, n: usize) -> Int {
        let inside = self.below(n);
        let index = match self.below(40) {
            0 => return -1,
            1 => n,
            _ => inside,
        };
        Int::try_from(index).unwrap_or(0)
    }

    /// Up to `most` indices into `0..n`.
    pub(crate) fn indices(&mut self, most: usize, n: usize) -> Vec<Int> {
        (0..self.below(most + 1)).map(|_| self.index(n)).collect()
    }

    /// So many indices below 8.
    pub(crate) fn fill(&mut self, n: usize) -> Vec<Int> {
        let one = |_| Int::try_from(self.below(8)).unwrap_or(0);
        (0..n).map(one).collect()
    }

    pub(crate) fn mode(&mut self) -> InsertMode {
        if self.coin() { InsertMode::Insert } else { InsertMode::Add }
    }

    pub(crate) fn norm(&mut self) -> Norm {
        self.pick(&[Norm::One, Norm::Two, Norm::Frobenius, Norm::Infinity])
    }
}
