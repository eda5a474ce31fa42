//! Closures that the solver calls. Function and Jacobian live on the solver's DM, which may be shared
//! with other solvers and outlive this one.

use super::SnesRef;
use crate::callback::{Context, context_drop, trampoline};
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Real, call, sys};

impl SnesRef {
    /// Sets the function: `f(snes, x, y)` computes `y ← F(x)`; `residual` is a vector for `y`.
    /// Logically collective.
    ///
    /// The closure lives on the solver's DM, is called by every solver on that DM, and is freed with
    /// it or when another one is set. An [`Error::domain`](crate::Error::domain) makes the solver
    /// shorten its step.
    ///
    /// # Errors
    /// What `SNESSetFunction` returns.
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
    #[doc(alias = "SNESSetFunction")]
    pub fn set_function<F>(&mut self, residual: &VectorRef, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let dm = self.raw_dm()?;
        let ctx = Context::into_raw(f);
        let shim = Some(function_shim::<F> as _);
        // SAFETY: live objects; `ctx` is what the shim expects. If this fails, the closure is leaked:
        // PETSc may have stored the pointer.
        unsafe { call!(SNESSetFunction(self.as_ptr(), residual.as_ptr(), shim, ctx)) }?;
        // SAFETY: `ctx` is the context just stored on this DM; from here PETSc frees the closure.
        unsafe { call!(DMSNESSetFunctionContextDestroy(dm, context_drop!(F))) }
    }

    /// Sets the Jacobian: `f(snes, x, a, p)` computes `a ← F'(x)`, and `p`, from which the
    /// preconditioner is built; they may be one matrix. Logically collective.
    ///
    /// # Errors
    /// What `SNESSetJacobian` returns.
    #[doc(alias = "SNESSetJacobian")]
    pub fn set_jacobian<F>(&mut self, a: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let dm = self.raw_dm()?;
        let ctx = Context::into_raw(f);
        let shim = Some(jacobian_shim::<F> as _);
        // SAFETY: live objects; `ctx` is what the shim expects. Leaked on failure, as above.
        unsafe {
            call!(SNESSetJacobian(
                self.as_ptr(),
                a.as_ptr(),
                p.as_ptr(),
                shim,
                ctx
            ))
        }?;
        // SAFETY: `ctx` is the context just stored on this DM.
        unsafe { call!(DMSNESSetJacobianContextDestroy(dm, context_drop!(F))) }
    }

    /// Adds a monitor, called with the iteration number and `‖F‖` at every iteration. Logically
    /// collective.
    ///
    /// # Errors
    /// What `SNESMonitorSet` returns, such as too many monitors.
    #[doc(alias = "SNESMonitorSet")]
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&SnesRef, usize, Real) -> Result<()> + 'static,
    {
        let ctx = Context::into_raw(monitor);
        let (shim, free) = (
            Some(monitor_shim::<F> as _),
            Some(Context::<F>::drop_indirect as _),
        );
        // SAFETY: a live solver; each monitor has a context of its own, which PETSc frees.
        unsafe { call!(SNESMonitorSet(self.as_ptr(), shim, ctx, free)) }
    }

    /// Tells the solver of a domain error, which reaches the other ranks with the next norm.
    pub(crate) fn pass_on_domain_error(&self, outcome: Result<()>) -> Result<()> {
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
    fn function_shim[c"SNES function"](snes: &SnesRef, x: &VectorRef, y: &mut VectorRef)
    for FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> as F
    = |f| snes.pass_on_domain_error(f(snes, x, y))
}

trampoline! {
    fn jacobian_shim[c"SNES Jacobian"](
        snes: &SnesRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    )
}

trampoline! { fn monitor_shim[c"SNES monitor"](snes: &SnesRef, iteration: usize, norm: Real) }
