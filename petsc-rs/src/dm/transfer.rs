//! Transfers between global, local and natural vectors.

use std::marker::PhantomData;

use petsc_macros::wraps;

use super::DmRef;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Held;
use crate::runtime::{self, DropMode};
use crate::vector::{InsertMode, VectorRef};
use crate::{ffi, sys};

/// The C function that begins or ends a transfer.
type Half =
    unsafe extern "C" fn(sys::DM, sys::Vec, sys::InsertMode, sys::Vec) -> sys::PetscErrorCode;

/// The C function that ends a transfer, and its name.
#[derive(Clone, Copy)]
struct End {
    name: &'static str,
    call: Half,
}

impl std::fmt::Debug for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The C functions of a transfer.
pub(super) struct Route {
    begin_name: &'static str,
    begin: Half,
    end: End,
}

macro_rules! route {
    ($begin:ident, $end:ident) => {
        $crate::dm::transfer::Route::new(
            stringify!($begin),
            $crate::sys::$begin,
            stringify!($end),
            $crate::sys::$end,
        )
    };
}

pub(super) use route;

impl Route {
    pub(super) const fn new(
        begin_name: &'static str,
        begin: Half,
        end_name: &'static str,
        end: Half,
    ) -> Self {
        Self { begin_name, begin, end: End { name: end_name, call: end } }
    }
}

impl DmRef {
    /// Copies a global vector to a local vector, including the ghost points that other ranks own.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a vector does not have the length of a vector of this DM; `ARG_WRONGSTATE` if
    /// an array is borrowed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, InsertMode, Scalar, ScalarExt, dm::BoundaryType};
    /// let grid = Dmda::builder(comm)
    ///     .sizes([6])
    ///     .boundaries([BoundaryType::Periodic])
    ///     .build()?;
    /// let mut x = grid.create_global_vector()?;
    /// for i in grid.corners()?.x() {
    ///     grid.array_mut(&mut x)?[i] = Scalar::from_real(i as f64);
    /// }
    /// let mut local = grid.local_vector()?;
    /// grid.global_to_local(&x, InsertMode::Insert, &mut local)?;
    /// assert_eq!(grid.array(&local)?[-1].real(), 5.0);
    /// # Ok(()) })
    /// ```
    #[wraps(DMGlobalToLocal)]
    pub fn global_to_local(
        &self,
        global: &VectorRef,
        mode: InsertMode,
        local: &mut VectorRef,
    ) -> Result<()> {
        self.global_to_local_begin(global, mode, local)?.finish()
    }

    /// Starts [`global_to_local`](Self::global_to_local); [`finish`](Transfer::finish) completes
    /// it. Collective.
    ///
    /// # Errors
    /// See [`global_to_local`](Self::global_to_local); `ARG_WRONGSTATE` while another transfer of
    /// this DM is in progress.
    #[wraps(DMGlobalToLocalBegin)]
    pub fn global_to_local_begin<'a>(
        &'a self,
        global: &'a VectorRef,
        mode: InsertMode,
        local: &'a mut VectorRef,
    ) -> Result<Transfer<'a>> {
        self.check_global(global)?;
        self.check_local(local)?;
        let route = route!(DMGlobalToLocalBegin, DMGlobalToLocalEnd);
        // SAFETY: the vectors have the lengths of this DM (above).
        unsafe { self.begin(&route, global, mode, local) }
    }

    /// Copies the owned points of a local vector to a global vector. Collective.
    ///
    /// With [`InsertMode::Add`], adds the values of all points to the global vector. The value of a
    /// ghost point is added to the entry on the rank that owns the point.
    #[wraps(DMLocalToGlobal, errors = global_to_local)]
    pub fn local_to_global(
        &self,
        local: &VectorRef,
        mode: InsertMode,
        global: &mut VectorRef,
    ) -> Result<()> {
        self.local_to_global_begin(local, mode, global)?.finish()
    }

    /// Starts [`local_to_global`](Self::local_to_global); [`finish`](Transfer::finish) completes
    /// it. Collective.
    #[wraps(DMLocalToGlobalBegin, errors = global_to_local_begin)]
    pub fn local_to_global_begin<'a>(
        &'a self,
        local: &'a VectorRef,
        mode: InsertMode,
        global: &'a mut VectorRef,
    ) -> Result<Transfer<'a>> {
        self.check_local(local)?;
        self.check_global(global)?;
        let route = route!(DMLocalToGlobalBegin, DMLocalToGlobalEnd);
        // SAFETY: the vectors have the lengths of this DM (above).
        unsafe { self.begin(&route, local, mode, global) }
    }

    /// Updates the ghost points of a local vector from the owned points of another local vector.
    /// Collective.
    ///
    /// # Errors
    /// See [`global_to_local`](Self::global_to_local); `SUP` for a DM type without this operation,
    /// such as `redundant`.
    #[wraps(DMLocalToLocalBegin, DMLocalToLocalEnd)]
    pub fn local_to_local(
        &self,
        from: &VectorRef,
        mode: InsertMode,
        to: &mut VectorRef,
    ) -> Result<()> {
        if !self.has_local_to_local()? {
            let text = "DMs of this type do not support transfers from local to local vectors";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        self.check_local(from)?;
        self.check_local(to)?;
        let route = route!(DMLocalToLocalBegin, DMLocalToLocalEnd);
        // SAFETY: the vectors have the lengths of this DM (above).
        unsafe { self.begin(&route, from, mode, to) }?.finish()
    }

    /// Older releases call NULL for types that do not support it. Composites do not check their
    /// parts either.
    fn has_local_to_local(&self) -> Result<bool> {
        if self.is_kind(c"composite")? {
            for grid in self.as_composite()?.grids()? {
                if !grid.has_local_to_local()? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let stag = cfg!(petsc_ge_3_21) && self.is_kind(c"stag")?;
        Ok(stag || self.is_kind(c"da")? || self.is_kind(c"shell")?)
    }

    /// # Safety
    /// The vectors have the local lengths of the route.
    pub(super) unsafe fn begin<'a>(
        &'a self,
        route: &Route,
        from: &'a VectorRef,
        mode: InsertMode,
        to: &'a mut VectorRef,
    ) -> Result<Transfer<'a>> {
        from.check_distinct(to)?;
        let borrows = [
            ffi::Borrow::exclusive(self)?.into(),
            from.borrow_memory(ffi::Access::Read)?,
            to.borrow_memory(ffi::Access::Write)?,
        ];
        let held = [Held::new(self)?, Held::new(from)?, Held::new(to)?];
        let mode = mode.to_raw();
        // SAFETY: live objects of the right lengths (contract); nobody borrows the vectors, and no
        // other transfer of this DM, which would share its scatter, is in progress (above).
        let code = unsafe { (route.begin)(self.as_ptr(), from.as_ptr(), mode, to.as_ptr()) };
        ffi::check(route.begin_name, code)?;
        Ok(Transfer {
            held: Some(held),
            mode,
            end: route.end,
            _borrows: borrows,
            _lifetime: PhantomData,
        })
    }
}

/// A transfer in progress. See [`DmRef::global_to_local_begin`]. Dropping it finishes the transfer.
#[must_use = "the values arrive in `finish`"]
#[derive(Debug)]
pub struct Transfer<'a> {
    /// DM, source and target. They remain alive if the transfer is forgotten, because MPI may still
    /// use them.
    held: Option<[Held; 3]>,
    mode: sys::InsertMode,
    end: End,
    _borrows: [ffi::Borrows; 3],
    _lifetime: PhantomData<(&'a DmRef, &'a VectorRef, &'a mut VectorRef)>,
}

impl Transfer<'_> {
    /// Waits for the values from other ranks. Collective.
    ///
    /// # Errors
    /// The errors of the C function that ends the transfer, such as `DMGlobalToLocalEnd`.
    #[wraps(DMGlobalToLocalEnd, DMLocalToGlobalEnd)]
    pub fn finish(mut self) -> Result<()> {
        let Some([dm, from, to]) = self.held.take() else {
            return Ok(());
        };
        let (dm, from, to) = (dm.object().cast(), from.object().cast(), to.object().cast());
        // SAFETY: live objects whose transfer has begun in this mode.
        let code = unsafe { (self.end.call)(dm, from, self.mode, to) };
        ffi::check(self.end.name, code)
    }
}

impl Drop for Transfer<'_> {
    fn drop(&mut self) {
        let Some([dm, from, to]) = self.held.take() else {
            return;
        };
        if runtime::drop_mode() == DropMode::Now {
            // SAFETY: live objects whose transfer has begun in this mode.
            let code = unsafe {
                (self.end.call)(
                    dm.object().cast(),
                    from.object().cast(),
                    self.mode,
                    to.object().cast(),
                )
            };
            runtime::record_drop(self.end.name, code);
        } else {
            // The other ranks may not take part, so MPI keeps the memory.
            dm.leak();
            from.leak();
            to.leak();
        }
    }
}
