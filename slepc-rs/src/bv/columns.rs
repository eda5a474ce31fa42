//! Columns as vectors: borrowed or copied.

use std::marker::PhantomData;
use std::ptr;

use petsc_macros::wraps;
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi};

use super::BvRef;
use super::state::mending;
use crate::base::lent::{self, Lent};
use crate::sys;

lent::guards! {
    /// A column borrowed for reading, see [`BvRef::column`].
    Column,
    /// A column borrowed for writing, see [`BvRef::column_mut`].
    ColumnMut;
    BvRef lends VectorRef (sys::_p_Vec)
}

fn lend(basis: &BvRef, j: usize) -> Result<Lent<'_, BvRef, sys::_p_Vec>> {
    if basis.is_type("vecs")? {
        // When a matrix view ends, SLEPc writes all columns.
        // SAFETY: a live basis.
        unsafe { call!(PetscRsBVCheckView(basis.as_ptr())) }?;
    }
    let (j, mut raw) = (basis.column_index(j)?, ptr::null_mut());
    // SAFETY: a live basis with this column (above) and a valid out-pointer; SLEPc refuses a column
    // that is already borrowed.
    unsafe { call!(BVGetColumn(basis.as_ptr(), j, &raw mut raw)) }?;
    Ok(Lent::new(basis, j, raw, "BVRestoreColumn", |basis, j, raw| {
        // SAFETY: `raw` came from BVGetColumn of this column.
        unsafe { sys::BVRestoreColumn(basis.as_ptr(), j, raw) }
    }))
}

impl BvRef {
    /// Borrows column `j` for reading. At most two columns can be borrowed at the same time.
    /// Logically collective.
    ///
    /// While a column is borrowed, operations on the basis that need this column return an error.
    /// Operations that borrow a column themselves (such as [`dot_column`](Self::dot_column)) also
    /// return an error while two columns are borrowed.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the column does not exist; `SUP` if it is borrowed already, or if two
    /// other columns are borrowed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Scalar, ScalarExt};
    /// use slepc_rs::bv::{Bv, BvType};
    /// let mut basis = Bv::new(comm, 4, 2, BvType::SVEC)?;
    /// basis.column_mut(1)?.set(Scalar::from_real(3.0))?;
    /// assert_eq!(basis.column(1)?.norm(Norm::Two)?, 6.0);
    /// assert!(basis.column(2).is_err());
    /// # Ok(()) })
    /// ```
    #[wraps(BVGetColumn, BVRestoreColumn)]
    pub fn column(&self, j: usize) -> Result<Column<'_>> {
        Ok(Column { lent: lend(self, j)? })
    }

    /// Borrows column `j` for writing. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the column does not exist.
    #[wraps(BVGetColumn)]
    pub fn column_mut(&mut self, j: usize) -> Result<ColumnMut<'_>> {
        Ok(ColumnMut { lent: lend(self, j)?, _exclusive: PhantomData })
    }

    /// Borrows two columns for writing: `let (v, mut w) = basis.columns_mut(j, j + 1)?`. Logically
    /// collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a column does not exist; `ARG_IDN` if `i` and `j` are equal.
    pub fn columns_mut(&mut self, i: usize, j: usize) -> Result<(ColumnMut<'_>, ColumnMut<'_>)> {
        if i == j {
            let text = format!("column {i} cannot be borrowed twice: i and j must differ");
            return Err(Error::new(ErrorCode::ARG_IDN, text));
        }
        let basis = &*self;
        let column =
            |j| Ok::<_, Error>(ColumnMut { lent: lend(basis, j)?, _exclusive: PhantomData });
        Ok((column(i)?, column(j)?))
    }

    /// Copies a vector into column `j`. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the column does not exist; `ARG_SIZ` if the sizes of the vector do not
    /// match.
    #[wraps(BVInsertVec)]
    pub fn insert_vector(&mut self, j: usize, vector: &VectorRef) -> Result<()> {
        self.check_writable()?;
        let j = self.column_index(j)?;
        self.check_fit(&[vector])?;
        vector.check_readable()?;
        // SAFETY: live objects that fit (above).
        unsafe { call!(BVInsertVec(*self.busy()?, j, vector.as_ptr())) }
    }

    /// Copies vectors into the columns from `start` on and returns the number of columns filled.
    /// Collective.
    ///
    /// With `orthonormalize`, each vector is orthonormalized against all columns before it; a
    /// vector that depends linearly on them is skipped.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the columns do not exist; `ARG_SIZ` if the sizes of a vector do not
    /// match.
    #[wraps(BVInsertVecs)]
    pub fn insert_vectors(
        &mut self,
        start: usize,
        vectors: &[&VectorRef],
        orthonormalize: bool,
    ) -> Result<usize> {
        self.check_writable()?;
        let Some(last) = vectors.len().checked_sub(1) else {
            return Ok(0);
        };
        self.column_index(start.saturating_add(last))?;
        let start = ffi::petsc_int(start)?;
        let (mut n, mut raw) = self.check_fit(vectors)?;
        for vector in vectors {
            vector.check_readable()?;
        }
        mending(&[self], || {
            let (out, vectors, orth) =
                (&raw mut n, raw.as_mut_ptr(), ffi::raw_bool(orthonormalize));
            // SAFETY: live objects of matching sizes, columns that exist (above), and a valid in-
            // and out-pointer.
            unsafe { call!(BVInsertVecs(*self.busy()?, start, out, vectors, orth)) }
        })?;
        ffi::size(n)
    }

    /// Copies column `j` into a vector. Logically collective.
    #[wraps(BVCopyVec, errors = insert_vector)]
    pub fn copy_vector(&self, j: usize, vector: &mut VectorRef) -> Result<()> {
        self.check_readable()?;
        let j = self.column_index(j)?;
        self.check_fit(&[vector])?;
        vector.check_writable()?;
        // SAFETY: live objects that fit (above).
        unsafe { call!(BVCopyVec(self.as_ptr(), j, vector.as_ptr())) }
    }

    /// Copies column `from` into column `to`. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the column does not exist.
    #[wraps(BVCopyColumn)]
    pub fn copy_column(&mut self, from: usize, to: usize) -> Result<()> {
        self.check_writable()?;
        let (from, to) = (self.column_index(from)?, self.column_index(to)?);
        // SAFETY: a live basis with these columns (above).
        unsafe { call!(BVCopyColumn(*self.busy()?, from, to)) }
    }

    /// Copies the active columns of `other` to the columns of this basis, starting at the first
    /// active column of this basis. Logically collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` or `ARG_INCOMP` if the types or sizes of the two bases differ; `ARG_SIZ`
    /// if too few columns follow the leading columns of this basis.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// let mut x = Bv::new(comm, 4, 2, BvType::SVEC)?;
    /// x.column_mut(1)?.set(1.0.into())?;
    /// let mut y = x.duplicate()?;
    /// y.copy_from(&x)?;
    /// assert_eq!(y.norm_column(1, Norm::One)?, 4.0);
    /// # Ok(()) })
    /// ```
    #[wraps(BVCopy)]
    pub fn copy_from(&mut self, other: &Self) -> Result<()> {
        self.check_writable()?;
        other.check_readable()?;
        self.check_partner(other)?;
        // SAFETY: a live basis, of which SLEPc may copy the signature of an indefinite inner product.
        unsafe { call!(PetscRsBVPrepareSignature(other.as_ptr())) }?;
        // SAFETY: live bases of one type and the same sizes (above); SLEPc compares the columns.
        unsafe { call!(BVCopy(other.as_ptr(), self.as_ptr())) }
    }
}
