//! Operations that an error ends in the middle.

use std::ptr;

use petsc_rs::{Result, call, ffi};

use super::BvRef;
use crate::sys;

/// What a basis was before.
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
        // SAFETY: a live basis, and what it was before; what it gave up is still its own.
        unsafe { call!(PetscRsBVMend(self.basis.as_ptr(), &raw const self.state)) }
    }
}

/// Runs an operation; where it fails, `bases` get back what SLEPc lent to itself and their active columns.
pub(super) fn mending<T>(bases: &[&BvRef], operation: impl FnOnce() -> Result<T>) -> Result<T> {
    let saved = bases
        .iter()
        .map(|basis| Saved::new(basis))
        .collect::<Result<Vec<_>>>()?;
    operation().inspect_err(|_| {
        for saved in saved {
            // The first error is the one to tell.
            let _ = saved.mend();
        }
    })
}
