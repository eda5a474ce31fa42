//! Singular values and vectors of the last solve.

use petsc_macros::wraps;
use petsc_rs::vector::Vector;
use petsc_rs::{Int, Object as _, Real, Result, call, ffi};

use super::{ErrorType, SvdRef};
use crate::sys;

/// A singular triplet: a singular value and its vectors, see [`SvdRef::singular_triplets`].
///
/// Vectors and errors are computed when the corresponding method is called.
#[derive(Debug)]
pub struct SingularTriplet<'a> {
    svd: &'a SvdRef,
    index: Int,
    value: Real,
}

/// The singular triplets of the last solve, see [`SvdRef::singular_triplets`].
#[derive(Debug)]
pub struct SingularTriplets<'a> {
    svd: &'a SvdRef,
    next: Int,
    end: Int,
}

impl SvdRef {
    /// Returns an iterator over the converged triplets, in the order of
    /// [`set_which`](Self::set_which).
    ///
    /// Not collective; methods of a triplet that compute vectors or errors are collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before the first solve, or if the solver was changed after the last one.
    #[wraps(SVDGetSingularTriplet)]
    pub fn singular_triplets(&self) -> Result<SingularTriplets<'_>> {
        petsc_rs::not_collective!();
        Ok(SingularTriplets { svd: self, next: 0, end: self.solved()? })
    }

    /// Returns the converged singular values, in the order of [`set_which`](Self::set_which). For a
    /// generalized problem, the singular values are quotients, and can be infinite. Not collective.
    #[wraps(SVDGetSingularTriplet, errors = singular_triplets)]
    pub fn singular_values(&self) -> Result<Vec<Real>> {
        petsc_rs::not_collective!();
        (0..self.solved()?).map(|i| self.raw_value(i)).collect()
    }

    fn raw_value(&self, i: Int) -> Result<Real> {
        self.check_result(i)?;
        let (mut sigma, none) = (0.0, std::ptr::null_mut());
        let (u, v) = (none, none);
        // SAFETY: a solver that has this result (above), and a valid out-pointer; without vectors.
        unsafe { call!(SVDGetSingularTriplet(self.as_ptr(), i, &raw mut sigma, u, v)) }?;
        Ok(sigma)
    }
}

impl<'a> Iterator for SingularTriplets<'a> {
    type Item = Result<SingularTriplet<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.next < self.end).then(|| {
            let index = self.next;
            self.next += 1;
            let value = self.svd.raw_value(index)?;
            Ok(SingularTriplet { svd: self.svd, index, value })
        })
    }
}

impl SingularTriplet<'_> {
    /// Returns the singular value.
    #[must_use]
    pub fn value(&self) -> Real {
        self.value
    }

    /// Computes the left and right singular vectors `u` and `v`, of norm 1. The length of `u` is
    /// the number of rows of `A`, and the length of `v` is the number of columns. For a generalized
    /// problem, `u` contains on each rank the entries for `A`, followed by those for `B`.
    /// Collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// let a = Matrix::constant_diagonal(comm, 5, 3.0.into())?;
    /// let mut svd = Svd::new(comm)?;
    /// svd.set_operators(&a, None)?;
    /// let _ = svd.solve()?;
    /// let first = svd.singular_triplets()?.next().expect("one triplet converged")?;
    /// let (mut u, v) = first.vectors()?;
    /// u.axpy((-1.0).into(), &v)?; // u = v, since A = 3·I
    /// assert!(u.norm(Norm::Two)? < 1e-8);
    /// # Ok(()) })
    /// ```
    #[wraps(SVDGetSingularTriplet)]
    #[track_caller]
    pub fn vectors(&self) -> Result<(Vector, Vector)> {
        ffi::check_no_writer()?;
        let (a, b) = self.svd.operators()?;
        let (v, mut u) = a.vectors()?;
        if let Some(b) = b {
            let local = a.local_size()?.0 + b.local_size()?.0;
            u = Vector::with_local_len(&a.comm()?, local)?;
        }
        self.svd.check_result(self.index)?;
        self.svd.check_vectors()?;
        let (svd, i, none) = (self.svd.busy()?, self.index, std::ptr::null_mut());
        let (left, right) = (u.as_ptr(), v.as_ptr());
        // SAFETY: a solver that has this result (above), and vectors made from its operators.
        unsafe { call!(SVDGetSingularTriplet(*svd, i, none, left, right)) }?;
        Ok((u, v))
    }

    /// Computes the error from the residuals. Collective.
    #[wraps(SVDComputeError)]
    pub fn error(&self, kind: ErrorType) -> Result<Real> {
        ffi::check_no_writer()?;
        self.svd.check_result(self.index)?;
        self.svd.check_vectors()?;
        let (svd, i, mut error) = (self.svd.busy()?, self.index, 0.0);
        // SAFETY: a solver that has this result (above), and a valid out-pointer.
        unsafe { call!(SVDComputeError(*svd, i, kind.to_raw(), &raw mut error)) }?;
        Ok(error)
    }
}
