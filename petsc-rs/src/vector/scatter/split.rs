//! Scatters in progress, between begin and end.

use std::marker::PhantomData;

use petsc_macros::wraps;

use super::{Combine, Direction, ScatterRef};
use crate::error::Result;
use crate::object::Held;
use crate::runtime::{self, DropMode};
use crate::vector::VectorRef;
use crate::{call, ffi, sys};

impl ScatterRef {
    /// Starts [`scatter`](Self::scatter); [`finish`](ScatterInFlight::finish) completes it.
    /// Collective.
    ///
    /// Both vectors are borrowed until then.
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
        unsafe {
            call!(VecScatterBegin(
                self.as_ptr(),
                x.as_ptr(),
                y.as_ptr(),
                mode,
                direction
            ))
        }?;
        Ok(ScatterInFlight {
            held: Some(held),
            mode,
            direction,
            _borrows: borrows,
            _lifetime: PhantomData,
        })
    }
}

/// A scatter in progress. See [`ScatterRef::begin`]. Dropping it finishes the scatter.
#[must_use = "the entries arrive in `finish`"]
#[derive(Debug)]
pub struct ScatterInFlight<'a> {
    /// Scatter, source and target: kept alive if this is forgotten, because MPI may still use them.
    held: Option<[Held; 3]>,
    mode: sys::InsertMode,
    direction: sys::ScatterMode,
    _borrows: [ffi::Borrows; 3],
    _lifetime: PhantomData<(&'a ScatterRef, &'a VectorRef, &'a mut VectorRef)>,
}

impl ScatterInFlight<'_> {
    /// Waits for the entries from other ranks. Collective.
    ///
    /// # Errors
    /// The errors of `VecScatterEnd`.
    #[wraps(VecScatterEnd)]
    pub fn finish(mut self) -> Result<()> {
        let Some([scatter, x, y]) = self.held.take() else {
            return Ok(());
        };
        // SAFETY: live objects whose scatter has begun with these modes.
        unsafe {
            call!(VecScatterEnd(
                scatter.object().cast(),
                x.object().cast(),
                y.object().cast(),
                self.mode,
                self.direction
            ))
        }
    }
}

impl Drop for ScatterInFlight<'_> {
    fn drop(&mut self) {
        let Some([scatter, x, y]) = self.held.take() else {
            return;
        };
        if runtime::drop_mode() == DropMode::Now {
            // SAFETY: live objects whose scatter has begun with these modes.
            let code = unsafe {
                sys::VecScatterEnd(
                    scatter.object().cast(),
                    x.object().cast(),
                    y.object().cast(),
                    self.mode,
                    self.direction,
                )
            };
            runtime::record_drop("VecScatterEnd", code);
        } else {
            // The other ranks may not take part, so MPI keeps the memory.
            scatter.leak();
            x.leak();
            y.leak();
        }
    }
}
