//! Records of the nonzero pattern of a matrix, for data that depend on the pattern.

use std::ffi::CStr;
use std::ptr;

use super::{MatrixRef, Scope};
use crate::callback::{self, Attached};
use crate::error::Result;
use crate::object::Object;
use crate::{call, comm, sys};

crate::attached! {
    /// Name under which the pattern from a DM is composed with a matrix.
    const GRID: Pattern = c"petsc-rs.matrix.grid-pattern";
}

/// The storage of the values on this rank: for each serial part, the object, its nonzero state, and
/// the address and number of its values. Equal patterns mean equal addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<(sys::PetscObjectId, i64, usize, u64)>);

impl MatrixRef {
    /// Composes the current pattern with the matrix under a name. Not collective.
    pub(crate) fn remember_pattern(&self, key: &Attached<Pattern>) -> Result<()> {
        crate::not_collective!();
        if let Some(now) = Pattern::of(self)? {
            key.set(self, now)?;
        }
        Ok(())
    }

    /// Returns whether the pattern equals the one under a name on all ranks. Collective.
    pub(crate) fn is_pattern(&self, key: &Attached<Pattern>) -> Result<bool> {
        let same = match key.get(self)? {
            Some(then) => Some(then) == Pattern::of(self)?,
            None => false,
        };
        // Values may have moved on some ranks only.
        Ok(!comm::any_rank(self.object_ptr(), !same)?)
    }

    /// Records the pattern after a DM created the matrix: the coloring of the DM is valid for this
    /// pattern and not for a larger one. Not collective.
    pub(crate) fn remember_grid(&self) -> Result<()> {
        crate::not_collective!();
        if self.is_assembled()? {
            return self.remember_pattern(&GRID);
        }
        Ok(())
    }

    /// Returns whether the coloring of the DM is valid for the matrix. Otherwise PETSc would follow
    /// uninitialized pointers. Collective.
    pub(crate) fn has_grid_pattern(&self) -> Result<bool> {
        self.is_pattern(&GRID)
    }

    /// Records the pattern in a duplicate `new`. Collective.
    pub(crate) fn pass_on_grid(&self, new: &Self) -> Result<()> {
        if GRID.is_set(self)? && self.has_grid_pattern()? {
            return new.remember_grid();
        }
        Ok(())
    }

    /// Returns the object composed with the matrix under a name, or NULL.
    pub(crate) fn composed(&self, name: &CStr) -> Result<sys::PetscObject> {
        // SAFETY: a live object.
        unsafe { callback::composed(self.object_ptr(), name) }
    }
}

impl Pattern {
    /// Returns `None` for types whose values are not accessible.
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

/// Returns the address of the values of a serial matrix.
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
