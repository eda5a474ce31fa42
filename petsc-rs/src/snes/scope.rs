//! Closures that borrow local variables inside a scope.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::SnesRef;
use super::callbacks::{FUNCTION, JACOBIAN};
use crate::Real;
use crate::callback::{Key, MonitorScope, Scope};
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;

impl SnesRef {
    /// Runs `body` with a solver whose closures may borrow local variables.
    ///
    /// When the scope ends, also with an error or a panic, its monitors are removed. PETSc cannot
    /// remove the function and the Jacobian: if they were set in the scope, a later evaluation or
    /// solve returns an error until new ones are set.
    ///
    /// # Errors
    /// The errors of `body`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::prelude::*;
    /// # use petsc_rs::Snes;
    /// # let mut x = Vector::new(comm, 3)?;
    /// # let mut f = x.duplicate()?;
    /// let mut snes = Snes::new(comm)?;
    /// let mut calls = 0;
    /// let residual = x.duplicate()?;
    /// snes.scope(|s| {
    ///     s.set_function(&residual, |_, x, f| {
    ///         calls += 1;
    ///         f.copy_from(x)
    ///     })?;
    ///     s.compute_function(&x, &mut f)
    /// })?;
    /// assert_eq!(calls, 1);
    /// assert!(snes.compute_function(&x, &mut f).is_err());
    /// # Ok(()) })
    /// ```
    pub fn scope<'env, T>(
        &mut self,
        body: impl FnOnce(&mut SnesScope<'_, 'env>) -> Result<T>,
    ) -> Result<T> {
        let mut scope =
            SnesScope { snes: self, monitors: MonitorScope::default(), closures: Scope::default() };
        body(&mut scope)
    }
}

/// A solver inside [`SnesRef::scope`]. It dereferences to the solver.
pub struct SnesScope<'a, 'env> {
    snes: &'a mut SnesRef,
    // Declared before the closures, because fields are dropped in this order.
    monitors: MonitorScope<SnesRef>,
    closures: Scope<'env>,
}

impl<'env> SnesScope<'_, 'env> {
    /// Sets a function that may borrow local variables, see [`SnesRef::set_function`].
    ///
    /// # Errors
    /// The errors of [`SnesRef::set_function`].
    pub fn set_function<F>(&mut self, residual: &VectorRef, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> + 'env,
    {
        // SAFETY: a context of `F`, whose slot this scope empties.
        let key = unsafe { Key::from_context::<F>(self.closures.add(f)) };
        let ctx = self.snes.hold(FUNCTION, key)?;
        // SAFETY: `ctx` is from that key.
        unsafe { self.snes.install_function::<F>(residual, ctx) }
    }

    /// Sets a Jacobian that may borrow local variables, see [`SnesRef::set_jacobian`].
    ///
    /// # Errors
    /// The errors of [`SnesRef::set_jacobian`].
    pub fn set_jacobian<F>(&mut self, a: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'env,
    {
        // SAFETY: a context of `F`, whose slot this scope empties.
        let key = unsafe { Key::from_context::<F>(self.closures.add(f)) };
        let ctx = self.snes.hold(JACOBIAN, key)?;
        // SAFETY: `ctx` is from that key.
        unsafe { self.snes.install_jacobian::<F>(a, p, ctx) }
    }

    /// Adds a monitor that may borrow local variables, see [`SnesRef::add_monitor`].
    ///
    /// # Errors
    /// The errors of [`SnesRef::add_monitor`].
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&SnesRef, usize, Real) -> Result<()> + 'env,
    {
        self.monitors.add(self.snes, &self.closures, monitor, SnesRef::add_monitor)
    }
}

impl Deref for SnesScope<'_, '_> {
    type Target = SnesRef;

    fn deref(&self) -> &SnesRef {
        self.snes
    }
}

impl DerefMut for SnesScope<'_, '_> {
    fn deref_mut(&mut self) -> &mut SnesRef {
        self.snes
    }
}

impl fmt::Debug for SnesScope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnesScope").field("snes", &self.snes).finish_non_exhaustive()
    }
}
