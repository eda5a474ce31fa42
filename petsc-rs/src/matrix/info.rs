//! What a matrix costs.

use std::mem::MaybeUninit;

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::Result;
use crate::{call, sys};

/// Over which ranks figures are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[wraps(MatInfoType)]
pub enum Scope {
    /// This rank.
    Local,
    /// Largest over all ranks.
    GlobalMax,
    /// Sum over all ranks.
    GlobalSum,
}

/// Figures of a matrix. Counts of entries are `f64`, as in C: sums may exceed an integer.
#[derive(Clone, Copy, Debug, PartialEq)]
#[wraps(MatInfo)]
#[non_exhaustive]
pub struct Info {
    /// Size of a block.
    pub block_size: f64,
    /// Entries with room.
    pub allocated: f64,
    /// Entries stored.
    pub used: f64,
    /// Entries with room that were not needed.
    pub unneeded: f64,
    /// Bytes, where the type counts them.
    pub memory: f64,
    /// Number of assemblies.
    pub assemblies: f64,
    /// Number of times that storage had to grow: 0 after a good preallocation.
    pub mallocs: f64,
}

impl MatrixRef {
    /// Entries, memory, and how often storage grew. Collective unless local.
    ///
    /// # Errors
    /// `SUP` for a type without it.
    #[wraps(MatGetInfo)]
    pub fn info(&self, scope: Scope) -> Result<Info> {
        let scope = match scope {
            Scope::Local => sys::MAT_LOCAL,
            Scope::GlobalMax => sys::MAT_GLOBAL_MAX,
            Scope::GlobalSum => sys::MAT_GLOBAL_SUM,
        };
        let mut raw = MaybeUninit::<sys::MatInfo>::zeroed();
        // SAFETY: a live matrix and a valid out-pointer.
        unsafe { call!(MatGetInfo(self.as_ptr(), scope, raw.as_mut_ptr())) }?;
        // SAFETY: floating-point fields, for which zeros are valid; filled by MatGetInfo.
        let raw = unsafe { &*raw.as_ptr() };
        Ok(Info {
            block_size: raw.block_size,
            allocated: raw.nz_allocated,
            used: raw.nz_used,
            unneeded: raw.nz_unneeded,
            memory: raw.memory,
            assemblies: raw.assemblies,
            mallocs: raw.mallocs,
        })
    }
}
