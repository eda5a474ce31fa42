//! Closures that borrow, for the time of one scope.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_void};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::ptr;
use std::rc::Rc;

use super::convergence::Test;
use super::{ConvergedReason, ConvergenceTest, KspRef};
use crate::callback::{self, Context, Scope};
use crate::error::Result;
use crate::{Object, Real, call, runtime, sys};

const MONITORS: &CStr = c"petsc-rs.ksp.scoped-monitors";

impl KspRef {
    /// Runs `body` with a solver whose closures may borrow: monitors added within the scope, and its
    /// convergence test, are gone when it ends, on every way out, and the test from before is back.
    ///
    /// # Errors
    /// What `body` returns.
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
            monitors: None,
            outer_test: None,
            closures: Scope::default(),
        };
        body(&mut scope)
    }

    /// The list behind the one monitor that calls all scoped ones: PETSc can remove monitors only
    /// all together, and has room for few.
    fn scoped_monitors(&mut self) -> Result<Rc<Monitors>> {
        let mut container: sys::PetscObject = ptr::null_mut();
        // SAFETY: a live object, a NUL-terminated name and a valid out-pointer.
        unsafe {
            call!(PetscObjectQuery(
                self.object_ptr(),
                MONITORS.as_ptr(),
                &raw mut container
            ))
        }?;
        let list = if container.is_null() {
            let list = Rc::new(Monitors::default());
            // SAFETY: a live object.
            unsafe { callback::compose(self.object_ptr(), MONITORS, Rc::clone(&list)) }?;
            list
        } else {
            let mut ctx = ptr::null_mut();
            // SAFETY: under this name lies a container made above.
            unsafe { call!(PetscRsContainerGetPointer(container, &raw mut ctx)) }?;
            // SAFETY: its pointer is the context made above.
            unsafe { Context::<Rc<Monitors>>::with(ctx, |list| Ok(Rc::clone(list))) }?
        };
        if !list.installed.get() {
            let handle = Installed(Rc::clone(&list));
            self.add_monitor(move |ksp, iteration, norm| handle.0.run(ksp, iteration, norm))?;
            list.installed.set(true);
        }
        Ok(list)
    }
}

/// A solver within [`KspRef::scope`]; it dereferences to the solver.
pub struct KspScope<'a, 'env> {
    ksp: &'a mut KspRef,
    /// The list and its length before this scope.
    monitors: Option<(Rc<Monitors>, usize)>,
    outer_test: Option<OuterTest>,
    closures: Scope<'env>,
}

/// The convergence test from before the scope.
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
    /// Adds a monitor that may borrow, see [`KspRef::add_monitor`].
    ///
    /// # Errors
    /// As [`KspRef::add_monitor`].
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&KspRef, usize, Real) -> Result<()> + 'env,
    {
        let list = self.ksp.scoped_monitors()?;
        if self.monitors.is_none() {
            let before = list.entries.borrow().len();
            self.monitors = Some((Rc::clone(&list), before));
        }
        list.entries.borrow_mut().push(Entry {
            ctx: self.closures.add(monitor),
            call: call_monitor::<F>,
            free: Context::<F>::free,
        });
        Ok(())
    }

    /// Sets a convergence test that may borrow, see [`KspRef::set_convergence_test`].
    ///
    /// # Errors
    /// As [`KspRef::set_convergence_test`].
    pub fn set_convergence_test<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&ConvergenceTest<'_>) -> Result<ConvergedReason> + 'env,
    {
        let test = Test::new(f)?;
        if self.outer_test.is_none() {
            let mut outer = OuterTest {
                converge: None,
                ctx: ptr::null_mut(),
                destroy: None,
            };
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
        if let Some((list, before)) = self.monitors.take() {
            let ended = list.entries.borrow_mut().split_off(before);
            drop(ended);
        }
        if let Some(outer) = self.outer_test.take() {
            // SAFETY: a live solver, which gets back what it gave away; the scope's own test is freed
            // by its destructor.
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
        // Then the closures are dropped, with the scope.
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
        f.debug_struct("KspScope")
            .field("ksp", &self.ksp)
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Monitors {
    /// Whether the monitor that calls them is among the solver's.
    installed: Cell<bool>,
    entries: RefCell<Vec<Entry>>,
}

struct Entry {
    ctx: *mut c_void,
    call: unsafe fn(*mut c_void, &KspRef, usize, Real) -> Result<()>,
    free: unsafe fn(*mut c_void),
}

impl Drop for Entry {
    fn drop(&mut self) {
        // SAFETY: `free` belongs to `ctx`, whose count this entry owns.
        unsafe { (self.free)(self.ctx) };
    }
}

impl Monitors {
    fn run(&self, ksp: &KspRef, iteration: usize, norm: Real) -> Result<()> {
        let mut i = 0;
        loop {
            let next = self.entries.borrow().get(i).map(|e| (e.call, e.ctx));
            let Some((call, ctx)) = next else {
                return Ok(());
            };
            // SAFETY: `call` belongs to `ctx`. Entries go when their scope ends, which it cannot
            // while the solver that it borrows is in this call.
            unsafe { call(ctx, ksp, iteration, norm) }?;
            i += 1;
        }
    }
}

/// Held by the monitor that calls the scoped ones; gone when the solver's monitors are cancelled.
struct Installed(Rc<Monitors>);

impl Drop for Installed {
    fn drop(&mut self) {
        self.0.installed.set(false);
    }
}

unsafe fn call_monitor<F>(
    ctx: *mut c_void,
    ksp: &KspRef,
    iteration: usize,
    norm: Real,
) -> Result<()>
where
    F: FnMut(&KspRef, usize, Real) -> Result<()>,
{
    // SAFETY: `ctx` is a context of `F` by the entry that holds both.
    unsafe { Context::<F>::with(ctx, |monitor| monitor(ksp, iteration, norm)) }
}
