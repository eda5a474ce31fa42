//! Assembly from coordinates (COO): the pattern is set once; then each call sets all values.

use petsc_macros::wraps;

use super::MatrixRef;
use super::assembler::{below, beyond};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::InsertMode;
use crate::{Int, Object as _, Scalar, call, ffi, sys};

crate::attached! {
    /// Name of the recorded number of coordinates: C reads an array of that length without a check.
    const COUNT: (super::fingerprint::Fingerprint, usize) = c"petsc-rs.coo";
}

impl MatrixRef {
    /// Sets the coordinates of all entries that this rank will set. Collective.
    ///
    /// A coordinate is a row and a column. The coordinates may have any order, and rows of any
    /// rank. A coordinate may occur many times. A coordinate with a negative index is skipped. For
    /// a matrix of type `aij`, this is the fastest way to assemble repeatedly. Afterwards, a
    /// distributed matrix accepts no entries at other coordinates.
    ///
    /// # Errors
    /// `ARG_SIZ` if the slices differ in length; `ARG_OUTOFRANGE` for an index outside the matrix.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Scalar, ScalarExt};
    /// let r = Scalar::from_real;
    /// let mut a = Matrix::builder(comm).global_size(2, 2).build()?;
    /// a.set_preallocation_coo(&[0, 1, 0], &[0, 1, 0])?;
    /// a.set_values_coo(&[r(1.0), r(5.0), r(2.0)], InsertMode::Insert)?;
    /// assert_eq!(a.value(0, 0)?.real(), 3.0); // values at equal coordinates are added
    /// # Ok(()) })
    /// ```
    #[wraps(MatSetPreallocationCOO)]
    pub fn set_preallocation_coo(&mut self, rows: &[Int], columns: &[Int]) -> Result<()> {
        ffi::same_len("number of column indices", rows.len(), columns.len())?;
        let (m, n) = self.raw_size()?;
        if !below(rows, m) || !below(columns, n) {
            return Err(beyond(rows, columns, m, n));
        }
        self.check_writable()?;
        self.forget_coo()?;
        let count = sys::PetscCount::try_from(rows.len())
            .map_err(|_| Error::new(ErrorCode::INT_OVERFLOW, "too many entries for PetscInt"))?;
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
            // A new entry in a column of another rank corrupts the heap in MatDisAssemble_MPIAIJ
            // (PETSc 3.18).
            let option = sys::MAT_NEW_NONZERO_LOCATION_ERR;
            // SAFETY: a live matrix with a type.
            unsafe { call!(MatSetOption(self.as_ptr(), option, ffi::raw_bool(true))) }?;
        }
        self.keep_fingerprint(&COUNT, rows.len())
    }

    /// Refuses settings that allow new entries. See
    /// [`set_preallocation_coo`](Self::set_preallocation_coo).
    pub(super) fn check_without_plan(&self) -> Result<()> {
        if self.is_type("mpiaij")? && COUNT.is_set(self)? {
            let text = "a distributed matrix accepts only the coordinates of set_preallocation_coo";
            return Err(Error::collective(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(())
    }

    /// Sets the values at the coordinates of
    /// [`set_preallocation_coo`](Self::set_preallocation_coo), in the same order, and assembles the
    /// matrix. Collective.
    ///
    /// Values at equal coordinates are added. Depending on `mode`, each sum then replaces the
    /// existing entry or is added to it.
    ///
    /// # Errors
    /// `ARG_SIZ` if the number of values differs from the number of coordinates; `ORDER` if no
    /// coordinates were set; `ARG_WRONGSTATE` if the nonzero pattern or the type of the matrix has
    /// changed since then.
    #[wraps(MatSetValuesCOO)]
    pub fn set_values_coo(&mut self, values: &[Scalar], mode: InsertMode) -> Result<()> {
        let Some(count) = self.kept_number(&COUNT, "the coordinates of set_preallocation_coo")?
        else {
            return Err(Error::new(
                ErrorCode::ORDER,
                "call set_preallocation_coo before set_values_coo",
            ));
        };
        ffi::same_len("number of values", count, values.len())?;
        self.check_writable()?;
        // SAFETY: a value for each coordinate that the matrix got (above).
        unsafe { call!(MatSetValuesCOO(self.as_ptr(), values.as_ptr(), mode.to_raw())) }?;
        // The assembly may have raised the nonzero state.
        self.keep_fingerprint(&COUNT, count)
    }

    /// Removes the recorded coordinates, before an operation that invalidates them.
    pub(super) fn forget_coo(&mut self) -> Result<()> {
        self.forget_fingerprint(&COUNT)
    }
}
