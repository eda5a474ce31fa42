//! The storage that a plan, a copy of values or a factor was made for.
//!
//! PETSc keeps arrays of the length that the matrix had when they were made, and optimised builds do not compare
//! that length with the matrix of today. What is kept here is compared before such an array is used.

use std::ffi::CStr;

use super::MatrixRef;
use crate::callback::{self, Context};
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

impl MatrixRef {
    pub(super) fn fingerprint(&self) -> Result<Fingerprint> {
        Ok(Fingerprint {
            kind: self.type_name()?,
            local_size: self.local_size()?,
            nonzero_state: self.nonzero_state()?,
            assembled: self.is_assembled()?,
        })
    }

    /// Keeps the fingerprint of now, and a number beside it, with the matrix.
    pub(super) fn keep_fingerprint(&self, name: &CStr, number: usize) -> Result<()> {
        let now = self.fingerprint()?;
        // SAFETY: a live object.
        unsafe { callback::compose(self.object_ptr(), name, (now, number)) }?;
        Ok(())
    }

    /// The number that was kept with a fingerprint, `None` without one.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the storage of the matrix is another one now; the text starts with `what`.
    pub(super) fn kept_number(&self, name: &CStr, what: &str) -> Result<Option<usize>> {
        let container = self.composed(name)?;
        if container.is_null() {
            return Ok(None);
        }
        let mut ctx = std::ptr::null_mut();
        // SAFETY: under such a name lies a container of `keep_fingerprint`; a valid out-pointer.
        unsafe { call!(PetscRsContainerGetPointer(container, &raw mut ctx)) }?;
        let now = self.fingerprint()?;
        // SAFETY: its pointer is the context made there.
        unsafe {
            Context::<(Fingerprint, usize)>::with(ctx, |(then, number)| {
                then.check(&now, what)?;
                Ok(Some(*number))
            })
        }
    }

    /// Removes what [`keep_fingerprint`](Self::keep_fingerprint) kept.
    pub(super) fn forget_fingerprint(&self, name: &CStr) -> Result<()> {
        // SAFETY: a live object and a NUL-terminated name; NULL removes what is there.
        unsafe {
            call!(PetscObjectCompose(
                self.object_ptr(),
                name.as_ptr(),
                std::ptr::null_mut()
            ))
        }
    }

    /// C is asked whether the type of the matrix has an operation: some functions call it through a NULL pointer.
    ///
    /// # Errors
    /// `SUP` if it has not.
    pub(crate) fn check_operation(
        &self,
        operation: sys::MatOperation,
        function: &str,
    ) -> Result<()> {
        let mut has = crate::ffi::raw_bool(false);
        // SAFETY: a live matrix and a valid out-pointer.
        unsafe {
            call!(PetscRsMatHasOperation(
                self.as_ptr(),
                operation,
                &raw mut has
            ))
        }?;
        if crate::ffi::to_bool(has) {
            return Ok(());
        }
        let kind = self.type_name()?.unwrap_or_default();
        let text = format!("a matrix of type {kind} has no {function}");
        Err(Error::collective(ErrorCode::SUP, text))
    }
}

impl Fingerprint {
    /// Compares what was kept with the matrix of now.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if they differ; the text starts with `what`.
    pub(super) fn check(&self, now: &Self, what: &str) -> Result<()> {
        if self == now {
            return Ok(());
        }
        let text = format!(
            "{what}: the type, the sizes or the nonzero pattern of the matrix changed since"
        );
        Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
    }
}
