//! Entries by global index, and assembly.

use std::ffi::CStr;
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

/// The storage of which `store_values` keeps a copy.
const STORED: &CStr = c"petsc-rs.stored";

/// An assembly on its way, see [`MatrixRef::assemble_begin`]. Dropping it finishes it.
#[derive(Debug)]
#[must_use = "the entries arrive in `finish`"]
pub struct Assembly<'a> {
    /// Keeps the matrix alive if this is forgotten: MPI may still write to its buffers.
    matrix: Option<Held>,
    kind: sys::MatAssemblyType,
    _borrow: ffi::Borrows,
    _lifetime: PhantomData<&'a mut MatrixRef>,
}

impl MatrixRef {
    /// Sets a dense block of entries, `values` row by row: entry `(rows[i], columns[j])` gets
    /// `values[i·columns.len() + j]`. Entries of other ranks are sent by
    /// [`assemble`](Self::assemble). A negative index is skipped, which lets elements leave out
    /// unknowns on a boundary. Not collective.
    ///
    /// Many small calls are faster through [`assembler`](Self::assembler).
    ///
    /// # Errors
    /// `ARG_SIZ` if the number of values is not the product, `ARG_OUTOFRANGE` for an index beyond
    /// the matrix, `ARG_WRONGSTATE` after the other mode without assembly between.
    #[wraps(MatSetValues)]
    #[inline]
    pub fn set_values(
        &mut self,
        rows: &[Int],
        columns: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        crate::not_collective!();
        ffi::same_len("values", rows.len() * columns.len(), values.len())?;
        let (limit_rows, limit_columns) = self.raw_size()?;
        if !below(rows, limit_rows) || !below(columns, limit_columns) {
            return Err(beyond(rows, columns, limit_rows, limit_columns));
        }
        self.check_block(rows, columns)?;
        self.check_writable()?;
        let (m, n) = (ffi::petsc_int(rows.len())?, ffi::petsc_int(columns.len())?);
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

    /// Sets one entry. As [`set_values`](Self::set_values). Not collective.
    ///
    /// # Errors
    /// As [`set_values`](Self::set_values).
    #[wraps(MatSetValue)]
    #[inline(always)]
    pub fn set_value(
        &mut self,
        row: Int,
        column: Int,
        value: Scalar,
        mode: InsertMode,
    ) -> Result<()> {
        crate::not_collective!();
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

    /// Sets a dense block of blocks: `rows` and `columns` count blocks of
    /// [`block_sizes`](Self::block_sizes); `values` is the dense matrix of all their entries, row by
    /// row. Negative indices are skipped. Not collective.
    ///
    /// # Errors
    /// As [`set_values`](Self::set_values), with block indices.
    #[wraps(MatSetValuesBlocked)]
    pub fn set_values_blocked(
        &mut self,
        rows: &[Int],
        columns: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        crate::not_collective!();
        let (bm, bn) = self.block_sizes()?;
        let expected = rows.len() * bm * columns.len() * bn;
        ffi::same_len("values", expected, values.len())?;
        let (m, n) = self.raw_size()?;
        let (m, n) = (m / ffi::petsc_int(bm)?, n / ffi::petsc_int(bn)?);
        if !below(rows, m) || !below(columns, n) {
            return Err(beyond(rows, columns, m, n));
        }
        self.check_block(rows, columns)?;
        self.check_writable()?;
        let (m, n) = (ffi::petsc_int(rows.len())?, ffi::petsc_int(columns.len())?);
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

    /// Sets all stored entries to zero and keeps their places. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if entries are borrowed.
    #[wraps(MatZeroEntries)]
    pub fn zero_entries(&mut self) -> Result<()> {
        self.check_writable()?;
        // SAFETY: a live matrix whose entries nobody borrows (above).
        unsafe { call!(MatZeroEntries(self.as_ptr())) }
    }

    /// Completes the matrix: sends the entries set for other ranks and builds the storage.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if ranks mixed insertion and addition, or entries are borrowed.
    #[wraps(MatAssemblyBegin)]
    pub fn assemble(&mut self) -> Result<()> {
        self.begin(sys::MAT_FINAL_ASSEMBLY)?.finish()
    }

    /// Begins what [`assemble`](Self::assemble) does, so that the program can compute while entries
    /// travel. Collective.
    ///
    /// # Errors
    /// As [`assemble`](Self::assemble).
    #[wraps(MatAssemblyBegin)]
    pub fn assemble_begin(&mut self) -> Result<Assembly<'_>> {
        self.begin(sys::MAT_FINAL_ASSEMBLY)
    }

    /// Sends entries set for other ranks without completing the matrix: needed between insertion and
    /// addition. Collective.
    ///
    /// # Errors
    /// As [`assemble`](Self::assemble).
    #[wraps(MAT_FLUSH_ASSEMBLY)]
    pub fn flush_assembly(&mut self) -> Result<()> {
        self.begin(sys::MAT_FLUSH_ASSEMBLY)?.finish()
    }

    fn begin(&mut self, kind: sys::MatAssemblyType) -> Result<Assembly<'_>> {
        let borrow = self.borrow(ffi::Access::Write)?;
        let matrix = Held::new(self)?;
        // SAFETY: a live matrix whose entries nobody borrows (above).
        unsafe { call!(MatAssemblyBegin(self.as_ptr(), kind)) }?;
        Ok(Assembly {
            matrix: Some(matrix),
            kind,
            _borrow: borrow,
            _lifetime: PhantomData,
        })
    }

    /// Takes the room for entries back to what was preallocated, after an assembly that gave up what was not
    /// used, so that other places can be filled; all entries are zero afterwards. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` for another type than `aij`; `SUP` while entries wait for assembly; `ARG_NULL` if
    /// the matrix was not preallocated.
    #[wraps(MatResetPreallocation)]
    pub fn reset_preallocation(&mut self) -> Result<()> {
        if !self.is_type("seqaij")? && !self.is_type("mpiaij")? {
            return Err(Error::new(
                ErrorCode::ARG_NOTSAMETYPE,
                "only a matrix of type aij remembers its preallocation",
            ));
        }
        self.check_writable()?;
        if self.is_type("mpiaij")? {
            self.reset_own_part()?;
        }
        self.forget_coo()?;
        // SAFETY: a live matrix of type `aij` (above) whose entries nobody borrows, and whose part remembers its
        // preallocation.
        unsafe { call!(MatResetPreallocation(self.as_ptr())) }
    }

    /// C drops what products need before it asks the parts of this rank, which remember nothing in a duplicate, and
    /// are errors without room.
    fn reset_own_part(&self) -> Result<()> {
        let (mut own, mut others, none) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live matrix of this type (by the caller) and valid out-pointers; the last may be NULL.
        unsafe {
            call!(MatMPIAIJGetSeqAIJ(
                self.as_ptr(),
                &raw mut own,
                &raw mut others,
                none
            ))
        }?;
        let forgotten = || {
            let text = "the matrix was not preallocated, with room in both parts";
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
            unsafe { call!(MatResetPreallocation(part)) }
        });
        if comm::any_rank(self.object_ptr(), outcome.is_err())? {
            return Err(forgotten());
        }
        Ok(())
    }

    /// Keeps a copy of the values for [`retrieve_values`](Self::retrieve_values); needs the option
    /// [`NewNonzeroLocations`](super::MatrixOption::NewNonzeroLocations) to be false. Logically
    /// collective.
    ///
    /// # Errors
    /// `ORDER` if new entries are allowed, `SUP` for a type without it.
    #[wraps(MatStoreValues)]
    pub fn store_values(&mut self) -> Result<()> {
        self.check_assembled()?;
        let symmetric = self
            .type_name()?
            .is_some_and(|name| name.ends_with("sbaij"));
        if symmetric && self.block_sizes()?.0 > 1 {
            // C takes the number of rows for that of rows of blocks.
            let text = "values of a matrix of type sbaij in blocks cannot be stored";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        // SAFETY: a live, assembled matrix.
        unsafe { call!(MatStoreValues(self.as_ptr())) }?;
        self.keep_fingerprint(STORED, 0)
    }

    /// Brings back the values that [`store_values`](Self::store_values) kept. Logically collective.
    ///
    /// # Errors
    /// `ORDER` if none were kept; `ARG_WRONGSTATE` if the nonzero pattern or the type of the matrix changed since.
    #[wraps(MatRetrieveValues)]
    pub fn retrieve_values(&mut self) -> Result<()> {
        self.check_assembled()?;
        self.check_writable()?;
        if self
            .kept_number(STORED, "the values of store_values")?
            .is_none()
        {
            let text = "store_values comes before retrieve_values";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        // SAFETY: a live, assembled matrix whose entries nobody borrows, and whose pattern is that of the values
        // that it keeps (above).
        unsafe { call!(MatRetrieveValues(self.as_ptr())) }
    }
}

/// Whether a part of a matrix has room for entries in its rows.
fn has_room(part: &MatrixRef) -> Result<bool> {
    Ok(part.local_size()?.0 == 0 || part.info(Scope::Local)?.allocated > 0.0)
}

impl Assembly<'_> {
    /// Waits for the entries and completes the matrix. Collective.
    ///
    /// # Errors
    /// What `MatAssemblyEnd` returns.
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
            // The other ranks may not come along, so MPI keeps the buffers, and they their matrix.
            matrix.leak();
        }
    }
}

/// Assembles the operator `a` if it is not the matrix `p`: assembly updates the base point of a matrix-free operator.
/// Collective.
pub(crate) fn assemble_other(a: &mut MatrixRef, p: &MatrixRef) -> Result<()> {
    if a.as_ptr() == p.as_ptr() {
        return Ok(());
    }
    a.assemble()
}
