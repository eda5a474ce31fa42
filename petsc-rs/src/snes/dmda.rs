//! Local functions of a DMDA for nonlinear solvers: residual and Jacobian on the part of the grid
//! that a rank owns.

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
    /// Sets the residual on the local part of a DMDA: `f(grid, x, y)` computes `y ← F(x)`.
    /// Logically collective.
    ///
    /// `y` contains the points that this rank owns; `x` also contains updated ghost points. `T` is
    /// `Scalar`, or a type that [`array_as`](DmdaRef::array_as) accepts for several unknowns at a
    /// point. The solver needs a [`Dmda`](crate::Dmda): call [`set_dm`](Self::set_dm) first. On a
    /// refined or coarsened level, `grid` is the DMDA of that level.
    ///
    /// The DMDA owns the closure. All solvers on the DMDA call it, and it is freed with the DMDA or
    /// when another closure replaces it. If the closure owns the DMDA or one of its vectors,
    /// neither the closure nor the DMDA is ever freed. If no Jacobian is set, PETSc computes it
    /// with finite differences and the coloring of the DMDA (options `-mat_fd_type` and others).
    /// After an [`Error::domain`](crate::Error::domain), the solver shortens its step.
    ///
    /// # Errors
    /// `ARG_WRONG` if the solver's DM is not a DMDA.
    ///
    /// # Examples
    /// `u'' = 2` with `u(0) = 0`, `u(1) = 1`. The three-point formula is exact for the solution
    /// `x²`:
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

    /// Sets the Jacobian on the local part of a DMDA: `f(grid, x, rows)` sets the matrix rows of
    /// the points that this rank owns. Logically collective.
    ///
    /// `x` contains updated ghost points, and `rows` writes to the matrix that the DMDA created.
    /// See [`set_function_local`](Self::set_function_local).
    #[wraps(DMDASNESSetJacobianLocal, errors = set_function_local)]
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
    keyed fn function_shim[c"SNES function of a DMDA"](snes: &SnesRef, x: &VectorRef, y: &mut VectorRef)
    for FnMut(&DmdaRef, &VectorRef, &mut VectorRef) -> Result<()> as F
    = |f| {
        let grid = snes.dm()?.into_dmda()?;
        let x = grid.ghosted(x)?;
        snes.pass_on_domain_error(f(&grid, &x, y))
    }
}

trampoline! {
    keyed fn jacobian_shim[c"SNES Jacobian of a DMDA"](
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
