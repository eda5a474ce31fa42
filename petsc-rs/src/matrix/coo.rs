//! Entries as coordinates: the whole pattern once, all values in one call.

use std::ffi::CStr;

use petsc_macros::wraps;

use super::MatrixRef;
use super::assembler::{below, beyond};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::InsertMode;
use crate::{Int, Object as _, Scalar, call, ffi, sys};

/// The number of coordinates that a matrix got: C takes an array of that length and does not ask.
const COUNT: &CStr = c"petsc-rs.coo";

impl MatrixRef {
    /// Sets the places of all entries that this rank will give, in any order, on rows of any rank; a
    /// place may occur many times, and a negative index leaves one out. For a matrix of type `aij`
    /// this is the fastest way to assemble again and again. A distributed matrix takes no entries at other places
    /// from then on. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the slices differ in length, `ARG_OUTOFRANGE` for an index beyond the matrix.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Scalar, ScalarExt};
    /// let r = Scalar::from_real;
    /// let mut a = Matrix::builder(comm).global_size(2, 2).build()?;
    /// a.set_preallocation_coo(&[0, 1, 0], &[0, 1, 0])?;
    /// a.set_values_coo(&[r(1.0), r(5.0), r(2.0)], InsertMode::Insert)?;
    /// assert_eq!(a.value(0, 0)?.real(), 3.0); // places that occur twice are summed
    /// # Ok(()) })
    /// ```
    #[wraps(MatSetPreallocationCOO)]
    pub fn set_preallocation_coo(&mut self, rows: &[Int], columns: &[Int]) -> Result<()> {
        ffi::same_len("columns", rows.len(), columns.len())?;
        let (m, n) = self.raw_size()?;
        if !below(rows, m) || !below(columns, n) {
            return Err(beyond(rows, columns, m, n));
        }
        self.check_writable()?;
        self.forget_coo()?;
        let count = sys::PetscCount::try_from(rows.len())
            .map_err(|_| Error::new(ErrorCode::INT_OVERFLOW, "too many entries for this PETSc"))?;
        // C sorts these in place.
        let (mut rows, mut columns) = (rows.to_vec(), columns.to_vec());
        // SAFETY: both arrays hold `count` indices in range (above).
        unsafe {
            call!(MatSetPreallocationCOO(
                self.as_ptr(),
                count,
                rows.as_mut_ptr(),
                columns.as_mut_ptr()
            ))
        }?;
        if self.is_type("mpiaij")? {
            // A new place in a column of another rank corrupts the heap in MatDisAssemble_MPIAIJ (PETSc 3.18).
            let option = sys::MAT_NEW_NONZERO_LOCATION_ERR;
            // SAFETY: a live matrix with a type.
            unsafe { call!(MatSetOption(self.as_ptr(), option, ffi::raw_bool(true))) }?;
        }
        self.keep_fingerprint(COUNT, rows.len())
    }

    /// For settings that allow new places, see [`set_preallocation_coo`](Self::set_preallocation_coo).
    pub(super) fn check_without_plan(&self) -> Result<()> {
        if self.is_type("mpiaij")? && !self.composed(COUNT)?.is_null() {
            let text =
                "a distributed matrix takes entries only at the places of set_preallocation_coo";
            return Err(Error::collective(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(())
    }

    /// Gives values to the places of [`set_preallocation_coo`](Self::set_preallocation_coo), in its
    /// order, and assembles: values of one place are summed, then inserted or added. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if their number is not that of the places, `ORDER` without places, `ARG_WRONGSTATE` if the nonzero
    /// pattern or the type of the matrix changed since they were set.
    #[wraps(MatSetValuesCOO)]
    pub fn set_values_coo(&mut self, values: &[Scalar], mode: InsertMode) -> Result<()> {
        let Some(count) = self.kept_number(COUNT, "the plan of set_preallocation_coo")? else {
            return Err(Error::new(
                ErrorCode::ORDER,
                "set_preallocation_coo comes before set_values_coo",
            ));
        };
        ffi::same_len("values", count, values.len())?;
        self.check_writable()?;
        // SAFETY: a value for each coordinate that the matrix got (above).
        unsafe {
            call!(MatSetValuesCOO(
                self.as_ptr(),
                values.as_ptr(),
                mode.to_raw()
            ))
        }?;
        // The assembly may have raised the nonzero state.
        self.keep_fingerprint(COUNT, count)
    }

    /// For operations after which the coordinates are void.
    pub(super) fn forget_coo(&mut self) -> Result<()> {
        self.forget_fingerprint(COUNT)
    }
}
