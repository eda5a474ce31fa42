//! Redundant DMs: unknowns that every rank needs, such as parameters (`DMRedundant` in C).

use petsc_macros::wraps;

use super::Dm;
use super::types::dm_kind;
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::{Int, call, ffi, get_raw};

dm_kind! {
    /// A DM for a few unknowns that are coupled to all others, such as design variables or the
    /// parameter of a continuation. In global vectors, one rank owns these unknowns; local vectors
    /// contain all of them on every rank. A redundant DM is usually a part of a
    /// [`DmComposite`](super::DmComposite).
    ///
    /// [`local_to_global`](super::DmRef::local_to_global) with `Insert` copies the values of the
    /// owner; with `Add` it adds the values of all ranks.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, dm::DmRedundant};
    /// let parameters = DmRedundant::new(comm, 0, 2)?;
    /// let mut x = parameters.create_global_vector()?;
    /// x.set(Scalar::from_real(6.8))?;
    /// let everywhere = parameters.ghosted(&x)?;
    /// assert_eq!(everywhere.array()?[1].real(), 6.8);
    /// # Ok(()) })
    /// ```
    ///
    /// # See also
    /// [`DmComposite`](super::DmComposite), to which it is usually added.
    #[wraps(DMREDUNDANT)]
    DmRedundant,
    /// A borrowed [`DmRedundant`].
    DmRedundantRef,
    c"redundant",
    as_redundant,
    into_redundant,
}

impl DmRedundant {
    /// Creates a DM with `size` unknowns. The rank `owner` owns them. Collective; both arguments
    /// must be equal on all ranks.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the rank `owner` does not exist.
    #[wraps(DMRedundantCreate)]
    #[track_caller]
    pub fn new(comm: &Comm, owner: usize, size: usize) -> Result<Self> {
        let (rank, n) = checked(comm, owner, size)?;
        // SAFETY: a live communicator and one of its ranks.
        let raw = unsafe { get_raw!(DMRedundantCreate(comm.as_raw(), rank, n, _)) }?;
        // SAFETY: just created; the reference is ours.
        unsafe { Dm::created(raw) }?.into_redundant()
    }

    /// Changes the owner and the number of unknowns. Collective; both arguments must be equal on
    /// all ranks.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the rank `owner` does not exist; `ARG_WRONGSTATE` while vectors,
    /// matrices, solvers, composites or other objects refer to the DM, because these would keep the
    /// old number of unknowns.
    #[wraps(DMRedundantSetSize)]
    pub fn set_size(&mut self, owner: usize, size: usize) -> Result<()> {
        let (rank, n) = checked(&self.comm()?, owner, size)?;
        // SAFETY: a live DM; no vector is lent from the pools, because that would borrow the DM.
        unsafe { call!(DMClearGlobalVectors(*self.busy()?)) }?;
        // SAFETY: as above.
        unsafe { call!(DMClearLocalVectors(*self.busy()?)) }?;
        let users = self.reference_count()? - 1;
        let text = "vectors, matrices, solvers or composites use the DM with its current size";
        self.refuse_on_any(users > 0, ErrorCode::ARG_WRONGSTATE, text)?;
        // SAFETY: a live DM of the type, to which no other object refers (above), and a rank of its
        // communicator.
        unsafe { call!(DMRedundantSetSize(*self.busy()?, rank, n)) }
    }
}

impl DmRedundantRef {
    /// Returns the number of unknowns.
    #[wraps(DMRedundantGetSize, not_collective)]
    pub fn size(&self) -> Result<usize> {
        Ok(self.owner_and_size()?.1)
    }

    /// Returns the rank that owns the unknowns.
    #[wraps(DMRedundantGetSize, not_collective)]
    pub fn owner(&self) -> Result<usize> {
        Ok(self.owner_and_size()?.0)
    }

    fn owner_and_size(&self) -> Result<(usize, usize)> {
        // The header declares the rank as an `int`, but the function writes an index, which can
        // have 64 bits.
        let (mut rank, mut n): (Int, Int) = (0, 0);
        let out = (&raw mut rank).cast();
        // SAFETY: a live DM of the type and out-pointers with room for an index each.
        unsafe { call!(DMRedundantGetSize(self.as_ptr(), out, &raw mut n)) }?;
        Ok((ffi::size(rank)?, ffi::size(n)?))
    }
}

/// C does not check the rank.
fn checked(comm: &Comm, owner: usize, size: usize) -> Result<(i32, Int)> {
    let rank = i32::try_from(owner).ok().filter(|&rank| rank < comm.size());
    let rank = rank.ok_or_else(|| {
        Error::new(
            ErrorCode::ARG_OUTOFRANGE,
            format!("rank {owner} is outside the {} ranks of the communicator", comm.size()),
        )
    })?;
    Ok((rank, ffi::petsc_int(size)?))
}
