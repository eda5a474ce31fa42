//! Locks of vectors that PETSc does not release after an error.

use crate::error::Result;
use crate::sys;
#[cfg(petsc_ge_3_22)]
use crate::{Int, call, runtime};

/// Records the lock state of vectors before a call that may fail, and restores it on drop. Since
/// 3.22, optimized builds of PETSc count locks too, and a function that returns early because a
/// callback failed does not release its locks. Before 3.22, this type has no effect.
#[derive(Debug)]
pub struct Locks<const N: usize> {
    #[cfg(petsc_ge_3_22)]
    vectors: [(sys::Vec, Int); N],
}

impl<const N: usize> Locks<N> {
    /// Records the locks of live vectors, which must live as long as this value. NULL entries are
    /// skipped.
    ///
    /// # Errors
    /// The errors of `VecLockGet`.
    #[inline]
    pub fn note(vectors: [sys::Vec; N]) -> Result<Self> {
        #[cfg(not(petsc_ge_3_22))]
        let _ = vectors;
        Ok(Self {
            #[cfg(petsc_ge_3_22)]
            vectors: {
                let mut noted = vectors.map(|vector| (vector, 0));
                for (vector, state) in &mut noted {
                    if !vector.is_null() {
                        // SAFETY: a live vector (by contract of `note`) and a valid out-pointer.
                        unsafe { call!(VecLockGet(*vector, &raw mut *state)) }?;
                    }
                }
                noted
            },
        })
    }
}

#[cfg(petsc_ge_3_22)]
impl<const N: usize> Drop for Locks<N> {
    fn drop(&mut self) {
        for &(vector, before) in &self.vectors {
            if !vector.is_null() {
                restore(vector, before);
            }
        }
    }
}

/// Positive states count readers, negative ones a writer.
#[cfg(petsc_ge_3_22)]
fn restore(vector: sys::Vec, before: Int) {
    let mut now = before;
    // SAFETY: a live vector (by contract of `note`) and a valid out-pointer.
    let code = unsafe { sys::VecLockGet(vector, &raw mut now) };
    runtime::record_drop("VecLockGet", code);
    for _ in before.max(0)..now {
        // SAFETY: a live vector, locked by a reader that no longer exists.
        let code = unsafe { sys::VecLockReadPop(vector) };
        runtime::record_drop("VecLockReadPop", code);
    }
    if now < 0 && before >= 0 {
        // SAFETY: a live vector, locked by a writer that no longer exists.
        let code = unsafe { sys::VecLockWriteSet(vector, crate::ffi::raw_bool(false)) };
        runtime::record_drop("VecLockWriteSet", code);
    }
}
