//! The active columns as a dense matrix.

use std::marker::PhantomData;
use std::ptr;

use petsc_macros::wraps;
use petsc_rs::matrix::MatrixRef;
use petsc_rs::{Object as _, Result, call};

use super::BvRef;
use crate::base::lent::{self, Lent};
use crate::sys;

lent::guards! {
    /// The active columns borrowed for reading, see [`BvRef::matrix_view`].
    MatrixView,
    /// The active columns borrowed for writing, see [`BvRef::matrix_view_mut`].
    MatrixViewMut;
    BvRef lends MatrixRef (sys::_p_Mat)
}

fn lend(basis: &BvRef) -> Result<Lent<'_, BvRef, sys::_p_Mat>> {
    if basis.is_type("vecs")? {
        // A copy, which SLEPc copies back at the end.
        basis.check_writable()?;
    }
    let mut raw = ptr::null_mut();
    // SAFETY: a live basis with sizes and a type, and a valid out-pointer; a second one is refused.
    unsafe { call!(PetscRsBVGetMat(basis.as_ptr(), &raw mut raw)) }?;
    Ok(Lent::new(basis, 0, raw, "BVRestoreMat", |basis, _, raw| {
        // SAFETY: `raw` came from PetscRsBVGetMat.
        unsafe { sys::PetscRsBVRestoreMat(basis.as_ptr(), raw) }
    }))
}

impl BvRef {
    /// Borrows the active columns as a dense matrix for reading. Only one view can exist at a time.
    /// Collective.
    ///
    /// The columns are not copied, except with type [`BvType::VECS`](super::BvType).
    /// [`dense`](MatrixRef::dense) returns the local array.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while another view exists.
    #[wraps(BVGetMat, BVRestoreMat)]
    pub fn matrix_view(&self) -> Result<MatrixView<'_>> {
        Ok(MatrixView { lent: lend(self)? })
    }

    /// Borrows the active columns as a dense matrix for writing. Collective.
    ///
    /// # Errors
    /// The errors of [`matrix_view`](Self::matrix_view).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Scalar, ScalarExt};
    /// use slepc_rs::bv::{Bv, BvType};
    /// let mut basis = Bv::new(comm, 4, 2, BvType::SVEC)?;
    /// // The rows of this rank, two columns, as a view of `ndarray`.
    /// basis.matrix_view_mut()?.dense_mut()?.view_mut().fill(Scalar::from_real(1.0));
    /// assert_eq!(basis.norm_column(1, Norm::Two)?, 2.0);
    /// # Ok(()) })
    /// ```
    pub fn matrix_view_mut(&mut self) -> Result<MatrixViewMut<'_>> {
        Ok(MatrixViewMut { lent: lend(self)?, _exclusive: PhantomData })
    }
}
