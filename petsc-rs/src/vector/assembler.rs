//! The fast way to set many entries: the length is read once.

use super::VectorRef;
use super::values::InsertMode;
use crate::error::Result;
use crate::{Int, Scalar, call, ffi, sys};

/// Sets entries with one C call each and nothing else but the check of the indices, see
/// [`VectorRef::assembler`].
#[derive(Debug)]
#[must_use]
pub struct VectorAssembler<'a> {
    vector: &'a mut VectorRef,
    len: Int,
    mode: sys::InsertMode,
    _borrow: ffi::Borrow,
}

impl VectorRef {
    /// Prepares for setting many entries in one mode: the length is read once, so each call costs what
    /// it does in C plus the comparison of its indices. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed through another handle.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Scalar, ScalarExt, Vector};
    /// let mut x = Vector::new(comm, 10)?;
    /// let one = Scalar::from_real(1.0);
    /// let mut entries = x.assembler(InsertMode::Add)?;
    /// for i in 0..9 {
    ///     entries.values(&[i, i + 1], &[one, one])?;
    /// }
    /// entries.finish()?;
    /// assert_eq!(x.sum()?.real(), 18.0 * f64::from(comm.size()));
    /// # Ok(()) })
    /// ```
    pub fn assembler(&mut self, mode: InsertMode) -> Result<VectorAssembler<'_>> {
        self.check_writable()?;
        let len = self.index_range()?.end;
        let borrow = ffi::Borrow::exclusive(self.as_ptr())?;
        Ok(VectorAssembler {
            vector: self,
            len,
            mode: mode.to_raw(),
            _borrow: borrow,
        })
    }
}

impl VectorAssembler<'_> {
    /// Sets or adds to one entry, of any rank.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for an index outside `0..len`; `ARG_WRONGSTATE` after the other mode without
    /// assembly between.
    #[inline]
    #[doc(alias = "VecSetValue")]
    pub fn set(&mut self, index: Int, value: Scalar) -> Result<()> {
        self.values(&[index], &[value])
    }

    /// Sets or adds to entries, of any rank.
    ///
    /// # Errors
    /// As [`set`](Self::set); `ARG_SIZ` if the slices differ in length.
    #[inline]
    #[doc(alias = "VecSetValues")]
    pub fn values(&mut self, indices: &[Int], values: &[Scalar]) -> Result<()> {
        ffi::same_len("values", indices.len(), values.len())?;
        ffi::check_indices(indices, &(0..self.len))?;
        let n = ffi::petsc_int(indices.len())?;
        // SAFETY: both slices hold `n` entries; indices are in range (above), which VECSEQ does not
        // check; the borrow table keeps slices of the array away.
        unsafe {
            call!(VecSetValues(
                self.vector.as_ptr(),
                n,
                indices.as_ptr(),
                values.as_ptr(),
                self.mode
            ))
        }
    }

    /// Completes the vector, as [`VectorRef::assemble`]. Collective. Without it, the entries stay set,
    /// and the vector must be assembled later.
    ///
    /// # Errors
    /// As [`VectorRef::assemble`].
    pub fn finish(self) -> Result<()> {
        let Self {
            vector, _borrow, ..
        } = self;
        drop(_borrow);
        vector.assemble()
    }
}
