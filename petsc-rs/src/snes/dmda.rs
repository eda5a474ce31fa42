//! Closures over grid points: residual and Jacobian of the part of the grid that a rank owns.

use bytemuck::Pod;
use petsc_macros::wraps;

use super::{FUNCTION, JACOBIAN, SnesRef};
use crate::callback::trampoline;
use crate::dm::{DmdaRef, GridMut, GridRead, StencilAssembler};
use crate::error::Result;
use crate::matrix::{MatrixRef, assemble_other};
use crate::vector::{InsertMode, VectorRef};
use crate::{call, sys};

impl SnesRef {
    /// Sets the function by grid points: `f(grid, x, y)` computes `y ← F(x)` at the points that this
    /// rank owns, from `x` with its ghost points up to date. `T` is `Scalar`, or what
    /// [`array_as`](DmdaRef::array_as) takes for several unknowns at a point. Needs a [`Dmda`](crate::Dmda),
    /// set by [`set_dm`](Self::set_dm) before; on finer or coarser grids, `grid` is theirs. Logically
    /// collective.
    ///
    /// The closure lives on the grid, is called by every solver on it, and is freed with it or when
    /// another one is set; a closure that owns the grid itself or a vector of it would keep both alive
    /// for ever. Without a Jacobian, PETSc takes differences along the colours of the grid (options
    /// `-mat_fd_type` and others). An [`Error::domain`](crate::Error::domain) makes the solver shorten its
    /// step.
    ///
    /// # Errors
    /// `ARG_WRONG` if the solver's grid is no DMDA.
    ///
    /// # Examples
    /// `u'' = 2` with `u(0) = 0`, `u(1) = 1`, whose solution `x²` the three-point formula meets exactly:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, Int, Norm, Scalar, ScalarExt, Snes, dm::{GridMut, GridRead}};
    /// let n: Int = 9;
    /// let h2 = Scalar::from_real(1.0 / 64.0);
    /// let (two, last) = (Scalar::from_real(2.0), Scalar::from_real(1.0));
    /// let grid = Dmda::builder(comm).sizes([9]).build()?;
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_dm(&grid)?;
    /// snes.set_function_local(move |grid, u: &GridRead<Scalar>, f: &mut GridMut<Scalar>| {
    ///     for i in grid.corners()?.x() {
    ///         f[i] = if i == 0 {
    ///             u[i]
    ///         } else if i == n - 1 {
    ///             u[i] - last
    ///         } else {
    ///             u[i - 1] - two * u[i] + u[i + 1] - two * h2
    ///         };
    ///     }
    ///     Ok(())
    /// })?;
    /// let mut x = grid.create_global_vector()?;
    /// let _ = snes.solve(None, &mut x)?;
    /// let u = grid.array(&x)?;
    /// for i in grid.corners()?.x() {
    ///     let x = f64::from(i as i32) / 8.0;
    ///     assert!((u[i].real() - x * x).abs() < 1e-6);
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(DMDASNESSetFunctionLocal)]
    pub fn set_function_local<T, F>(&mut self, f: F) -> Result<()>
    where
        T: Pod,
        F: FnMut(&DmdaRef, &GridRead<'_, T>, &mut GridMut<'_, T>) -> Result<()> + 'static,
    {
        self.dm()?.check_dmda()?;
        let mut f = f;
        self.set_grid_function(move |grid: &DmdaRef, x: &VectorRef, y: &mut VectorRef| {
            let x = grid.array_as::<T>(x)?;
            let mut y = grid.array_as_mut::<T>(y)?;
            f(grid, &x, &mut y)
        })
    }

    /// Sets the Jacobian by grid points: `f(grid, x, rows)` sets the rows of the points that this rank
    /// owns, from `x` with its ghost points up to date, into the matrix that the grid makes. As
    /// [`set_function_local`](Self::set_function_local).
    ///
    /// # Errors
    /// As [`set_function_local`](Self::set_function_local).
    #[wraps(DMDASNESSetJacobianLocal)]
    pub fn set_jacobian_local<T, F>(&mut self, f: F) -> Result<()>
    where
        T: Pod,
        F: FnMut(&DmdaRef, &GridRead<'_, T>, &mut StencilAssembler<'_>) -> Result<()> + 'static,
    {
        self.dm()?.check_dmda()?;
        let mut f = f;
        self.set_grid_jacobian(move |grid: &DmdaRef, x: &VectorRef, p: &mut MatrixRef| {
            let x = grid.array_as::<T>(x)?;
            let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
            f(grid, &x, &mut rows)?;
            rows.finish()
        })
    }

    pub(crate) fn set_grid_function<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&DmdaRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let ctx = self.put(FUNCTION, f)?;
        let shim = Some(function_shim::<F> as _);
        let none = std::ptr::null_mut();
        // SAFETY: a live solver, which makes the residual itself for NULL; `ctx` is a key for what the
        // shim expects.
        unsafe { call!(SNESSetFunction(self.as_ptr(), none, shim, ctx)) }?;
        if self.computes_jacobian()? {
            return Ok(());
        }
        let shim = Some(sys::PetscRsSNESJacobianOfGrid as _);
        let (none, no_ctx) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: a live solver, which makes the matrices itself for NULL; the function has no context.
        unsafe { call!(SNESSetJacobian(self.as_ptr(), none, none, shim, no_ctx)) }
    }

    pub(crate) fn set_grid_jacobian<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&DmdaRef, &VectorRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let ctx = self.put(JACOBIAN, f)?;
        let shim = Some(jacobian_shim::<F> as _);
        let none = std::ptr::null_mut();
        // SAFETY: a live solver, which makes the matrices itself for NULL; `ctx` is a key for what the
        // shim expects.
        unsafe { call!(SNESSetJacobian(self.as_ptr(), none, none, shim, ctx)) }
    }
}

trampoline! {
    keyed fn function_shim[c"SNES function of a grid"](snes: &SnesRef, x: &VectorRef, y: &mut VectorRef)
    for FnMut(&DmdaRef, &VectorRef, &mut VectorRef) -> Result<()> as F
    = |f| {
        let grid = snes.dm()?.into_dmda()?;
        let x = grid.ghosted(x)?;
        snes.pass_on_domain_error(f(&grid, &x, y))
    }
}

trampoline! {
    keyed fn jacobian_shim[c"SNES Jacobian of a grid"](
        snes: &SnesRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    )
    for FnMut(&DmdaRef, &VectorRef, &mut MatrixRef) -> Result<()> as F
    = |f| {
        let grid = snes.dm()?.into_dmda()?;
        let x = grid.ghosted(x)?;
        snes.pass_on_jacobian_domain_error(f(&grid, &x, p))?;
        assemble_other(a, p)
    }
}
