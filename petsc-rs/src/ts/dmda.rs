//! Local functions of a DMDA for time integrators.

use bytemuck::Pod;
use petsc_macros::wraps;

use super::TsRef;
use crate::callback::{Context, context_drop, trampoline};
use crate::dm::{DmdaRef, GridMut, GridRead, StencilAssembler};
use crate::error::Result;
use crate::matrix::{MatrixRef, assemble_other};
use crate::vector::{InsertMode, VectorRef};
use crate::{Real, call, sys};

impl TsRef {
    /// Sets the right-hand side on the local part of a DMDA: `f(grid, t, u, g)` computes
    /// `g ← G(t, u)`. Logically collective.
    ///
    /// `g` contains the points that this rank owns; `u` also contains updated ghost points. `T` is
    /// `Scalar`, or a type that [`array_as`](DmdaRef::array_as) accepts for several unknowns at a
    /// point. The integrator needs a [`Dmda`](crate::Dmda), which owns the closure: call
    /// [`set_dm`](Self::set_dm) first.
    ///
    /// # Errors
    /// `ARG_WRONG` if the integrator's DM is not a DMDA.
    ///
    /// # Examples
    /// Heat conduction on a ring, where a sine wave decays at a known rate:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::dm::{BoundaryType, GridMut, GridRead};
    /// # use petsc_rs::{Dmda, Norm, Real, Scalar, ScalarExt, Ts, TsType, ts::ExactFinalTime};
    /// let grid = Dmda::builder(comm)
    ///     .sizes([12])
    ///     .boundaries([BoundaryType::Periodic])
    ///     .build()?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_dm(&grid)?;
    /// ts.set_type(TsType::RK)?;
    /// ts.set_rhs_function_local(
    ///     |grid, _: Real, u: &GridRead<Scalar>, g: &mut GridMut<Scalar>| {
    ///         for i in grid.corners()?.x() {
    ///             g[i] = u[i - 1] - Scalar::from_real(2.0) * u[i] + u[i + 1];
    ///         }
    ///         Ok(())
    ///     },
    /// )?;
    /// let mut u = grid.create_global_vector()?;
    /// for i in grid.corners()?.x() {
    ///     let angle = f64::from(i as i32) * std::f64::consts::PI / 6.0;
    ///     grid.array_mut(&mut u)?[i] = Scalar::from_real(angle.cos());
    /// }
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// let _ = ts.solve(&mut u)?;
    /// let rate = 2.0 - 2.0 * (std::f64::consts::PI / 6.0).cos();
    /// assert!((u.norm(Norm::Infinity)? - (-rate).exp()).abs() < 1e-4);
    /// # Ok(()) })
    /// ```
    #[wraps(DMDATSSetRHSFunctionLocal)]
    pub fn set_rhs_function_local<T, F>(&mut self, mut f: F) -> Result<()>
    where
        T: Pod,
        F: FnMut(&DmdaRef, Real, &GridRead<'_, T>, &mut GridMut<'_, T>) -> Result<()> + 'static,
    {
        self.dm()?.check_dmda()?;
        self.set_grid_rhs(move |grid: &DmdaRef, t: Real, u: &VectorRef, g: &mut VectorRef| {
            let u = grid.array_as::<T>(u)?;
            let mut g = grid.array_as_mut::<T>(g)?;
            f(grid, t, &u, &mut g)
        })
    }

    /// Sets the implicit function on the local part of a DMDA: `f(grid, t, u, v, y)` computes
    /// `y ← F(t, u, v)`, where `v` is the time derivative of `u`. Logically collective.
    ///
    /// `v` and `y` contain only owned points. See
    /// [`set_rhs_function_local`](Self::set_rhs_function_local).
    #[wraps(DMDATSSetIFunctionLocal, errors = set_rhs_function_local)]
    pub fn set_i_function_local<T, F>(&mut self, mut f: F) -> Result<()>
    where
        T: Pod,
        F: FnMut(
                &DmdaRef,
                Real,
                &GridRead<'_, T>,
                &GridRead<'_, T>,
                &mut GridMut<'_, T>,
            ) -> Result<()>
            + 'static,
    {
        self.dm()?.check_dmda()?;
        self.set_grid_i_function(
            move |grid: &DmdaRef, t: Real, u: &VectorRef, v: &VectorRef, y: &mut VectorRef| {
                let u = grid.array_as::<T>(u)?;
                let v = grid.array_as::<T>(v)?;
                let mut y = grid.array_as_mut::<T>(y)?;
                f(grid, t, &u, &v, &mut y)
            },
        )
    }

    /// Sets the Jacobian of the implicit function on the local part of a DMDA:
    /// `f(grid, t, u, v, shift, rows)` sets the rows of `∂F/∂u + shift·∂F/∂v` for the points that
    /// this rank owns. Logically collective. See
    /// [`set_i_function_local`](Self::set_i_function_local).
    #[wraps(DMDATSSetIJacobianLocal, errors = set_rhs_function_local)]
    pub fn set_i_jacobian_local<T, F>(&mut self, mut f: F) -> Result<()>
    where
        T: Pod,
        F: FnMut(
                &DmdaRef,
                Real,
                &GridRead<'_, T>,
                &GridRead<'_, T>,
                Real,
                &mut StencilAssembler<'_>,
            ) -> Result<()>
            + 'static,
    {
        self.dm()?.check_dmda()?;
        self.set_grid_i_jacobian(
            move |grid: &DmdaRef,
                  t: Real,
                  u: &VectorRef,
                  v: &VectorRef,
                  shift: Real,
                  p: &mut MatrixRef| {
                let u = grid.array_as::<T>(u)?;
                let v = grid.array_as::<T>(v)?;
                let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
                f(grid, t, &u, &v, shift, &mut rows)?;
                rows.finish()
            },
        )
    }

    pub(crate) fn set_grid_rhs<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&DmdaRef, Real, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let dm = self.raw_dm()?;
        let ctx = Context::into_raw(f);
        let shim = Some(rhs_shim::<F> as _);
        let none = std::ptr::null_mut();
        // SAFETY: a live integrator, which makes the vector itself for NULL; `ctx` is what the shim
        // expects. If this fails, the closure is leaked: PETSc may have stored the pointer.
        unsafe { call!(TSSetRHSFunction(self.as_ptr(), none, shim, ctx)) }?;
        // SAFETY: `ctx` is the context just stored on this DM; from here PETSc frees the closure.
        unsafe { call!(DMTSSetRHSFunctionContextDestroy(dm, context_drop!(F))) }
    }

    pub(crate) fn set_grid_i_function<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&DmdaRef, Real, &VectorRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let dm = self.raw_dm()?;
        let ctx = Context::into_raw(f);
        let shim = Some(i_function_shim::<F> as _);
        let none = std::ptr::null_mut();
        // SAFETY: as in `set_grid_rhs`.
        unsafe { call!(TSSetIFunction(self.as_ptr(), none, shim, ctx)) }?;
        // SAFETY: `ctx` is the context just stored on this DM.
        unsafe { call!(DMTSSetIFunctionContextDestroy(dm, context_drop!(F))) }
    }

    pub(crate) fn set_grid_i_jacobian<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&DmdaRef, Real, &VectorRef, &VectorRef, Real, &mut MatrixRef) -> Result<()>
            + 'static,
    {
        let dm = self.raw_dm()?;
        let ctx = Context::into_raw(f);
        let shim = Some(i_jacobian_shim::<F> as _);
        let none = std::ptr::null_mut();
        // SAFETY: a live integrator, which makes the matrices itself for NULL; as in `set_grid_rhs`.
        unsafe { call!(TSSetIJacobian(self.as_ptr(), none, none, shim, ctx)) }?;
        // SAFETY: `ctx` is the context just stored on this DM.
        unsafe { call!(DMTSSetIJacobianContextDestroy(dm, context_drop!(F))) }
    }
}

trampoline! {
    fn rhs_shim[c"TS right-hand side of a DMDA"](ts: &TsRef, t: Real, u: &VectorRef, g: &mut VectorRef)
    for FnMut(&DmdaRef, Real, &VectorRef, &mut VectorRef) -> Result<()> as F
    = |f| {
        let grid = ts.dm()?.into_dmda()?;
        let u = grid.ghosted(u)?;
        f(&grid, t, &u, g)
    }
}

trampoline! {
    fn i_function_shim[c"TS implicit function of a DMDA"](
        ts: &TsRef, t: Real, u: &VectorRef, v: &VectorRef, y: &mut VectorRef
    )
    for FnMut(&DmdaRef, Real, &VectorRef, &VectorRef, &mut VectorRef) -> Result<()> as F
    = |f| {
        let grid = ts.dm()?.into_dmda()?;
        let u = grid.ghosted(u)?;
        f(&grid, t, &u, v, y)
    }
}

trampoline! {
    fn i_jacobian_shim[c"TS implicit Jacobian of a DMDA"](
        ts: &TsRef, t: Real, u: &VectorRef, v: &VectorRef, shift: Real, a: &mut MatrixRef, p: &mut MatrixRef
    )
    for FnMut(&DmdaRef, Real, &VectorRef, &VectorRef, Real, &mut MatrixRef) -> Result<()> as F
    = |f| {
        let grid = ts.dm()?.into_dmda()?;
        let u = grid.ghosted(u)?;
        f(&grid, t, &u, v, shift, p)?;
        assemble_other(a, p)
    }
}
