//! Jacobians from finite differences with a coloring of the ghosted points of a DMDA.

use std::ffi::{CStr, c_void};
use std::marker::PhantomData;

use petsc_macros::wraps;

use super::{SnesRef, colors};
use crate::callback::{Context, trampoline};
use crate::dm::{ColoringKind, DmRef};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::object::Object;
use crate::vector::VectorRef;
use crate::{call, get_raw, sys};

/// Name under which a matrix stores its finite-difference coloring.
pub(super) const DIFFERENCES: &CStr = c"petsc-rs.snes.local-differences";

impl SnesRef {
    /// Computes the Jacobian with finite differences and a coloring of the points of a DMDA and
    /// their ghost points. Logically collective.
    ///
    /// `f(snes, x, y)` computes `y ← F(x)` on this rank from an `x` with ghost points, so that no
    /// values are communicated between colors. `p` is an AIJ matrix created by the DMDA. `f`
    /// replaces the closure of [`set_jacobian`](Self::set_jacobian), and is stored in the same
    /// place.
    ///
    /// # Errors
    /// The errors of `SNESSetJacobian`. The solve fails with `SUP` if `p` has no DMDA, if its type
    /// is neither `seqaij` nor `mpiaij`, or if, on several ranks, one rank owns the whole length of
    /// the DMDA in a periodic direction. It fails with `ARG_WRONGSTATE` if `p` is not assembled.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::prelude::*;
    /// # use petsc_rs::{Dmda, Snes};
    /// let mut grid = Dmda::builder(comm).sizes([6]).build()?;
    /// grid.set_mat_type(MatrixType::AIJ)?;
    /// let a = grid.create_matrix()?;
    /// let (mut x, residual) = a.vectors()?;
    /// let nine = Scalar::from_real(9.0);
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_dm(&grid)?;
    /// snes.set_function(&residual, move |_, x, f| {
    ///     f.pointwise_mult(x, x)?;
    ///     f.shift(-nine)
    /// })?;
    /// snes.set_jacobian_fd_local(&a, &a, move |snes, x, f| {
    ///     let grid = snes.dm()?.into_dmda()?;
    ///     let (x, mut f) = (grid.array(x)?, grid.array_mut(f)?);
    ///     for i in grid.corners()?.x() {
    ///         f[i] = x[i] * x[i] - nine;
    ///     }
    ///     Ok(())
    /// })?;
    /// x.set(Scalar::from_real(2.0))?;
    /// let _ = snes.solve(None, &mut x)?;
    /// assert!((x.norm(Norm::Infinity)? - 3.0).abs() < 1e-6);
    /// # Ok(()) })
    /// ```
    #[doc(alias("MatFDColoringUseDM", "IS_COLORING_LOCAL"))]
    #[wraps(
        MatFDColoringCreate,
        MatFDColoringSetFunction,
        MatFDColoringApply,
        MatFDColoringSetFromOptions,
        MatFDColoringSetUp
    )]
    pub fn set_jacobian_fd_local<F>(&mut self, a: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let function = ClosureContext::new(f);
        self.set_jacobian(a, p, move |snes, x, a, p| {
            x.check_readable()?;
            check_kind(p)?;
            colors::forget_if_changed(p)?;
            let mut differences: sys::MatFDColoring = p.composed(DIFFERENCES)?.cast();
            if differences.is_null() {
                differences = store(p)?;
            }
            let shim = Some(local_function_shim::<F> as _);
            // SAFETY: live objects; this object keeps the closure alive, and no other code applies
            // these differences.
            unsafe { call!(PetscRsMatFDColoringSetFunction(differences, shim, function.ctx())) }?;
            let (p_ptr, x_ptr, of) = (p.as_ptr(), x.as_ptr(), snes.as_ptr().cast());
            // SAFETY: differences of this matrix and its present pattern; `x` is a vector of its grid.
            unsafe { call!(MatFDColoringApply(p_ptr, differences, x_ptr, of)) }?;
            colors::remember(p)?;
            if a.as_ptr() == p.as_ptr() {
                return Ok(());
            }
            a.assemble()
        })
    }
}

/// A closure whose context is passed to C and freed by Rust.
struct ClosureContext<F> {
    ctx: *mut c_void,
    closure: PhantomData<F>,
}

impl<F> ClosureContext<F> {
    fn new(f: F) -> Self {
        Self { ctx: Context::into_raw(f), closure: PhantomData }
    }

    /// This is a method so that a closure which calls it captures the owner and not only the
    /// pointer.
    fn ctx(&self) -> *mut c_void {
        self.ctx
    }
}

impl<F> Drop for ClosureContext<F> {
    fn drop(&mut self) {
        // SAFETY: from `into_raw`; each use sets the function of the differences again.
        unsafe { Context::<F>::free(self.ctx) };
    }
}

/// Checks the matrix types for which PETSc implements these differences.
fn check_kind(p: &MatrixRef) -> Result<()> {
    p.check_assembled()?;
    if p.is_type("seqaij")? || p.is_type("mpiaij")? {
        return Ok(());
    }
    Err(unsupported("finite differences with local coloring need an AIJ matrix"))
}

fn unsupported(why: &str) -> Error {
    Error::collective(ErrorCode::SUP, why)
}

/// Creates a coloring for the current pattern of an AIJ matrix, and caches it there.
fn store(p: &MatrixRef) -> Result<sys::MatFDColoring> {
    // SAFETY: a live matrix.
    let dm = unsafe { get_raw!(MatGetDM(p.as_ptr(), _)) }?;
    if dm.is_null() {
        return Err(unsupported("the matrix was not created by a DMDA"));
    }
    if !p.has_grid_pattern()? {
        return Err(unsupported(
            "the nonzero pattern of the matrix differs from that of its DMDA, so the coloring may be wrong",
        ));
    }
    // SAFETY: the matrix keeps its DMDA alive.
    let grid = unsafe { DmRef::from_ptr(dm) };
    let colors = grid.as_dmda()?.create_coloring(ColoringKind::Local)?;
    // SAFETY: live objects of one grid.
    let mut differences = unsafe { get_raw!(MatFDColoringCreate(p.as_ptr(), colors.as_ptr(), _)) }?;
    let kept = differences;
    let outcome = prepare(p, &colors, kept);
    // SAFETY: releases the reference from its creation; the matrix has another one.
    let destroyed = unsafe { call!(MatFDColoringDestroy(&raw mut differences)) };
    outcome.and(destroyed)?;
    Ok(kept)
}

fn prepare(
    p: &MatrixRef,
    colors: &crate::dm::Coloring,
    differences: sys::MatFDColoring,
) -> Result<()> {
    // SAFETY: live objects; the matrix is AIJ, whose implementation this one calls.
    unsafe { call!(PetscRsMatFDColoringUseDM(p.as_ptr(), differences)) }?;
    // SAFETY: a live object.
    unsafe { call!(MatFDColoringSetFromOptions(differences)) }?;
    // SAFETY: the matrix and the colors that it was created with.
    unsafe { call!(MatFDColoringSetUp(p.as_ptr(), colors.as_ptr(), differences)) }?;
    // SAFETY: live objects and a NUL-terminated name.
    unsafe { call!(PetscObjectCompose(p.object_ptr(), DIFFERENCES.as_ptr(), differences.cast())) }
}

trampoline! {
    fn local_function_shim[c"SNES function of ghosted points"](
        snes: &SnesRef, x: &VectorRef, y: &mut VectorRef
    )
    for FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> as F
    = |f| {
        let grid = snes.dm()?;
        // On one rank PETSc colors the points itself, and passes a vector without ghost points.
        let outcome = if grid.is_ghosted(x)? {
            f(snes, x, y)
        } else {
            let x = grid.ghosted(x)?;
            f(snes, &x, y)
        };
        snes.pass_on_domain_error(outcome)
    }
}
