//! Checks before a solve, and the changes that the end of the solve reverts.

use std::ptr;

use super::KspRef;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{ffi, get_raw, sys};

/// A guard that exists during a solve. On drop, it removes locks of the vectors that an error has
/// left.
pub(super) struct Preflight {
    _locks: ffi::Locks<2>,
}

impl Preflight {
    #[inline]
    fn new(vectors: [sys::Vec; 2]) -> Result<Self> {
        Ok(Self { _locks: ffi::Locks::note(vectors)? })
    }
}

impl KspRef {
    /// Called before a solve with these vectors.
    #[inline]
    pub(super) fn preflight(
        &self,
        b: &VectorRef,
        x: &VectorRef,
        transpose: bool,
    ) -> Result<Preflight> {
        ffi::ask_guards(|| b.check_memory(self.rhs_access()?))?;
        x.check_writable()?;
        ffi::check_solver()?;
        let (rows, columns) = if transpose { (x, b) } else { (b, x) };
        // SAFETY: live objects.
        if unsafe { sys::PetscRsKSPFits(self.as_ptr(), rows.as_ptr(), columns.as_ptr()) } == 0 {
            self.check_sizes(b, x, transpose)?;
        }
        Preflight::new([b.as_ptr(), x.as_ptr()])
    }

    /// The access of a solve to the right-hand side: some solves change it and restore it at their
    /// end.
    #[cold]
    pub(super) fn rhs_access(&self) -> Result<ffi::Access> {
        // SAFETY: a live solver.
        let changes = unsafe { get_raw!(PetscRsKSPChangesRhs(self.as_ptr(), _)) }?;
        Ok(if ffi::to_bool(changes) { ffi::Access::Write } else { ffi::Access::Read })
    }

    /// Called before a solve with the vectors of an earlier one, or those of the DM.
    pub(super) fn preflight_in_place(&self) -> Result<Preflight> {
        let own = [self.rhs()?, self.solution()?];
        for vector in own.iter().flatten() {
            vector.check_writable()?;
            vector.check_array()?;
        }
        ffi::check_solver()?;
        self.check_operators()?;
        Preflight::new(own.map(|v| v.map_or(ptr::null_mut(), |v| v.as_ptr())))
    }

    /// Checks the sizes. Optimized builds of PETSc omit this check, and the preconditioners then
    /// access invalid memory.
    #[cold]
    fn check_sizes(&self, b: &VectorRef, x: &VectorRef, transpose: bool) -> Result<()> {
        self.check_operators()?;
        if !self.operators_set()?.0 {
            // The operators are created and computed in the setup, with the sizes of the DM.
            let dm = self.dm()?;
            dm.check_global(b)?;
            dm.check_global(x)?;
            if b.is_nest()? || x.is_nest()? {
                let own = dm.create_global_vector()?;
                b.check_same_kind(&own)?;
                x.check_same_kind(&own)?;
            }
            return Ok(());
        }
        let (a, p) = self.operators()?;
        if b.is_nest()? || x.is_nest()? {
            self.check_nested(&a, &p, b, x)?;
        }
        let (mut local, mut global) = (a.local_size()?, a.size()?);
        if transpose {
            local = (local.1, local.0);
            global = (global.1, global.0);
        }
        let found = ((b.local_len()?, x.local_len()?), (b.len()?, x.len()?));
        if found == (local, global) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!(
                "the operator needs a right-hand side of {} entries ({} on this rank) and a solution \
                 of {} ({}), got {} ({}) and {} ({})",
                global.0, local.0, global.1, local.1, found.1.0, found.0.0, found.1.1, found.0.1
            ),
        ))
    }

    /// Checks nested vectors: methods combine the two vectors with each other, and with those of
    /// null spaces.
    #[cold]
    fn check_nested(
        &self,
        a: &MatrixRef,
        p: &MatrixRef,
        b: &VectorRef,
        x: &VectorRef,
    ) -> Result<()> {
        a.check_nested(x)?;
        self.pc()?.check_nested(p, b, x)?;
        let spaces = [a.null_space()?, a.transpose_null_space()?];
        for space in spaces.iter().flatten() {
            for vector in space.vectors()? {
                vector.check_same_kind(x)?;
            }
        }
        Ok(())
    }
}
