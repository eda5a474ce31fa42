//! Several grids as one, their unknowns one grid after the other on each rank (`DMComposite` in C).

use std::fmt;
use std::ptr;

use super::kind::dm_kind;
use super::{Dm, DmRef};
use crate::comm::{self, Comm};
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSet;
use crate::object::Object as _;
use crate::runtime::{self, DropMode};
use crate::vector::{InsertMode, VectorRef};
use crate::{Int, call, ffi, sys};

dm_kind! {
    /// Several grids as one, for problems with coupled parts.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, Scalar, ScalarExt, dm::DmComposite};
    /// let air = Dmda::builder(comm).sizes([4, 4]).build()?;
    /// let wall = Dmda::builder(comm).sizes([4]).build()?;
    /// let both = DmComposite::new(comm, &[&air, &wall])?;
    /// let mut x = both.create_global_vector()?;
    /// assert_eq!(x.len()?, 20);
    /// both.parts_mut(&mut x)?.part_mut(1)?.set(Scalar::from_real(2.0))?;
    /// assert_eq!(x.sum()?.real(), 8.0);
    /// # Ok(()) })
    /// ```
    #[doc(alias = "DMComposite")]
    DmComposite,
    /// A borrowed [`DmComposite`].
    DmCompositeRef,
    c"composite",
    as_composite,
    into_composite,
}

impl DmComposite {
    /// The grids as one, which takes references to them. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if a grid lives on other ranks, `ARG_SIZ` without any grid.
    #[doc(alias = "DMCompositeCreate")]
    #[doc(alias = "DMCompositeAddDM")]
    #[track_caller]
    pub fn new(comm: &Comm, grids: &[&DmRef]) -> Result<Self> {
        if grids.is_empty() {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                "a composite needs at least one grid",
            ));
        }
        for grid in grids {
            comm::check_on(grid.object_ptr(), comm)?;
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(DMCompositeCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let composite = unsafe { Dm::created(raw) }?;
        for grid in grids {
            // SAFETY: live objects; PETSc takes a reference.
            unsafe { call!(DMCompositeAddDM(raw, grid.as_ptr())) }?;
        }
        // SAFETY: a live composite with all its grids.
        unsafe { call!(DMSetUp(raw)) }?;
        composite.into_composite()
    }
}

impl DmCompositeRef {
    /// Number of grids. Not collective.
    ///
    /// # Errors
    /// What `DMCompositeGetNumberDM` returns.
    #[doc(alias = "DMCompositeGetNumberDM")]
    pub fn count(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: a live composite and a valid out-pointer.
        unsafe { call!(DMCompositeGetNumberDM(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }

    /// The grids. Not collective.
    ///
    /// # Errors
    /// What `DMCompositeGetEntriesArray` returns.
    #[doc(alias = "DMCompositeGetEntriesArray")]
    pub fn grids(&self) -> Result<Vec<&DmRef>> {
        let mut list: Vec<sys::DM> = vec![ptr::null_mut(); self.count()?];
        // SAFETY: a live composite, room for all its grids.
        unsafe { call!(DMCompositeGetEntriesArray(self.as_ptr(), list.as_mut_ptr())) }?;
        // SAFETY: the composite keeps its grids, and none can be taken away.
        let borrow = |raw| unsafe { DmRef::from_ptr(raw) };
        Ok(list.into_iter().map(borrow).collect())
    }

    /// The parts of a global vector that belong to the grids, for reading, without a copy.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vector is of another length than those of the composite, `ARG_WRONG` if it is
    /// nested, `ARG_WRONGSTATE` if its array is borrowed mutably.
    #[doc(alias = "DMCompositeGetAccessArray")]
    pub fn parts<'a>(&'a self, x: &'a VectorRef) -> Result<Parts<'a>> {
        self.check_contiguous(x)?;
        x.check_readable()?;
        let borrow = ffi::Borrow::shared(x.as_ptr())?;
        let access = self.access(x, borrow)?;
        // Other handles of a part could write to what others read as the whole.
        let parts = access.vectors.iter();
        let borrows = parts
            .map(|&part| ffi::Borrow::shared(part))
            .collect::<Result<_>>()?;
        Ok(Parts {
            _borrows: borrows,
            access,
        })
    }

    /// The parts of a global vector that belong to the grids, for writing, without a copy.
    /// Collective.
    ///
    /// # Errors
    /// As [`parts`](Self::parts); `ARG_WRONGSTATE` if its array is borrowed at all.
    #[doc(alias = "DMCompositeGetAccessArray")]
    pub fn parts_mut<'a>(&'a self, x: &'a mut VectorRef) -> Result<PartsMut<'a>> {
        self.check_contiguous(x)?;
        x.check_writable()?;
        let borrow = ffi::Borrow::exclusive(x.as_ptr())?;
        Ok(PartsMut(self.access(x, borrow)?))
    }

    /// Copies the parts of a global vector and their ghost points to local vectors, one for each grid.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a vector is of another length than those of its grid, `ARG_WRONGSTATE` if an
    /// array is borrowed.
    #[doc(alias = "DMCompositeScatterArray")]
    pub fn scatter(&self, x: &VectorRef, locals: &mut [&mut VectorRef]) -> Result<()> {
        let parts = self.parts(x)?;
        let grids = self.grids()?;
        ffi::same_len("local vectors", grids.len(), locals.len())?;
        for ((i, grid), local) in grids.into_iter().enumerate().zip(locals) {
            grid.global_to_local(parts.part(i)?, InsertMode::Insert, local)?;
        }
        Ok(())
    }

    /// Copies or adds local vectors, one for each grid, to a global vector. Collective.
    ///
    /// # Errors
    /// As [`scatter`](Self::scatter).
    #[doc(alias = "DMCompositeGatherArray")]
    pub fn gather(&self, locals: &[&VectorRef], mode: InsertMode, x: &mut VectorRef) -> Result<()> {
        let mut parts = self.parts_mut(x)?;
        let grids = self.grids()?;
        ffi::same_len("local vectors", grids.len(), locals.len())?;
        for ((i, grid), local) in grids.into_iter().enumerate().zip(locals) {
            grid.local_to_global(local, mode, parts.part_mut(i)?)?;
        }
        Ok(())
    }

    /// The global indices of each grid's unknowns in vectors of the composite, such as for a
    /// preconditioner that splits by fields. Collective.
    ///
    /// # Errors
    /// What `DMCompositeGetGlobalISs` returns.
    #[doc(alias = "DMCompositeGetGlobalISs")]
    #[track_caller]
    pub fn global_index_sets(&self) -> Result<Vec<IndexSet>> {
        let count = self.count()?;
        let mut list: *mut sys::IS = ptr::null_mut();
        // SAFETY: a live composite and a valid out-pointer.
        unsafe { call!(DMCompositeGetGlobalISs(self.as_ptr(), &raw mut list)) }?;
        // SAFETY: PETSc made a set for each grid.
        let sets = unsafe { ffi::slice(list, count) }
            .iter()
            // SAFETY: just created; the reference is ours.
            .map(|&set| unsafe { IndexSet::from_raw(set) })
            .collect();
        // SAFETY: the caller frees the list.
        unsafe { call!(PetscRsFree(list.cast())) }?;
        Ok(sets)
    }

    /// The parts are windows of the vector's memory, which a nested vector has only for a moment.
    fn check_contiguous(&self, x: &VectorRef) -> Result<()> {
        self.check_global(x)?;
        if x.is_nest()? {
            return Err(Error::argument("a nested vector has no memory for parts"));
        }
        Ok(())
    }

    fn access<'a>(&'a self, x: &'a VectorRef, borrow: ffi::Borrow) -> Result<Access<'a>> {
        let count = self.count()?;
        let n = ffi::petsc_int(count)?;
        let mut vectors: Vec<sys::Vec> = vec![ptr::null_mut(); count];
        // SAFETY: live objects, a vector of the composite's length (callers), room for all parts.
        unsafe {
            call!(DMCompositeGetAccessArray(
                self.as_ptr(),
                x.as_ptr(),
                n,
                ptr::null(),
                vectors.as_mut_ptr()
            ))
        }?;
        Ok(Access {
            composite: self,
            whole: x,
            vectors,
            _borrow: borrow,
        })
    }
}

/// Windows that are given back on every way out.
struct Access<'a> {
    composite: &'a DmCompositeRef,
    whole: &'a VectorRef,
    vectors: Vec<sys::Vec>,
    _borrow: ffi::Borrow,
}

impl Access<'_> {
    fn raw(&self, i: usize) -> Result<sys::Vec> {
        self.vectors.get(i).copied().ok_or_else(|| {
            Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("there is no part {i} of {}", self.vectors.len()),
            )
        })
    }
}

impl Drop for Access<'_> {
    fn drop(&mut self) {
        if runtime::drop_mode() == DropMode::Skip {
            return;
        }
        // Back into the pools, which does not communicate, also on a rank that failed. The number of
        // parts was converted before.
        let n = Int::try_from(self.vectors.len()).unwrap_or(0);
        // SAFETY: the vectors came from DMCompositeGetAccessArray on these objects, which are borrowed.
        let code = unsafe {
            sys::DMCompositeRestoreAccessArray(
                self.composite.as_ptr(),
                self.whole.as_ptr(),
                n,
                ptr::null(),
                self.vectors.as_mut_ptr(),
            )
        };
        runtime::record_drop("DMCompositeRestoreAccessArray", code);
    }
}

/// The parts of a vector, lent for reading; see [`DmCompositeRef::parts`].
pub struct Parts<'a> {
    // Before the windows, which are given back last.
    _borrows: Vec<ffi::Borrow>,
    access: Access<'a>,
}

/// The parts of a vector, lent for writing; see [`DmCompositeRef::parts_mut`].
pub struct PartsMut<'a>(Access<'a>);

impl Parts<'_> {
    /// The part of a grid.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no such grid.
    pub fn part(&self, i: usize) -> Result<&VectorRef> {
        // SAFETY: lent by the composite until this guard is dropped.
        Ok(unsafe { VectorRef::from_ptr(self.access.raw(i)?) })
    }
}

impl PartsMut<'_> {
    /// The part of a grid.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no such grid.
    pub fn part(&self, i: usize) -> Result<&VectorRef> {
        // SAFETY: lent by the composite until this guard is dropped.
        Ok(unsafe { VectorRef::from_ptr(self.0.raw(i)?) })
    }

    /// The part of a grid, to write to.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no such grid.
    pub fn part_mut(&mut self, i: usize) -> Result<&mut VectorRef> {
        // SAFETY: lent by the composite until this guard is dropped.
        Ok(unsafe { VectorRef::from_ptr_mut(self.0.raw(i)?) })
    }
}

impl fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}

impl fmt::Debug for PartsMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartsMut").finish_non_exhaustive()
    }
}
