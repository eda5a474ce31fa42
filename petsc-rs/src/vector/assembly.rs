//! Assembly: sends entries that a rank set for other ranks to their owners.

use std::marker::PhantomData;

use petsc_macros::wraps;

use super::VectorRef;
use crate::error::Result;
use crate::object::{Held, Pending};
use crate::{Int, call, ffi, get, sys};

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
    #[wraps(VecAssemblyBegin, errors = assemble)]
    pub fn assemble_begin(&mut self) -> Result<Assembly<'_>> {
        let borrow = self.borrow_memory(ffi::Access::Write)?;
        let vector = Held::new(self)?;
        let raw = self.as_ptr();
        // SAFETY: a live vector.
        let size: Int = unsafe { get!(VecGetBlockSize(raw, _)) }?;
        // Without a block size, C receives blocks of a negative size.
        // SAFETY: a live vector, of which this is the size of the blocks.
        unsafe { call!(VecSetBlockSize(raw, size)) }?;
        // SAFETY: a live vector that nobody borrows (above).
        unsafe { call!(VecAssemblyBegin(raw)) }?;
        let end = |[vector]: [sys::PetscObject; 1], ()| {
            // SAFETY: a live vector whose assembly has begun (`Pending`).
            unsafe { sys::VecAssemblyEnd(vector.cast()) }
        };
        Ok(Assembly {
            // SAFETY: the assembly has begun (above).
            pending: unsafe { Pending::new([vector], (), "VecAssemblyEnd", end) },
            _borrow: borrow,
            _lifetime: PhantomData,
        })
    }
}

/// An assembly in progress. See [`VectorRef::assemble_begin`]. Dropping it finishes the assembly.
#[must_use = "the entries arrive in `finish`"]
#[derive(Debug)]
pub struct Assembly<'a> {
    pending: Pending<1, ()>,
    _borrow: ffi::Borrows,
    _lifetime: PhantomData<&'a mut VectorRef>,
}

impl Assembly<'_> {
    /// Waits for the entries from other ranks. Collective.
    #[wraps(VecAssemblyEnd)]
    pub fn finish(self) -> Result<()> {
        self.pending.finish()
    }
}
