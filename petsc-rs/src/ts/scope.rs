//! Closures that borrow local variables inside a scope.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_void};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use super::hooks::{
    AfterStage, AtStep, BeforeStage, Hook, POST_EVALUATE, POST_STAGE, POST_STEP, PRE_STAGE,
    PRE_STEP,
};
use super::{ImplicitState, Running, TsRef};
use crate::callback::{Context, Scope};
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Real, call, runtime, sys};

crate::attached! {
    const MONITORS: Rc<Monitors> = c"petsc-rs.ts.scoped-monitors";
}

impl TsRef {
    /// Runs `body` with an integrator whose closures may borrow local variables.
    ///
    /// When the scope ends, also with an error or a panic, its monitors are removed, and the
    /// closures for steps and stages (`set_pre_step` and similar methods) that were set before the
    /// scope are restored. PETSc cannot remove functions and Jacobians: if they were set in the
    /// scope, a later solve returns `ARG_WRONGSTATE` until new ones are set.
    ///
    /// # Errors
    /// The errors of `body`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Ts, TsType, Vector};
    /// let mut u = Vector::new(comm, 3)?;
    /// u.set(Scalar::from_real(1.0))?;
    /// let g = u.duplicate()?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::EULER)?;
    /// ts.set_time_step(0.5)?;
    /// ts.set_max_steps(2)?;
    /// let (mut calls, mut times) = (0, Vec::new());
    /// ts.scope(|s| {
    ///     s.set_rhs_function(&g, |_, _, u, g| {
    ///         calls += 1;
    ///         g.copy_from(u)
    ///     })?;
    ///     s.add_monitor(|_, _, t, _| Ok(times.push(t)))?;
    ///     s.solve(&mut u)
    /// })?;
    /// assert_eq!((calls, times), (2, vec![0.0, 0.5, 1.0]));
    /// assert!(ts.solve(&mut u).is_ok(), "no steps remain");
    /// # Ok(()) })
    /// ```
    pub fn scope<'env, T>(
        &mut self,
        body: impl FnOnce(&mut TsScope<'_, 'env>) -> Result<T>,
    ) -> Result<T> {
        let mut scope =
            TsScope { ts: self, monitors: None, replaced: Vec::new(), closures: Scope::default() };
        body(&mut scope)
    }

    /// Returns the list of monitors that one PETSc monitor calls. PETSc can only remove all
    /// monitors together, and supports few of them.
    fn scoped_monitors(&mut self) -> Result<Rc<Monitors>> {
        let list = match MONITORS.get(self)? {
            Some(list) => list,
            None => {
                let list = Rc::new(Monitors::default());
                MONITORS.set(self, Rc::clone(&list))?;
                list
            }
        };
        if !list.installed.get() {
            let handle = Installed(Rc::clone(&list));
            self.add_monitor(move |ts, step, time, u| handle.0.run(ts, step, time, u))?;
            list.installed.set(true);
        }
        Ok(list)
    }
}

/// An integrator inside [`TsRef::scope`]. It dereferences to the integrator.
pub struct TsScope<'a, 'env> {
    ts: &'a mut TsRef,
    /// The list of monitors, and the length of the list before this scope.
    monitors: Option<(Rc<Monitors>, usize)>,
    /// Closures for steps and stages that were replaced in this scope.
    replaced: Vec<Replaced>,
    closures: Scope<'env>,
}

impl<'env> TsScope<'_, 'env> {
    /// Sets a right-hand side that may borrow local variables, see [`TsRef::set_rhs_function`].
    ///
    /// # Errors
    /// The errors of [`TsRef::set_rhs_function`].
    pub fn set_rhs_function<F>(&mut self, g: &VectorRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut VectorRef) -> Result<()> + 'env,
    {
        // SAFETY: a context of `F` whose slot this scope empties.
        unsafe { self.ts.install_rhs::<F>(g, self.closures.add(f)) }
    }

    /// Sets a Jacobian of the right-hand side that may borrow local variables, see
    /// [`TsRef::set_rhs_jacobian`].
    ///
    /// # Errors
    /// The errors of [`TsRef::set_rhs_jacobian`].
    pub fn set_rhs_jacobian<F>(&mut self, a: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'env,
    {
        a.check_square()?;
        p.check_square()?;
        // SAFETY: as in `set_rhs_function`.
        unsafe { self.ts.install_rhs_jacobian::<F>(a, p, self.closures.add(f)) }
    }

    /// Sets an implicit function that may borrow local variables, see [`TsRef::set_i_function`].
    ///
    /// # Errors
    /// The errors of [`TsRef::set_i_function`].
    pub fn set_i_function<F>(&mut self, y: &VectorRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &VectorRef, &mut VectorRef) -> Result<()> + 'env,
    {
        // SAFETY: as in `set_rhs_function`.
        unsafe { self.ts.install_i_function::<F>(y, self.closures.add(f)) }
    }

    /// Sets a Jacobian of the implicit function that may borrow local variables, see
    /// [`TsRef::set_i_jacobian`].
    ///
    /// # Errors
    /// The errors of [`TsRef::set_i_jacobian`].
    pub fn set_i_jacobian<F>(&mut self, a: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, &ImplicitState<'_>, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'env,
    {
        a.check_square()?;
        p.check_square()?;
        // SAFETY: as in `set_rhs_function`.
        unsafe { self.ts.install_i_jacobian::<F>(a, p, self.closures.add(f)) }
    }

    /// Adds a monitor that may borrow local variables, see [`TsRef::add_monitor`].
    ///
    /// # Errors
    /// The errors of [`TsRef::add_monitor`].
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&mut Running<'_>, usize, Real, &VectorRef) -> Result<()> + 'env,
    {
        let list = self.ts.scoped_monitors()?;
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
}

/// Defines setters of closures before and after steps and stages.
macro_rules! scoped_hooks {
    ($($name:ident($what:literal, $place:ident of $closure:ident: FnMut($($argument:ty),*));)*) => {
        impl<'env> TsScope<'_, 'env> {$(
            #[doc = concat!("Sets a closure that is called ", $what, " and may borrow local variables, see [`TsRef::", stringify!($name), "`]. When the scope ends, the earlier closure is restored.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of [`TsRef::", stringify!($name), "`].")]
            pub fn $name<F>(&mut self, f: F) -> Result<()>
            where
                F: FnMut($($argument),*) -> Result<()> + 'env,
            {
                let f: $closure<'env> = Box::new(f);
                self.set_hook(&$place, f)
            }
        )*}
    };
}

scoped_hooks! {
    set_pre_step("before each step", PRE_STEP of AtStep: FnMut(&mut Running<'_>));
    set_post_step("after each step", POST_STEP of AtStep: FnMut(&mut Running<'_>));
    set_post_evaluate("after each evaluation of a step", POST_EVALUATE of AtStep: FnMut(&mut Running<'_>));
    set_pre_stage("before each stage of a step", PRE_STAGE of BeforeStage: FnMut(&TsRef, Real));
    set_post_stage("after each stage of a step", POST_STAGE of AfterStage: FnMut(&TsRef, Real, usize, &mut VectorRef));
}

impl<'env> TsScope<'_, 'env> {
    /// `C` and `F` differ only in the lifetime.
    fn set_hook<C, F: 'env>(&mut self, hook: &Hook<C>, f: F) -> Result<()> {
        let replaced = Replaced::take(self.ts, hook)?;
        let ctx = self.closures.add(f);
        self.replaced.push(replaced);
        // SAFETY: a context of `C` up to the lifetime, which this scope empties.
        unsafe { hook.closure.set_context(&*self.ts, ctx) }?;
        (hook.install)(self.ts.as_ptr(), true)
    }
}

/// A hook that was replaced.
struct Replaced {
    ts: sys::TS,
    name: &'static CStr,
    install: fn(sys::TS, bool) -> Result<()>,
    /// The container of the closure, with a counted reference, or NULL.
    closure: sys::PetscObject,
}

impl Replaced {
    fn take<C>(ts: &TsRef, hook: &Hook<C>) -> Result<Self> {
        let closure = hook.closure.container(ts)?;
        if !closure.is_null() {
            // SAFETY: a live object.
            unsafe { call!(PetscObjectReference(closure)) }?;
        }
        Ok(Self { ts: ts.as_ptr(), name: hook.closure.name(), install: hook.install, closure })
    }

    fn put_back(&mut self) -> Result<()> {
        (self.install)(self.ts, !self.closure.is_null())?;
        // SAFETY: live objects, the integrator because it outlives the scope; NULL removes the
        // closure.
        unsafe { call!(PetscObjectCompose(self.ts.cast(), self.name.as_ptr(), self.closure)) }
    }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        let back = self.put_back();
        runtime::record_drop(
            "TSSetPreStep",
            back.map_or_else(|e| e.code().to_raw(), |()| sys::error_code(0)),
        );
        if !self.closure.is_null() {
            // SAFETY: releases the reference of `take`.
            let code = unsafe { sys::PetscObjectDestroy(&raw mut self.closure) };
            runtime::record_drop("PetscObjectDestroy", code);
        }
    }
}

impl Drop for TsScope<'_, '_> {
    fn drop(&mut self) {
        while let Some(replaced) = self.replaced.pop() {
            drop(replaced);
        }
        if let Some((list, before)) = self.monitors.take() {
            let ended = list.entries.borrow_mut().split_off(before);
            drop(ended);
        }
        // The closures are dropped afterwards, with the scope.
    }
}

impl Deref for TsScope<'_, '_> {
    type Target = TsRef;

    fn deref(&self) -> &TsRef {
        self.ts
    }
}

impl DerefMut for TsScope<'_, '_> {
    fn deref_mut(&mut self) -> &mut TsRef {
        self.ts
    }
}

impl fmt::Debug for TsScope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TsScope").field("ts", &self.ts).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Monitors {
    /// Whether the integrator has the monitor that calls the entries.
    installed: Cell<bool>,
    entries: RefCell<Vec<Entry>>,
}

type Call = unsafe fn(*mut c_void, &mut Running<'_>, usize, Real, &VectorRef) -> Result<()>;

struct Entry {
    ctx: *mut c_void,
    call: Call,
    free: unsafe fn(*mut c_void),
}

impl Drop for Entry {
    fn drop(&mut self) {
        // SAFETY: `free` belongs to `ctx`, whose count this entry owns.
        unsafe { (self.free)(self.ctx) };
    }
}

impl Monitors {
    fn run(&self, ts: &mut Running<'_>, step: usize, time: Real, u: &VectorRef) -> Result<()> {
        let mut i = 0;
        loop {
            let next = self.entries.borrow().get(i).map(|e| (e.call, e.ctx));
            let Some((call, ctx)) = next else {
                return Ok(());
            };
            // SAFETY: `call` belongs to `ctx`. Entries go when their scope ends, which it cannot while the integrator
            // that it borrows is in this call.
            unsafe { call(ctx, ts, step, time, u) }?;
            i += 1;
        }
    }
}

/// Owned by the PETSc monitor that calls these; dropped when the integrator's monitors are
/// canceled.
struct Installed(Rc<Monitors>);

impl Drop for Installed {
    fn drop(&mut self) {
        self.0.installed.set(false);
    }
}

unsafe fn call_monitor<F>(
    ctx: *mut c_void,
    ts: &mut Running<'_>,
    step: usize,
    time: Real,
    u: &VectorRef,
) -> Result<()>
where
    F: FnMut(&mut Running<'_>, usize, Real, &VectorRef) -> Result<()>,
{
    // SAFETY: `ctx` is a context of `F` by the entry that holds both.
    unsafe { Context::<F>::with(ctx, |monitor| monitor(ts, step, time, u)) }
}
