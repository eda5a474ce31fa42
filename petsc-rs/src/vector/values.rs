//! Access to individual entries by index.

use petsc_macros::wraps;

use super::VectorRef;
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Scalar, ScalarExt as _, call, ffi, sys};

/// How a new value is combined with the existing value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertMode {
    /// Replaces the existing value.
    #[doc(alias = "INSERT_VALUES")]
    Insert,
    /// Adds to the existing value.
    #[doc(alias = "ADD_VALUES")]
    Add,
}

impl InsertMode {
    #[inline]
    pub(crate) fn to_raw(self) -> sys::InsertMode {
        match self {
            Self::Insert => sys::INSERT_VALUES,
            Self::Add => sys::ADD_VALUES,
        }
    }
}

c_enum! {
    /// Options for setting entries. See [`VectorRef::set_option`].
    VectorOption of VecOption;
    /// Entries set for other ranks are dropped instead of sent. Default: off.
    #[doc(alias = "VEC_IGNORE_OFF_PROC_ENTRIES")]
    IgnoreOffProcEntries = VEC_IGNORE_OFF_PROC_ENTRIES,
    /// Negative indices are skipped instead of refused. Default: off.
    #[doc(alias = "VEC_IGNORE_NEGATIVE_INDICES")]
    IgnoreNegativeIndices = VEC_IGNORE_NEGATIVE_INDICES,
}

crate::attached! {
    /// Name of the mark on vectors that skip negative indices.
    const IGNORE_NEGATIVE: () = c"petsc-rs.ignore-negative-indices";
}

impl VectorRef {
    /// Sets entries by their global indices. Any ranks may own the entries.
    ///
    /// [`assemble`](Self::assemble) sends entries of other ranks to their owners.
    ///
    /// # Errors
    /// `ARG_SIZ` if the slices differ in length; `ARG_OUTOFRANGE` for an index outside `0..len`
    /// (negative indices are allowed with [`VectorOption::IgnoreNegativeIndices`]).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::new(comm, 5)?;
    /// if comm.rank() == 0 {
    ///     x.set_values(&[0, 4], &[2.0.into(), 3.0.into()], InsertMode::Insert)?;
    /// }
    /// x.assemble()?;
    /// assert_eq!(x.sum()?.real(), 5.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecSetValues, not_collective)]
    #[inline]
    pub fn set_values(
        &mut self,
        indices: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        ffi::same_len("number of values", indices.len(), values.len())?;
        let range = self.index_range()?;
        if indices.iter().any(|i| !range.contains(i)) {
            self.recheck_indices(indices)?;
        }
        self.check_writable()?;
        let n = ffi::petsc_int(indices.len())?;
        // SAFETY: both slices hold `n` entries; indices are in range, which VECSEQ does not check,
        // or negative in a vector that ignores them.
        unsafe {
            call!(VecSetValues(self.as_ptr(), n, indices.as_ptr(), values.as_ptr(), mode.to_raw()))
        }
    }

    /// Sets one entry. See [`set_values`](Self::set_values).
    ///
    /// # Examples
    /// See [`ownership_range`](Self::ownership_range), where each rank sets its own entries, and
    /// [`assemble`](Self::assemble), where each rank adds to an entry of rank 0.
    #[wraps(VecSetValue, not_collective, errors = set_values)]
    #[inline]
    pub fn set_value(&mut self, index: Int, value: Scalar, mode: InsertMode) -> Result<()> {
        self.set_values(&[index], &[value], mode)
    }

    /// Sets whole blocks by their global block indices: block `i` holds the entries
    /// `i·bs .. (i + 1)·bs` for the [block size](Self::block_size) `bs`.
    ///
    /// # Errors
    /// `ARG_SIZ` unless there are `bs` values for each index; `ARG_OUTOFRANGE` for a block outside
    /// the vector.
    #[wraps(VecSetValuesBlocked, not_collective)]
    pub fn set_values_blocked(
        &mut self,
        blocks: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        ffi::same_len("number of values", blocks.len() * self.block_size()?, values.len())?;
        ffi::check_indices(blocks, &self.block_range()?)?;
        self.check_writable()?;
        let n = ffi::petsc_int(blocks.len())?;
        // SAFETY: `n` indices and `n` blocks of values; indices are in range, which VECSEQ does not
        // check.
        unsafe {
            call!(VecSetValuesBlocked(
                self.as_ptr(),
                n,
                blocks.as_ptr(),
                values.as_ptr(),
                mode.to_raw()
            ))
        }
    }

    /// Sets entries by their local indices.
    ///
    /// The vector's [map](Self::set_local_to_global_map) translates local to global indices.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a map; `ARG_OUTOFRANGE` for an index outside the map, or if the
    /// global index lies outside the vector; `ARG_SIZ` if the slices differ in length.
    #[wraps(VecSetValuesLocal, not_collective)]
    pub fn set_values_local(
        &mut self,
        indices: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        let Some(map) = self.local_to_global_map()? else {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "the vector has no map from local to global indices",
            ));
        };
        // In two steps, so that mapped indices are checked in the same way as global ones.
        let global = map.apply(indices)?;
        self.set_values(&global, values, mode)
    }

    /// Returns entries that this rank owns, by their global indices.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for an index that this rank does not own.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Int, Scalar, ScalarExt, Vector};
    /// let x = Vector::from_fn(comm, 5, |i| Ok(Scalar::from_real(i as f64)))?;
    /// let first = x.ownership_range()?.start;
    /// assert_eq!(x.values(&[first])?[0].real(), 0.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecGetValues, not_collective)]
    pub fn values(&self, indices: &[Int]) -> Result<Vec<Scalar>> {
        let mut values = vec![Scalar::from_real(0.0); indices.len()];
        self.values_into(indices, &mut values)?;
        Ok(values)
    }

    /// Copies entries to `values`, by their global indices. This rank must own the entries. See
    /// [`values`](Self::values).
    ///
    /// # Errors
    /// See [`values`](Self::values); `ARG_SIZ` if the slices differ in length.
    #[wraps(VecGetValues, not_collective)]
    pub fn values_into(&self, indices: &[Int], values: &mut [Scalar]) -> Result<()> {
        ffi::same_len("number of values", indices.len(), values.len())?;
        ffi::check_indices(indices, &self.ownership_range()?)?;
        self.check_readable()?;
        let n = ffi::petsc_int(indices.len())?;
        // SAFETY: both slices hold `n` entries; this rank owns the indices, which PETSc does not
        // check.
        unsafe { call!(VecGetValues(self.as_ptr(), n, indices.as_ptr(), values.as_mut_ptr())) }
    }

    /// Returns one entry that this rank owns. See [`values`](Self::values).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::from_fn(comm, 9, |i| Ok(Scalar::from_real(i as Real)))?;
    /// for i in x.ownership_range()? {
    ///     assert_eq!(x.value(i)?.real(), i as Real);
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(VecGetValues, not_collective, errors = values)]
    pub fn value(&self, index: Int) -> Result<Scalar> {
        let mut value = [Scalar::from_real(0.0)];
        self.values_into(&[index], &mut value)?;
        Ok(value[0])
    }

    /// Sets an option for how entries are set. Logically collective.
    ///
    /// # Examples
    /// Elements can mark unknowns on the boundary with negative indices, which are then skipped:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::vector::VectorOption;
    /// let mut x = Vector::new(comm, 3)?;
    /// x.set_option(VectorOption::IgnoreNegativeIndices, true)?;
    /// x.set_values(&[-1, 2], &[5.0.into(), 7.0.into()], InsertMode::Insert)?;
    /// x.assemble()?;
    /// assert_eq!(x.sum()?.real(), 7.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecSetOption)]
    pub fn set_option(&mut self, option: VectorOption, on: bool) -> Result<()> {
        if option == VectorOption::IgnoreNegativeIndices {
            // Recorded here, because PETSc has no getter and the index check needs it.
            if on {
                IGNORE_NEGATIVE.set(self, ())?;
            } else {
                IGNORE_NEGATIVE.clear(self)?;
            }
        }
        let on = ffi::raw_bool(on);
        // SAFETY: a live vector.
        unsafe { call!(VecSetOption(self.as_ptr(), option.to_raw(), on)) }
    }

    /// Accepts negative indices only in a vector that ignores them.
    #[cold]
    fn recheck_indices(&self, indices: &[Int]) -> Result<()> {
        let mut range = self.index_range()?;
        if IGNORE_NEGATIVE.is_set(self)? {
            // A duplicate inherits the mark, but not always the option.
            let on = ffi::raw_bool(true);
            // SAFETY: a live vector.
            unsafe { call!(VecSetOption(self.as_ptr(), sys::VEC_IGNORE_NEGATIVE_INDICES, on)) }?;
            range.start = Int::MIN;
        }
        ffi::check_indices(indices, &range)
    }
}
