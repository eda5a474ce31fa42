//! Creation of vectors.

use petsc_macros::wraps;

use super::{Vector, VectorRef, VectorType};
use crate::comm::{self, Comm};
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSet;
use crate::object::Object as _;
use crate::{Int, Scalar, call, create, ffi, get, sys};

impl Vector {
    /// Creates a vector of zeros with `n` entries in total. Collective.
    ///
    /// PETSc distributes the entries evenly. The type is `seq` on one rank, otherwise `mpi`.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if `n` does not fit into `PetscInt`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let x = petsc_rs::Vector::new(comm, 10)?;
    /// assert_eq!(x.len()?, 10);
    /// # Ok(()) })
    /// ```
    #[wraps(VecCreate)]
    #[track_caller]
    pub fn new(comm: &Comm, n: usize) -> Result<Self> {
        Self::with_sizes(comm, ffi::DECIDE, ffi::petsc_int(n)?)
    }

    /// Creates a vector of zeros with `n` entries on this rank. Collective; `n` may differ between
    /// ranks.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if `n` does not fit into `PetscInt`.
    #[wraps(VecCreateMPI)]
    #[track_caller]
    pub fn with_local_len(comm: &Comm, n: usize) -> Result<Self> {
        Self::with_sizes(comm, ffi::petsc_int(n)?, ffi::DECIDE)
    }

    /// Creates a vector whose entries on this rank are a copy of `values`. Collective; the number
    /// of values may differ between ranks.
    ///
    /// # Errors
    /// See [`with_local_len`](Self::with_local_len).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::from_slice(comm, &[1.0.into(), 2.0.into(), 3.0.into()])?;
    /// assert_eq!((x.local_len()?, x.array()?[2].real()), (3, 3.0));
    /// # Ok(()) })
    /// ```
    #[track_caller]
    pub fn from_slice(comm: &Comm, values: &[Scalar]) -> Result<Self> {
        let mut x = Self::with_local_len(comm, values.len())?;
        x.array_mut()?.copy_from_slice(values);
        Ok(x)
    }

    /// Creates a vector of zeros with `n` entries, of type `seq`.
    ///
    /// Each process can create sequential vectors independently of the others. `comm` must be a
    /// communicator of one rank, such as [`Petsc::self_comm`](crate::Petsc::self_comm).
    ///
    /// # Errors
    /// `WRONG_MPI_SIZE` if `comm` has more than one rank.
    #[wraps(VecCreateSeq, not_collective)]
    #[track_caller]
    pub fn seq(comm: &Comm, n: usize) -> Result<Self> {
        if comm.size() != 1 {
            return Err(Error::new(
                ErrorCode::WRONG_MPI_SIZE,
                "a sequential vector needs one rank; create it on the self communicator",
            ));
        }
        Self::with_sizes(comm, ffi::petsc_int(n)?, ffi::DECIDE)
    }

    /// Creates a vector of type `mpi`, even on one rank. Collective.
    ///
    /// `local` is the number of entries on this rank; `None` lets PETSc distribute the entries
    /// evenly. `global` is the total number; `None` stands for the sum of the local numbers.
    ///
    /// # Errors
    /// `ARG_WRONG` if both are `None`; `ARG_SIZ` if they do not agree.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let x = Vector::mpi(comm, None, Some(10))?; // 10 entries in total
    /// let y = Vector::mpi(comm, Some(2), None)?; // 2 entries on each rank
    /// assert_eq!((x.len()?, y.local_len()?), (10, 2));
    /// # Ok(()) })
    /// ```
    #[wraps(VecCreateMPI)]
    #[track_caller]
    pub fn mpi(comm: &Comm, local: Option<usize>, global: Option<usize>) -> Result<Self> {
        let mut builder = Self::builder(comm).kind(VectorType::MPI);
        if let Some(n) = local {
            builder = builder.local_len(n);
        }
        if let Some(n) = global {
            builder = builder.global_len(n);
        }
        builder.build()
    }

    /// Creates a vector of `n` entries with `value(i)` as entry `i`. Each rank computes the entries
    /// that it owns. Collective.
    ///
    /// # Errors
    /// See [`new`](Self::new). Errors of `value` are returned.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Vector};
    /// let x = Vector::from_fn(comm, 4, |i| Ok(Scalar::from_real((i * i) as f64)))?;
    /// assert_eq!(x.sum()?.real(), 14.0);
    /// # Ok(()) })
    /// ```
    #[track_caller]
    pub fn from_fn(
        comm: &Comm,
        n: usize,
        mut value: impl FnMut(Int) -> Result<Scalar>,
    ) -> Result<Self> {
        let mut x = Self::new(comm, n)?;
        let indices = x.ownership_range()?;
        for (entry, i) in x.array_mut()?.iter_mut().zip(indices) {
            *entry = value(i)?;
        }
        Ok(x)
    }

    /// Concatenates vectors of one type: the global indices of each vector follow those of the
    /// previous vector. PETSc distributes the entries evenly. Also returns an index set for each
    /// vector: it contains, for the entries of the vector that this rank owns, their indices in the
    /// result. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` without vectors; `ARG_NOTSAMECOMM` or `ARG_NOTSAMETYPE` if communicators or types
    /// differ; `SUP` for nested vectors; `ARG_WRONGSTATE` if an array is borrowed mutably.
    #[wraps(VecConcatenate)]
    #[track_caller]
    pub fn concatenate(parts: &[&VectorRef]) -> Result<(Self, Vec<IndexSet>)> {
        let Some(first) = parts.first() else {
            return Err(Error::argument("there are no vectors to concatenate"));
        };
        let mut total = 0;
        for part in parts {
            part.refuse_nest("VecConcatenate")?;
            comm::check_same_ranks(first.object_ptr(), part.object_ptr())?;
            first.check_same_kind(part)?;
            part.check_readable()?;
            total += part.len()?;
        }
        ffi::petsc_int(total)?;
        let n = ffi::petsc_int(parts.len())?;
        let list: Vec<_> = parts.iter().map(|part| part.as_ptr()).collect();
        // SAFETY: `n` live vectors of one type on the same ranks, whose entries PetscInt can count.
        let (raw, sets) = unsafe { get!(VecConcatenate(n, list.as_ptr(), _, _)) }?;
        // SAFETY: just created; the reference is ours.
        let x = unsafe { Self::from_raw(raw) };
        // SAFETY: a new set for each vector, in a list that C allocated.
        Ok((x, unsafe { IndexSet::take_list(sets, parts.len()) }?))
    }

    #[track_caller]
    fn with_sizes(comm: &Comm, local: sys::PetscInt, global: sys::PetscInt) -> Result<Self> {
        // SAFETY: a live communicator; C creates an object.
        let mut x: Self = unsafe { create!(VecCreate(comm.as_raw(), _)) }?;
        // SAFETY: a live vector without sizes.
        unsafe { call!(VecSetSizes(x.as_ptr(), local, global)) }?;
        // SAFETY: a live vector; the name is static.
        unsafe { call!(VecSetType(x.as_ptr(), c"standard".as_ptr())) }?;
        x.set_zero()?;
        Ok(x)
    }
}

impl VectorRef {
    /// Creates a vector of the same type and layout, filled with zeros. Collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// let mut x = Vector::new(comm, 10)?;
    /// x.set(1.0.into())?;
    /// let y = x.duplicate()?; // the layout of x, but not its entries
    /// assert_eq!(y.ownership_range()?, x.ownership_range()?);
    /// assert_eq!(y.norm(Norm::Infinity)?, 0.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecDuplicate)]
    #[track_caller]
    pub fn duplicate(&self) -> Result<Vector> {
        // SAFETY: a live vector; C creates an object.
        let mut new: Vector = unsafe { create!(VecDuplicate(self.as_ptr(), _)) }?;
        new.set_zero()?;
        Ok(new)
    }

    /// Creates a vector of the same type and layout with the same entries. Collective.
    ///
    /// # Errors
    /// See [`duplicate`](Self::duplicate); `ARG_WRONGSTATE` while the entries are borrowed for
    /// writing.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Scalar, ScalarExt, Vector};
    /// let x = Vector::from_slice(comm, &[1.0, 2.0].map(Scalar::from_real))?;
    /// let mut y = x.duplicate_with_values()?;
    /// y.scale(Scalar::from_real(3.0))?;
    /// assert_eq!(y.sum()?.real(), 9.0 * f64::from(comm.size()));
    /// assert_eq!(x.sum()?.real(), 3.0 * f64::from(comm.size()));
    /// # Ok(()) })
    /// ```
    #[wraps(VecCopy)]
    #[track_caller]
    pub fn duplicate_with_values(&self) -> Result<Vector> {
        let mut new = self.duplicate()?;
        new.copy_from(self)?;
        Ok(new)
    }

    /// Creates `n` vectors of the same type and layout, filled with zeros. Collective.
    ///
    /// # Errors
    /// The errors of `VecDuplicate`.
    #[wraps(VecDuplicateVecs)]
    #[track_caller]
    pub fn duplicate_many(&self, n: usize) -> Result<Vec<Vector>> {
        // Not VecDuplicateVecs: in newer releases (VecDuplicateVecs_Seq_GEMV in 3.26) its vectors share
        // one array.
        let mut all = Vec::with_capacity(n);
        for _ in 0..n {
            all.push(self.duplicate()?);
        }
        Ok(all)
    }
}
