//! Ghosted vectors: the local array of each rank contains the entries that the rank owns, followed
//! by copies of entries of other ranks.

use std::marker::PhantomData;

use petsc_macros::wraps;

use super::{ArrayRead, Vector, VectorRef};
use crate::callback;
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::{Held, Object as _, Pending};
use crate::runtime;
use crate::scatter::{Combine, Direction};
use crate::{Int, Scalar, call, create, ffi, get, sys};

impl Vector {
    /// Creates a ghosted vector of zeros, with `local` owned entries on this rank. Collective.
    ///
    /// The ghosts follow the entries of this rank in the local array. For each ghost, `ghosts`
    /// contains the global index of the copied entry, which another rank owns.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a ghost index outside the vector.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Combine, Direction, Scalar, ScalarExt, Vector};
    /// let mut x = Vector::ghosted(comm, 2, &[0])?;
    /// x.set(Scalar::from_real(3.0))?;
    /// x.update_ghosts(Combine::Insert, Direction::Forward)?;
    /// assert_eq!(x.local_form()?.array()?[2].real(), 3.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecCreateGhost)]
    #[track_caller]
    pub fn ghosted(comm: &Comm, local: usize, ghosts: &[Int]) -> Result<Self> {
        Self::ghosted_blocks(comm, 1, local, ghosts)
    }

    /// Creates a ghosted vector with blocks: `ghosts` are global block indices, and `local` counts
    /// entries.
    ///
    /// # Errors
    /// See [`ghosted`](Self::ghosted); `ARG_SIZ` if `local` is not a multiple of the block size.
    #[wraps(VecCreateGhostBlock)]
    #[track_caller]
    pub fn ghosted_blocks(
        comm: &Comm,
        block_size: usize,
        local: usize,
        ghosts: &[Int],
    ) -> Result<Self> {
        ffi::range::check_block_size(block_size, local)?;
        // Computing the global length needs all ranks, so a vector without ghosts computes it.
        let layout = Self::mpi(comm, Some(local), None)?;
        let blocks = ffi::petsc_int(layout.len()? / block_size)?;
        ffi::check_indices(ghosts, &(0..blocks))?;
        let n = ffi::petsc_int(local)?;
        let count = ffi::petsc_int(ghosts.len())?;
        let size = ffi::petsc_int(block_size)?;
        let (comm, all, ghosts) = (comm.as_raw(), ffi::DECIDE, ghosts.as_ptr());
        let mut x: Self = if block_size == 1 {
            // SAFETY: a live communicator, `count` indices in range; C creates an object.
            unsafe { create!(VecCreateGhost(comm, n, all, count, ghosts, _)) }
        } else {
            // SAFETY: a live communicator, `count` block indices in range; C creates an object.
            unsafe { create!(VecCreateGhostBlock(comm, size, n, all, count, ghosts, _)) }
        }?;
        x.local_form_mut()?.set_zero()?;
        x.guard_ghosts()?;
        Ok(x)
    }

    /// Creates a ghosted vector from `values`, without a copy. Collective.
    ///
    /// The vector takes ownership of `values`, which contains the entries of this rank, followed by
    /// the ghosts.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a ghost index outside the vector; `ARG_SIZ` if there are fewer values
    /// than ghosts.
    #[wraps(VecCreateGhostWithArray)]
    #[track_caller]
    pub fn ghosted_from_vec(comm: &Comm, ghosts: &[Int], mut values: Vec<Scalar>) -> Result<Self> {
        let Some(local) = values.len().checked_sub(ghosts.len()) else {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                format!("there are fewer values ({}) than ghosts ({})", values.len(), ghosts.len()),
            ));
        };
        let layout = Self::mpi(comm, Some(local), None)?;
        ffi::check_indices(ghosts, &layout.index_range()?)?;
        let (n, count) = (ffi::petsc_int(local)?, ffi::petsc_int(ghosts.len())?);
        if values.is_empty() {
            // With NULL, PETSc would allocate memory itself.
            values.reserve(1);
        }
        // SAFETY: a live communicator, `count` indices in range, memory for `n + count` entries; C
        // creates an object.
        let x: Self = unsafe {
            create!(VecCreateGhostWithArray(
                comm.as_raw(),
                n,
                ffi::DECIDE,
                count,
                ghosts.as_ptr(),
                values.as_mut_ptr(),
                _
            ))
        }?;
        // The vector of the local form uses the memory too, and may outlive this one.
        let form = x.local_form()?;
        // SAFETY: a live object.
        unsafe { callback::compose(form.object_ptr(), c"petsc-rs.array", values) }?;
        drop(form);
        x.guard_ghosts()?;
        Ok(x)
    }
}

impl VectorRef {
    /// Changes a vector of type `mpi` to a ghosted one. See [`Vector::ghosted`]. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` if the vector is not of type `mpi`; `ARG_OUTOFRANGE` for a ghost index
    /// outside the vector; `ARG_WRONGSTATE` if the array is borrowed or the vector already has
    /// ghosts.
    #[wraps(VecMPISetGhost)]
    pub fn set_ghosts(&mut self, ghosts: &[Int]) -> Result<()> {
        if !self.is_type("mpi")? {
            return Err(Error::new(
                ErrorCode::ARG_NOTSAMETYPE,
                "only a vector of type mpi can have ghosts",
            ));
        }
        ffi::check_indices(ghosts, &self.index_range()?)?;
        self.check_writable()?;
        if self.local_form().is_ok() {
            let text = "the vector already has ghosts; create a new vector";
            return Err(Error::collective(ErrorCode::ARG_WRONGSTATE, text));
        }
        let n = ffi::petsc_int(ghosts.len())?;
        // SAFETY: a live vector of type `mpi` that nobody borrows, `n` indices in range (above).
        unsafe { call!(VecMPISetGhost(self.as_ptr(), n, ghosts.as_ptr())) }?;
        self.local_form_mut()?.set_zero()?;
        self.guard_ghosts()
    }

    /// Makes duplicates possible for any block size: see the workaround `vec_duplicate_ghosts`.
    fn guard_ghosts(&self) -> Result<()> {
        // SAFETY: a live vector.
        unsafe { call!(PetscRsVecGuardGhosts(self.as_ptr())) }
    }

    /// Copies entries from the ranks that own them to the ghosts ([`Direction::Forward`]), or
    /// combines the ghosts into the entries on the owning ranks ([`Direction::Reverse`], usually
    /// with [`Combine::Add`]). Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the vector has no ghosts; `ARG_WRONGSTATE` if the array is borrowed; `SUP`
    /// for a maximum or minimum of complex numbers.
    #[wraps(VecGhostUpdateBegin, VecGhostUpdateEnd)]
    pub fn update_ghosts(&mut self, combine: Combine, direction: Direction) -> Result<()> {
        self.update_ghosts_begin(combine, direction)?.finish()
    }

    /// Starts [`update_ghosts`](Self::update_ghosts); [`finish`](GhostUpdate::finish) completes the
    /// update. Collective.
    #[wraps(VecGhostUpdateBegin, errors = update_ghosts)]
    pub fn update_ghosts_begin(
        &mut self,
        combine: Combine,
        direction: Direction,
    ) -> Result<GhostUpdate<'_>> {
        let mode = combine.to_raw()?;
        let direction = direction.to_raw();
        let borrow = self.borrow_ghosts()?;
        let vector = Held::new(self)?;
        // SAFETY: a live vector with ghosts (above) that nobody borrows.
        unsafe { call!(VecGhostUpdateBegin(self.as_ptr(), mode, direction)) }?;
        let end = |[vector]: [sys::PetscObject; 1], (mode, direction)| {
            // SAFETY: a live vector whose update has begun with these modes (`Pending`).
            unsafe { sys::VecGhostUpdateEnd(vector.cast(), mode, direction) }
        };
        let modes = (mode, direction);
        Ok(GhostUpdate {
            // SAFETY: the update has begun with these modes (above).
            pending: unsafe { Pending::new([vector], modes, "VecGhostUpdateEnd", end) },
            _borrow: borrow,
            _lifetime: PhantomData,
        })
    }

    /// Returns the entries of this rank, followed by the ghosts, as a sequential vector. Not
    /// collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the vector has no ghosts, `ARG_WRONGSTATE` if the array is borrowed mutably.
    #[wraps(VecGhostGetLocalForm)]
    pub fn local_form(&self) -> Result<LocalForm<'_>> {
        crate::not_collective!();
        let borrow = ffi::Borrow::shared(self)?;
        Ok(LocalForm { raw: self.raw_local_form()?, _borrow: borrow })
    }

    /// Returns the local form for writing.
    ///
    /// This call marks the vector as changed, so all ranks must call it. See
    /// [`local_form`](Self::local_form).
    ///
    /// # Errors
    /// `ARG_WRONG` if the vector has no ghosts, `ARG_WRONGSTATE` if the array is borrowed.
    #[wraps(VecGhostGetLocalForm, not_collective)]
    pub fn local_form_mut(&mut self) -> Result<LocalFormMut<'_>> {
        let borrow = ffi::Borrow::exclusive(self)?;
        Ok(LocalFormMut { raw: self.raw_local_form()?, _borrow: borrow, _exclusive: PhantomData })
    }

    /// Enters a guard of the entries and the ghosts that follow them.
    fn borrow_ghosts(&self) -> Result<ffi::Borrow> {
        let form = self.raw_local_form()?;
        let borrow = ffi::Borrow::exclusive(self)?;
        // SAFETY: live until `form` gives it back.
        borrow.cover_memory(unsafe { Self::from_ptr(form.local) }.region()?)?;
        Ok(borrow)
    }

    fn raw_local_form(&self) -> Result<RawForm<'_>> {
        // SAFETY: a live vector.
        let local = unsafe { get!(VecGhostGetLocalForm(self.as_ptr(), _)) }?;
        let form = RawForm { vector: self, local };
        // A sequential vector would be its own local form, and be borrowed twice.
        if local.is_null() || local == self.as_ptr() {
            return Err(Error::new(
                ErrorCode::ARG_WRONG,
                "the vector has no ghosts; create it with Vector::ghosted",
            ));
        }
        Ok(form)
    }
}

/// A local form that is always restored on drop.
struct RawForm<'a> {
    vector: &'a VectorRef,
    local: sys::Vec,
}

impl Drop for RawForm<'_> {
    fn drop(&mut self) {
        // SAFETY: `local` came from VecGhostGetLocalForm on this vector, which is borrowed.
        let code =
            unsafe { sys::VecGhostRestoreLocalForm(self.vector.as_ptr(), &raw mut self.local) };
        runtime::record_drop("VecGhostRestoreLocalForm", code);
    }
}

/// Entries and ghosts of this rank, lent for reading. See [`VectorRef::local_form`].
pub struct LocalForm<'a> {
    raw: RawForm<'a>,
    _borrow: ffi::Borrow,
}

impl LocalForm<'_> {
    /// Returns the entries of this rank, followed by the ghosts. Not collective.
    ///
    /// # Errors
    /// See [`VectorRef::array`].
    pub fn array(&self) -> Result<ArrayRead<'_>> {
        crate::not_collective!();
        VectorRef::array(self)
    }
}

ffi::lends! {
    LocalForm<'_> => VectorRef: |this| {
        // SAFETY: live until the guard restores it.
        unsafe { VectorRef::from_ptr(this.raw.local) }
    }
}

/// Entries and ghosts of this rank, lent for writing. See [`VectorRef::local_form_mut`].
pub struct LocalFormMut<'a> {
    raw: RawForm<'a>,
    _borrow: ffi::Borrow,
    _exclusive: PhantomData<&'a mut VectorRef>,
}

ffi::lends! {
    LocalFormMut<'_> => VectorRef: |this| {
        // SAFETY: live until the guard restores it.
        unsafe { VectorRef::from_ptr(this.raw.local) }
    }, |this| {
        // SAFETY: as above; nobody else borrows the entries.
        unsafe { VectorRef::from_ptr_mut(this.raw.local) }
    }
}

/// An update of ghosts in progress. See [`VectorRef::update_ghosts_begin`]. Dropping it finishes
/// the update.
#[must_use = "the entries arrive in `finish`"]
#[derive(Debug)]
pub struct GhostUpdate<'a> {
    pending: Pending<1, (sys::InsertMode, sys::ScatterMode)>,
    _borrow: ffi::Borrow,
    _lifetime: PhantomData<&'a mut VectorRef>,
}

impl GhostUpdate<'_> {
    /// Waits for the entries from other ranks. Collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::ghosted(comm, 2, &[0])?; // entry 0 is a ghost on each rank
    /// x.set(3.0.into())?;
    /// let update = x.update_ghosts_begin(Combine::Insert, Direction::Forward)?;
    /// // The program can compute here.
    /// update.finish()?;
    /// assert_eq!(x.local_form()?.array()?[2].real(), 3.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecGhostUpdateEnd)]
    pub fn finish(self) -> Result<()> {
        self.pending.finish()
    }
}
