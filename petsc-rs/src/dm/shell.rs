//! A grid that is only known by templates of its vectors and matrices (`DMShell` in C).

use std::ptr;

use super::Dm;
use super::kind::dm_kind;
use crate::comm;
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::object::Object as _;
use crate::scatter::ScatterRef;
use crate::vector::VectorRef;
use crate::{call, ffi, sys};

dm_kind! {
    /// A grid of one's own: vectors and matrices like given ones.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Vector, dm::DmShell};
    /// let x = Vector::new(comm, 7)?;
    /// let grid = DmShell::new(&x)?;
    /// assert_eq!(grid.create_global_vector()?.len()?, 7);
    /// # Ok(()) })
    /// ```
    #[doc(alias = "DMShell")]
    DmShell,
    /// A borrowed [`DmShell`].
    DmShellRef,
    c"shell",
    as_shell,
    into_shell,
}

impl DmShell {
    /// A grid whose global vectors are like `x`, on the ranks of `x`. Takes a reference. Collective.
    ///
    /// # Errors
    /// What `DMShellCreate` returns.
    #[doc(alias = "DMShellCreate")]
    #[doc(alias = "DMShellSetGlobalVector")]
    #[track_caller]
    pub fn new(x: &VectorRef) -> Result<Self> {
        let comm = comm::of_object(x.object_ptr())?;
        let mut raw = ptr::null_mut();
        // SAFETY: the communicator of a live vector and a valid out-pointer.
        unsafe { call!(DMShellCreate(comm, &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let grid = unsafe { Dm::created(raw) }?.into_shell()?;
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(DMShellSetGlobalVector(raw, x.as_ptr())) }?;
        Ok(grid)
    }

    /// The same with local vectors like `local`, to which `to_local` brings a global vector, and
    /// `to_global` back. Takes references. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a scatter was not created for such vectors.
    #[doc(alias = "DMShellSetLocalVector")]
    #[doc(alias = "DMShellSetGlobalToLocalVecScatter")]
    #[doc(alias = "DMShellSetLocalToGlobalVecScatter")]
    #[track_caller]
    pub fn with_local(
        x: &VectorRef,
        local: &VectorRef,
        to_local: &ScatterRef,
        to_global: &ScatterRef,
    ) -> Result<Self> {
        let (outer, inner) = (x.local_len()?, local.local_len()?);
        for (scatter, (source, target)) in [(to_local, (outer, inner)), (to_global, (inner, outer))]
        {
            let (from, to) = scatter.local_lengths()?;
            ffi::same_len("source of the scatter", source, from)?;
            ffi::same_len("target of the scatter", target, to)?;
        }
        let grid = Self::new(x)?;
        let raw = grid.as_ptr();
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(DMShellSetLocalVector(raw, local.as_ptr())) }?;
        // SAFETY: live objects whose lengths fit (above); PETSc takes a reference.
        unsafe { call!(DMShellSetGlobalToLocalVecScatter(raw, to_local.as_ptr())) }?;
        // SAFETY: as above.
        unsafe { call!(DMShellSetLocalToGlobalVecScatter(raw, to_global.as_ptr())) }?;
        Ok(grid)
    }
}

impl DmShellRef {
    /// Makes matrices with the nonzero pattern of `a`, of which the grid takes a reference. Logically
    /// collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if `a` lives on other ranks, `ARG_WRONGSTATE` if it is not assembled.
    #[doc(alias = "DMShellSetMatrix")]
    pub fn set_matrix(&mut self, a: &MatrixRef) -> Result<()> {
        comm::check_same_ranks(self.object_ptr(), a.object_ptr())?;
        a.check_assembled()?;
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(DMShellSetMatrix(self.as_ptr(), a.as_ptr())) }
    }
}
