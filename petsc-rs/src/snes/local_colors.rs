//! Jacobians by differences along the colours of a grid's ghosted points.

use std::ffi::{CStr, c_void};
use std::marker::PhantomData;
use std::ptr;

use petsc_macros::wraps;

use super::{SnesRef, colors};
use crate::callback::{Context, trampoline};
use crate::dm::{ColoringKind, DmRef};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::object::Object;
use crate::vector::VectorRef;
use crate::{call, sys};

/// Under this name a matrix keeps its differences.
pub(super) const DIFFERENCES: &CStr = c"petsc-rs.snes.local-differences";

impl SnesRef {
    /// Computes the Jacobian by differences along the colours of the points of a DMDA and their ghosts.
    /// `f(snes, x, y)` computes `y ← F(x)` on this rank from an `x` that has its ghost points, so no values
    /// travel between the ranks from one colour to the next. `p` is an AIJ matrix made by the grid.
    /// Replaces a closure for the Jacobian, and lives as one. Logically collective.
    ///
    /// # Errors
    /// What `SNESSetJacobian` returns. The solve fails with `SUP` if `p` has no DMDA, or is of another kind
    /// than `seqaij` and `mpiaij`, or if the grid is periodic along a side that one of several ranks has whole;
    /// with `ARG_WRONGSTATE` if `p` is not assembled.
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
    /// snes.set_jacobian_by_local_colors(&a, &a, move |snes, x, f| {
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
    pub fn set_jacobian_by_local_colors<F>(
        &mut self,
        a: &MatrixRef,
        p: &MatrixRef,
        f: F,
    ) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let function = Function::new(f);
        self.set_jacobian(a, p, move |snes, x, a, p| {
            x.check_readable()?;
            check_kind(p)?;
            colors::forget_if_changed(p)?;
            let mut differences: sys::MatFDColoring = p.composed(DIFFERENCES)?.cast();
            if differences.is_null() {
                differences = store(p)?;
            }
            let shim = Some(local_function_shim::<F> as _);
            // SAFETY: live objects; the closure lives on in this one, and nobody else applies these differences.
            unsafe {
                call!(PetscRsMatFDColoringSetFunction(
                    differences,
                    shim,
                    function.ctx()
                ))
            }?;
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

/// A closure for C that Rust frees.
struct Function<F> {
    ctx: *mut c_void,
    closure: PhantomData<F>,
}

impl<F> Function<F> {
    fn new(f: F) -> Self {
        Self {
            ctx: Context::into_raw(f),
            closure: PhantomData,
        }
    }

    /// A method, so that a closure which calls it captures the owner and not only the pointer.
    fn ctx(&self) -> *mut c_void {
        self.ctx
    }
}

impl<F> Drop for Function<F> {
    fn drop(&mut self) {
        // SAFETY: from `into_raw`; each use sets the function of the differences anew.
        unsafe { Context::<F>::free(self.ctx) };
    }
}

/// The kinds of matrices whose implementation of the differences PETSc calls.
fn check_kind(p: &MatrixRef) -> Result<()> {
    p.check_assembled()?;
    if p.is_type("seqaij")? || p.is_type("mpiaij")? {
        return Ok(());
    }
    Err(unsupported(
        "only AIJ matrices have differences along local colours",
    ))
}

fn unsupported(why: &str) -> Error {
    Error::collective(ErrorCode::SUP, why)
}

/// Makes differences for the present pattern of an AIJ matrix, which keeps them.
fn store(p: &MatrixRef) -> Result<sys::MatFDColoring> {
    let mut dm = ptr::null_mut();
    // SAFETY: a live matrix and a valid out-pointer.
    unsafe { call!(MatGetDM(p.as_ptr(), &raw mut dm)) }?;
    if dm.is_null() {
        return Err(unsupported("the matrix was not made by a grid"));
    }
    if !p.has_grid_pattern()? {
        return Err(unsupported(
            "the matrix has other entries than its grid gave it, for which the colours may be wrong",
        ));
    }
    // SAFETY: the matrix keeps its grid alive.
    let grid = unsafe { DmRef::from_ptr(dm) };
    let colors = grid.as_dmda()?.create_coloring(ColoringKind::Local)?;
    let mut differences = ptr::null_mut();
    // SAFETY: live objects of one grid and a valid out-pointer.
    unsafe {
        call!(MatFDColoringCreate(
            p.as_ptr(),
            colors.as_ptr(),
            &raw mut differences
        ))
    }?;
    let kept = differences;
    let outcome = prepare(p, &colors, kept);
    // SAFETY: gives up the reference of the line that created it; the matrix has another one.
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
    unsafe { call!(MatFDColoringUseDM(p.as_ptr(), differences)) }?;
    // SAFETY: a live object.
    unsafe { call!(MatFDColoringSetFromOptions(differences)) }?;
    // SAFETY: the matrix and the colours that it was created with.
    unsafe { call!(MatFDColoringSetUp(p.as_ptr(), colors.as_ptr(), differences)) }?;
    // SAFETY: live objects and a NUL-terminated name.
    unsafe {
        call!(PetscObjectCompose(
            p.object_ptr(),
            DIFFERENCES.as_ptr(),
            differences.cast()
        ))
    }
}

trampoline! {
    fn local_function_shim[c"SNES function of ghosted points"](
        snes: &SnesRef, x: &VectorRef, y: &mut VectorRef
    )
    for FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> as F
    = |f| {
        let grid = snes.dm()?;
        // On one rank PETSc colours the points themselves, and passes a vector without ghosts.
        let outcome = if grid.is_ghosted(x)? {
            f(snes, x, y)
        } else {
            let x = grid.ghosted(x)?;
            f(snes, &x, y)
        };
        snes.pass_on_domain_error(outcome)
    }
}
