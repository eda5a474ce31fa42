//! Closures that borrow local variables inside a scope.

use std::ffi::c_void;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::ptr;

use super::convergence::Test;
use super::{ConvergedReason, ConvergenceTest, KspRef};
use crate::callback::{MonitorScope, Scope};
use crate::error::Result;
use crate::{Real, call, runtime, sys};

impl KspRef {
    /// Runs `body` with a solver whose closures may borrow local variables.
    ///
    /// When the scope ends, even with an error or a panic, the monitors and the convergence test
    /// that were set in the scope are removed, and the earlier test is restored.
    ///
    /// # Errors
    /// The errors of `body`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::prelude::*;
    /// # let mut a = Matrix::builder(comm).global_size(2, 2).build()?;
    /// # for i in a.ownership_range()? { a.set_value(i, i, Scalar::from_real(2.0), InsertMode::Insert)?; }
    /// # a.assemble()?;
    /// # let (mut x, mut b) = a.vectors()?;
    /// # b.set(Scalar::from_real(1.0))?;
    /// # let mut ksp = Ksp::new(comm)?;
    /// # ksp.set_operators(&a, &a)?;
    /// let mut norms = Vec::new();
    /// ksp.scope(|s| {
    ///     s.add_monitor(|_, _, norm| Ok(norms.push(norm)))?;
    ///     s.solve(&b, &mut x)
    /// })?;
    /// assert!(!norms.is_empty());
    /// # Ok(()) })
    /// ```
    pub fn scope<'env, T>(
        &mut self,
        body: impl FnOnce(&mut KspScope<'_, 'env>) -> Result<T>,
    ) -> Result<T> {
        let mut scope = KspScope {
            ksp: self,
            monitors: MonitorScope::default(),
            outer_test: None,
            closures: Scope::default(),
        };
        body(&mut scope)
    }
}

/// A solver inside [`KspRef::scope`]. It dereferences to [`KspRef`].
pub struct KspScope<'a, 'env> {
    ksp: &'a mut KspRef,
    monitors: MonitorScope<KspRef>,
    outer_test: Option<OuterTest>,
    closures: Scope<'env>,
}

/// The convergence test that was set before the scope.
struct OuterTest {
    converge: TestFn,
    ctx: *mut c_void,
    destroy: DestroyFn,
}

#[cfg(not(petsc_ge_3_24))]
type DestroyFn = Option<unsafe extern "C" fn(*mut c_void) -> sys::PetscErrorCode>;
#[cfg(petsc_ge_3_24)]
type DestroyFn = sys::PetscCtxDestroyFn;
type TestFn = Option<
    unsafe extern "C" fn(
        sys::KSP,
        sys::PetscInt,
        sys::PetscReal,
        *mut sys::KSPConvergedReason,
        *mut c_void,
    ) -> sys::PetscErrorCode,
>;

impl<'env> KspScope<'_, 'env> {
    /// Adds a monitor that may borrow local variables, see [`KspRef::add_monitor`].
    ///
    /// # Errors
    /// The errors of [`KspRef::add_monitor`].
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&KspRef, usize, Real) -> Result<()> + 'env,
    {
        let closures = &self.closures;
        self.monitors.add(self.ksp, closures, monitor, KspRef::add_monitor)
    }

    /// Sets a convergence test that may borrow local variables, see
    /// [`KspRef::set_convergence_test`].
    ///
    /// # Errors
    /// The errors of [`KspRef::set_convergence_test`].
    pub fn set_convergence_test<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&ConvergenceTest<'_>) -> Result<ConvergedReason> + 'env,
    {
        let test = Test::new(f)?;
        if self.outer_test.is_none() {
            let mut outer = OuterTest { converge: None, ctx: ptr::null_mut(), destroy: None };
            // SAFETY: a live solver and valid out-pointers. It has no test until the next call.
            unsafe {
                call!(KSPGetAndClearConvergenceTest(
                    self.ksp.as_ptr(),
                    &raw mut outer.converge,
                    (&raw mut outer.ctx).cast(),
                    &raw mut outer.destroy
                ))
            }?;
            self.outer_test = Some(outer);
        }
        let ctx = self.closures.add(test);
        // SAFETY: `ctx` is a context of `Test<F>` whose slot this scope empties.
        unsafe { self.ksp.install_test::<F>(ctx) }
    }
}

impl Drop for KspScope<'_, '_> {
    fn drop(&mut self) {
        if let Some(outer) = self.outer_test.take() {
            // SAFETY: a live solver, which gets back the test that was taken from it; the
            // destructor of the scope's test frees that test.
            let code = unsafe {
                sys::KSPSetConvergenceTest(
                    self.ksp.as_ptr(),
                    outer.converge,
                    outer.ctx,
                    outer.destroy,
                )
            };
            runtime::record_drop("KSPSetConvergenceTest", code);
        }
        // Then the monitors and the closures are dropped, in this order.
    }
}

impl Deref for KspScope<'_, '_> {
    type Target = KspRef;

    fn deref(&self) -> &KspRef {
        self.ksp
    }
}

impl DerefMut for KspScope<'_, '_> {
    fn deref_mut(&mut self) -> &mut KspRef {
        self.ksp
    }
}

impl fmt::Debug for KspScope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KspScope").field("ksp", &self.ksp).finish_non_exhaustive()
    }
}
