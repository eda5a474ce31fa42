//! Shell DMs: templates define the vectors and matrices (`DMShell` in C).

use petsc_macros::wraps;

use super::Dm;
use super::types::dm_kind;
use crate::comm;
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::object::Object as _;
use crate::scatter::ScatterRef;
use crate::vector::{Vector, VectorRef, VectorType};
use crate::{call, ffi, get_raw, sys};

dm_kind! {
    /// A user-defined DM that creates vectors and matrices from templates.
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
    ///
    /// # See also
    /// [`Dmda`](crate::Dmda), [`DmPlex`](super::DmPlex) (DMs with a mesh).
    #[wraps(DMShell)]
    DmShell,
    /// A borrowed [`DmShell`].
    DmShellRef,
    c"shell",
    as_shell,
    into_shell,
}

impl DmShell {
    /// Creates a DM whose global vectors have the type and layout of `x`, on the ranks of `x`.
    /// Collective.
    ///
    /// The DM holds a reference to `x`. If `x` belongs to another DM, the new DM instead holds a
    /// new vector with the layout of `x`.
    #[wraps(DMShellCreate, DMShellSetGlobalVector)]
    #[track_caller]
    pub fn new(x: &VectorRef) -> Result<Self> {
        let comm = comm::of_object(x.object_ptr());
        let plain = of_no_grid(x)?;
        let x = plain.as_deref().unwrap_or(x);
        // SAFETY: the communicator of a live vector.
        let raw = unsafe { get_raw!(DMShellCreate(comm, _)) }?;
        // SAFETY: just created; the reference is ours.
        let grid = unsafe { Dm::created(raw) }?.into_shell()?;
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(DMShellSetGlobalVector(raw, x.as_ptr())) }?;
        Ok(grid)
    }

    /// Creates a DM that also has local vectors like `local`. Collective.
    ///
    /// The scatter `to_local` copies from global to local vectors, and `to_global` from local to
    /// global vectors. The DM holds references to `local` and to both scatters.
    ///
    /// # Errors
    /// `ARG_SIZ` if a scatter does not fit the global and local vectors.
    #[wraps(
        DMShellSetLocalVector,
        DMShellSetGlobalToLocalVecScatter,
        DMShellSetLocalToGlobalVecScatter
    )]
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
            ffi::same_len("length of the source of the scatter", source, from)?;
            ffi::same_len("length of the target of the scatter", target, to)?;
        }
        let grid = Self::new(x)?;
        let raw = grid.as_ptr();
        let plain = of_no_grid(local)?;
        let local = plain.as_deref().unwrap_or(local);
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
    /// Sets the template of matrices: new matrices have the nonzero pattern of `a`. Logically
    /// collective.
    ///
    /// The DM holds a reference to `a`.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if `a` is on a different communicator; `ARG_WRONGSTATE` if `a` is not
    /// assembled.
    #[wraps(DMShellSetMatrix)]
    pub fn set_matrix(&mut self, a: &MatrixRef) -> Result<()> {
        comm::check_same_ranks(self.object_ptr(), a.object_ptr())?;
        a.check_assembled()?;
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(DMShellSetMatrix(*self.busy()?, a.as_ptr())) }
    }
}

/// For a vector of a DM, returns a vector of the same layout without a DM: when such a vector is
/// viewed, its type casts the DM without a check.
pub(super) fn of_no_grid(x: &VectorRef) -> Result<Option<Vector>> {
    // SAFETY: a live vector.
    let own = unsafe { get_raw!(VecGetDM(x.as_ptr(), _)) }?;
    if own.is_null() {
        return Ok(None);
    }
    let kind = x.type_name()?.as_deref().map(ffi::c_string).transpose()?;
    let comm = x.comm()?;
    let builder = Vector::builder(&comm).local_len(x.local_len()?).block_size(x.block_size()?);
    let plain = match &kind {
        Some(kind) => builder.kind(VectorType::new(kind)).build(),
        None => builder.build(),
    };
    plain.map(Some)
}
