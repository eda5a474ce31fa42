//! Application orderings: maps between the numbering of the application and PETSc's numbering (`AO`
//! in C).

use std::ptr;

use petsc_macros::wraps;

use crate::comm::{self, Comm};
use crate::error::{Error, Result};
use crate::index_set::{IndexSet, IndexSetRef};
use crate::object::{Object as _, petsc_object};
use crate::{Int, call, create, ffi, get, sys};

petsc_object! {
    /// A map between the numbering of the application and PETSc's numbering.
    ///
    /// A program creates an ordering from pairs of indices on each rank, and translates lists of
    /// indices in place. Dropping the handle destroys the ordering.
    ///
    /// # Examples
    /// See [`Ordering::basic`].
    ///
    /// # See also
    /// [`LocalToGlobalMap`](crate::LocalToGlobalMap), [`IndexSet`],
    /// [`DmdaRef::ordering`](crate::DmdaRef::ordering).
    #[wraps(AO)]
    Ordering,
    /// A borrowed [`Ordering`].
    OrderingRef,
    AO,
    AODestroy,
}

impl Ordering {
    /// Creates an ordering from pairs on each rank: the application's index `application[i]` is
    /// PETSc's index `petsc[i]`. Collective.
    ///
    /// If `petsc` is `None`, PETSc's indices are those that each rank owns, in ascending order.
    ///
    /// # Errors
    /// `ARG_SIZ` if the lists differ in length; `ARG_WRONG` if a list, over all ranks, is not a
    /// permutation of `0..n`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let ordering = petsc_rs::Ordering::basic(comm, &[2, 0, 1], None)?;
    /// let mut indices = [0, 1, 2];
    /// ordering.application_to_petsc(&mut indices)?;
    /// assert_eq!(indices, [1, 2, 0]);
    /// # Ok(()) })
    /// ```
    #[wraps(AOCreateBasic, AOCreateBasicIS)]
    #[track_caller]
    pub fn basic(comm: &Comm, application: &[Int], petsc: Option<&[Int]>) -> Result<Self> {
        let (application, petsc) = check_lists(comm, application, petsc)?;
        for set in [Some(&application), petsc.as_ref()].into_iter().flatten() {
            if !set.is_permutation()? {
                return Err(Error::argument(
                    "the indices of an ordering must be a permutation of 0..n",
                ));
            }
        }
        let petsc = petsc.as_ref().map_or(ptr::null_mut(), |is| is.as_ptr());
        // SAFETY: live permutations of one length (above), NULL for the identity; C creates an
        // object.
        unsafe { create!(AOCreateBasicIS(application.as_ptr(), petsc, _)) }
    }

    /// Creates an ordering of indices that need not be a permutation of `0..n`. Indices that are
    /// not in the lists map to -1. Collective. See [`basic`](Self::basic).
    ///
    /// # Errors
    /// `ARG_SIZ` if the lists differ in length.
    #[wraps(AOCreateMapping, AOCreateMappingIS)]
    #[track_caller]
    pub fn mapping(comm: &Comm, application: &[Int], petsc: Option<&[Int]>) -> Result<Self> {
        let (application, petsc) = check_lists(comm, application, petsc)?;
        let petsc = petsc.as_ref().map_or(ptr::null_mut(), |is| is.as_ptr());
        // SAFETY: live index sets of one length, NULL for the identity; C creates an object.
        unsafe { create!(AOCreateMappingIS(application.as_ptr(), petsc, _)) }
    }
}

fn check_lists(
    comm: &Comm,
    application: &[Int],
    petsc: Option<&[Int]>,
) -> Result<(IndexSet, Option<IndexSet>)> {
    if let Some(petsc) = petsc {
        ffi::same_len("number of PETSc's indices", application.len(), petsc.len())?;
    }
    let petsc = petsc.map(|p| IndexSet::general(comm, p)).transpose()?;
    Ok((IndexSet::general(comm, application)?, petsc))
}

impl OrderingRef {
    /// Replaces the application's indices with PETSc's. Indices that are not in the ordering become
    /// -1; negative indices do not change. Collective.
    #[wraps(AOApplicationToPetsc)]
    pub fn application_to_petsc(&self, indices: &mut [Int]) -> Result<()> {
        let n = ffi::petsc_int(indices.len())?;
        // SAFETY: a live ordering and `n` indices to replace; PETSc skips those out of range.
        unsafe { call!(AOApplicationToPetsc(self.as_ptr(), n, indices.as_mut_ptr())) }
    }

    /// Replaces PETSc's indices with the application's. Indices that are not in the ordering become
    /// -1; negative indices do not change. Collective.
    #[wraps(AOPetscToApplication)]
    pub fn petsc_to_application(&self, indices: &mut [Int]) -> Result<()> {
        let n = ffi::petsc_int(indices.len())?;
        // SAFETY: a live ordering and `n` indices to replace; PETSc skips those out of range.
        unsafe { call!(AOPetscToApplication(self.as_ptr(), n, indices.as_mut_ptr())) }
    }

    /// Replaces the application's indices in a set with PETSc's. Converts the set to a general one.
    /// Collective. See [`application_to_petsc`](Self::application_to_petsc).
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the set is on a different communicator; `ARG_WRONGSTATE` while its indices
    /// are borrowed or another object uses the set.
    #[wraps(AOApplicationToPetscIS)]
    pub fn application_to_petsc_is(&self, is: &mut IndexSetRef) -> Result<()> {
        comm::check_same_ranks(self.object_ptr(), is.object_ptr())?;
        is.check_unshared()?;
        // SAFETY: live objects; a set that nobody borrows or uses (above).
        unsafe { call!(AOApplicationToPetscIS(self.as_ptr(), is.as_ptr())) }
    }

    /// Replaces PETSc's indices in a set with the application's. Converts the set to a general one.
    /// Collective. See [`petsc_to_application`](Self::petsc_to_application).
    #[wraps(AOPetscToApplicationIS, errors = application_to_petsc_is)]
    pub fn petsc_to_application_is(&self, is: &mut IndexSetRef) -> Result<()> {
        comm::check_same_ranks(self.object_ptr(), is.object_ptr())?;
        is.check_unshared()?;
        // SAFETY: live objects; a set that nobody borrows or uses (above).
        unsafe { call!(AOPetscToApplicationIS(self.as_ptr(), is.as_ptr())) }
    }

    /// Returns whether an ordering of type [mapping](Ordering::mapping) contains `index` as an
    /// index of the application. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of ordering.
    #[wraps(AOMappingHasApplicationIndex)]
    pub fn has_application_index(&self, index: Int) -> Result<bool> {
        crate::not_collective!();
        self.check_mapping()?;
        // SAFETY: a live mapping (above).
        unsafe { get!(AOMappingHasApplicationIndex(self.as_ptr(), index, _)) }
    }

    /// Returns whether an ordering of type [mapping](Ordering::mapping) contains `index` as an
    /// index of PETSc.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of ordering.
    #[wraps(AOMappingHasPetscIndex, not_collective)]
    pub fn has_petsc_index(&self, index: Int) -> Result<bool> {
        self.check_mapping()?;
        // SAFETY: a live mapping (above).
        unsafe { get!(AOMappingHasPetscIndex(self.as_ptr(), index, _)) }
    }

    /// Returns an error unless the ordering is a mapping. C gives mappings no type name.
    fn check_mapping(&self) -> Result<()> {
        match self.type_name()? {
            None => Ok(()),
            Some(kind) => Err(Error::argument(format!(
                "the ordering has type {kind}, but a mapping is required"
            ))),
        }
    }
}
