//! Access to the matrices.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr;

use petsc_macros::wraps;
use petsc_rs::ffi::{Access, Borrow};
use petsc_rs::matrix::MatrixRef;
use petsc_rs::{Error, ErrorCode, Object as _, Real, Result, call, ffi};

use super::{DsMatrix, DsRef};
use crate::base::lent::{self, Lent};
use crate::sys;

lent::guards! {
    /// A matrix borrowed for reading, see [`DsRef::matrix`].
    MatrixRead,
    /// A matrix borrowed for writing, see [`DsRef::matrix_mut`].
    MatrixMut;
    DsRef lends MatrixRef (sys::_p_Mat)
}

fn lend(ds: &DsRef, which: DsMatrix, access: Access) -> Result<Lent<'_, DsRef, sys::_p_Mat>> {
    ds.check_has(which)?;
    let borrow = Borrow::enter(ds, access)?;
    let (which, mut raw) = (which.to_raw(), ptr::null_mut());
    // SAFETY: a live problem that has this matrix (above) and a valid out-pointer; PETSc refuses a
    // second borrow.
    unsafe { call!(DSGetMat(ds.as_ptr(), which, &raw mut raw)) }?;
    let number = sys::PetscInt::try_from(which)?;
    Ok(Lent::new(ds, number, raw, "DSRestoreMat", |ds, which, raw| {
        // The number of a matrix, passed to `new` above.
        let which = sys::DSMatType::try_from(which).unwrap_or_default();
        // SAFETY: `raw` came from DSGetMat of this matrix.
        unsafe { sys::DSRestoreMat(ds.as_ptr(), which, raw) }
    })
    .noted(borrow))
}

/// The diagonals borrowed for reading, see [`DsRef::diagonals`]; dereferences to the array of all
/// diagonals.
pub struct Diagonals<'a> {
    ds: &'a DsRef,
    data: *mut Real,
    room: usize,
    _borrow: Borrow,
}

/// The diagonals borrowed for writing, see [`DsRef::diagonals_mut`].
pub struct DiagonalsMut<'a> {
    inner: Diagonals<'a>,
    _exclusive: PhantomData<&'a mut DsRef>,
}

/// Number of diagonals.
const DIAGONALS: usize = 3;

impl<'a> Diagonals<'a> {
    fn new(ds: &'a DsRef, access: Access) -> Result<Self> {
        ds.check_has(DsMatrix::T)?;
        let borrow = Borrow::enter(ds, access)?.of_matrix();
        let (room, mut data) = (ds.leading_dimension()?, ptr::null_mut());
        // SAFETY: a live problem that has this matrix (above) and a valid out-pointer.
        unsafe { call!(DSGetArrayReal(ds.as_ptr(), sys::DS_MAT_T, &raw mut data)) }?;
        Ok(Self { ds, data, room, _borrow: borrow })
    }

    /// Returns diagonal number `i`: 0 is the main diagonal, and 1 the adjacent one. Entry `j` of
    /// diagonal 1 is the matrix entry in row `j + 1` and column `j`. In an arrowhead matrix, the
    /// entries of diagonal 1 before the position `k` of the arrow are instead the entries in column
    /// `k`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `i` exceeds 2.
    pub fn diagonal(&self, i: usize) -> Result<&[Real]> {
        let range = self.range(i)?;
        Ok(&self[range])
    }

    fn range(&self, i: usize) -> Result<std::ops::Range<usize>> {
        if i >= DIAGONALS {
            let text = format!("diagonal {i} lies outside 0..{DIAGONALS}");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        Ok(i * self.room..(i + 1) * self.room)
    }
}

impl DiagonalsMut<'_> {
    /// Returns diagonal number `i` for writing.
    ///
    /// # Errors
    /// The errors of [`Diagonals::diagonal`].
    pub fn diagonal_mut(&mut self, i: usize) -> Result<&mut [Real]> {
        let range = self.inner.range(i)?;
        // SAFETY: SLEPc allocated as many numbers, which live as long as the guard; the problem is
        // borrowed mutably.
        let all = unsafe { ffi::slice_mut(self.inner.data, DIAGONALS * self.inner.room) };
        Ok(&mut all[range])
    }
}

impl Deref for Diagonals<'_> {
    type Target = [Real];

    fn deref(&self) -> &[Real] {
        // SAFETY: SLEPc allocated as many numbers, which live as long as the guard and are not
        // written in the meantime.
        unsafe { ffi::slice(self.data, DIAGONALS * self.room) }
    }
}

impl<'a> Deref for DiagonalsMut<'a> {
    type Target = Diagonals<'a>;

    fn deref(&self) -> &Diagonals<'a> {
        &self.inner
    }
}

impl fmt::Debug for Diagonals<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Debug for DiagonalsMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.inner, f)
    }
}

impl Drop for Diagonals<'_> {
    fn drop(&mut self) {
        let data = &raw mut self.data;
        // SAFETY: `data` came from DSGetArrayReal.
        let code = unsafe { sys::DSRestoreArrayReal(self.ds.as_ptr(), sys::DS_MAT_T, data) };
        petsc_rs::internal::record_drop("DSRestoreArrayReal", code);
    }
}

impl DsRef {
    /// Returns whether a matrix exists: some matrices are created with the problem, others by a
    /// solve or by the computation of vectors. Not collective.
    ///
    /// # Errors
    /// No error is expected.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// let ds = Ds::new(comm, DsType::HEP, 2)?;
    /// assert!(ds.has(DsMatrix::A)? && !ds.has(DsMatrix::B)?);
    /// # Ok(()) })
    /// ```
    pub fn has(&self, which: DsMatrix) -> Result<bool> {
        petsc_rs::not_collective!();
        let mut has = ffi::raw_bool(false);
        // SAFETY: a live problem and a valid out-pointer.
        unsafe { call!(PetscRsDSHasMat(self.as_ptr(), which.to_raw(), &raw mut has)) }?;
        Ok(ffi::to_bool(has))
    }

    /// Checks that a matrix exists. Optimized SLEPc omits this check.
    fn check_has(&self, which: DsMatrix) -> Result<()> {
        if self.has(which)? {
            return Ok(());
        }
        let kind = self.type_name()?.unwrap_or_default();
        let text = format!("the dense problem of type {kind} has no matrix {which:?} at present");
        Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// Borrows a matrix for reading: a sequential dense matrix, whose size follows from the
    /// [dimensions](Self::dimensions). Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the matrix does not exist; `ORDER` before the dimensions are set; an
    /// error of PETSc if the matrix is borrowed already.
    #[wraps(DSGetMat, DSRestoreMat)]
    pub fn matrix(&self, which: DsMatrix) -> Result<MatrixRead<'_>> {
        petsc_rs::not_collective!();
        Ok(MatrixRead { lent: lend(self, which, Access::Read)? })
    }

    /// Borrows a matrix for writing. If the problem was solved before, call
    /// [`set_state`](Self::set_state) after setting new values.
    #[wraps(DSGetMat, errors = matrix)]
    pub fn matrix_mut(&mut self, which: DsMatrix) -> Result<MatrixMut<'_>> {
        Ok(MatrixMut { lent: lend(self, which, Access::Write)?, _exclusive: PhantomData })
    }

    /// Borrows the diagonals of the condensed form for reading. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` for a type without diagonals, or while they are borrowed for writing.
    #[wraps(DSGetArrayReal)]
    pub fn diagonals(&self) -> Result<Diagonals<'_>> {
        petsc_rs::not_collective!();
        Diagonals::new(self, Access::Read)
    }

    /// Borrows the diagonals of a [compact](Self::set_compact) problem for writing.
    ///
    /// # Errors
    /// The errors of [`diagonals`](Self::diagonals).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::ds::{Ds, DsType};
    /// let mut ds = Ds::new(comm, DsType::HEP, 2)?; // [2 1; 1 2]
    /// ds.set_compact(true)?;
    /// ds.set_dimensions(2, 0, 0)?;
    /// let mut diagonals = ds.diagonals_mut()?;
    /// diagonals.diagonal_mut(0)?.fill(2.0);
    /// diagonals.diagonal_mut(1)?[0] = 1.0;
    /// drop(diagonals);
    /// let values: f64 = ds.solve()?.iter().map(|value| value.re).product();
    /// assert!((values - 3.0).abs() < 1e-12); // 3·1
    /// # Ok(()) })
    /// ```
    pub fn diagonals_mut(&mut self) -> Result<DiagonalsMut<'_>> {
        Ok(DiagonalsMut { inner: Diagonals::new(self, Access::Write)?, _exclusive: PhantomData })
    }

    /// Sets a matrix to the identity, except for the leading columns. Not collective.
    #[wraps(DSSetIdentity, errors = matrix)]
    pub fn set_identity(&mut self, which: DsMatrix) -> Result<()> {
        petsc_rs::not_collective!();
        self.check_has(which)?;
        if matches!(which, DsMatrix::T | DsMatrix::D) {
            let text = "the identity cannot be set in an array of diagonals: choose another matrix";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        // SAFETY: a live problem that has this matrix, of its full room (above).
        unsafe { call!(DSSetIdentity(*self.writable()?, which.to_raw())) }
    }
}
