//! Closures for the function, the Jacobian and monitors.

use std::ffi::{CStr, c_void};

use petsc_macros::wraps;

use super::SnesRef;
use crate::callback::{Context, trampoline};
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Real, call, sys};

pub(crate) const FUNCTION: &CStr = c"petsc-rs.snes.function";
pub(crate) const JACOBIAN: &CStr = c"petsc-rs.snes.jacobian";

impl SnesRef {
    /// Sets the function: `f(snes, x, y)` computes `y ← F(x)`. PETSc uses the vector `residual` for
    /// `y`. Logically collective.
    ///
    /// The closure is stored on this solver and on its DM. Every solver on that DM calls the
    /// closure. The closure is freed when the solver and the DM are destroyed, or when it is
    /// replaced. If it returns an [`Error::domain`](crate::Error::domain), the solver shortens its
    /// step.
    ///
    /// # Examples
    /// The square root of two:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt, Snes, Vector, vector::InsertMode};
    /// let n = if comm.rank() == 0 { 1 } else { 0 };
    /// let mut x = Vector::with_local_len(comm, n)?;
    /// let residual = x.duplicate()?;
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_function(&residual, |_, x, f| {
    ///     for (f, x) in f.array_mut()?.iter_mut().zip(x.array()?.iter()) {
    ///         *f = *x * *x - Scalar::from_real(2.0);
    ///     }
    ///     Ok(())
    /// })?;
    /// let a = Matrix::builder(comm).local_size(n, n).build()?;
    /// snes.set_jacobian(&a, &a, |_, x, a, _| {
    ///     let start = x.ownership_range()?.start;
    ///     for (i, x) in (start..).zip(x.array()?.iter()) {
    ///         a.set_value(i, i, *x * Scalar::from_real(2.0), InsertMode::Insert)?;
    ///     }
    ///     a.assemble()
    /// })?;
    /// x.set(Scalar::from_real(1.0))?;
    /// let _ = snes.solve(None, &mut x)?;
    /// assert!((x.norm(petsc_rs::Norm::Infinity)? - 2f64.sqrt()).abs() < 1e-7);
    /// # Ok(()) })
    /// ```
    #[wraps(SNESSetFunction)]
    pub fn set_function<F>(&mut self, residual: &VectorRef, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let ctx = self.put(FUNCTION, f)?;
        // SAFETY: `ctx` is a key for a closure of this type.
        unsafe { self.install_function::<F>(residual, ctx) }
    }

    /// # Safety
    /// `ctx` is from a key for a closure of type `F`.
    pub(super) unsafe fn install_function<F>(
        &mut self,
        residual: &VectorRef,
        ctx: *mut c_void,
    ) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()>,
    {
        let shim = Some(function_shim::<F> as _);
        // SAFETY: live objects; `ctx` is what the shim expects.
        unsafe { call!(SNESSetFunction(*self.busy()?, residual.as_ptr(), shim, ctx)) }
    }

    /// Sets the Jacobian: `f(snes, x, a, p)` computes `a ← F'(x)` and the matrix `p` from which the
    /// preconditioner is built. `a` and `p` may be the same matrix. Logically collective.
    ///
    /// The closure is stored in the same place as the closure of
    /// [`set_function`](Self::set_function). If it returns an
    /// [`Error::domain`](crate::Error::domain) and
    /// [`set_check_jacobian_domain_error`](Self::set_check_jacobian_domain_error) is on, the solve
    /// ends with the reason [`JacobianDomain`](super::ConvergedReason::JacobianDomain).
    #[wraps(SNESSetJacobian)]
    pub fn set_jacobian<F>(&mut self, a: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let ctx = self.put(JACOBIAN, f)?;
        // SAFETY: `ctx` is a key for a closure of this type.
        unsafe { self.install_jacobian::<F>(a, p, ctx) }
    }

    /// # Safety
    /// `ctx` is from a key for a closure of type `F`.
    pub(super) unsafe fn install_jacobian<F>(
        &mut self,
        a: &MatrixRef,
        p: &MatrixRef,
        ctx: *mut c_void,
    ) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()>,
    {
        let shim = Some(jacobian_shim::<F> as _);
        // SAFETY: live objects; `ctx` is what the shim expects.
        unsafe { call!(SNESSetJacobian(*self.busy()?, a.as_ptr(), p.as_ptr(), shim, ctx)) }
    }

    /// Adds a monitor. PETSc calls it with the iteration number and `‖F‖` at every iteration.
    /// Logically collective.
    ///
    /// # Errors
    /// The errors of `SNESMonitorSet`, such as too many monitors.
    #[wraps(SNESMonitorSet)]
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&SnesRef, usize, Real) -> Result<()> + 'static,
    {
        let ctx = Context::into_raw(monitor);
        let (shim, free) = (Some(monitor_shim::<F> as _), Some(Context::<F>::drop_indirect as _));
        // SAFETY: a live solver; each monitor has a context of its own, which PETSc frees.
        unsafe { call!(SNESMonitorSet(self.as_ptr(), shim, ctx, free)) }
    }

    /// Removes all monitors, including those added by options, and frees their closures. Logically
    /// collective. Option: `-snes_monitor_cancel`.
    #[wraps(SNESMonitorCancel)]
    pub fn cancel_monitors(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(SNESMonitorCancel(*self.busy()?)) }
    }

    /// Passes a domain error of the Jacobian to the solver, if its check is on.
    pub(crate) fn pass_on_jacobian_domain_error(&self, outcome: Result<()>) -> Result<()> {
        match outcome {
            Err(error) if error.is_domain() && self.check_jacobian_domain_error()? => {
                // SAFETY: a live solver.
                unsafe { call!(SNESSetJacobianDomainError(self.as_ptr())) }
            }
            outcome => outcome,
        }
    }

    /// Passes a domain error to the solver. The other ranks receive the error when the next norm is
    /// computed.
    #[doc(hidden)]
    pub fn pass_on_domain_error(&self, outcome: Result<()>) -> Result<()> {
        match outcome {
            Err(error) if error.is_domain() => {
                // SAFETY: a live solver.
                unsafe { call!(SNESSetFunctionDomainError(self.as_ptr())) }
            }
            outcome => outcome,
        }
    }
}

trampoline! {
    keyed fn function_shim[c"SNES function"](snes: &SnesRef, x: &VectorRef, y: &mut VectorRef)
    for FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> as F
    = |f| snes.pass_on_domain_error(f(snes, x, y))
}

trampoline! {
    keyed fn jacobian_shim[c"SNES Jacobian"](
        snes: &SnesRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    )
    for FnMut(&SnesRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> as F
    = |f| snes.pass_on_jacobian_domain_error(f(snes, x, a, p))
}

trampoline! { fn monitor_shim[c"SNES monitor"](snes: &SnesRef, iteration: usize, norm: Real) }
