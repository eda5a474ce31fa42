//! Star forests: communication between owned entries of plain arrays and their copies (`PetscSF` in
//! C).

mod create;
mod unit;

pub use create::Leaf;
pub use unit::Unit;

use petsc_macros::wraps;

use crate::comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::{Object as _, petsc_object};
use crate::scatter::Combine;
use crate::{Int, call, create, ffi, get, sys};
use std::ptr;

petsc_object! {
    /// A communication pattern for entries of arrays. Each *leaf* of a rank is a copy of a *root*
    /// on some rank.
    ///
    /// [`broadcast`](StarForestRef::broadcast) sends values from the roots to all their leaves;
    /// [`reduce`](StarForestRef::reduce) sends values of the leaves to the roots and combines them.
    /// The arrays are slices of indices or numbers.
    ///
    /// # Examples
    /// A ring in which each rank has a copy of its neighbor's number:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Combine, Int, StarForest, star_forest::Leaf};
    /// let (me, ranks) = (usize::try_from(comm.rank())?, usize::try_from(comm.size())?);
    /// let next = (me + 1) % ranks;
    /// let ring = StarForest::new(comm, 1, &[Leaf { place: 0, rank: next, root: 0 }])?;
    /// let (mine, mut neighbor) = ([Int::try_from(me)?], [-1]);
    /// ring.broadcast(&mine, &mut neighbor, Combine::Insert)?;
    /// assert_eq!(usize::try_from(neighbor[0])?, next);
    /// # Ok(()) })
    /// ```
    ///
    /// # See also
    /// [`Scatter`](crate::Scatter) (for entries of vectors), [`DmPlex`](crate::dm::DmPlex) (whose
    /// shared points form a star forest).
    #[wraps(PetscSF)]
    StarForest,
    /// A borrowed [`StarForest`].
    StarForestRef,
    PetscSF,
    PetscSFDestroy,
}

impl StarForestRef {
    /// Returns the number of roots on this rank.
    #[wraps(PetscSFGetGraph, not_collective)]
    pub fn roots(&self) -> Result<usize> {
        ffi::size(self.raw_roots()?)
    }

    /// Returns whether a graph is set; otherwise PETSc returns -1 roots.
    pub(crate) fn has_graph(&self) -> Result<bool> {
        Ok(self.raw_roots()? >= 0)
    }

    fn raw_roots(&self) -> Result<Int> {
        let (leaves, places, roots) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live star forest; NULL for what is not needed.
        unsafe { get!(PetscSFGetGraph(self.as_ptr(), _, leaves, places, roots)) }
    }

    /// Returns the smallest allowed length of an array of leaves on this rank: the last position of
    /// a leaf, plus one.
    #[wraps(PetscSFGetLeafRange, not_collective)]
    pub fn leaf_len(&self) -> Result<usize> {
        // SAFETY: a live star forest.
        let (_, last): (Int, Int) = unsafe { get!(PetscSFGetLeafRange(self.as_ptr(), _, _)) }?;
        ffi::size(last + 1)
    }

    /// Returns the degree of each root of this rank: the number of its leaves on all ranks.
    /// Collective.
    ///
    /// # Errors
    /// The errors of `PetscSFComputeDegreeBegin`.
    #[wraps(PetscSFComputeDegreeBegin, PetscSFComputeDegreeEnd)]
    pub fn degrees(&self) -> Result<Vec<usize>> {
        // SAFETY: a live star forest.
        let mut counts: *const Int = unsafe { get!(PetscSFComputeDegreeBegin(self.as_ptr(), _)) }?;
        // SAFETY: as above.
        unsafe { call!(PetscSFComputeDegreeEnd(self.as_ptr(), &raw mut counts)) }?;
        // SAFETY: a number for each root, which the star forest keeps.
        let counts = unsafe { ffi::slice(counts, self.roots()?) };
        counts.iter().map(|&n| ffi::size(n)).collect()
    }

    /// Sends the value of each root to its leaves, and combines it with the existing values of the
    /// leaves. Collective.
    ///
    /// Entries of `leaves` that do not belong to a leaf do not change.
    ///
    /// # Errors
    /// `ARG_SIZ` unless `roots` has one entry for each root, and `leaves` is long enough for the
    /// position of every leaf; `SUP` for a maximum or minimum of complex numbers.
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

    /// Sends the values of the leaves to their roots. At each root, combines the values of its
    /// leaves with each other and with the existing value. Collective.
    ///
    /// With `Insert`, each root receives the value of one of its leaves.
    #[wraps(PetscSFReduceBegin, PetscSFReduceEnd, errors = broadcast)]
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

    /// Adds the values of the leaves to their roots, one leaf at a time in an undefined order.
    /// Returns for each leaf the value that its root had before the leaf was added. Collective.
    ///
    /// One use is to assign distinct numbers to leaves. Entries of the result that do not belong to
    /// a leaf are copied from `leaves`.
    #[wraps(PetscSFFetchAndOpBegin, PetscSFFetchAndOpEnd, errors = broadcast)]
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

    /// Returns, for the roots of this rank, the values of all their leaves, ordered by root. The
    /// number of values of a root is its [degree](Self::degrees). Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` unless `leaves` is long enough for the position of every leaf.
    ///
    /// # Examples
    /// Rank 0 receives a number from each rank:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{StarForest, star_forest::Leaf};
    /// let roots = usize::from(comm.rank() == 0);
    /// let forest = StarForest::new(comm, roots, &[Leaf { place: 0, rank: 0, root: 0 }])?;
    /// let numbers: Vec<Int> = forest.gather(&[7])?;
    /// assert_eq!(numbers.len(), roots * comm.size() as usize);
    /// assert!(numbers.iter().all(|&number| number == 7));
    /// # Ok(()) })
    /// ```
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
        ffi::same_len("number of roots", self.roots()?, roots.len())?;
        self.check_leaves(leaves)
    }

    fn check_leaves<T>(&self, leaves: &[T]) -> Result<()> {
        let least = self.leaf_len()?;
        if leaves.len() >= least {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!("length of the leaves: expected at least {least}, got {}", leaves.len()),
        ))
    }

    /// Returns the leaves of this rank, each with its root.
    #[wraps(PetscSFGetGraph, not_collective)]
    pub fn leaves(&self) -> Result<Vec<Leaf>> {
        // SAFETY: a live star forest.
        let (_, n, places, roots): (Int, usize, *const Int, *const sys::PetscSFNode) =
            unsafe { get!(PetscSFGetGraph(self.as_ptr(), _, _, _, _)) }?;
        // SAFETY: the star forest keeps a root for each leaf.
        let roots = unsafe { ffi::slice(roots, n) };
        // SAFETY: the star forest keeps the place of each leaf, or NULL if they are 0, 1, …
        let places = (!places.is_null()).then(|| unsafe { ffi::slice(places, n) });
        let leaf = |(i, root): (usize, &sys::PetscSFNode)| {
            Ok(Leaf {
                place: places.map_or(Ok(i), |places| ffi::size(places[i]))?,
                rank: usize::try_from(root.rank)?,
                root: ffi::size(root.index)?,
            })
        };
        roots.iter().enumerate().map(leaf).collect()
    }

    /// Composes two star forests: the leaves of the result are leaves of `next`, and their roots
    /// are roots of `self`. A root of `next` is identified with the leaf of `self` at the same
    /// position; if there is no such leaf, the leaves of the root are dropped. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the star forests are on different communicators.
    #[wraps(PetscSFCompose)]
    #[track_caller]
    pub fn compose_with(&self, next: &Self) -> Result<StarForest> {
        self.check_next(next)?;
        // SAFETY: live star forests with graphs on the same ranks (above); C creates an object.
        unsafe { create!(PetscSFCompose(self.as_ptr(), next.as_ptr(), _)) }
    }

    /// Composes this star forest with the inverse of `next`: the leaves of the result are roots of
    /// `next`, and their roots are roots of `self`. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the star forests are on different communicators; `ARG_WRONG`, on all
    /// ranks, if a root of `next` has several leaves.
    #[wraps(PetscSFComposeInverse)]
    #[track_caller]
    pub fn compose_inverse(&self, next: &Self) -> Result<StarForest> {
        self.check_next(next)?;
        next.check_single_leaves()?;
        // SAFETY: live star forests with graphs on the same ranks (above); C creates an object.
        unsafe { create!(PetscSFComposeInverse(self.as_ptr(), next.as_ptr(), _)) }
    }

    /// Creates the inverse star forest: its roots are the leaves of `self`, and its leaves are the
    /// roots. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG`, on all ranks, if a root has several leaves.
    #[wraps(PetscSFCreateInverseSF)]
    #[track_caller]
    pub fn inverse(&self) -> Result<StarForest> {
        self.check_single_leaves()?;
        // SAFETY: a live star forest with a graph; C creates an object.
        unsafe { create!(PetscSFCreateInverseSF(self.as_ptr(), _)) }
    }

    /// Checks the ranks and the graphs, which optimized PETSc does not check.
    fn check_next(&self, next: &Self) -> Result<()> {
        comm::check_same_ranks(self.object_ptr(), next.object_ptr())?;
        self.roots()?;
        next.roots().map(drop)
    }

    fn check_single_leaves(&self) -> Result<()> {
        let several = self.degrees()?.iter().any(|&degree| degree > 1);
        if comm::any_rank(self.object_ptr(), several)? {
            let text = "a star forest with several leaves of one root has no inverse";
            return Err(Error::collective(ErrorCode::ARG_WRONG, text));
        }
        Ok(())
    }

    /// Creates a star forest that keeps only the leaves of the given roots of this rank. The
    /// positions of roots and leaves do not change. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE`, on all ranks, if a root does not exist.
    #[wraps(PetscSFCreateEmbeddedRootSF)]
    #[track_caller]
    pub fn embedded_roots(&self, roots: &[usize]) -> Result<StarForest> {
        let selected = self.selected(roots, self.roots()?)?;
        let n = ffi::petsc_int(selected.len())?;
        // SAFETY: `n` different roots of a live star forest (above); C creates an object.
        unsafe { create!(PetscSFCreateEmbeddedRootSF(self.as_ptr(), n, selected.as_ptr(), _)) }
    }

    /// Creates a star forest that keeps only the given leaves of this rank. The positions of roots
    /// and leaves do not change. The leaves are given by their numbers in [`leaves`](Self::leaves).
    /// Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE`, on all ranks, if a leaf does not exist.
    #[wraps(PetscSFCreateEmbeddedLeafSF)]
    #[track_caller]
    pub fn embedded_leaves(&self, leaves: &[usize]) -> Result<StarForest> {
        let selected = self.selected(leaves, self.leaves()?.len())?;
        let n = ffi::petsc_int(selected.len())?;
        // SAFETY: `n` leaves of a live star forest, in ascending order (above); C creates an object.
        unsafe { create!(PetscSFCreateEmbeddedLeafSF(self.as_ptr(), n, selected.as_ptr(), _)) }
    }

    /// Returns the numbers in ascending order without duplicates, after a check that they are below
    /// `count`.
    fn selected(&self, numbers: &[usize], count: usize) -> Result<Vec<Int>> {
        let outside = numbers.iter().any(|&number| number >= count);
        if comm::any_rank(self.object_ptr(), outside)? {
            let text = "a root or leaf to select does not exist";
            return Err(Error::collective(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let numbers: Result<Vec<_>> = numbers.iter().map(|&n| ffi::petsc_int(n)).collect();
        let mut numbers = numbers?;
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// Creates a star forest with the same graph. Collective.
    #[wraps(PetscSFDuplicate)]
    #[track_caller]
    pub fn duplicate(&self) -> Result<StarForest> {
        self.roots()?;
        let graph = sys::PETSCSF_DUPLICATE_GRAPH;
        // SAFETY: a live star forest with a graph (above); C creates an object.
        unsafe { create!(PetscSFDuplicate(self.as_ptr(), graph, _)) }
    }
}
