//! Operations on the entries that an index set selects.

use petsc_macros::wraps;

use super::VectorRef;
use crate::comm;
use crate::error::Result;
use crate::index_set::{IndexSet, IndexSetRef};
use crate::object::Object as _;
use crate::scatter::Direction;
use crate::{Scalar, call, create, ffi, sys};

impl VectorRef {
    /// Checks that this rank owns the indices of `is`; not all releases of PETSc check this.
    fn check_owned(&self, is: &IndexSetRef) -> Result<()> {
        comm::check_same_ranks(self.object_ptr(), is.object_ptr())?;
        ffi::check_indices(&is.indices()?, &self.ownership_range()?)
    }

    fn check_reduced(&self, is: &IndexSetRef, reduced: &Self) -> Result<()> {
        self.check_owned(is)?;
        self.check_distinct(reduced)?;
        comm::check_same_ranks(self.object_ptr(), reduced.object_ptr())?;
        ffi::same_len(
            "length of the reduced vector on this rank",
            is.local_len()?,
            reduced.local_len()?,
        )?;
        if self.len()? == reduced.len()? {
            // PETSc then operates on the whole vectors.
            self.check_same_kind(reduced)?;
        }
        Ok(())
    }

    /// Sets the entries whose indices are in `is` to `alpha`. Each rank must own the indices of its
    /// part of `is`. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for an index that this rank does not own, `ARG_WRONGSTATE` if the array is
    /// borrowed.
    #[wraps(VecISSet)]
    pub fn set_indices(&mut self, is: &IndexSetRef, alpha: Scalar) -> Result<()> {
        self.check_owned(is)?;
        self.check_writable()?;
        // SAFETY: live objects, indices of this rank (above); the scalar lives for the call.
        unsafe { call!(PetscRsVecISSet(self.as_ptr(), is.as_ptr(), &raw const alpha)) }
    }

    /// Computes `self[isᵢ] ← self[isᵢ] + alpha·reducedᵢ`. Logically collective.
    ///
    /// # Errors
    /// See [`set_indices`](Self::set_indices); `ARG_SIZ` unless `reduced` has one entry for each index.
    #[wraps(VecISAXPY)]
    pub fn axpy_indices(&mut self, is: &IndexSetRef, alpha: Scalar, reduced: &Self) -> Result<()> {
        self.check_reduced(is, reduced)?;
        self.check_writable()?;
        reduced.check_readable()?;
        // SAFETY: live objects, one index of this rank for each entry (above).
        unsafe {
            call!(PetscRsVecISAXPY(self.as_ptr(), is.as_ptr(), &raw const alpha, reduced.as_ptr()))
        }
    }

    /// Copies entries between `reduced` and the entries of `self` whose indices are in `is`.
    /// Logically collective.
    ///
    /// [`Direction::Forward`] copies from `reduced` to `self`, [`Direction::Reverse`] from `self`
    /// to `reduced`.
    #[wraps(VecISCopy, errors = axpy_indices)]
    pub fn copy_indices(
        &mut self,
        is: &IndexSetRef,
        direction: Direction,
        reduced: &mut Self,
    ) -> Result<()> {
        self.check_reduced(is, reduced)?;
        self.check_writable()?;
        reduced.check_writable()?;
        // SAFETY: live objects, one index of this rank for each entry; vectors of one length, which PETSc copies as a whole,
        // are of one kind (above).
        unsafe {
            call!(VecISCopy(self.as_ptr(), is.as_ptr(), direction.to_raw(), reduced.as_ptr()))
        }
    }

    /// Returns the global indices on this rank where `selfᵢ = otherᵢ`. Collective.
    #[wraps(VecWhichEqual, errors = dot)]
    #[track_caller]
    pub fn which_equal(&self, other: &Self) -> Result<IndexSet> {
        self.check_operand(other)?;
        // SAFETY: live vectors of one kind and length (above); C creates an object.
        unsafe { create!(VecWhichEqual(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Returns the global indices on this rank where `selfᵢ < otherᵢ`, comparing real parts.
    /// Collective.
    #[wraps(VecWhichLessThan, errors = dot)]
    #[track_caller]
    pub fn which_less_than(&self, other: &Self) -> Result<IndexSet> {
        self.check_operand(other)?;
        // SAFETY: live vectors of one kind and length (above); C creates an object.
        unsafe { create!(VecWhichLessThan(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Returns the global indices on this rank where `selfᵢ > otherᵢ`, comparing real parts.
    /// Collective.
    #[wraps(VecWhichGreaterThan, errors = dot)]
    #[track_caller]
    pub fn which_greater_than(&self, other: &Self) -> Result<IndexSet> {
        self.check_operand(other)?;
        // SAFETY: live vectors of one kind and length (above); C creates an object.
        unsafe { create!(VecWhichGreaterThan(self.as_ptr(), other.as_ptr(), _)) }
    }

    /// Returns the global indices on this rank where `lowᵢ < selfᵢ < highᵢ`, comparing real parts.
    /// Collective.
    #[wraps(VecWhichBetween, errors = dot)]
    #[track_caller]
    pub fn which_between(&self, low: &Self, high: &Self) -> Result<IndexSet> {
        self.check_operand(low)?;
        self.check_operand(high)?;
        let (low, high) = (low.as_ptr(), high.as_ptr());
        // SAFETY: live vectors of one kind and length (above); C creates an object.
        unsafe { create!(VecWhichBetween(low, self.as_ptr(), high, _)) }
    }

    /// Returns the global indices on this rank where `lowᵢ ≤ selfᵢ ≤ highᵢ`, comparing real parts.
    /// Collective.
    #[wraps(VecWhichBetweenOrEqual, errors = dot)]
    #[track_caller]
    pub fn which_between_or_equal(&self, low: &Self, high: &Self) -> Result<IndexSet> {
        self.check_operand(low)?;
        self.check_operand(high)?;
        let (low, high) = (low.as_ptr(), high.as_ptr());
        // SAFETY: live vectors of one kind and length (above); C creates an object.
        unsafe { create!(VecWhichBetweenOrEqual(low, self.as_ptr(), high, _)) }
    }

    /// Returns the global indices on this rank where the bounds `low` and `high` are inactive:
    /// `selfᵢ` lies between them, or is equal to one of them and a step along `-gradientᵢ` does not
    /// leave the bounds. With `strong`, an entry that is equal to a bound is omitted if `gradientᵢ`
    /// is 0. Collective.
    #[wraps(VecWhichInactive, errors = dot)]
    #[track_caller]
    pub fn which_inactive(
        &self,
        low: &Self,
        gradient: &Self,
        high: &Self,
        strong: bool,
    ) -> Result<IndexSet> {
        for operand in [low, gradient, high] {
            self.check_operand(operand)?;
        }
        let (low, gradient, high) = (low.as_ptr(), gradient.as_ptr(), high.as_ptr());
        let (x, strong) = (self.as_ptr(), ffi::raw_bool(strong));
        // SAFETY: live vectors of one kind and length (above); C creates an object.
        unsafe { create!(VecWhichInactive(low, x, gradient, high, strong, _)) }
    }
}
