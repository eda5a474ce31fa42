//! Setting entries by global index, and assembly.

use std::marker::PhantomData;
use std::ptr;

use petsc_macros::wraps;

use super::assembler::{below, beyond, entry_beyond};
use super::{MatrixRef, Scope};
use crate::error::{Error, ErrorCode, Result};
use crate::object::{Held, Object as _};
use crate::runtime::{self, DropMode};
use crate::vector::InsertMode;
use crate::{Int, Scalar, call, comm, ffi, sys};

crate::attached! {
    /// Name under which `store_values` records the nonzero state of the stored values.
    const STORED: (super::fingerprint::Fingerprint, usize) = c"petsc-rs.stored";
}

/// An assembly in progress. See [`MatrixRef::assemble_begin`]. Dropping it finishes the assembly.
#[derive(Debug)]
#[must_use = "the entries arrive in `finish`"]
pub struct Assembly<'a> {
    /// Keeps the matrix alive if the guard is forgotten: MPI may still write to the buffers of the
    /// matrix.
    matrix: Option<Held>,
    kind: sys::MatAssemblyType,
    _borrow: ffi::Borrows,
    _lifetime: PhantomData<&'a mut MatrixRef>,
}

impl MatrixRef {
    /// Sets a dense block of entries in row-major order: `values[i·columns.len() + j]` is the value
    /// of entry `(rows[i], columns[j])`.
    ///
    /// [`assemble`](Self::assemble) sends entries of other ranks to their owners. Negative indices
    /// are skipped; finite-element programs use them to omit unknowns on a boundary.
    ///
    /// For many small calls, [`assembler`](Self::assembler) is faster.
    ///
    /// # Errors
    /// `ARG_SIZ` if the number of values is not the product of the numbers of rows and columns;
    /// `ARG_OUTOFRANGE` for an index outside the matrix; `ARG_WRONGSTATE` if entries were set in
    /// the other mode since the last assembly.
    ///
    /// # Examples
    /// A finite element on unknowns 0 and 1 adds its stiffness matrix:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut a = Matrix::builder(comm).global_size(3, 3).build()?;
    /// if comm.rank() == 0 {
    ///     let stiffness = [1.0, -1.0, -1.0, 1.0].map(Scalar::from_real);
    ///     a.set_values(&[0, 1], &[0, 1], &stiffness, InsertMode::Add)?;
    /// }
    /// a.assemble()?;
    /// assert_eq!(a.norm(Norm::Frobenius)?, 2.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatSetValues, not_collective)]
    #[inline]
    pub fn set_values(
        &mut self,
        rows: &[Int],
        columns: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        let (m, n) = self.check_values(rows, columns, values, (1, 1), self.raw_size()?)?;
        self.check_writable()?;
        // SAFETY: `values` holds m·n entries and all indices are below the sizes (above), which not
        // every type checks.
        unsafe {
            call!(MatSetValues(
                self.as_ptr(),
                m,
                rows.as_ptr(),
                n,
                columns.as_ptr(),
                values.as_ptr(),
                mode.to_raw()
            ))
        }
    }

    /// Sets one entry. See [`set_values`](Self::set_values).
    ///
    /// # Examples
    /// See [`ownership_range`](Self::ownership_range); for a tridiagonal matrix,
    /// [`Builder::preallocate`](super::Builder::preallocate).
    #[wraps(MatSetValue, not_collective, errors = set_values)]
    #[inline(always)]
    pub fn set_value(
        &mut self,
        row: Int,
        column: Int,
        value: Scalar,
        mode: InsertMode,
    ) -> Result<()> {
        let (m, n) = self.raw_size()?;
        if row >= m || column >= n {
            return Err(entry_beyond(row, column, m, n));
        }
        self.check_writable()?;
        // SAFETY: one index each below the sizes (above) and one value.
        unsafe {
            call!(MatSetValues(
                self.as_ptr(),
                1,
                &raw const row,
                1,
                &raw const column,
                &raw const value,
                mode.to_raw()
            ))
        }
    }

    /// Sets a dense block of blocks.
    ///
    /// `rows` and `columns` are block indices; the size of a block is
    /// [`block_sizes`](Self::block_sizes). `values` contains the entries of all blocks as one dense
    /// matrix in row-major order. Negative indices are skipped.
    ///
    /// # Errors
    /// See [`set_values`](Self::set_values), with block indices.
    #[wraps(MatSetValuesBlocked, not_collective)]
    pub fn set_values_blocked(
        &mut self,
        rows: &[Int],
        columns: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        let size = self.block_sizes()?;
        let (m, n) = self.check_values(rows, columns, values, size, self.raw_size()?)?;
        self.check_writable()?;
        // SAFETY: `values` holds an entry for each place and all blocks are in the matrix (above).
        unsafe {
            call!(MatSetValuesBlocked(
                self.as_ptr(),
                m,
                rows.as_ptr(),
                n,
                columns.as_ptr(),
                values.as_ptr(),
                mode.to_raw()
            ))
        }
    }

    /// Checks a dense block of blocks of this size: the number of values, and the indices of blocks
    /// against the numbers of entries. Returns the numbers of block rows and columns.
    #[inline]
    pub(super) fn check_values(
        &self,
        rows: &[Int],
        columns: &[Int],
        values: &[Scalar],
        (bm, bn): (usize, usize),
        (m, n): (Int, Int),
    ) -> Result<(Int, Int)> {
        ffi::same_len("number of values", rows.len() * bm * columns.len() * bn, values.len())?;
        let (m, n) = (m / ffi::petsc_int(bm)?, n / ffi::petsc_int(bn)?);
        if !below(rows, m) || !below(columns, n) {
            return Err(beyond(rows, columns, m, n));
        }
        self.check_block(rows, columns)?;
        Ok((ffi::petsc_int(rows.len())?, ffi::petsc_int(columns.len())?))
    }

    /// Sets all stored entries to zero and keeps the nonzero pattern. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if entries are borrowed.
    #[wraps(MatZeroEntries)]
    pub fn zero_entries(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live matrix whose entries nobody borrows (above).
        unsafe { call!(MatZeroEntries(self.as_ptr())) }
    }

    /// Assembles the matrix: sends entries of other ranks to their owners and builds the final
    /// storage. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if some ranks inserted entries and others added entries, or if entries are
    /// borrowed.
    ///
    /// # Examples
    /// Every rank adds to row 0, which belongs to rank 0:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut a = Matrix::builder(comm).global_size(4, 4).build()?;
    /// a.set_value(0, 3, 1.0.into(), InsertMode::Add)?;
    /// a.assemble()?;
    /// assert!(a.is_assembled()?);
    /// assert_eq!(a.norm(Norm::Infinity)?, f64::from(comm.size()));
    /// # Ok(()) })
    /// ```
    #[wraps(MatAssemblyBegin)]
    pub fn assemble(&mut self) -> Result<()> {
        self.begin(sys::MAT_FINAL_ASSEMBLY)?.finish()
    }

    /// Starts [`assemble`](Self::assemble), so that the program can compute during the
    /// communication. Collective.
    #[wraps(MatAssemblyBegin, errors = assemble)]
    pub fn assemble_begin(&mut self) -> Result<Assembly<'_>> {
        self.begin(sys::MAT_FINAL_ASSEMBLY)
    }

    /// Sends entries of other ranks to their owners without the final assembly. Collective.
    ///
    /// Call this method between the insertion and the addition of entries.
    #[wraps(MAT_FLUSH_ASSEMBLY, errors = assemble)]
    pub fn flush_assembly(&mut self) -> Result<()> {
        self.begin(sys::MAT_FLUSH_ASSEMBLY)?.finish()
    }

    fn begin(&mut self, kind: sys::MatAssemblyType) -> Result<Assembly<'_>> {
        let borrow = self.borrow(ffi::Access::Write)?;
        let matrix = Held::new(self)?;
        // SAFETY: a live matrix whose entries nobody borrows (above).
        unsafe { call!(MatAssemblyBegin(self.as_ptr(), kind)) }?;
        Ok(Assembly { matrix: Some(matrix), kind, _borrow: borrow, _lifetime: PhantomData })
    }

    /// Restores the preallocation that assembly has freed, so that a different nonzero pattern can
    /// be set. All entries become zero. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` for a type other than `aij`; `SUP` if entries were set since the last
    /// assembly; `ARG_NULL` if the matrix was not preallocated.
    #[wraps(MatResetPreallocation)]
    pub fn reset_preallocation(&mut self) -> Result<()> {
        if !self.is_type("seqaij")? && !self.is_type("mpiaij")? {
            return Err(Error::new(
                ErrorCode::ARG_NOTSAMETYPE,
                "only a matrix of type aij can reset its preallocation",
            ));
        }
        self.check_writable()?;
        if self.is_type("mpiaij")? {
            self.reset_own_part()?;
        }
        self.forget_coo()?;
        // SAFETY: a live matrix of type `aij` (above) whose entries nobody borrows, and whose part remembers its
        // preallocation.
        unsafe { call!(PetscRsMatResetPreallocation(self.as_ptr())) }
    }

    /// C removes the data of products first, then resets the parts of this rank. In a duplicate,
    /// these parts are not preallocated, and C fails for such a part.
    fn reset_own_part(&self) -> Result<()> {
        let (mut own, mut others, none) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live matrix of this type (by the caller) and valid out-pointers; the last may be NULL.
        unsafe { call!(MatMPIAIJGetSeqAIJ(self.as_ptr(), &raw mut own, &raw mut others, none)) }?;
        let forgotten = || {
            let text = "the matrix was not preallocated with entries in both its diagonal and its off-diagonal part";
            Error::collective(ErrorCode::ARG_NULL, text)
        };
        let parts = [others, own];
        let room = parts.iter().all(|&part| {
            // SAFETY: NULL (looked at first), or a live part of the matrix.
            !part.is_null() && has_room(unsafe { MatrixRef::from_ptr(part) }).unwrap_or(false)
        });
        if comm::any_rank(self.object_ptr(), !room)? {
            return Err(forgotten());
        }
        let outcome = parts.into_iter().try_for_each(|part| {
            // SAFETY: a live part of the matrix, whose entries nobody borrows.
            unsafe { call!(PetscRsMatResetPreallocation(part)) }
        });
        if comm::any_rank(self.object_ptr(), outcome.is_err())? {
            return Err(forgotten());
        }
        Ok(())
    }

    /// Stores a copy of the values for [`retrieve_values`](Self::retrieve_values). Logically
    /// collective.
    ///
    /// The option [`NewNonzeroLocations`](super::MatrixOption::NewNonzeroLocations) must be false.
    ///
    /// # Errors
    /// `ORDER` if new entries are allowed; `SUP` for a type that does not support this.
    #[wraps(MatStoreValues)]
    pub fn store_values(&mut self) -> Result<()> {
        self.check_assembled()?;
        let symmetric = self.type_name()?.is_some_and(|name| name.ends_with("sbaij"));
        if symmetric && self.block_sizes()?.0 > 1 {
            // C uses the number of rows in place of the number of block rows.
            let text =
                "values of a matrix of type sbaij with a block size above 1 cannot be stored";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        // SAFETY: a live, assembled matrix.
        unsafe { call!(MatStoreValues(self.as_ptr())) }?;
        self.keep_fingerprint(&STORED, 0)
    }

    /// Restores the values stored by [`store_values`](Self::store_values). Logically collective.
    ///
    /// # Errors
    /// `ORDER` if no values were stored; `ARG_WRONGSTATE` if the nonzero pattern or the type of the
    /// matrix has changed since then.
    #[wraps(MatRetrieveValues)]
    pub fn retrieve_values(&mut self) -> Result<()> {
        self.check_assembled()?;
        self.check_writable()?;
        if self.kept_number(&STORED, "the values of store_values")?.is_none() {
            let text = "call store_values before retrieve_values";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        // SAFETY: a live, assembled matrix whose entries nobody borrows, and whose pattern is that of the values
        // that it keeps (above).
        unsafe { call!(MatRetrieveValues(self.as_ptr())) }
    }
}

/// Returns whether the rows of a part of a matrix are preallocated.
fn has_room(part: &MatrixRef) -> Result<bool> {
    Ok(part.local_size()?.0 == 0 || part.info(Scope::Local)?.allocated > 0.0)
}

impl Assembly<'_> {
    /// Waits for the entries from other ranks and completes the assembly. Collective.
    #[wraps(MatAssemblyEnd)]
    pub fn finish(mut self) -> Result<()> {
        match self.matrix.take() {
            // SAFETY: a live matrix whose assembly has begun in this mode.
            Some(a) => unsafe { call!(MatAssemblyEnd(a.object().cast(), self.kind)) },
            None => Ok(()),
        }
    }
}

impl Drop for Assembly<'_> {
    fn drop(&mut self) {
        let Some(matrix) = self.matrix.take() else {
            return;
        };
        if runtime::drop_mode() == DropMode::Now {
            // SAFETY: a live matrix whose assembly has begun in this mode.
            let code = unsafe { sys::MatAssemblyEnd(matrix.object().cast(), self.kind) };
            runtime::record_drop("MatAssemblyEnd", code);
        } else {
            // The other ranks may not take part, so MPI keeps the buffers, and the buffers keep
            // their matrix.
            matrix.leak();
        }
    }
}

/// Assembles the operator `a` if it is not the matrix `p`. Collective. Assembly updates the base point of a matrix-free
/// operator.
pub(crate) fn assemble_other(a: &mut MatrixRef, p: &MatrixRef) -> Result<()> {
    if a.as_ptr() == p.as_ptr() {
        return Ok(());
    }
    a.assemble()
}
