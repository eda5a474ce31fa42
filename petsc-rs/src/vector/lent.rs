//! The C functions that lend the entries of a vector and take them back.

use std::ffi::c_int;
use std::mem::ManuallyDrop;
use std::ptr;

use super::VectorRef;
use crate::error::Result;
use crate::ffi::{Access, Alone, Borrows};
use crate::object::{self, Object as _};
use crate::{Scalar, call, ffi, get, runtime, sys};

/// Access of the guard to the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Read,
    ReadWrite,
    /// The borrower writes every entry before it reads any.
    Overwrite,
}

impl Way {
    #[inline]
    fn access(self) -> Access {
        match self {
            Self::Read => Access::Read,
            Self::ReadWrite | Self::Overwrite => Access::Write,
        }
    }

    /// The value that the shim expects.
    #[inline]
    fn writes(self) -> c_int {
        c_int::from(self != Self::Read)
    }

    fn get(self, vector: &VectorRef) -> Result<*mut Scalar> {
        let mut data = ptr::null_mut();
        match self {
            Self::Read => {
                // SAFETY: a live vector.
                let read: *const Scalar = unsafe { get!(VecGetArrayRead(vector.as_ptr(), _)) }?;
                data = read.cast_mut();
            }
            // SAFETY: a live vector and a valid out-pointer.
            Self::ReadWrite => unsafe { call!(VecGetArray(vector.as_ptr(), &raw mut data)) }?,
            // SAFETY: a live vector and a valid out-pointer.
            Self::Overwrite => unsafe { call!(VecGetArrayWrite(vector.as_ptr(), &raw mut data)) }?,
        }
        Ok(data)
    }

    /// # Safety
    /// `data` came from [`get`](Self::get) of this vector, or from an equivalent call in C, and is
    /// not used any more.
    unsafe fn restore(self, vector: sys::Vec, mut data: *mut Scalar) {
        let (name, code) = match self {
            Self::Read => {
                let mut read = data.cast_const();
                // SAFETY: by contract.
                let code = unsafe { sys::VecRestoreArrayRead(vector, &raw mut read) };
                ("VecRestoreArrayRead", code)
            }
            Self::ReadWrite => {
                // SAFETY: by contract.
                let code = unsafe { sys::VecRestoreArray(vector, &raw mut data) };
                ("VecRestoreArray", code)
            }
            Self::Overwrite => {
                // SAFETY: by contract.
                let code = unsafe { sys::VecRestoreArrayWrite(vector, &raw mut data) };
                ("VecRestoreArrayWrite", code)
            }
        };
        runtime::record_drop(name, code);
    }
}

/// Kind of entry in the borrow table.
#[derive(Debug)]
enum Entry {
    /// An entry that the shim created, together with a reference to the vector.
    Alone(Alone),
    Borrows(Borrows),
}

/// Entries lent from C, returned on drop.
pub(super) struct Lent<'a> {
    vector: &'a VectorRef,
    pub(super) data: *mut Scalar,
    pub(super) len: usize,
    way: Way,
    entry: ManuallyDrop<Entry>,
}

impl<'a> Lent<'a> {
    /// Lends the entries. For writing, the caller must have borrowed the vector mutably.
    #[inline]
    pub(super) fn get(vector: &'a VectorRef, way: Way) -> Result<Self> {
        match Self::alone(vector, way) {
            Some(lent) => Ok(lent),
            None => Self::beside(vector, way),
        }
    }

    /// Lends the entries in the usual case: no other guard is alive, and the type has no functions
    /// of its own to lend its entries.
    #[inline]
    fn alone(vector: &'a VectorRef, way: Way) -> Option<Self> {
        if ffi::any_borrow() {
            return None;
        }
        let (mut n, mut data) = (0, ptr::null_mut());
        let (out, size) = (&raw mut data, &raw mut n);
        // SAFETY: a live vector and valid out-pointers.
        if unsafe { sys::PetscRsVecLend(vector.as_ptr(), way.writes(), size, out) } == 0 {
            return None;
        }
        let len = ffi::index_to_usize(n);
        // SAFETY: nobody is in the table, as was asked above; the reference is given up by `drop`, after the entry.
        let alone = unsafe { Alone::enter(vector.object_ptr(), data, len, way.access()) };
        Some(Self { vector, data, len, way, entry: ManuallyDrop::new(Entry::Alone(alone)) })
    }

    /// Lends the entries in the general case: with other guards, with parts, or with functions of
    /// the type.
    #[cold]
    fn beside(vector: &'a VectorRef, way: Way) -> Result<Self> {
        let len = vector.local_len()?;
        let borrows = vector.borrow_array(way.access())?;
        // For a nested vector, PETSc would lend uninitialized memory.
        let way = if way == Way::Overwrite && vector.is_nest()? { Way::ReadWrite } else { way };
        let data = way.get(vector)?;
        if let Err(error) = borrows.own.cover(data, len) {
            // SAFETY: the array of the line above.
            unsafe { way.restore(vector.as_ptr(), data) };
            return Err(error);
        }
        Ok(Self { vector, data, len, way, entry: ManuallyDrop::new(Entry::Borrows(borrows)) })
    }
}

impl Drop for Lent<'_> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: taken once, here.
        match unsafe { ManuallyDrop::take(&mut self.entry) } {
            Entry::Alone(alone) => {
                drop(alone);
                // SAFETY: a live vector, of which `alone` took a reference.
                if unsafe { sys::PetscRsVecTakeBack(self.vector.as_ptr(), self.way.writes()) } == 0
                {
                    self.take_back_last();
                }
            }
            Entry::Borrows(borrows) => self.restore(borrows),
        }
    }
}

impl Lent<'_> {
    /// Returns the array to C before another guard may borrow it.
    #[cold]
    fn restore(&self, borrows: Borrows) {
        // SAFETY: `data` came from `way.get`, and whoever had it gave it up.
        unsafe { self.way.restore(self.vector.as_ptr(), self.data) };
        drop(borrows);
    }

    /// Returns the array as the shim does, for a vector that has changed in the meantime or has no
    /// other reference.
    #[cold]
    fn take_back_last(&self) {
        // SAFETY: the shim lent `data` as `way.get` would have done, and whoever had it gave it up.
        unsafe { self.way.restore(self.vector.as_ptr(), self.data) };
        // SAFETY: the reference that the shim took.
        unsafe { object::release(self.vector.object_ptr()) };
    }
}
