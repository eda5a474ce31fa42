//! An assembler that sets many entries of a vector. It writes entries of this rank directly to the
//! array of the vector.

use std::ptr;

use petsc_macros::wraps;

use super::VectorRef;
use super::values::InsertMode;
use crate::error::Result;
use crate::object::Object as _;
use crate::{Int, Scalar, call, ffi, runtime, sys};

/// Sets entries without a C call for each entry. See [`VectorRef::assembler`].
///
/// Entries of this rank are written to the array of the vector; entries of other ranks go to
/// PETSc's stash.
#[derive(Debug)]
#[must_use]
pub struct VectorAssembler<'a> {
    // Declared before the vector, which its destructor uses.
    local: Local,
    vector: &'a mut VectorRef,
    len: Int,
    mode: InsertMode,
}

impl VectorRef {
    /// Returns an assembler that sets many entries in one insert mode. Not collective.
    ///
    /// For the types `seq` and `mpi`, entries of this rank are written directly to the array of the
    /// vector. This is cheaper than a C call for each entry. [`finish`](VectorAssembler::finish)
    /// sends entries of other ranks. For vectors of other types, the assembler calls
    /// [`VecSetValues`](https://petsc.org/release/manualpages/Vec/VecSetValues/).
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the array is borrowed through another handle.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Scalar, ScalarExt, Vector};
    /// let mut x = Vector::new(comm, 10)?;
    /// let one = Scalar::from_real(1.0);
    /// let mut entries = x.assembler(InsertMode::Add)?;
    /// for i in 0..9 {
    ///     entries.values(&[i, i + 1], &[one, one])?;
    /// }
    /// entries.finish()?;
    /// assert_eq!(x.sum()?.real(), 18.0 * f64::from(comm.size()));
    /// # Ok(()) })
    /// ```
    pub fn assembler(&mut self, mode: InsertMode) -> Result<VectorAssembler<'_>> {
        crate::not_collective!();
        self.check_writable()?;
        let len = self.index_range()?.end;
        Ok(VectorAssembler { local: Local::new(self)?, vector: self, len, mode })
    }
}

impl VectorAssembler<'_> {
    /// Sets one entry, or adds to it. Any rank may own the entry.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for an index outside `0..len`; `ARG_WRONGSTATE` if an entry of another rank
    /// was set in the other mode since the last assembly.
    ///
    /// # Examples
    /// See [`VectorRef::assembler`](super::VectorRef::assembler).
    #[inline]
    #[wraps(VecSetValue, not_collective)]
    pub fn set(&mut self, index: Int, value: Scalar) -> Result<()> {
        self.values(&[index], &[value])
    }

    /// Sets entries, or adds to them. Any ranks may own the entries. After an error, none of them
    /// has changed. Not collective.
    ///
    /// # Errors
    /// See [`set`](Self::set); `ARG_SIZ` if the slices differ in length.
    #[inline]
    #[wraps(VecSetValues)]
    pub fn values(&mut self, indices: &[Int], values: &[Scalar]) -> Result<()> {
        crate::not_collective!();
        ffi::same_len("number of values", indices.len(), values.len())?;
        let (first, entries) = self.local.entries();
        #[expect(
            clippy::cast_sign_loss,
            reason = "negative indices wrap to numbers above every length"
        )]
        let place = |i: Int| (i as usize).wrapping_sub(first);
        if !indices.iter().all(|&i| place(i) < entries.len()) {
            return self.through_stash(indices, values);
        }
        for (&i, &value) in indices.iter().zip(values) {
            let entry = &mut entries[place(i)];
            *entry = match self.mode {
                InsertMode::Insert => value,
                InsertMode::Add => *entry + value,
            };
        }
        Ok(())
    }

    /// Does the same as [`values`](Self::values) if some entries belong to other ranks.
    #[cold]
    fn through_stash(&mut self, indices: &[Int], values: &[Scalar]) -> Result<()> {
        ffi::check_indices(indices, &(0..self.len))?;
        let n = ffi::petsc_int(indices.len())?;
        // SAFETY: both slices hold `n` entries; indices are in range (above), which VECSEQ does not
        // check. The types whose array is lent here write to that array, of which no slice is alive.
        unsafe {
            call!(VecSetValues(
                self.vector.as_ptr(),
                n,
                indices.as_ptr(),
                values.as_ptr(),
                self.mode.to_raw()
            ))
        }
    }

    /// Assembles the vector. Collective.
    ///
    /// If the assembler is dropped without this call, the entries of this rank stay set, and the
    /// next assembly sends the entries of other ranks. See [`VectorRef::assemble`].
    ///
    /// # Errors
    /// See [`VectorRef::assemble`].
    ///
    /// # Examples
    /// See [`VectorRef::assembler`](super::VectorRef::assembler).
    pub fn finish(self) -> Result<()> {
        let Self { vector, local, .. } = self;
        drop(local);
        vector.assemble()
    }
}

/// The array of this rank while the assembler borrows it; empty for types with their own insertion.
#[derive(Debug)]
struct Local {
    vector: sys::Vec,
    data: *mut Scalar,
    len: usize,
    first: usize,
    borrow: ffi::Borrows,
}

impl Local {
    fn new(vector: &VectorRef) -> Result<Self> {
        let mut local = Self {
            vector: vector.as_ptr(),
            data: ptr::null_mut(),
            len: 0,
            first: 0,
            borrow: vector.borrow_array(ffi::Access::Write)?,
        };
        if vector.is_type("seq")? || vector.is_type("mpi")? {
            local.first = usize::try_from(vector.ownership_range()?.start)?;
            let len = vector.local_len()?;
            // SAFETY: a live vector and a valid out-pointer.
            unsafe { call!(VecGetArray(local.vector, &raw mut local.data)) }?;
            local.borrow.own.cover(local.data, len)?;
            local.len = len;
        }
        Ok(local)
    }

    /// The index of the first entry of this rank, and the entries.
    #[inline]
    fn entries(&mut self) -> (usize, &mut [Scalar]) {
        // SAFETY: VecGetArray gave `len` entries, or null and none; the borrow table keeps everybody
        // else out.
        (self.first, unsafe { ffi::slice_mut(self.data, self.len) })
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        if !self.data.is_null() {
            // SAFETY: `data` came from VecGetArray on this vector, which the assembler borrows.
            let code = unsafe { sys::VecRestoreArray(self.vector, &raw mut self.data) };
            runtime::record_drop("VecRestoreArray", code);
        }
    }
}
