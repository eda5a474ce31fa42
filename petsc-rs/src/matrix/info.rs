//! Information on storage: entries, memory, reallocations.

use std::mem::MaybeUninit;

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::Result;
use crate::{call, sys};

/// Ranks over which information is collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[wraps(MatInfoType)]
pub enum Scope {
    /// This rank.
    Local,
    /// Maximum over all ranks.
    GlobalMax,
    /// Sum over all ranks.
    GlobalSum,
}

/// Information on the storage of a matrix. The counts are floating-point numbers, as in C, because
/// a sum over all ranks can exceed the range of an integer.
#[derive(Clone, Copy, Debug, PartialEq)]
#[wraps(MatInfo)]
#[non_exhaustive]
pub struct Info {
    /// Size of a block.
    pub block_size: f64,
    /// Number of allocated entries.
    pub allocated: f64,
    /// Number of stored entries.
    pub used: f64,
    /// Number of allocated entries that were not used.
    pub unneeded: f64,
    /// Memory in bytes, if the type reports it.
    pub memory: f64,
    /// Number of assemblies.
    pub assemblies: f64,
    /// Number of memory allocations during assembly: 0 after sufficient preallocation.
    pub mallocs: f64,
}

impl MatrixRef {
    /// Returns information on storage: numbers of entries, memory and number of allocations.
    /// Collective, except with [`Scope::Local`].
    ///
    /// # Errors
    /// `SUP` for a type without this information.
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
