//! Creation of scatters.

use std::ptr;

use petsc_macros::wraps;

use super::{LENGTHS, Lengths, Scatter, ScatterRef};
use crate::comm;
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSetRef;
use crate::object::Object as _;
use crate::vector::{Vector, VectorRef};
use crate::{ffi, get, sys};

impl Scatter {
    /// Creates a scatter from entry `from[i]` of `x` to entry `to[i]` of `y`. Each rank passes some
    /// of the index pairs. Collective.
    ///
    /// Indices of a sequential vector are local; indices of other vectors are global. `None`
    /// instead of `from` (or `to`) stands for all entries of `x` (or `y`) that this rank owns. If
    /// this vector is parallel and the other one is sequential, `None` stands for the entries of
    /// all ranks. At least one index set is required.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for an index outside its vector; `ARG_SIZ` if the sets differ in length on
    /// a rank; `SUP` without sets; `ARG_NOTSAMECOMM` for parallel vectors on different
    /// communicators.
    ///
    /// # Examples
    /// See [`ScatterRef::scatter`].
    #[wraps(VecScatterCreate)]
    #[track_caller]
    pub fn new(
        x: &VectorRef,
        from: Option<&IndexSetRef>,
        y: &VectorRef,
        to: Option<&IndexSetRef>,
    ) -> Result<Self> {
        if from.is_none() && to.is_none() {
            return Err(Error::new(ErrorCode::SUP, "a scatter needs at least one index set"));
        }
        let x_ranks = comm::size_of_object(x.object_ptr())?;
        let y_ranks = comm::size_of_object(y.object_ptr())?;
        if x_ranks > 1 && y_ranks > 1 {
            comm::check_same_ranks(x.object_ptr(), y.object_ptr())?;
        }
        let given = |is: Option<&IndexSetRef>, v: &VectorRef, whole: bool| match is {
            Some(is) => {
                ffi::check_indices(&is.indices()?, &v.index_range()?)?;
                is.local_len()
            }
            None if whole => v.len(),
            None => v.local_len(),
        };
        let sources = given(from, x, x_ranks > 1 && y_ranks == 1)?;
        let targets = given(to, y, x_ranks == 1 && y_ranks > 1)?;
        ffi::same_len("number of target indices", sources, targets)?;
        let lengths = Lengths { from: x.local_len()?, to: y.local_len()? };
        let from = from.map_or(ptr::null_mut(), IndexSetRef::as_ptr);
        let to = to.map_or(ptr::null_mut(), IndexSetRef::as_ptr);
        // SAFETY: live objects, indices in range (above), NULL for a set that is not given.
        let raw = unsafe { get!(VecScatterCreate(x.as_ptr(), from, y.as_ptr(), to, _)) }?;
        // SAFETY: just created for vectors of these lengths; the reference is ours.
        unsafe { Self::with_lengths(raw, lengths) }
    }

    /// Creates a scatter from all entries of `x` to a new sequential vector on each rank.
    /// Collective.
    #[wraps(VecScatterCreateToAll)]
    #[track_caller]
    pub fn to_all(x: &VectorRef) -> Result<(Self, Vector)> {
        // SAFETY: a live vector.
        let (scatter, vector) = unsafe { get!(VecScatterCreateToAll(x.as_ptr(), _, _)) }?;
        // SAFETY: just created together from `x`.
        unsafe { Self::with_target(x, scatter, vector) }
    }

    /// Creates a scatter from all entries of `x` to a new sequential vector on rank 0; the vector
    /// is empty on other ranks. Collective.
    #[wraps(VecScatterCreateToZero)]
    #[track_caller]
    pub fn to_zero(x: &VectorRef) -> Result<(Self, Vector)> {
        // SAFETY: a live vector.
        let (scatter, vector) = unsafe { get!(VecScatterCreateToZero(x.as_ptr(), _, _)) }?;
        // SAFETY: just created together from `x`.
        unsafe { Self::with_target(x, scatter, vector) }
    }

    /// # Safety
    /// Both are new, `scatter` was created for vectors like `x` and `vector`, and the caller gives
    /// up the references.
    #[track_caller]
    unsafe fn with_target(
        x: &VectorRef,
        scatter: sys::VecScatter,
        vector: sys::Vec,
    ) -> Result<(Self, Vector)> {
        // SAFETY: by contract.
        let mut target = unsafe { Vector::from_raw(vector) };
        target.set_zero()?;
        let lengths = Lengths { from: x.local_len()?, to: target.local_len()? };
        // SAFETY: by contract.
        Ok((unsafe { Self::with_lengths(scatter, lengths) }?, target))
    }

    /// # Safety
    /// `raw` is a scatter between vectors of these lengths, and the caller gives up one reference.
    #[track_caller]
    unsafe fn with_lengths(raw: sys::VecScatter, lengths: Lengths) -> Result<Self> {
        // SAFETY: by contract.
        let scatter = unsafe { Self::from_raw(raw) };
        LENGTHS.set(&scatter, lengths)?;
        Ok(scatter)
    }
}

impl ScatterRef {
    /// Creates a copy of the scatter, so that two scatters can be in progress at the same time.
    /// Collective.
    #[wraps(VecScatterCopy)]
    #[track_caller]
    pub fn copy(&self) -> Result<Scatter> {
        let lengths = self.lengths()?;
        // SAFETY: a live scatter.
        let raw = unsafe { get!(VecScatterCopy(self.as_ptr(), _)) }?;
        // SAFETY: just created for vectors of the same lengths; the reference is ours.
        unsafe { Scatter::with_lengths(raw, lengths) }
    }
}
