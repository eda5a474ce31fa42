//! Conversion between matrix types.

use petsc_macros::wraps;

use super::{Matrix, MatrixRef, MatrixType};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::{call, create, sys};

impl MatrixRef {
    /// Returns a new matrix of another type with the same entries; for the same type, a copy.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` for an unknown type; `SUP` if there is no conversion; `ARG_WRONGSTATE`
    /// before assembly.
    #[wraps(MatConvert)]
    #[track_caller]
    pub fn convert(&self, kind: MatrixType<'_>) -> Result<Matrix> {
        self.check_assembled()?;
        self.check_conversion(kind)?;
        self.check_readable()?;
        // SAFETY: a live, assembled matrix, a NUL-terminated name; C creates a matrix.
        let converted = unsafe {
            create!(MatConvert(self.as_ptr(), kind.as_ptr(), sys::MAT_INITIAL_MATRIX, _))
        }
        .and_then(Matrix::complete)?;
        // SAFETY: a live matrix that C created.
        unsafe { call!(PetscRsMatConverted(converted.as_ptr())) }?;
        Ok(converted)
    }

    /// Changes the type of this matrix. The new type is visible through all handles of the matrix,
    /// and to solvers that use it. Collective.
    ///
    /// # Errors
    /// See [`convert`](Self::convert); `ARG_WRONGSTATE` if entries are borrowed.
    #[wraps(MatConvert)]
    pub fn convert_in_place(&mut self, kind: MatrixType<'_>) -> Result<()> {
        self.check_assembled()?;
        self.check_rebuild()?;
        self.check_writable()?;
        let matrix = self.busy()?;
        self.check_conversion(kind)?;
        self.forget_coo()?;
        let before = self.nonzero_state()?;
        let mut raw = self.as_ptr();
        // SAFETY: a live, assembled matrix that nobody borrows; the object keeps its address.
        unsafe {
            call!(MatConvert(*matrix, kind.as_ptr(), sys::MAT_INPLACE_MATRIX, &raw mut raw))
        }?;
        // SAFETY: a live matrix that C converted.
        unsafe { call!(PetscRsMatConverted(*matrix)) }?;
        // SAFETY: a live matrix. Solvers keep factors of its old type unless this number changes.
        unsafe { call!(PetscRsMatRenew(*matrix, before)) }
    }

    /// C reads the blocks of a nested matrix by rows, and does not check that their types have
    /// rows.
    fn check_blocks_with_rows(&self) -> Result<()> {
        if !self.is_type("nest")? {
            return Ok(());
        }
        let (rows, columns) = self.nest_size()?;
        for i in 0..rows {
            for j in 0..columns {
                if let Some(block) = self.nest_block(i, j)? {
                    block.check_is_read_by_rows()?;
                }
            }
        }
        Ok(())
    }

    fn check_is_read_by_rows(&self) -> Result<()> {
        if self.is_type("transpose")? {
            // C transposes the matrix behind the view.
            return Ok(());
        }
        if self.is_type("nest")? {
            return self.check_blocks_with_rows();
        }
        self.check_operation(sys::MATOP_GET_ROW, "MatGetRow, which PETSc calls to read the blocks")
    }

    /// The general conversion to `is` crashes for types that have no conversion of their own.
    fn check_conversion(&self, kind: MatrixType<'_>) -> Result<()> {
        if kind.name().to_bytes().ends_with(b"sbaij") {
            // The generic conversion does not check this.
            self.check_square()?;
        }
        if kind.name() == c"blockmat" {
            let text = "PETSc allocates no storage for a matrix of type blockmat";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        if kind.name().to_bytes().ends_with(b"aijcrl") {
            let text = "PETSc cannot convert to type aijcrl: it would read the rows of the new matrix before it creates them";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        self.check_blocks_with_rows()?;
        if kind.name().to_bytes().ends_with(b"baij") {
            // C assembles a distributed matrix once more before it reads the rows.
            self.check_row_buffer()?;
        }
        if self.is_type("is")? && kind.name().to_bytes().ends_with(b"sbaij") {
            // C sets entries below the diagonal, and blocks of other sizes.
            let text = "a matrix of type is cannot be converted to type sbaij; convert it to baij";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        if kind.name() == MatrixType::SHELL.name() {
            // C keeps this matrix without a reference.
            let text =
                "a matrix cannot be converted to type shell: create an operator with Matrix::shell";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        if kind.name() == c"mpiadj" {
            return self.check_operation(
                sys::MATOP_GET_ROW,
                "MatGetRow, which PETSc calls to create the graph",
            );
        }
        if kind.name() != MatrixType::IS.name() {
            return Ok(());
        }
        let from = self.type_name()?.unwrap_or_default();
        if ["seqaij", "mpiaij", "seqbaij", "mpibaij", "nest", "is"].contains(&from.as_str()) {
            return Ok(());
        }
        let text = format!("a matrix of type {from} cannot be converted to type is");
        Err(Error::collective(ErrorCode::SUP, text))
    }
}
