//! Columns as vectors, lent and copied.

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
    /// A column lent for reading, see [`BvRef::column`].
    Column,
    /// A column lent for writing, see [`BvRef::column_mut`].
    ColumnMut;
    BvRef lends VectorRef (sys::_p_Vec)
}

fn lend(basis: &BvRef, j: usize) -> Result<Lent<'_, BvRef, sys::_p_Vec>> {
    if basis.is_type("vecs")? {
        // The end of a matrix view writes all columns.
        // SAFETY: a live basis.
        unsafe { call!(PetscRsBVCheckView(basis.as_ptr())) }?;
    }
    let (j, mut raw) = (basis.column_index(j)?, ptr::null_mut());
    // SAFETY: a live basis with this column (above) and a valid out-pointer; SLEPc refuses one that is lent out.
    unsafe { call!(BVGetColumn(basis.as_ptr(), j, &raw mut raw)) }?;
    Ok(Lent::new(
        basis,
        j,
        raw,
        "BVRestoreColumn",
        |basis, j, raw| {
            // SAFETY: `raw` came from BVGetColumn of this column.
            unsafe { sys::BVRestoreColumn(basis.as_ptr(), j, raw) }
        },
    ))
}

impl BvRef {
    /// Lends column `j` for reading; two can be out at a time. Logically collective.
    ///
    /// Operations on the basis meanwhile that need the vector of a column themselves (such as
    /// [`dot_column`](Self::dot_column)) find it taken, or both places, and say so.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a column that there is not; `SUP` for one that is out, or a third one.
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
        Ok(Column {
            lent: lend(self, j)?,
        })
    }

    /// Lends column `j` for writing. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a column that there is not.
    #[wraps(BVGetColumn)]
    pub fn column_mut(&mut self, j: usize) -> Result<ColumnMut<'_>> {
        Ok(ColumnMut {
            lent: lend(self, j)?,
            _exclusive: PhantomData,
        })
    }

    /// Lends two columns for writing: `let (v, mut w) = basis.columns_mut(j, j + 1)?`. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a column that there is not; `ARG_IDN` for twice the same.
    pub fn columns_mut(&mut self, i: usize, j: usize) -> Result<(ColumnMut<'_>, ColumnMut<'_>)> {
        if i == j {
            let text = format!("column {i} cannot be lent twice");
            return Err(Error::new(ErrorCode::ARG_IDN, text));
        }
        let basis = &*self;
        let column = |j| {
            Ok::<_, Error>(ColumnMut {
                lent: lend(basis, j)?,
                _exclusive: PhantomData,
            })
        };
        Ok((column(i)?, column(j)?))
    }

    /// Copies a vector into column `j`. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a column that there is not; `ARG_SIZ` if the vector does not fit.
    #[wraps(BVInsertVec)]
    pub fn insert_vector(&mut self, j: usize, vector: &VectorRef) -> Result<()> {
        self.check_writable()?;
        let j = self.column_index(j)?;
        self.check_fit(&[vector])?;
        vector.check_readable()?;
        // SAFETY: live objects that fit (above).
        unsafe { call!(BVInsertVec(*self.busy()?, j, vector.as_ptr())) }
    }

    /// Copies vectors into the columns from `start` on; with `orthonormalize`, each made orthonormal to all columns
    /// before it, and left out if it depends on them. Returns how many columns were filled. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for columns that there are not; `ARG_SIZ` if a vector does not fit.
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
            // SAFETY: live objects that fit, for which there is room (above); a valid in- and out-pointer.
            unsafe { call!(BVInsertVecs(*self.busy()?, start, out, vectors, orth)) }
        })?;
        ffi::size(n)
    }

    /// Copies column `j` into a vector. Logically collective.
    ///
    /// # Errors
    /// As [`insert_vector`](Self::insert_vector).
    #[wraps(BVCopyVec)]
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
    /// `ARG_OUTOFRANGE` for a column that there is not.
    #[wraps(BVCopyColumn)]
    pub fn copy_column(&mut self, from: usize, to: usize) -> Result<()> {
        self.check_writable()?;
        let (from, to) = (self.column_index(from)?, self.column_index(to)?);
        // SAFETY: a live basis with these columns (above).
        unsafe { call!(BVCopyColumn(*self.busy()?, from, to)) }
    }

    /// Copies the active columns of `other` to those from the first active one on. Logically collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` or `ARG_INCOMP` if the two do not fit; `ARG_SIZ` if there is not enough room.
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
