//! Setting entries by local indices, through the local-to-global maps of the matrix.

use std::ptr;

use petsc_macros::wraps;

use super::MatrixRef;
use crate::comm;
use crate::error::{Error, ErrorCode, Result};
use crate::local_to_global::LocalToGlobalMapRef;
use crate::object::Object as _;
use crate::vector::InsertMode;
use crate::{Int, Scalar, call, ffi, sys};

type Map = sys::ISLocalToGlobalMapping;

impl MatrixRef {
    /// Sets the maps from local to global indices of rows and columns.
    /// [`set_values_local`](Self::set_values_local) uses them. Logically collective.
    ///
    /// The matrix holds references to the maps.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a map contains an index outside the matrix; for a matrix of type `is`,
    /// `ARG_INCOMP` if the block size of a map does not divide the local size of the matrix; for
    /// other types, `PLIB` if the block sizes of a map and the matrix differ and both exceed 1.
    #[wraps(MatSetLocalToGlobalMapping)]
    pub fn set_local_to_global_map(
        &mut self,
        rows: &LocalToGlobalMapRef,
        columns: &LocalToGlobalMapRef,
    ) -> Result<()> {
        let (m, n) = self.raw_size()?;
        for (map, limit) in [(rows, m), (columns, n)] {
            if let Some(&index) = map.indices()?.iter().find(|&&i| i >= limit) {
                return Err(Error::new(
                    ErrorCode::ARG_OUTOFRANGE,
                    format!("the map contains index {index}, outside 0..{limit}"),
                ));
            }
        }
        if self.is_type("is")? {
            self.check_map_blocks_fit(rows, columns)?;
            // SAFETY: a live matrix, which gets other maps next.
            unsafe { call!(PetscRsMatForgetMaps(self.as_ptr())) }?;
        }
        // SAFETY: live objects; all images of the maps are in the matrix (above).
        unsafe {
            call!(MatSetLocalToGlobalMapping(self.as_ptr(), rows.as_ptr(), columns.as_ptr()))
        }?;
        if self.is_type("is")? {
            return self.set_up_part();
        }
        Ok(())
    }

    /// Checks the block sizes of maps for a matrix of type `is`: C destroys its local matrix before
    /// this check.
    fn check_map_blocks_fit(
        &self,
        rows: &LocalToGlobalMapRef,
        columns: &LocalToGlobalMapRef,
    ) -> Result<()> {
        let (m, n) = self.local_size()?;
        let fits = m % rows.block_size()? == 0 && n % columns.block_size()? == 0;
        if comm::any_rank(self.object_ptr(), !fits)? {
            let text = "the block size of a map does not divide the local size of the matrix";
            return Err(Error::collective(ErrorCode::ARG_INCOMP, text));
        }
        Ok(())
    }

    /// Sets a dense block of entries, given by local indices. See [`set_values`](Self::set_values).
    ///
    /// # Errors
    /// See [`set_values`](Self::set_values); `ARG_WRONGSTATE` without maps.
    #[wraps(MatSetValuesLocal, not_collective)]
    pub fn set_values_local(
        &mut self,
        rows: &[Int],
        columns: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        self.check_writable()?;
        self.put_values_local(rows, columns, values, mode)
    }

    /// Does the same as [`set_values_local`](Self::set_values_local) for a caller that already
    /// holds the entry in the borrow table.
    pub(super) fn put_values_local(
        &mut self,
        rows: &[Int],
        columns: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        let (m, n) = self.check_values(rows, columns, values, (1, 1), self.local_limits()?)?;
        // SAFETY: `values` holds m·n entries and all indices are in the maps (above), which
        // optimized PETSc does not check.
        unsafe {
            call!(MatSetValuesLocal(
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

    /// Sets a dense block of blocks, given by local block indices. See
    /// [`set_values_blocked`](Self::set_values_blocked).
    #[wraps(MatSetValuesBlockedLocal, not_collective, errors = set_values_local)]
    pub fn set_values_blocked_local(
        &mut self,
        rows: &[Int],
        columns: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        let (bm, bn) = self.block_sizes()?;
        let limits = self.local_limits()?;
        self.check_blocks_of_maps(bm, bn)?;
        let (m, n) = self.check_values(rows, columns, values, (bm, bn), limits)?;
        self.check_writable()?;
        // SAFETY: `values` holds an entry for each place and all blocks are in the maps (above).
        unsafe {
            call!(MatSetValuesBlockedLocal(
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

    /// Returns the numbers of local rows and columns in the maps. C maps blocks of the map's size
    /// and sets blocks of the matrix's size, and does not check that they are equal.
    fn check_blocks_of_maps(&self, rows: usize, columns: usize) -> Result<()> {
        let (row_map, column_map) = self.local_maps()?;
        for (map, expected) in [(row_map, rows), (column_map, columns)] {
            let mut size = 0;
            // SAFETY: a live map (the caller has asked for its length) and a valid out-pointer.
            unsafe { call!(ISLocalToGlobalMappingGetBlockSize(map, &raw mut size)) }?;
            ffi::same_len("block size of the map", expected, ffi::size(size)?)?;
        }
        Ok(())
    }

    pub(crate) fn local_limits(&self) -> Result<(Int, Int)> {
        let (rows, columns) = self.local_maps()?;
        Ok((map_len(rows)?, map_len(columns)?))
    }

    pub(crate) fn has_local_maps(&self) -> Result<bool> {
        let (rows, columns) = self.local_maps()?;
        Ok(!rows.is_null() && !columns.is_null())
    }

    fn local_maps(&self) -> Result<(Map, Map)> {
        let (mut rows, mut columns) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live matrix and valid out-pointers.
        unsafe {
            call!(MatGetLocalToGlobalMapping(self.as_ptr(), &raw mut rows, &raw mut columns))
        }?;
        Ok((rows, columns))
    }
}

fn map_len(map: Map) -> Result<Int> {
    if map.is_null() {
        return Err(Error::new(
            ErrorCode::ARG_WRONGSTATE,
            "the matrix has no map from local to global indices",
        ));
    }
    // SAFETY: the matrix keeps a reference of its map.
    let map = unsafe { LocalToGlobalMapRef::from_ptr(map) };
    ffi::petsc_int(map.local_len()?)
}
