//! Monitors with a scope. PETSc supports only a few monitors per solver, and can only remove all of
//! them at once. Therefore a single monitor of PETSc calls the monitors of all scopes.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::fmt;
use std::rc::Rc;

use super::{Attached, Context, Scope};
use crate::error::Result;
use crate::{Object, Real};

/// The monitors of all scopes of one solver `S`.
pub struct Monitors<S: 'static> {
    /// Whether the monitor that calls these monitors is set in the solver.
    installed: Cell<bool>,
    entries: RefCell<Vec<Entry<S>>>,
}

struct Entry<S: 'static> {
    ctx: *mut c_void,
    call: unsafe fn(*mut c_void, &S, usize, Real) -> Result<()>,
    free: unsafe fn(*mut c_void),
}

impl<S: 'static> Drop for Entry<S> {
    fn drop(&mut self) {
        // SAFETY: `free` belongs to `ctx`, whose count this entry owns.
        unsafe { (self.free)(self.ctx) };
    }
}

impl<S: 'static> Monitors<S> {
    fn run(&self, solver: &S, iteration: usize, norm: Real) -> Result<()> {
        let mut i = 0;
        loop {
            let next = self.entries.borrow().get(i).map(|e| (e.call, e.ctx));
            let Some((call, ctx)) = next else {
                return Ok(());
            };
            // SAFETY: `call` belongs to `ctx`. Entries are removed when their scope ends, which
            // cannot happen while the solver that it borrows is in this call.
            unsafe { call(ctx, solver, iteration, norm) }?;
            i += 1;
        }
    }
}

/// Owned by the monitor that calls the others; dropped when the monitors of the solver are
/// canceled.
struct Installed<S: 'static>(Rc<Monitors<S>>);

impl<S: 'static> Drop for Installed<S> {
    fn drop(&mut self) {
        self.0.installed.set(false);
    }
}

unsafe fn call_monitor<S, F>(
    ctx: *mut c_void,
    solver: &S,
    iteration: usize,
    norm: Real,
) -> Result<()>
where
    F: FnMut(&S, usize, Real) -> Result<()>,
{
    // SAFETY: `ctx` is a context of `F` by the entry that holds both.
    unsafe { Context::<F>::with(ctx, |monitor| monitor(solver, iteration, norm)) }
}

/// The monitors of one scope, which are removed when this value is dropped.
pub struct MonitorScope<S: 'static> {
    /// The list of the solver's monitors, and its length before this scope; `None` until a monitor
    /// is added.
    list: Option<(Rc<Monitors<S>>, usize)>,
}

impl<S: 'static> fmt::Debug for Monitors<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitors").field("installed", &self.installed).finish_non_exhaustive()
    }
}

impl<S: 'static> fmt::Debug for MonitorScope<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MonitorScope").finish_non_exhaustive()
    }
}

impl<S: 'static> Default for MonitorScope<S> {
    fn default() -> Self {
        Self { list: None }
    }
}

impl<S: Object + 'static> MonitorScope<S> {
    /// Adds a monitor, which may borrow local variables. `install` sets the monitor that calls all
    /// others.
    ///
    /// # Errors
    /// The errors of `install`.
    pub fn add<'env, F>(
        &mut self,
        solver: &mut S,
        closures: &Scope<'env>,
        monitor: F,
        install: impl FnOnce(&mut S, Box<dyn FnMut(&S, usize, Real) -> Result<()>>) -> Result<()>,
    ) -> Result<()>
    where
        F: FnMut(&S, usize, Real) -> Result<()> + 'env,
    {
        let list = Self::list_of(solver)?;
        if !list.installed.get() {
            let handle = Installed(Rc::clone(&list));
            let all = move |solver: &S, iteration: usize, norm: Real| {
                handle.0.run(solver, iteration, norm)
            };
            install(solver, Box::new(all))?;
            list.installed.set(true);
        }
        if self.list.is_none() {
            let before = list.entries.borrow().len();
            self.list = Some((Rc::clone(&list), before));
        }
        list.entries.borrow_mut().push(Entry {
            ctx: closures.add(monitor),
            call: call_monitor::<S, F>,
            free: Context::<F>::free,
        });
        Ok(())
    }

    fn list_of(solver: &S) -> Result<Rc<Monitors<S>>> {
        // SAFETY: no other key has this name; an object has one class, so `S` is always the same.
        let key: Attached<Rc<Monitors<S>>> = unsafe { Attached::new(c"petsc-rs.scoped-monitors") };
        if let Some(list) = key.get(solver)? {
            return Ok(list);
        }
        let list = Rc::new(Monitors { installed: Cell::new(false), entries: RefCell::default() });
        key.set(solver, Rc::clone(&list))?;
        Ok(list)
    }
}

impl<S: 'static> Drop for MonitorScope<S> {
    fn drop(&mut self) {
        if let Some((list, before)) = self.list.take() {
            let ended = list.entries.borrow_mut().split_off(before);
            drop(ended);
        }
    }
}
