//! Vectors whose memory Rust allocated.

use petsc_macros::wraps;

use super::Vector;
use crate::callback;
use crate::comm::Comm;
use crate::error::Result;
use crate::object::Object as _;
use crate::{Scalar, create, ffi, sys};

impl Vector {
    /// Creates a vector with `values` as its entries on this rank, without a copy. Collective; the
    /// number of values may differ between ranks.
    ///
    /// The vector owns the buffer, which is freed with the last reference to the vector in Rust or
    /// C.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the length does not fit into `PetscInt`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Vector};
    /// let values = vec![Scalar::from_real(2.0); 3];
    /// let address = values.as_ptr();
    /// let x = Vector::from_vec(comm, values)?;
    /// assert_eq!(x.array()?.as_ptr(), address);
    /// # Ok(()) })
    /// ```
    #[wraps(VecCreateSeqWithArray, VecCreateMPIWithArray)]
    #[track_caller]
    pub fn from_vec(comm: &Comm, mut values: Vec<Scalar>) -> Result<Self> {
        let n = ffi::petsc_int(values.len())?;
        let data = values.as_mut_ptr();
        let (ranks, comm) = (comm.size(), comm.as_raw());
        let x: Self = if ranks == 1 {
            // SAFETY: a live communicator, `n` entries at `data`; C creates an object.
            unsafe { create!(VecCreateSeqWithArray(comm, 1, n, data, _)) }
        } else {
            // SAFETY: a live communicator, `n` entries at `data`; C creates an object.
            unsafe { create!(VecCreateMPIWithArray(comm, 1, n, ffi::DECIDE, data, _)) }
        }?;
        // PETSc destroys the implementation first (it does not free a user's array), then the
        // composed objects, so the buffer outlives every use.
        // SAFETY: a live object.
        unsafe { callback::compose(x.object_ptr(), c"petsc-rs.array", values) }?;
        Ok(x)
    }
}
