//! Where a matrix keeps its values, for what remembers places in it.

use std::ffi::CStr;
use std::ptr;

use super::{MatrixRef, Scope};
use crate::callback::{self, Context};
use crate::error::Result;
use crate::object::Object;
use crate::{call, comm, sys};

/// Under this name a matrix keeps the pattern that its grid gave it.
const GRID: &CStr = c"petsc-rs.matrix.grid-pattern";

/// What says whether the values of this rank are where they were: for each serial part the object, the state of its
/// pattern, the address of its values and their number.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern(Vec<(sys::PetscObjectId, i64, usize, u64)>);

impl MatrixRef {
    /// Keeps the present pattern under a name. Not collective.
    pub(crate) fn remember_pattern(&self, name: &CStr) -> Result<()> {
        crate::not_collective!();
        if let Some(now) = Pattern::of(self)? {
            // SAFETY: a live object.
            unsafe { callback::compose(self.object_ptr(), name, now) }?;
        }
        Ok(())
    }

    /// Whether the pattern is on all ranks the one that was kept under a name. Collective.
    pub(crate) fn is_pattern(&self, name: &CStr) -> Result<bool> {
        let kept = self.composed(name)?;
        let mut same = false;
        if !kept.is_null() {
            let mut ctx = ptr::null_mut();
            // SAFETY: under such a name lies a container of `remember_pattern`.
            unsafe { call!(PetscRsContainerGetPointer(kept, &raw mut ctx)) }?;
            let now = Pattern::of(self)?;
            // SAFETY: its pointer is the context made there.
            same =
                unsafe { Context::<Pattern>::with(ctx, |then| Ok(Some(&*then) == now.as_ref())) }?;
        }
        // Values may have moved on some ranks only.
        Ok(!comm::any_rank(self.object_ptr(), !same)?)
    }

    /// After a grid has made the matrix: its colours are right for this pattern and for no larger one. Not collective.
    pub(crate) fn remember_grid(&self) -> Result<()> {
        crate::not_collective!();
        if self.is_assembled()? {
            return self.remember_pattern(GRID);
        }
        Ok(())
    }

    /// Whether the colours of the grid are right for the matrix: PETSc follows pointers that it never set where they
    /// are not. Collective.
    pub(crate) fn has_grid_pattern(&self) -> Result<bool> {
        self.is_pattern(GRID)
    }

    /// After it was duplicated. Collective.
    pub(crate) fn pass_on_grid(&self, new: &Self) -> Result<()> {
        if !self.composed(GRID)?.is_null() && self.has_grid_pattern()? {
            return new.remember_grid();
        }
        Ok(())
    }

    /// What lies with the matrix under a name, or NULL.
    pub(crate) fn composed(&self, name: &CStr) -> Result<sys::PetscObject> {
        let mut found = ptr::null_mut();
        // SAFETY: a live object, a NUL-terminated name and a valid out-pointer.
        unsafe {
            call!(PetscObjectQuery(
                self.object_ptr(),
                name.as_ptr(),
                &raw mut found
            ))
        }?;
        Ok(found)
    }
}

impl Pattern {
    /// `None` for types whose values cannot be seen.
    fn of(p: &MatrixRef) -> Result<Option<Self>> {
        p.check_assembled()?;
        let kind = p.type_name()?.unwrap_or_default();
        let (mut inner, mut outer) = (p.as_ptr(), ptr::null_mut());
        let map = ptr::null_mut();
        let blocks = match kind.as_str() {
            "seqaij" => false,
            "seqbaij" => true,
            "mpiaij" => {
                let (inner, outer) = (&raw mut inner, &raw mut outer);
                // SAFETY: an assembled matrix of this type, and valid out-pointers; the numbering may be left out.
                unsafe { call!(MatMPIAIJGetSeqAIJ(p.as_ptr(), inner, outer, map)) }?;
                false
            }
            "mpibaij" => {
                let (inner, outer) = (&raw mut inner, &raw mut outer);
                // SAFETY: as above.
                unsafe { call!(MatMPIBAIJGetSeqBAIJ(p.as_ptr(), inner, outer, map)) }?;
                true
            }
            _ => return Ok(None),
        };
        let mut parts = Vec::new();
        for part in [inner, outer] {
            if part.is_null() {
                continue;
            }
            // SAFETY: the matrix, or a part of it, which it keeps.
            let part = unsafe { MatrixRef::from_ptr(part) };
            let mut id = 0;
            // SAFETY: a live object and a valid out-pointer.
            unsafe { call!(PetscObjectGetId(part.object_ptr(), &raw mut id)) }?;
            let entries = part.info(Scope::Local)?.used.to_bits();
            let at = values(part.as_ptr(), blocks)?;
            parts.push((id, part.nonzero_state()?, at, entries));
        }
        Ok(Some(Self(parts)))
    }
}

/// Where a serial matrix keeps its values.
fn values(serial: sys::Mat, blocks: bool) -> Result<usize> {
    if blocks {
        let mut values = ptr::null_mut();
        // SAFETY: an assembled matrix of type `seqbaij` and a valid out-pointer.
        unsafe { call!(MatSeqBAIJGetArray(serial, &raw mut values)) }?;
        let at = values.addr();
        // SAFETY: the array of the line above.
        unsafe { call!(MatSeqBAIJRestoreArray(serial, &raw mut values)) }?;
        return Ok(at);
    }
    let mut values = ptr::null();
    // SAFETY: an assembled matrix of type `seqaij` and a valid out-pointer.
    unsafe { call!(MatSeqAIJGetArrayRead(serial, &raw mut values)) }?;
    let at = values.addr();
    // SAFETY: the array of the line above.
    unsafe { call!(MatSeqAIJRestoreArrayRead(serial, &raw mut values)) }?;
    Ok(at)
}
