//! Creation.

use std::ptr;

use super::{Vector, VectorRef};
use crate::comm::Comm;
use crate::error::Result;
use crate::{Scalar, call, ffi, sys};

impl Vector {
    /// A vector of zeros with `n` entries in all, which PETSc distributes evenly: type `seq` on one
    /// rank, else `mpi`.
    ///
    /// Collective.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if `n` does not fit into `PetscInt`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let x = petsc_rs::Vector::new(comm, 10)?;
    /// assert_eq!(x.len()?, 10);
    /// # Ok(()) })
    /// ```
    #[doc(alias = "VecCreate")]
    #[track_caller]
    pub fn new(comm: &Comm, n: usize) -> Result<Self> {
        Self::with_sizes(comm, ffi::DECIDE, ffi::petsc_int(n)?)
    }

    /// A vector of zeros with `n` entries on this rank.
    ///
    /// Collective; `n` may differ between ranks.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if `n` does not fit into `PetscInt`.
    #[doc(alias = "VecCreateMPI")]
    #[track_caller]
    pub fn with_local_len(comm: &Comm, n: usize) -> Result<Self> {
        Self::with_sizes(comm, ffi::petsc_int(n)?, ffi::DECIDE)
    }

    /// A vector whose entries on this rank are `values` (copied).
    ///
    /// Collective; the number of values may differ between ranks.
    ///
    /// # Errors
    /// As [`with_local_len`](Self::with_local_len).
    #[track_caller]
    pub fn from_slice(comm: &Comm, values: &[Scalar]) -> Result<Self> {
        let mut x = Self::with_local_len(comm, values.len())?;
        x.array_mut()?.copy_from_slice(values);
        Ok(x)
    }

    #[track_caller]
    fn with_sizes(comm: &Comm, local: sys::PetscInt, global: sys::PetscInt) -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(VecCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let mut x = unsafe { Self::from_raw(raw) };
        // SAFETY: a live vector without sizes.
        unsafe { call!(VecSetSizes(x.as_ptr(), local, global)) }?;
        // SAFETY: a live vector; the name is static.
        unsafe { call!(VecSetType(x.as_ptr(), c"standard".as_ptr())) }?;
        x.set_zero()?;
        Ok(x)
    }
}

impl VectorRef {
    /// A new vector of the same type and layout, filled with zeros. Collective.
    ///
    /// # Errors
    /// What `VecDuplicate` returns.
    #[doc(alias = "VecDuplicate")]
    #[track_caller]
    pub fn duplicate(&self) -> Result<Vector> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecDuplicate(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let mut new = unsafe { Vector::from_raw(raw) };
        new.set_zero()?;
        Ok(new)
    }
}
