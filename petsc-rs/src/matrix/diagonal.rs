//! The diagonal of a matrix, and diagonal scaling.

use std::ptr;

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::Result;
use crate::vector::{InsertMode, VectorRef};
use crate::{call, sys};

impl MatrixRef {
    /// Copies the diagonal to `diagonal`. Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if `diagonal` does not have one entry for each row; `ARG_WRONGSTATE` before
    /// assembly.
    #[wraps(MatGetDiagonal)]
    pub fn diagonal(&self, diagonal: &mut VectorRef) -> Result<()> {
        self.check_left(diagonal)?;
        self.check_square()?;
        self.check_assembled()?;
        diagonal.check_writable()?;
        // SAFETY: live objects that fit (above).
        unsafe { call!(MatGetDiagonal(self.as_ptr(), diagonal.as_ptr())) }
    }

    /// Removes from this matrix the operation that returns the diagonal. Logically collective.
    ///
    /// Use this to test programs with matrices that have no diagonal, such as user-defined types.
    /// The operation cannot be restored.
    #[wraps(MatSetOperation)]
    pub fn forget_diagonal(&mut self) -> Result<()> {
        let (a, operation) = (self.as_ptr(), sys::MATOP_GET_DIAGONAL);
        // SAFETY: a live matrix with a type; MatGetDiagonal looks for the operation in every build.
        unsafe { call!(MatSetOperation(a, operation, None)) }
    }

    /// Replaces the diagonal or adds to it. Diagonal entries that are not stored yet are created.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the matrix is not square or the length of the vector does not match;
    /// `ARG_OUTOFRANGE` if a new entry was not preallocated.
    #[wraps(MatDiagonalSet)]
    pub fn set_diagonal(&mut self, diagonal: &VectorRef, mode: InsertMode) -> Result<()> {
        self.check_left(diagonal)?;
        self.check_square()?;
        diagonal.check_readable()?;
        self.check_writable()?;
        // SAFETY: live objects that fit (above).
        unsafe { call!(MatDiagonalSet(self.as_ptr(), diagonal.as_ptr(), mode.to_raw())) }
    }

    /// Computes `A ← diag(left)·A·diag(right)`. `None` means a vector of ones. Logically
    /// collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the length of a vector does not match; `ARG_WRONGSTATE` before assembly; `SUP`
    /// if the vectors differ and the storage is symmetric.
    #[wraps(MatDiagonalScale)]
    pub fn diagonal_scale(
        &mut self,
        left: Option<&VectorRef>,
        right: Option<&VectorRef>,
    ) -> Result<()> {
        self.check_assembled()?;
        self.check_writable()?;
        let (mut l, mut r): (sys::Vec, sys::Vec) = (ptr::null_mut(), ptr::null_mut());
        if let Some(left) = left {
            self.check_left(left)?;
            left.check_readable()?;
            l = left.as_ptr();
        }
        if let Some(right) = right {
            self.check_right(right)?;
            right.check_readable()?;
            r = right.as_ptr();
        }
        // SAFETY: live objects that fit, or NULL, which sbaij refuses (`mat_sbaij_scale.c`).
        unsafe { call!(MatDiagonalScale(self.as_ptr(), l, r)) }
    }
}
