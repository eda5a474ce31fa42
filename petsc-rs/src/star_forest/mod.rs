//! Star forests: entries of plain arrays travel between owners and copies (`PetscSF` in C).

mod create;
mod unit;

pub use create::Leaf;
pub use unit::Unit;

use petsc_macros::wraps;

use crate::error::{Error, ErrorCode, Result};
use crate::object::petsc_object;
use crate::scatter::Combine;
use crate::{Int, call, ffi, sys};
use std::ptr;

petsc_object! {
    /// A plan by which entries of arrays travel: each *leaf* of a rank is a copy of a *root* of some rank. Values go from
    /// the roots to all their leaves ([`broadcast`](StarForestRef::broadcast)), or come back and are combined
    /// ([`reduce`](StarForestRef::reduce)); the arrays are slices of indices or numbers.
    ///
    /// # Examples
    /// A ring, in which each rank has a copy of its neighbour's number:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Combine, Int, StarForest, star_forest::Leaf};
    /// let (me, ranks) = (usize::try_from(comm.rank())?, usize::try_from(comm.size())?);
    /// let next = (me + 1) % ranks;
    /// let ring = StarForest::new(comm, 1, &[Leaf { place: 0, rank: next, root: 0 }])?;
    /// let (mine, mut neighbour) = ([Int::try_from(me)?], [-1]);
    /// ring.broadcast(&mine, &mut neighbour, Combine::Insert)?;
    /// assert_eq!(usize::try_from(neighbour[0])?, next);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscSF)]
    StarForest,
    /// A borrowed [`StarForest`].
    StarForestRef,
    PetscSF,
    PetscSFDestroy,
}

impl StarForestRef {
    /// Number of roots on this rank. Not collective.
    ///
    /// # Errors
    /// What `PetscSFGetGraph` returns.
    #[wraps(PetscSFGetGraph)]
    pub fn roots(&self) -> Result<usize> {
        crate::not_collective!();
        ffi::size(self.raw_roots()?)
    }

    /// PETSc says -1 where nobody has set a graph.
    pub(crate) fn has_graph(&self) -> Result<bool> {
        Ok(self.raw_roots()? >= 0)
    }

    fn raw_roots(&self) -> Result<Int> {
        let mut n = 0;
        let none = ptr::null_mut();
        // SAFETY: a live star forest and a valid out-pointer; the others are not wanted.
        unsafe {
            call!(PetscSFGetGraph(
                self.as_ptr(),
                &raw mut n,
                none,
                ptr::null_mut(),
                ptr::null_mut()
            ))
        }?;
        Ok(n)
    }

    /// The least length of an array of leaves on this rank: one more than the last place of a leaf. Not collective.
    ///
    /// # Errors
    /// What `PetscSFGetLeafRange` returns.
    #[wraps(PetscSFGetLeafRange)]
    pub fn leaf_len(&self) -> Result<usize> {
        crate::not_collective!();
        let (mut first, mut last) = (0, 0);
        // SAFETY: a live star forest and valid out-pointers.
        unsafe {
            call!(PetscSFGetLeafRange(
                self.as_ptr(),
                &raw mut first,
                &raw mut last
            ))
        }?;
        ffi::size(last + 1)
    }

    /// How many leaves each root of this rank has, on all ranks. Collective.
    ///
    /// # Errors
    /// What `PetscSFComputeDegreeBegin` returns.
    #[wraps(PetscSFComputeDegreeBegin, PetscSFComputeDegreeEnd)]
    pub fn degrees(&self) -> Result<Vec<usize>> {
        let mut counts: *const Int = ptr::null();
        // SAFETY: a live star forest and a valid out-pointer.
        unsafe { call!(PetscSFComputeDegreeBegin(self.as_ptr(), &raw mut counts)) }?;
        // SAFETY: as above.
        unsafe { call!(PetscSFComputeDegreeEnd(self.as_ptr(), &raw mut counts)) }?;
        // SAFETY: a number for each root, which the star forest keeps.
        let counts = unsafe { ffi::slice(counts, self.roots()?) };
        counts.iter().map(|&n| ffi::size(n)).collect()
    }

    /// Takes the value of each root to its leaves, where it is combined with what is there. Other entries of `leaves` stay
    /// as they are. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` unless `roots` has an entry for each root, and `leaves` one for each place of a leaf; `SUP` for a maximum
    /// or minimum of complex numbers.
    #[wraps(PetscSFBcastBegin, PetscSFBcastEnd)]
    pub fn broadcast<T: Unit>(
        &self,
        roots: &[T],
        leaves: &mut [T],
        combine: Combine,
    ) -> Result<()> {
        self.check(roots, leaves)?;
        let how = unit::how::<T>(combine)?;
        // SAFETY: a live star forest; arrays of numbers of this kind, long enough (above) and not the same.
        unsafe {
            call!(PetscRsSFBroadcast(
                self.as_ptr(),
                T::KIND,
                roots.as_ptr().cast(),
                leaves.as_mut_ptr().cast(),
                how
            ))
        }
    }

    /// Takes the values of the leaves to their roots, where they are combined with what is there and with one another.
    /// With `Insert`, one of them stays. Collective.
    ///
    /// # Errors
    /// As [`broadcast`](Self::broadcast).
    #[wraps(PetscSFReduceBegin, PetscSFReduceEnd)]
    pub fn reduce<T: Unit>(&self, leaves: &[T], roots: &mut [T], combine: Combine) -> Result<()> {
        self.check(roots, leaves)?;
        let how = unit::how::<T>(combine)?;
        // SAFETY: as in `broadcast`.
        unsafe {
            call!(PetscRsSFReduce(
                self.as_ptr(),
                T::KIND,
                leaves.as_ptr().cast(),
                roots.as_mut_ptr().cast(),
                how
            ))
        }
    }

    /// Adds the values of the leaves to their roots one after the other, in no certain order, and says for each leaf what
    /// its root was just before: so leaves get numbers of their own. Entries of the result that are no leaves are those of
    /// `leaves`. Collective.
    ///
    /// # Errors
    /// As [`broadcast`](Self::broadcast).
    #[wraps(PetscSFFetchAndOpBegin, PetscSFFetchAndOpEnd)]
    pub fn fetch_and_add<T: Unit>(&self, leaves: &[T], roots: &mut [T]) -> Result<Vec<T>> {
        self.check(roots, leaves)?;
        let mut before = leaves.to_vec();
        // SAFETY: as in `broadcast`; the third array is as long as the one of leaves.
        unsafe {
            call!(PetscRsSFFetchAndAdd(
                self.as_ptr(),
                T::KIND,
                roots.as_mut_ptr().cast(),
                leaves.as_ptr().cast(),
                before.as_mut_ptr().cast()
            ))
        }?;
        Ok(before)
    }

    /// The values of all leaves, root after root of this rank, as many as its [degree](Self::degrees) says. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` unless `leaves` has an entry for each place of a leaf.
    #[wraps(PetscSFGatherBegin, PetscSFGatherEnd)]
    pub fn gather<T: Unit>(&self, leaves: &[T]) -> Result<Vec<T>> {
        self.check_leaves(leaves)?;
        let mut all = vec![T::ZERO; self.degrees()?.iter().sum()];
        // SAFETY: a live star forest; arrays of numbers of this kind, of leaves and for all leaves of the roots (above).
        unsafe {
            call!(PetscRsSFGather(
                self.as_ptr(),
                T::KIND,
                leaves.as_ptr().cast(),
                all.as_mut_ptr().cast()
            ))
        }?;
        Ok(all)
    }

    fn check<T>(&self, roots: &[T], leaves: &[T]) -> Result<()> {
        ffi::same_len("roots", self.roots()?, roots.len())?;
        self.check_leaves(leaves)
    }

    fn check_leaves<T>(&self, leaves: &[T]) -> Result<()> {
        let least = self.leaf_len()?;
        if leaves.len() >= least {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!("leaves: expected {least} entries, got {}", leaves.len()),
        ))
    }
}
