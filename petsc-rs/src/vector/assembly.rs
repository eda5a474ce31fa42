//! Assembly: sends entries that were set for other ranks to their owners.

use std::marker::PhantomData;

use petsc_macros::wraps;

use super::VectorRef;
use crate::error::Result;
use crate::object::Held;
use crate::runtime::{self, DropMode};
use crate::{call, ffi, sys};

impl VectorRef {
    /// Sends the entries that were set for other ranks to their owners. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if some ranks inserted and others added, or if the array is borrowed.
    ///
    /// # Examples
    /// Every rank adds to entry 0, which belongs to rank 0:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::new(comm, 10)?;
    /// x.set_value(0, 1.0.into(), InsertMode::Add)?;
    /// x.assemble()?;
    /// assert_eq!(x.norm(Norm::Infinity)?, f64::from(comm.size()));
    /// # Ok(()) })
    /// ```
    #[wraps(VecAssemblyBegin, VecAssemblyEnd)]
    pub fn assemble(&mut self) -> Result<()> {
        self.assemble_begin()?.finish()
    }

    /// Starts [`assemble`](Self::assemble); [`finish`](Assembly::finish) completes it. Collective.
    ///
    /// # Errors
    /// See [`assemble`](Self::assemble).
    #[wraps(VecAssemblyBegin)]
    pub fn assemble_begin(&mut self) -> Result<Assembly<'_>> {
        let borrow = self.borrow_memory(ffi::Access::Write)?;
        let vector = Held::new(self)?;
        let (mut size, raw) = (1, self.as_ptr());
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecGetBlockSize(raw, &raw mut size)) }?;
        // Without a block size, C receives blocks of a negative size.
        // SAFETY: a live vector, of which this is the size of the blocks.
        unsafe { call!(VecSetBlockSize(raw, size)) }?;
        // SAFETY: a live vector that nobody borrows (above).
        unsafe { call!(VecAssemblyBegin(raw)) }?;
        Ok(Assembly {
            vector: Some(vector),
            _borrow: borrow,
            _lifetime: PhantomData,
        })
    }
}

/// An assembly in progress. See [`VectorRef::assemble_begin`]. Dropping it finishes the assembly.
#[must_use = "the entries arrive in `finish`"]
#[derive(Debug)]
pub struct Assembly<'a> {
    /// Keeps the vector alive if this is forgotten: MPI may still write to its buffers.
    vector: Option<Held>,
    _borrow: ffi::Borrows,
    _lifetime: PhantomData<&'a mut VectorRef>,
}

impl Assembly<'_> {
    /// Waits for the entries from other ranks. Collective.
    ///
    /// # Errors
    /// The errors of `VecAssemblyEnd`.
    #[wraps(VecAssemblyEnd)]
    pub fn finish(mut self) -> Result<()> {
        match self.vector.take() {
            // SAFETY: a live vector whose assembly has begun.
            Some(v) => unsafe { call!(VecAssemblyEnd(v.object().cast())) },
            None => Ok(()),
        }
    }
}

impl Drop for Assembly<'_> {
    fn drop(&mut self) {
        let Some(vector) = self.vector.take() else {
            return;
        };
        if runtime::drop_mode() == DropMode::Now {
            // SAFETY: a live vector whose assembly has begun.
            let code = unsafe { sys::VecAssemblyEnd(vector.object().cast()) };
            runtime::record_drop("VecAssemblyEnd", code);
        } else {
            // The other ranks may not take part, so MPI keeps the buffers, and the buffers keep
            // their vector.
            vector.leak();
        }
    }
}
