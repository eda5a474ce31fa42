//! The solvers inside a preconditioner.

use std::fmt;
use std::ops::{Index, IndexMut};

use crate::ksp::KspRef;
use crate::sys;

/// The solvers on this rank inside a preconditioner, borrowed from it.
pub struct SubSolvers<'a> {
    raw: Vec<sys::KSP>,
    _pc: std::marker::PhantomData<&'a mut super::PcRef>,
}

impl<'a> SubSolvers<'a> {
    /// # Safety
    /// `raw` are live solvers that the preconditioner borrowed for `'a` keeps.
    pub(super) unsafe fn new(raw: Vec<sys::KSP>) -> Self {
        Self {
            raw,
            _pc: std::marker::PhantomData,
        }
    }

    /// Number of solvers on this rank.
    #[must_use]
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// Whether this rank has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// The solvers, one after another.
    pub fn iter(&self) -> impl Iterator<Item = &KspRef> {
        // SAFETY: live while the preconditioner is borrowed, by the constructor's contract.
        self.raw.iter().map(|&raw| unsafe { KspRef::from_ptr(raw) })
    }

    /// The solvers, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut KspRef> {
        self.raw
            .iter()
            // SAFETY: as for `iter`; each is another object.
            .map(|&raw| unsafe { KspRef::from_ptr_mut(raw) })
    }
}

impl Index<usize> for SubSolvers<'_> {
    type Output = KspRef;

    fn index(&self, i: usize) -> &KspRef {
        // SAFETY: as for `iter`.
        unsafe { KspRef::from_ptr(self.raw[i]) }
    }
}

impl IndexMut<usize> for SubSolvers<'_> {
    fn index_mut(&mut self, i: usize) -> &mut KspRef {
        // SAFETY: as for `iter`.
        unsafe { KspRef::from_ptr_mut(self.raw[i]) }
    }
}

impl fmt::Debug for SubSolvers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
