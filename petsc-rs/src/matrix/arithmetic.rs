//! Arithmetic of matrices: sums, multiples, transposes, copies.

use petsc_macros::wraps;

use super::{Matrix, MatrixRef};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::{Scalar, call, create, sys};

/// Relation between the nonzero patterns of two matrices.
///
/// There is no variant that states that the patterns are equal: if they were not, PETSc would write
/// outside its arrays. With [`Unknown`](Self::Unknown), PETSc compares the index arrays to detect
/// equal patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[wraps(MatStructure)]
pub enum Structure {
    /// Unknown: PETSc compares the patterns, and uses the fastest algorithm if they are equal.
    Unknown,
    /// The pattern of the other matrix is a subset of the pattern of this one.
    Subset,
    /// The patterns differ.
    Different,
}

impl Structure {
    pub(super) fn to_raw(self) -> sys::MatStructure {
        match self {
            Self::Unknown => sys::UNKNOWN_NONZERO_PATTERN,
            Self::Subset => sys::SUBSET_NONZERO_PATTERN,
            Self::Different => sys::DIFFERENT_NONZERO_PATTERN,
        }
    }
}

impl MatrixRef {
    /// Computes `self ← self + alpha·x`. Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the sizes differ; `ARG_WRONGSTATE` before assembly.
    #[wraps(MatAXPY)]
    pub fn axpy(&mut self, alpha: Scalar, x: &Self, structure: Structure) -> Result<()> {
        self.check_sum(x)?;
        self.check_reads_rows(x, sys::MATOP_AXPY)?;
        // SAFETY: live, assembled matrices of equal layout (above) whose types have what MatAXPY calls.
        unsafe {
            call!(PetscRsMatAXPY(self.as_ptr(), &raw const alpha, x.as_ptr(), structure.to_raw()))
        }
    }

    /// Computes `self ← alpha·self + x`. Logically collective.
    #[wraps(MatAYPX, errors = axpy)]
    pub fn aypx(&mut self, alpha: Scalar, x: &Self, structure: Structure) -> Result<()> {
        self.check_sum(x)?;
        self.check_reads_rows(x, sys::MATOP_AXPY)?;
        // SAFETY: live, assembled matrices of equal layout (above) whose types have what MatAXPY calls.
        unsafe {
            call!(PetscRsMatAYPX(self.as_ptr(), &raw const alpha, x.as_ptr(), structure.to_raw()))
        }
    }

    /// Copies the entries of `x` to this matrix. Logically collective.
    ///
    /// # Errors
    /// See [`axpy`](Self::axpy); `ARG_INCOMP` if the nonzero pattern of this matrix does not
    /// contain that of `x`; `SUP` for a shell matrix, because closures cannot be copied.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let a = Matrix::from_dense(comm, 1, 1, &[5.0.into()])?;
    /// let mut b = a.duplicate()?;
    /// b.copy_from(&a)?;
    /// assert_eq!(b.norm(Norm::One)?, a.norm(Norm::One)?);
    /// # Ok(()) })
    /// ```
    #[wraps(MatCopy)]
    pub fn copy_from(&mut self, x: &Self) -> Result<()> {
        self.check_sum(x)?;
        if x.is_type("shell")? {
            // C would make this matrix call the functions of `x` on closures of other types.
            let text = "the closures of a shell matrix cannot be copied";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        if self.is_type("nest")? && x.is_type("nest")? {
            return self.copy_blocks(x);
        }
        self.check_copies(x)?;
        // SAFETY: live, assembled matrices of equal layout (above) whose types have what MatCopy calls; with this hint
        // nothing is claimed.
        unsafe { call!(MatCopy(x.as_ptr(), self.as_ptr(), sys::DIFFERENT_NONZERO_PATTERN)) }
    }

    fn check_sum(&self, x: &Self) -> Result<()> {
        self.check_same_layout(x)?;
        self.check_assembled()?;
        x.check_assembled()?;
        x.check_readable()?;
        self.check_writable()
    }

    /// Copies block by block: MatCopy of nested matrices dereferences missing blocks.
    fn copy_blocks(&mut self, x: &Self) -> Result<()> {
        let (rows, columns) = self.nest_size()?;
        let incompatible = || {
            let text = "the nested matrices have different blocks";
            Error::collective(ErrorCode::ARG_INCOMP, text)
        };
        if x.nest_size()? != (rows, columns) {
            return Err(incompatible());
        }
        for i in 0..rows {
            for j in 0..columns {
                match (self.nest_block_mut(i, j)?, x.nest_block(i, j)?) {
                    (Some(mut to), Some(from)) => to.copy_from(&from)?,
                    (None, None) => {}
                    _ => return Err(incompatible()),
                }
            }
        }
        Ok(())
    }

    /// For some types, the copy reads private data of the other matrix without checking its type.
    fn check_copies(&self, x: &Self) -> Result<()> {
        let (mine, other) = (self.type_name()?, x.type_name()?);
        let other = other.unwrap_or_default();
        let looks = ["aij", "baij", "sell", "seqdense"].iter().any(|end| other.ends_with(end));
        if mine.as_deref() != Some(&other) && !looks {
            let text =
                format!("a matrix of type {other} can be copied only to a matrix of the same type");
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        self.check_reads_rows(x, sys::MATOP_COPY)
    }

    /// Returns an error if C cannot add `x` to a duplicate of this matrix.
    ///
    /// # Errors
    /// `SUP` for types without the operations that `MatAXPY` calls.
    #[doc(hidden)]
    pub fn check_adds(&self, x: &Self) -> Result<()> {
        self.check_reads_rows(x, sys::MATOP_AXPY)
    }

    /// If a type cannot add two matrices of its own, C reads the rows of both and does not check
    /// that their types have rows. A shell matrix keeps `x` and calls it, so `x` must not call the
    /// shell.
    pub(super) fn check_reads_rows(&self, x: &Self, own: sys::MatOperation) -> Result<()> {
        if self.same_object(x) {
            return Ok(());
        }
        for matrix in [self, x] {
            // C creates blocks of nested matrices too, which it adds in the same way.
            // SAFETY: a live matrix.
            unsafe { call!(PetscRsMatRefuseRows(matrix.as_ptr())) }?;
        }
        let mine = self.type_name()?.unwrap_or_default();
        if mine == "shell" {
            return x.check_plain("a matrix added to a shell matrix");
        }
        if x.is_type(&mine)? && self.check_operation(own, "").is_ok() {
            return Ok(());
        }
        let function = "MatGetRow, which PETSc calls to add matrices of two types";
        x.check_operation(sys::MATOP_GET_ROW, function)?;
        if mine.ends_with("dense") {
            return Ok(());
        }
        self.check_operation(sys::MATOP_GET_ROW, function)
    }

    fn check_changeable(&self) -> Result<()> {
        self.check_assembled()?;
        self.check_writable()
    }

    /// Computes `A ← alpha·A`. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before assembly.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut a = Matrix::constant_diagonal(comm, 4, 3.0.into())?;
    /// a.scale(2.0.into())?;
    /// assert_eq!(a.norm(Norm::Infinity)?, 6.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatScale)]
    pub fn scale(&mut self, alpha: Scalar) -> Result<()> {
        self.check_changeable()?;
        // SAFETY: a live, assembled matrix.
        unsafe { call!(PetscRsMatScale(self.as_ptr(), &raw const alpha)) }
    }

    /// Computes `A ← A + alpha·I`. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before assembly; `ARG_SIZ` if the matrix is not square.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut a = Matrix::constant_diagonal(comm, 4, 3.0.into())?;
    /// a.shift((-1.0).into())?; // A - I
    /// assert_eq!(a.norm(Norm::Infinity)?, 2.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatShift)]
    pub fn shift(&mut self, alpha: Scalar) -> Result<()> {
        self.check_square()?;
        self.check_changeable()?;
        // SAFETY: a live, assembled, square matrix.
        unsafe { call!(PetscRsMatShift(self.as_ptr(), &raw const alpha)) }
    }

    /// Replaces each entry by its real part. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before assembly.
    #[wraps(MatRealPart)]
    pub fn real_part(&mut self) -> Result<()> {
        self.check_changeable()?;
        // SAFETY: a live, assembled matrix.
        unsafe { call!(MatRealPart(self.as_ptr())) }
    }

    /// Replaces each entry by its imaginary part (zero with real scalars). Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before assembly.
    #[wraps(MatImaginaryPart)]
    pub fn imaginary_part(&mut self) -> Result<()> {
        self.check_changeable()?;
        // SAFETY: a live, assembled matrix.
        unsafe { call!(MatImaginaryPart(self.as_ptr())) }
    }

    /// Replaces each entry by its conjugate. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before assembly.
    #[wraps(MatConjugate)]
    pub fn conjugate(&mut self) -> Result<()> {
        self.check_changeable()?;
        // SAFETY: a live, assembled matrix.
        unsafe { call!(MatConjugate(self.as_ptr())) }
    }

    /// Returns a new matrix `Aᵀ`. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before assembly; `SUP` for a type that does not support transposition.
    #[wraps(MatTranspose)]
    #[track_caller]
    pub fn transpose(&self) -> Result<Matrix> {
        self.check_assembled()?;
        // SAFETY: a live, assembled matrix; C creates a matrix.
        unsafe { create!(MatTranspose(self.as_ptr(), sys::MAT_INITIAL_MATRIX, _)) }
            .and_then(Matrix::complete)
    }

    /// Returns a new matrix `Aᴴ`, the conjugate transpose. Collective.
    #[wraps(MatHermitianTranspose, errors = transpose)]
    #[track_caller]
    pub fn hermitian_transpose(&self) -> Result<Matrix> {
        self.check_assembled()?;
        // SAFETY: a live, assembled matrix; C creates a matrix.
        unsafe { create!(MatHermitianTranspose(self.as_ptr(), sys::MAT_INITIAL_MATRIX, _)) }
            .and_then(Matrix::complete)
    }

    /// Computes `target ← Aᵀ` again, after the values of this matrix have changed. Collective.
    ///
    /// `target` must be a result of [`transpose`](Self::transpose) of this matrix.
    ///
    /// # Errors
    /// `ARG_WRONG` or `ARG_WRONGSTATE` if `target` is not the transpose of this matrix, or if the
    /// nonzero pattern of this matrix has changed.
    ///
    /// # Safety
    /// `target` must still have the nonzero pattern that [`transpose`](Self::transpose) created.
    /// PETSc writes to the positions of this pattern and does not check whether entries were added
    /// or removed.
    #[wraps(MatTranspose)]
    pub unsafe fn transpose_into(&self, target: &mut Matrix) -> Result<()> {
        self.check_assembled()?;
        target.check_writable()?;
        let mut raw = target.as_ptr();
        // SAFETY: live matrices; PETSc checks in every build that `target` came from this one and that the
        // places here are the same, and the caller vouches for those of `target`. The same pointer
        // comes back.
        unsafe { call!(MatTranspose(self.as_ptr(), sys::MAT_REUSE_MATRIX, &raw mut raw)) }
    }

    /// Computes `A ← Aᵀ` in place. Collective.
    ///
    /// # Errors
    /// See [`transpose`](Self::transpose); `ARG_WRONGSTATE` if entries are borrowed.
    #[wraps(MatTranspose)]
    pub fn transpose_in_place(&mut self) -> Result<()> {
        self.check_rebuild()?;
        self.check_changeable()?;
        self.forget_coo()?;
        let mut raw = self.as_ptr();
        // SAFETY: a live, assembled matrix that nobody borrows; the object keeps its address.
        unsafe { call!(MatTranspose(*self.busy()?, sys::MAT_INPLACE_MATRIX, &raw mut raw)) }
    }
}
