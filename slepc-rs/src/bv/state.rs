//! Repairs bases after an operation that failed.

use std::ptr;

use petsc_rs::{Result, call, ffi};

use super::BvRef;
use crate::sys;

/// State of a basis before an operation.
struct Saved<'a> {
    basis: &'a BvRef,
    state: sys::PetscRsBVState,
}

impl<'a> Saved<'a> {
    fn new(basis: &'a BvRef) -> Result<Self> {
        let mut state = sys::PetscRsBVState {
            lent: [0; 2],
            l: 0,
            k: 0,
            matrix: ptr::null_mut(),
            indefinite: ffi::raw_bool(false),
            mat: ffi::raw_bool(false),
        };
        // SAFETY: a live basis and a valid out-pointer.
        unsafe { call!(PetscRsBVSave(basis.as_ptr(), &raw mut state)) }?;
        Ok(Self { basis, state })
    }

    fn mend(&self) -> Result<()> {
        // SAFETY: a live basis and its state before the operation; the basis still owns the vectors
        // that it borrowed.
        unsafe { call!(PetscRsBVMend(self.basis.as_ptr(), &raw const self.state)) }
    }
}

/// Runs an operation. If it fails, ends the borrows that SLEPc made of `bases`, and restores their
/// active columns.
pub(super) fn mending<T>(bases: &[&BvRef], operation: impl FnOnce() -> Result<T>) -> Result<T> {
    let saved = bases.iter().map(|basis| Saved::new(basis)).collect::<Result<Vec<_>>>()?;
    operation().inspect_err(|_| {
        for saved in saved {
            // The first error is returned.
            let _ = saved.mend();
        }
    })
}
