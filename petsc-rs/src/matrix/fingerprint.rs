//! Fingerprints: they identify the storage of a matrix at the time when coordinates, stored values
//! or a factor were created for it.
//!
//! PETSc keeps arrays whose lengths were determined at that time. Optimized builds do not compare
//! these lengths with the current matrix. This crate compares the fingerprints before PETSc uses
//! such an array.

use super::MatrixRef;
use crate::callback::Attached;
use crate::error::{Error, ErrorCode, Result};
use crate::{Object as _, call, sys};

/// Type, sizes and nonzero state of a matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    kind: Option<String>,
    local_size: (usize, usize),
    nonzero_state: i64,
    assembled: bool,
}

/// The key of a fingerprint and a number that a matrix owns.
pub(super) type Kept = Attached<(Fingerprint, usize)>;

impl MatrixRef {
    pub(super) fn fingerprint(&self) -> Result<Fingerprint> {
        Ok(Fingerprint {
            kind: self.type_name()?,
            local_size: self.local_size()?,
            nonzero_state: self.nonzero_state()?,
            assembled: self.is_assembled()?,
        })
    }

    /// Composes the current fingerprint and a number with the matrix.
    pub(super) fn keep_fingerprint(&self, key: &Kept, number: usize) -> Result<()> {
        key.set(self, (self.fingerprint()?, number))?;
        Ok(())
    }

    /// Returns the number that was stored with a fingerprint, or `None` without one.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the storage of the matrix has changed; the message begins with `what`.
    pub(super) fn kept_number(&self, key: &Kept, what: &str) -> Result<Option<usize>> {
        let Some((then, number)) = key.get(self)? else {
            return Ok(None);
        };
        then.check(&self.fingerprint()?, what)?;
        Ok(Some(number))
    }

    /// Removes what [`keep_fingerprint`](Self::keep_fingerprint) composed.
    pub(super) fn forget_fingerprint(&self, key: &Kept) -> Result<()> {
        key.clear(self)
    }

    /// Checks that the type of the matrix has an operation: some C functions call it through a NULL
    /// pointer.
    ///
    /// # Errors
    /// `SUP` if the type does not have the operation.
    pub(crate) fn check_operation(
        &self,
        operation: sys::MatOperation,
        function: &str,
    ) -> Result<()> {
        let mut has = crate::ffi::raw_bool(false);
        // SAFETY: a live matrix and a valid out-pointer.
        unsafe { call!(PetscRsMatHasOperation(self.as_ptr(), operation, &raw mut has)) }?;
        if crate::ffi::to_bool(has) {
            return Ok(());
        }
        let kind = self.type_name()?.unwrap_or_default();
        let text = format!("a matrix of type {kind} does not support {function}");
        Err(Error::collective(ErrorCode::SUP, text))
    }
}

impl Fingerprint {
    /// Compares the stored fingerprint with the current one.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if they differ; the message begins with `what`.
    pub(super) fn check(&self, now: &Self, what: &str) -> Result<()> {
        if self == now {
            return Ok(());
        }
        let text =
            format!("{what}: the type, the sizes or the nonzero pattern of the matrix has changed");
        Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
    }
}
