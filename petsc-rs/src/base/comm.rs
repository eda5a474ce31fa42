//! Communicators.

use std::cell::RefCell;
use std::fmt;
use std::mem::ManuallyDrop;
use std::rc::Rc;

use mpi::topology::{Communicator, SimpleCommunicator};
use mpi::traits::{AsRaw, FromRaw};
use petsc_macros::wraps;

use crate::error::{Error, ErrorCode, Result};
use crate::runtime::{self, DropMode};
use crate::sys::mpi_sys as raw;
use crate::{Int, Real, call, ffi, sys};

/// A group of processes that own objects together.
///
/// A communicator is always a duplicate that belongs to petsc-rs: messages sent with the
/// communicator, also through [`Comm::mpi`], cannot interfere with messages of PETSc or of the
/// original communicator. Clones share the duplicate. A communicator keeps the session alive.
#[derive(Clone)]
pub struct Comm(Rc<Inner>);

struct Inner {
    mpi: ManuallyDrop<SimpleCommunicator>,
    /// Whether PETSc counts the references to `mpi`; otherwise this crate owns it.
    shared: bool,
    rank: i32,
    size: i32,
}

/// Calls a function of MPI and checks its result.
macro_rules! mpi {
    ($function:ident($($argument:expr),*)) => {
        check_mpi(stringify!($function), raw::$function($($argument),*))
    };
}

fn null() -> raw::MPI_Comm {
    // SAFETY: a constant of the MPI library.
    unsafe { raw::RSMPI_COMM_NULL }
}

thread_local! {
    /// Communicators that were dropped after an error, in that order.
    static LEFT: RefCell<Vec<GivenUp>> = const { RefCell::new(Vec::new()) };
}

impl Comm {
    /// Duplicates a communicator of PETSc or MPI.
    pub(crate) fn duplicate_of(comm: raw::MPI_Comm) -> Result<Self> {
        Ok(Self::own(duplicate_raw(comm)?, false))
    }

    /// Adds a reference to PETSc's inner communicator of an object.
    pub(crate) fn share(comm: raw::MPI_Comm) -> Result<Self> {
        let (mut inner, no_tag) = (null(), std::ptr::null_mut());
        // SAFETY: a live communicator and a valid out-pointer; no tag is needed.
        unsafe { call!(PetscCommDuplicate(comm, &raw mut inner, no_tag)) }?;
        Ok(Self::own(inner, true))
    }

    /// Takes ownership of a new communicator, or of a reference to one of PETSc's.
    fn own(comm: raw::MPI_Comm, shared: bool) -> Self {
        // SAFETY: a live intra-communicator that is not freed elsewhere.
        let mpi = unsafe { SimpleCommunicator::from_raw(comm) };
        runtime::acquire();
        let (rank, size) = (mpi.rank(), mpi.size());
        let inner = Rc::new(Inner { mpi: ManuallyDrop::new(mpi), shared, rank, size });
        Self(inner)
    }

    /// Duplicates a communicator of the `mpi` crate, so that objects can be created on it.
    ///
    /// Collective on `comm`. The first argument guarantees that PETSc is initialized.
    #[wraps(MPI_Comm_dup)]
    pub fn from_mpi<C>(_session: &crate::Petsc, comm: &C) -> Result<Self>
    where
        C: Communicator + AsRaw<Raw = raw::MPI_Comm>,
    {
        Self::duplicate_of(comm.as_raw())
    }

    /// Returns this communicator as a type of the `mpi` crate, for point-to-point messages,
    /// collective operations, and so on.
    ///
    /// # Examples
    /// The sum of the rank numbers, computed with the `mpi` crate:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::mpi::collective::{CommunicatorCollectives, SystemOperation};
    ///
    /// let mut sum = 0;
    /// comm.mpi().all_reduce_into(&comm.rank(), &mut sum, SystemOperation::sum());
    /// assert_eq!(sum, comm.size() * (comm.size() - 1) / 2);
    /// # Ok(()) })
    /// ```
    #[must_use]
    pub fn mpi(&self) -> &SimpleCommunicator {
        &self.0.mpi
    }

    /// Returns the rank of this process, from 0.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// if comm.rank() == 0 {
    ///     println!("running on {} ranks", comm.size());
    /// }
    /// let x = Vector::from_slice(comm, &[Scalar::from_real(comm.rank().into())])?;
    /// assert_eq!(x.sum()?.real(), f64::from(comm.size() * (comm.size() - 1) / 2));
    /// # Ok(()) })
    /// ```
    #[must_use]
    #[inline]
    #[wraps(MPI_Comm_rank)]
    pub fn rank(&self) -> i32 {
        self.0.rank
    }

    /// Returns the number of processes.
    ///
    /// # Examples
    /// See [`rank`](Self::rank).
    #[must_use]
    #[inline]
    #[wraps(MPI_Comm_size)]
    pub fn size(&self) -> i32 {
        self.0.size
    }

    /// Creates another communicator with the same processes. Collective.
    ///
    /// # Examples
    /// Messages on the duplicate cannot interfere with those on the original:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let messages = comm.duplicate()?;
    /// assert_eq!((messages.rank(), messages.size()), (comm.rank(), comm.size()));
    /// # Ok(()) })
    /// ```
    #[wraps(MPI_Comm_dup)]
    pub fn duplicate(&self) -> Result<Self> {
        Self::duplicate_of(self.as_raw())
    }

    /// Creates one communicator for each `color`, in which the ranks are ordered by `key` and then
    /// by their previous rank. Processes with color `None` get no communicator. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative color; the errors of `MPI_Comm_split`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let half = comm.split(Some(comm.rank() % 2), 0)?.expect("every rank has a color");
    /// assert!(half.size() <= comm.size());
    /// # Ok(()) })
    /// ```
    #[wraps(MPI_Comm_split)]
    pub fn split(&self, color: Option<i32>, key: i32) -> Result<Option<Self>> {
        let color = match color {
            // SAFETY: a constant of the MPI library.
            None => unsafe { raw::RSMPI_UNDEFINED },
            Some(color) if color >= 0 => color,
            Some(color) => {
                let text = format!("the color {color} of a split must not be negative");
                return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
            }
        };
        let mut new = null();
        // SAFETY: a live communicator and a valid out-pointer; the color was checked.
        unsafe { mpi!(MPI_Comm_split(self.as_raw(), color, key, &raw mut new)) }?;
        Ok((new != null()).then(|| Self::own(new, false)))
    }

    /// Computes the local and the global size in PETSc's parallel layout. If one of them is given,
    /// the other is computed; if both are given, the call checks that they match. Collective.
    ///
    /// # Errors
    /// `ARG_INCOMP`, on all ranks, if neither is given; `ARG_SIZ` if they do not match.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let (local, global) = comm.split_ownership(None, Some(10))?;
    /// assert_eq!(global, 10);
    /// assert!(local * usize::try_from(comm.size())? >= 10 - usize::try_from(comm.size())?);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscSplitOwnership)]
    pub fn split_ownership(
        &self,
        local: Option<usize>,
        global: Option<usize>,
    ) -> Result<(usize, usize)> {
        if local.is_none() && global.is_none() {
            return Err(Error::collective(
                ErrorCode::ARG_INCOMP,
                "either the local or the global size must be given",
            ));
        }
        let mut n = local.map_or(Ok(ffi::DECIDE), ffi::petsc_int)?;
        let mut all = global.map_or(Ok(ffi::DECIDE), ffi::petsc_int)?;
        // SAFETY: a live communicator and valid pointers.
        unsafe { call!(PetscSplitOwnership(self.as_raw(), &raw mut n, &raw mut all)) }?;
        Ok((ffi::size(n)?, ffi::size(all)?))
    }

    /// Returns the smallest `low` and the largest `high` of all ranks. Collective.
    #[wraps(PetscGlobalMinMaxInt)]
    pub fn global_min_max(&self, low: Int, high: Int) -> Result<(Int, Int)> {
        let (mine, mut all) = ([low, high], [0; 2]);
        let (send, receive) = (mine.as_ptr().cast_mut(), all.as_mut_ptr());
        // SAFETY: a live communicator and arrays of two numbers; the first one is only read.
        unsafe { call!(PetscGlobalMinMaxInt(self.as_raw(), send, receive)) }?;
        Ok(all.into())
    }

    /// Returns the smallest `low` and the largest `high` of all ranks. Collective.
    #[wraps(PetscGlobalMinMaxReal)]
    pub fn global_min_max_real(&self, low: Real, high: Real) -> Result<(Real, Real)> {
        let (mine, mut all) = ([low, high], [0.0; 2]);
        let (send, receive) = (mine.as_ptr().cast_mut(), all.as_mut_ptr());
        // SAFETY: a live communicator and arrays of two numbers; the first one is only read.
        unsafe { call!(PetscGlobalMinMaxReal(self.as_raw(), send, receive)) }?;
        Ok(all.into())
    }

    /// Runs `body` on all ranks, but on at most `together` ranks at a time, in the order of the
    /// ranks. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `together` is 0; the errors of `body`.
    #[wraps(PetscSequentialPhaseBegin, PetscSequentialPhaseEnd)]
    pub fn sequential_phase<T>(
        &self,
        together: usize,
        body: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        struct End<'a>(&'a Comm, i32);
        impl Drop for End<'_> {
            fn drop(&mut self) {
                // SAFETY: a live communicator; ends the phase that was begun with the same number,
                // also after a failure.
                let code = unsafe { sys::PetscSequentialPhaseEnd(self.0.as_raw(), self.1) };
                runtime::record_drop("PetscSequentialPhaseEnd", code);
            }
        }
        let together = i32::try_from(together)?.min(self.size());
        if together == 0 {
            return Err(Error::collective(
                ErrorCode::ARG_OUTOFRANGE,
                "the number of ranks that run together must be at least 1",
            ));
        }
        // SAFETY: a live communicator; the number is between 1 and its size.
        unsafe { call!(PetscSequentialPhaseBegin(self.as_raw(), together)) }?;
        let _end = End(self, together);
        body()
    }

    /// Waits until all processes have called this function. Collective.
    ///
    /// # Examples
    /// The time of the slowest rank:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let start = std::time::Instant::now();
    /// let x = Vector::new(comm, 1000)?;
    /// comm.barrier()?;
    /// comm.print(format_args!("{} entries in {:?}\n", x.len()?, start.elapsed()))?;
    /// # Ok(()) })
    /// ```
    #[wraps(MPI_Barrier)]
    pub fn barrier(&self) -> Result<()> {
        // SAFETY: a live communicator.
        unsafe { mpi!(MPI_Barrier(self.as_raw())) }
    }

    /// Returns whether all ranks have created the same number of objects on this communicator.
    /// Collective.
    ///
    /// PETSc derives the tags of its messages from this number. If the ranks have not called the
    /// same constructors equally often, the tags of later messages differ, and the job hangs, often
    /// far from the cause (for example in `VecScatterCreate`). The count is reset after the last
    /// object on the communicator is destroyed.
    ///
    /// The test harness `petsc-test` calls this function after every test. To find the cause of a
    /// hang, call it between the phases of a program.
    ///
    /// # Errors
    /// The errors of `PetscCommDuplicate` or `MPI_Allreduce`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// assert!(comm.is_in_step()?);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscCommGetNewTag)]
    pub fn is_in_step(&self) -> Result<bool> {
        let (mut inner, mut tag, comm) = (null(), 0, self.as_raw());
        // SAFETY: a live communicator and valid out-pointers.
        unsafe { call!(PetscCommDuplicate(comm, &raw mut inner, &raw mut tag)) }?;
        let extremes = maxima(inner, [tag, -tag]);
        // SAFETY: releases the reference taken above; PETSc knew the caller's communicator, or the
        // call is not collective.
        unsafe { call!(PetscCommDestroy(&raw mut inner)) }?;
        let [largest, smallest] = extremes?;
        Ok(largest == -smallest)
    }

    /// Prints on rank 0 to PETSc's output stream. See [`Petsc::print`](crate::Petsc::print).
    ///
    /// # Errors
    /// The errors of `PetscPrintf`; `ARG_WRONG` if the text contains a NUL character.
    ///
    /// # Examples
    /// See [`barrier`](Self::barrier).
    #[wraps(PetscPrintf)]
    pub fn print(&self, text: fmt::Arguments<'_>) -> Result<()> {
        if self.rank() != 0 {
            return Ok(());
        }
        let text = ffi::c_string(&text.to_string())?;
        // SAFETY: the format takes one NUL-terminated string.
        unsafe { call!(PetscPrintf(self.as_raw(), c"%s".as_ptr(), text.as_ptr())) }
    }

    /// Prints the text of every rank, in the order of the ranks. Collective.
    ///
    /// # Errors
    /// The errors of `PetscSynchronizedPrintf`; `ARG_WRONG` if the text contains a NUL character.
    #[wraps(PetscSynchronizedPrintf, PetscSynchronizedFlush)]
    pub fn print_synchronized(&self, text: fmt::Arguments<'_>) -> Result<()> {
        let text = ffi::c_string(&text.to_string())?;
        // SAFETY: the format takes one NUL-terminated string.
        unsafe { call!(PetscSynchronizedPrintf(self.as_raw(), c"%s".as_ptr(), text.as_ptr())) }?;
        // SAFETY: NULL stands for standard output.
        unsafe { call!(PetscSynchronizedFlush(self.as_raw(), std::ptr::null_mut())) }
    }

    /// Returns the raw communicator, for functions that are not wrapped. Do not free it.
    #[must_use]
    #[inline]
    pub fn as_raw(&self) -> raw::MPI_Comm {
        self.0.mpi.as_raw()
    }
}

impl fmt::Debug for Comm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Comm").field("rank", &self.rank()).field("size", &self.size()).finish()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let given_up = GivenUp { comm: self.mpi.as_raw(), shared: self.shared };
        // Freeing is collective: a rank that failed defers it.
        match runtime::drop_mode() {
            DropMode::Later if self.size > 1 => {
                runtime::note_left();
                let _ = LEFT.try_with(|left| left.borrow_mut().push(given_up));
            }
            DropMode::Now | DropMode::Later => given_up.free(),
            DropMode::Skip => {}
        }
        runtime::release();
    }
}

/// A communicator, or a reference to one of PETSc's, without any handle.
struct GivenUp {
    comm: raw::MPI_Comm,
    shared: bool,
}

impl GivenUp {
    fn free(mut self) {
        let comm = &raw mut self.comm;
        let (call, code) = if self.shared {
            // SAFETY: releases the reference that `share` took.
            let code = unsafe { sys::PetscCommDestroy(comm) };
            ("PetscCommDestroy", code)
        } else {
            // SAFETY: taken over by `own`, and released once; MPI is not finalized.
            let code = unsafe { raw::MPI_Comm_free(comm) };
            ("MPI_Comm_free", if code == 0 { 0 } else { ErrorCode::MPI.to_raw() })
        };
        runtime::record_drop(call, code);
    }
}

/// Frees the communicators that were dropped after an error. Collective.
pub(crate) fn free_left() {
    let left = LEFT.with_borrow_mut(std::mem::take);
    left.into_iter().for_each(GivenUp::free);
}

/// Duplicates a communicator with MPI.
pub(crate) fn duplicate_raw(comm: raw::MPI_Comm) -> Result<raw::MPI_Comm> {
    let mut new = null();
    // SAFETY: the caller passes a live communicator; a valid out-pointer.
    unsafe { mpi!(MPI_Comm_dup(comm, &raw mut new)) }?;
    Ok(new)
}

/// Returns the communicator of an object, which the object owns.
pub(crate) fn of_object(object: sys::PetscObject) -> raw::MPI_Comm {
    // SAFETY: a live object.
    unsafe { sys::PetscObjectComm(object) }
}

/// Returns the number of ranks that own an object together.
pub(crate) fn size_of_object(object: sys::PetscObject) -> Result<usize> {
    let mut size = 0;
    // SAFETY: a live communicator and a valid out-pointer.
    unsafe { mpi!(MPI_Comm_size(of_object(object), &raw mut size)) }?;
    Ok(usize::try_from(size)?)
}

/// Returns the rank of this process among those that own an object together.
pub(crate) fn rank_in_object(object: sys::PetscObject) -> Result<usize> {
    let mut rank = 0;
    // SAFETY: a live communicator and a valid out-pointer.
    unsafe { mpi!(MPI_Comm_rank(of_object(object), &raw mut rank)) }?;
    Ok(usize::try_from(rank)?)
}

/// Checks the ranks of two objects for operations that are collective on both: optimized PETSc does
/// not check that they live on the same ranks in the same order.
pub(crate) fn check_same_ranks(a: sys::PetscObject, b: sys::PetscObject) -> Result<()> {
    same_ranks(of_object(a), of_object(b))
}

/// Checks the communicator of an object for constructors that combine objects.
pub(crate) fn check_on(object: sys::PetscObject, comm: &Comm) -> Result<()> {
    same_ranks(of_object(object), comm.as_raw())
}

fn same_ranks(a: raw::MPI_Comm, b: raw::MPI_Comm) -> Result<()> {
    if a == b {
        return Ok(());
    }
    let mut result = 0;
    // SAFETY: live communicators and a valid out-pointer; not collective.
    unsafe { mpi!(MPI_Comm_compare(a, b, &raw mut result)) }?;
    // SAFETY: constants of the MPI library.
    if unsafe { [raw::RSMPI_IDENT, raw::RSMPI_CONGRUENT] }.contains(&result) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::ARG_NOTSAMECOMM, "the objects live on different communicators"))
}

/// Returns whether `flag` is set on any rank of an object. Collective.
pub(crate) fn any_rank(object: sys::PetscObject, flag: bool) -> Result<bool> {
    let [any] = maxima(of_object(object), [i32::from(flag)])?;
    Ok(any != 0)
}

/// Returns the maximum over the ranks, for each entry. Collective.
fn maxima<const N: usize>(comm: raw::MPI_Comm, mine: [i32; N]) -> Result<[i32; N]> {
    let (count, mut all) = (i32::try_from(N)?, mine);
    let (send, receive) = ((&raw const mine).cast(), (&raw mut all).cast());
    // SAFETY: constants of the MPI library.
    let (int, max) = unsafe { (raw::RSMPI_INT32_T, raw::RSMPI_MAX) };
    // SAFETY: both buffers hold `N` numbers of type `i32`; a live communicator.
    unsafe { mpi!(MPI_Allreduce(send, receive, count, int, max, comm)) }?;
    Ok(all)
}

fn check_mpi(call: &'static str, code: i32) -> Result<()> {
    if code == 0 {
        return Ok(());
    }
    Err(Error::new(ErrorCode::MPI, format!("{call} failed with MPI error {code}")))
}
