//! Single entries by global index, and assembly.

use super::VectorRef;
use crate::error::Result;
use crate::{Int, Scalar, call, ffi, sys};

/// What happens to the value that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertMode {
    /// Replaced.
    #[doc(alias = "INSERT_VALUES")]
    Insert,
    /// Added to.
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

impl VectorRef {
    /// Sets entries of any rank by their global indices. Not collective; [`assemble`](Self::assemble) sends them where they belong.
    ///
    /// # Errors
    /// `ARG_SIZ` if the slices differ in length, `ARG_OUTOFRANGE` for an index outside `0..len`.
    #[doc(alias = "VecSetValues")]
    #[inline]
    pub fn set_values(
        &mut self,
        indices: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        ffi::same_len("values", indices.len(), values.len())?;
        ffi::check_indices(indices, &self.index_range()?)?;
        self.check_writable()?;
        let n = ffi::petsc_int(indices.len())?;
        // SAFETY: both slices hold `n` entries; indices are in range, which VECSEQ does not check.
        unsafe {
            call!(VecSetValues(
                self.as_ptr(),
                n,
                indices.as_ptr(),
                values.as_ptr(),
                mode.to_raw()
            ))
        }
    }

    /// Sets one entry. As [`set_values`](Self::set_values).
    ///
    /// # Errors
    /// As [`set_values`](Self::set_values).
    #[doc(alias = "VecSetValue")]
    #[inline]
    pub fn set_value(&mut self, index: Int, value: Scalar, mode: InsertMode) -> Result<()> {
        self.set_values(&[index], &[value], mode)
    }

    /// Sends the entries set for other ranks. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if ranks mixed insertion and addition.
    #[doc(alias = "VecAssemblyBegin")]
    pub fn assemble(&mut self) -> Result<()> {
        // SAFETY: a live vector.
        unsafe { call!(VecAssemblyBegin(self.as_ptr())) }?;
        // SAFETY: begun above.
        unsafe { call!(VecAssemblyEnd(self.as_ptr())) }
    }
}
