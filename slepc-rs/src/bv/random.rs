//! Random columns.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::random::Random;
use petsc_rs::{Result, call};

use super::BvRef;
use crate::sys;

impl BvRef {
    /// Fills the active columns with random numbers from the interval of the
    /// [generator](Self::random), by default from 0 to 1. Logically collective.
    ///
    /// The numbers depend on the number of ranks, unless the option `-bv_reproducible_random` is
    /// given.
    #[wraps(BVSetRandom)]
    pub fn set_random(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live basis.
        unsafe { call!(BVSetRandom(*self.busy()?)) }
    }

    /// Fills column `j` with random numbers. See [`set_random`](Self::set_random). Logically
    /// collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the column does not exist.
    #[wraps(BVSetRandomColumn)]
    pub fn set_random_column(&mut self, j: usize) -> Result<()> {
        self.check_writable()?;
        let j = self.column_index(j)?;
        // SAFETY: a live basis with this column (above).
        unsafe { call!(BVSetRandomColumn(*self.busy()?, j)) }
    }

    /// Fills the active columns with normally distributed random numbers. Logically collective.
    #[wraps(BVSetRandomNormal)]
    pub fn set_random_normal(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live basis.
        unsafe { call!(BVSetRandomNormal(*self.busy()?)) }
    }

    /// Fills the active columns with random signs, 1 and -1. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the interval of the generator is not from 0 to 1.
    #[wraps(BVSetRandomSign)]
    pub fn set_random_sign(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live basis.
        unsafe { call!(BVSetRandomSign(*self.busy()?)) }
    }

    /// Returns the random number generator, to seed it or to change its interval.
    #[wraps(BVGetRandomContext)]
    #[track_caller]
    pub fn random(&self) -> Result<Random> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live basis and a valid out-pointer.
        unsafe { call!(BVGetRandomContext(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: a live object.
        unsafe { Random::retain(raw) }
    }
}
