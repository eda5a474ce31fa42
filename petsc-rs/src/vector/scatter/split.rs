//! Scatters in progress: between `VecScatterBegin` and `VecScatterEnd`.

use std::marker::PhantomData;

use petsc_macros::wraps;

use super::{Combine, Direction, ScatterRef};
use crate::error::Result;
use crate::object::{Held, Pending};
use crate::vector::VectorRef;
use crate::{call, ffi, sys};

impl ScatterRef {
    /// Starts [`scatter`](Self::scatter); [`finish`](ScatterInFlight::finish) completes it.
    /// Collective.
    ///
    /// Both vectors are borrowed until the scatter is finished.
    ///
    /// # Errors
    /// See [`scatter`](Self::scatter); `ARG_WRONGSTATE` while this scatter is already in progress
    /// (use a [`copy`](Self::copy)).
    #[wraps(VecScatterBegin)]
    pub fn begin<'a>(
        &'a self,
        x: &'a VectorRef,
        y: &'a mut VectorRef,
        combine: Combine,
        direction: Direction,
    ) -> Result<ScatterInFlight<'a>> {
        self.check_lengths(x, y, direction)?;
        x.check_distinct(y)?;
        let mode = combine.to_raw()?;
        let direction = direction.to_raw();
        let borrows = [
            ffi::Borrow::exclusive(self)?.into(),
            x.borrow_memory(ffi::Access::Read)?,
            y.borrow_memory(ffi::Access::Write)?,
        ];
        let held = [Held::new(self)?, Held::new(x)?, Held::new(y)?];
        // SAFETY: live objects of the lengths that the scatter was created for (above), which PETSc
        // does not check; nobody borrows the vectors.
        unsafe { call!(VecScatterBegin(self.as_ptr(), x.as_ptr(), y.as_ptr(), mode, direction)) }?;
        let end = |[scatter, x, y]: [sys::PetscObject; 3], (mode, direction)| {
            let (scatter, x, y) = (scatter.cast(), x.cast(), y.cast());
            // SAFETY: live objects whose scatter has begun with these modes (`Pending`).
            unsafe { sys::VecScatterEnd(scatter, x, y, mode, direction) }
        };
        Ok(ScatterInFlight {
            // SAFETY: the scatter has begun with these modes (above).
            pending: unsafe { Pending::new(held, (mode, direction), "VecScatterEnd", end) },
            _borrows: borrows,
            _lifetime: PhantomData,
        })
    }
}

/// A scatter in progress. See [`ScatterRef::begin`]. Dropping it finishes the scatter.
#[must_use = "the entries arrive in `finish`"]
#[derive(Debug)]
pub struct ScatterInFlight<'a> {
    /// Holds references to the scatter, its source and its target.
    pending: Pending<3, (sys::InsertMode, sys::ScatterMode)>,
    _borrows: [ffi::Borrows; 3],
    _lifetime: PhantomData<(&'a ScatterRef, &'a VectorRef, &'a mut VectorRef)>,
}

impl ScatterInFlight<'_> {
    /// Waits for the entries from other ranks. Collective.
    #[wraps(VecScatterEnd)]
    pub fn finish(self) -> Result<()> {
        self.pending.finish()
    }
}
