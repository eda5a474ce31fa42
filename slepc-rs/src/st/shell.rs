//! User-defined transformations.

use num_complex::Complex;
use petsc_macros::wraps;
use petsc_rs::callback::Context;
use petsc_rs::vector::VectorRef;
use petsc_rs::{Real, Result, Scalar, call, ffi, trampoline};

use super::StRef;
use crate::base::{one_of, scalars, value};
use crate::sys;

impl StRef {
    /// Sets the operator of the type `shell`: `f(x, y)` computes `y ← S·x`. The solver then
    /// computes eigenvalues of `S`. The closure lives until the transformation is destroyed or the
    /// closure is replaced. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    ///
    /// # Examples
    /// Computes the eigenvalues of `A` closest to 2.2 as the smallest eigenvalues of
    /// `(A - 2.2·I)²`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt, Vector};
    /// use slepc_rs::{Eps, StType, eps::{ProblemType, Which}};
    /// let diagonal = Vector::from_fn(comm, 40, |i| {
    ///     Ok(Scalar::from_real(i as f64))
    /// })?;
    /// let a = Matrix::diagonal_of(comm, &diagonal)?;
    /// let mut eps = Eps::new(comm)?;
    /// eps.set_operators(&a, None)?;
    /// eps.set_problem_type(ProblemType::Hermitian)?;
    /// eps.set_which(Which::SmallestReal)?;
    /// eps.st()?.set_type(StType::SHELL)?;
    /// eps.st()?.set_shell_apply(move |x, y| {
    ///     let mut w = x.duplicate()?;
    ///     a.mult(x, &mut w)?;
    ///     w.axpy(Scalar::from_real(-2.2), x)?;
    ///     a.mult(&w, y)?;
    ///     y.axpy(Scalar::from_real(-2.2), &w)
    /// })?;
    /// let _ = eps.solve()?;
    /// let found = eps.eigenvalues()?;
    /// assert!(found.iter().any(|z| (z.re - 2.0).abs() < 1e-7));
    /// # Ok(()) })
    /// ```
    #[wraps(STShellSetApply)]
    pub fn set_shell_apply<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        one_of(self, &["shell"], "closures")?;
        let (ctx, free) = (Context::into_raw(f), Some(Context::<F>::drop_indirect as _));
        let shim = Some(apply_shim::<F> as _);
        // SAFETY: a live transformation of this kind; the context is freed with it, or when another one is set.
        unsafe { call!(PetscRsSTShellSetApply(*self.busy()?, shim, ctx, free)) }
    }

    /// Sets the product with the transpose, for methods that need it. See
    /// [`set_shell_apply`](Self::set_shell_apply).
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(STShellSetApplyTranspose)]
    pub fn set_shell_apply_transpose<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        one_of(self, &["shell"], "closures")?;
        let (ctx, free) = (Context::into_raw(f), Some(Context::<F>::drop_indirect as _));
        let shim = Some(apply_shim::<F> as _);
        // SAFETY: as for `set_shell_apply`.
        unsafe { call!(PetscRsSTShellSetApplyTranspose(*self.busy()?, shim, ctx, free)) }
    }

    /// Sets the back-transformation from an eigenvalue of the operator to an eigenvalue of the
    /// problem. See [`set_shell_apply`](Self::set_shell_apply).
    ///
    /// Without a back-transformation, solvers compute the eigenvalues as Rayleigh quotients, and
    /// sort converged pairs by these quotients.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(STShellSetBackTransform)]
    pub fn set_shell_back_transform<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(Complex<Real>) -> Result<Complex<Real>> + 'static,
    {
        one_of(self, &["shell"], "closures")?;
        let (ctx, free) = (Context::into_raw(f), Some(Context::<F>::drop_indirect as _));
        let shim = Some(back_transform_shim::<F> as _);
        // SAFETY: as for `set_shell_apply`.
        unsafe { call!(PetscRsSTShellSetBackTransform(*self.busy()?, shim, ctx, free)) }
    }
}

trampoline! {
    fn apply_shim[c"ST shell apply"](x: &VectorRef, y: &mut VectorRef)
}

trampoline! {
    fn back_transform_shim[c"ST shell back-transformation"](n: usize, re: *mut Scalar, im: *mut Scalar)
    for FnMut(Complex<Real>) -> Result<Complex<Real>> as F
    = |f| {
        // SAFETY: SLEPc passes arrays of `n` entries, valid during this call.
        let re = unsafe { ffi::slice_mut(re, n) };
        // SAFETY: as above, of another array.
        let im = unsafe { ffi::slice_mut(im, n) };
        for (re, im) in re.iter_mut().zip(im) {
            (*re, *im) = scalars(f(value(*re, *im))?);
        }
        Ok(())
    }
}
