//! Closures behind `void *`.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use super::standin::{self, Session};
use crate::callback::{self, Context, Key, Keyed, MonitorScope, Scope, Shared, compose, hand_over};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Int, Object as _, Real, Vector, ffi, sys, trampoline};

/// Counts how often it is dropped.
struct Loud(Rc<Cell<usize>>);

impl Drop for Loud {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

fn loud() -> (Loud, Rc<Cell<usize>>) {
    let count = Rc::new(Cell::new(0));
    (Loud(Rc::clone(&count)), count)
}

fn code<T>(result: Result<T>) -> Option<ErrorCode> {
    result.err().map(|error| error.code())
}

/// What C has of a closure.
#[derive(Clone, Copy)]
struct Given {
    ctx: *mut c_void,
    call: unsafe fn(*mut c_void) -> Result<()>,
    free: unsafe extern "C" fn(*mut c_void) -> sys::PetscErrorCode,
}

impl Given {
    fn new<F: FnMut() -> Result<()>>(closure: F) -> Self {
        Self::of::<F>(Context::into_raw(closure))
    }

    fn scoped<'env, F: FnMut() -> Result<()> + 'env>(scope: &Scope<'env>, closure: F) -> Self {
        Self::of::<F>(scope.add(closure))
    }

    fn of<F: FnMut() -> Result<()>>(ctx: *mut c_void) -> Self {
        Self {
            ctx,
            // SAFETY: a context of `F`, as it is the one of this struct.
            call: |ctx| unsafe { Context::<F>::with(ctx, |closure| closure()) },
            free: Context::<F>::drop_direct,
        }
    }

    fn call(self) -> Result<()> {
        // SAFETY: the tests call before they free.
        unsafe { (self.call)(self.ctx) }
    }

    fn free(self) {
        // SAFETY: the tests free once.
        let code = unsafe { (self.free)(self.ctx) };
        assert_eq!(code, sys::error_code(0));
    }
}

#[test]
fn a_closure_is_lent_and_freed_once() {
    let (capture, drops) = loud();
    let mut text = String::from("a");
    let given = Given::new(move || {
        let _ = &capture;
        text.push('b');
        if text.len() == 3 { Ok(()) } else { Err(Error::user(text.clone())) }
    });
    assert!(given.call().is_err());
    assert!(given.call().is_ok());
    assert_eq!(drops.get(), 0);
    given.free();
    assert_eq!(drops.get(), 1);
}

#[test]
fn both_destructors_free() {
    let ((a, a_drops), (b, b_drops)) = (loud(), loud());
    let (a, mut b) = (Context::into_raw(a), Context::into_raw(b));
    // SAFETY: the contexts made above, once.
    unsafe { Context::<Loud>::drop_direct(a) };
    // SAFETY: as above, by its place.
    unsafe { Context::<Loud>::drop_indirect(&raw mut b) };
    // SAFETY: as above; the place is NULL now, as where C calls a destructor again.
    unsafe { Context::<Loud>::drop_indirect(&raw mut b) };
    assert!(b.is_null());
    assert_eq!((a_drops.get(), b_drops.get()), (1, 1));
}

#[test]
fn a_closure_that_runs_is_not_entered_again() {
    let own = Rc::new(Cell::new(None::<Given>));
    let again = Rc::clone(&own);
    let calls = Rc::new(Cell::new(0));
    let count = Rc::clone(&calls);
    let given = Given::new(move || {
        count.set(count.get() + 1);
        let inner = again.get().map(Given::call);
        assert_eq!(inner.map(code), Some(Some(ErrorCode::ARG_WRONGSTATE)));
        Ok(())
    });
    own.set(Some(given));
    given.call().unwrap();
    assert_eq!(calls.get(), 1);
    given.free();
}

#[test]
fn a_closure_that_is_freed_while_it_runs_lives_until_it_returns() {
    let own = Rc::new(Cell::new(None::<Given>));
    let (capture, drops) = loud();
    let (itself, seen) = (Rc::clone(&own), Rc::clone(&drops));
    let text = String::from("still here");
    let given = Given::new(move || {
        if let Some(given) = itself.take() {
            given.free();
        }
        let _ = &capture;
        assert_eq!((text.as_str(), seen.get()), ("still here", 0));
        Ok(())
    });
    own.set(Some(given));
    given.call().unwrap();
    assert_eq!(drops.get(), 1);
}

#[test]
fn a_scoped_closure_borrows_and_is_empty_afterwards() {
    let mut sum = vec![0];
    let late = {
        let scope = Scope::default();
        let given = Given::scoped(&scope, || {
            sum.push(sum.len());
            Ok(())
        });
        given.call().unwrap();
        given.call().unwrap();
        given
    };
    assert_eq!(sum, [0, 1, 2]);
    drop(sum);
    // C calls after the scope, when what the closure borrowed is gone, and frees later.
    assert_eq!(code(late.call()), Some(ErrorCode::ARG_WRONGSTATE));
    late.free();
}

#[test]
fn c_may_free_a_scoped_closure_first() {
    let (capture, drops) = loud();
    let scope = Scope::default();
    let given = Given::scoped(&scope, move || {
        let _ = &capture;
        Ok(())
    });
    given.free();
    assert_eq!(drops.get(), 0);
    drop(scope);
    assert_eq!(drops.get(), 1);
}

#[test]
fn a_composed_closure_lives_as_long_as_its_object() {
    let session = Session::start();
    let object = standin::create(&[]);
    let (first, first_drops) = loud();
    // SAFETY: a live object.
    let ctx = unsafe { compose(object.cast(), c"closure", first) }.unwrap();
    // SAFETY: the context of the line above.
    unsafe { Context::<Loud>::with(ctx, |_| Ok(())) }.unwrap();
    let (second, second_drops) = loud();
    let give = |_: *mut c_void| {
        assert_eq!(first_drops.get(), 0, "not before C has the new one");
        Ok(())
    };
    // SAFETY: a live object.
    unsafe { hand_over(object.cast(), c"closure", second, give) }.unwrap();
    assert_eq!((first_drops.get(), second_drops.get()), (1, 0));
    // SAFETY: gives the reference of this test to a handle.
    drop(unsafe { Vector::from_raw(object.cast()) });
    assert_eq!(second_drops.get(), 1);
    drop(session);
}

#[test]
fn a_composed_closure_may_replace_itself() {
    let session = Session::start();
    let object = standin::create(&[]);
    let (capture, drops) = loud();
    let seen = Rc::clone(&drops);
    let closure = move || -> Result<()> {
        // SAFETY: a live object: the test holds it.
        unsafe { compose(object.cast(), c"closure", 7) }?;
        let _ = &capture;
        assert_eq!(seen.get(), 0);
        Ok(())
    };
    let given = Given::of_composed(object.cast(), closure);
    given.call().unwrap();
    assert_eq!(drops.get(), 1);
    // SAFETY: gives the reference of this test to a handle.
    drop(unsafe { Vector::from_raw(object.cast()) });
    drop(session);
}

impl Given {
    fn of_composed<F: FnMut() -> Result<()>>(object: sys::PetscObject, closure: F) -> Self {
        // SAFETY: the tests pass live objects.
        Self::of::<F>(unsafe { compose(object, c"closure", closure) }.unwrap())
    }
}

#[test]
fn a_number_finds_its_closure_until_the_key_goes() {
    type Closure = Box<dyn FnMut() -> Result<()>>;
    let place = Rc::new(RefCell::new(None::<Key>));
    let own = Rc::clone(&place);
    let (capture, drops) = loud();
    let seen = Rc::clone(&drops);
    let closure: Closure = Box::new(move || {
        // It is taken away while it runs.
        drop(own.take());
        let _ = &capture;
        assert_eq!(seen.get(), 0);
        Ok(())
    });
    let key = Key::new(closure);
    let ctx = key.as_ctx();
    place.replace(Some(key));
    // SAFETY: a number for a closure of this type.
    let call = || unsafe { Keyed::<Closure>::with(ctx, |f| f()) };
    call().unwrap();
    assert_eq!(drops.get(), 1);
    assert_eq!(code(call()), Some(ErrorCode::ARG_WRONGSTATE));
}

/// Captures that have keys of their own go while the table is not borrowed.
#[test]
fn a_key_may_own_another() {
    let (capture, drops) = loud();
    let inner = Key::new(capture);
    let outer = Key::new(move || inner.as_ctx());
    drop(outer);
    assert_eq!(drops.get(), 1);
}

#[test]
fn closures_of_one_object_may_call_each_other() {
    struct All {
        ctx: Cell<*mut c_void>,
        depth: Cell<usize>,
    }
    fn enter(all: &mut Rc<All>) -> Result<()> {
        all.depth.set(all.depth.get() + 1);
        if all.depth.get() < 3 {
            // SAFETY: the context of this struct.
            unsafe { Shared::<Rc<All>>::with(all.ctx.get(), enter) }?;
        } else {
            // SAFETY: as above; the last call of C.
            unsafe { Context::<Rc<All>>::free(all.ctx.get()) };
        }
        Ok(())
    }
    let all = Rc::new(All { ctx: Cell::new(std::ptr::null_mut()), depth: Cell::new(0) });
    let ctx = Context::into_raw(Rc::clone(&all));
    all.ctx.set(ctx);
    // SAFETY: the context of the line above.
    unsafe { Shared::<Rc<All>>::with(ctx, enter) }.unwrap();
    assert_eq!((all.depth.get(), Rc::strong_count(&all)), (3, 1));
}

trampoline! { fn two_vectors[c"two vectors"](x: &VectorRef, y: &mut VectorRef, n: usize) }
trampoline! { fn norm[c"a norm"](x: &VectorRef; -> Real; n: Int) }

type TwoVectors = unsafe extern "C" fn(sys::Vec, sys::Vec, Int, *mut c_void) -> sys::PetscErrorCode;

fn shim_of<F: FnMut(&VectorRef, &mut VectorRef, usize) -> Result<()>>(_: &F) -> TwoVectors {
    two_vectors::<F>
}

/// Calls as C does, with one object in both places, and gives the closure back.
fn as_c<F: FnMut(&VectorRef, &mut VectorRef, usize) -> Result<()>>(
    n: Int,
    f: F,
) -> sys::PetscErrorCode {
    let session = Session::start();
    let object = standin::create(&[crate::Scalar::from(1.0); 4]);
    let shim = shim_of(&f);
    let ctx = Context::into_raw(f);
    // SAFETY: a live object and the context of this shim.
    let code = unsafe { shim(object.cast(), object.cast(), n, ctx) };
    // SAFETY: as above, once.
    unsafe { Context::<F>::free(ctx) };
    // SAFETY: gives the reference of this test to a handle.
    let handle = unsafe { Vector::from_raw(object.cast()) };
    // SAFETY: alive.
    assert_eq!(unsafe { standin::references(object) }, 1);
    drop(handle);
    drop(session);
    code
}

#[test]
fn a_trampoline_lends_what_c_passes() {
    let code = as_c(3, |x, y, n| {
        assert!(callback::is_inside() && x.same_object(y));
        // Two handles to one object claim none of its bytes: both are used in turn.
        let (a, b) = (x.local_len()?, y.local_len()?);
        y.set(crate::Scalar::from(2.0))?;
        let kept = x.as_ptr();
        assert_eq!((a, b, n, x.array()?[3]), (4, 4, 3, crate::Scalar::from(2.0)));
        assert_eq!(kept, y.as_ptr());
        // A slice through one handle keeps the other out.
        let mut lent = y.array_mut()?;
        assert!(x.array().is_err());
        lent[0] = crate::Scalar::from(5.0);
        drop(lent);
        assert_eq!(x.array()?[0], crate::Scalar::from(5.0));
        Ok(())
    });
    assert_eq!(code, sys::error_code(0));
    assert!(!callback::is_inside());
    assert!(callback::take_failure().is_none());
}

#[test]
fn errors_and_panics_of_closures_come_out_of_the_call() {
    let negative = as_c(-1, |_, _, _| Ok(()));
    assert_ne!(negative, sys::error_code(0));
    assert!(ffi::check("VecSet", negative).is_err());
    let code = as_c(1, |_, _, _| Err(Error::user("text".to_owned())));
    let error = ffi::check("VecSet", code).unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.to_string().contains("text"), "{source}");
    let code = as_c(1, |_, _, _| std::panic::resume_unwind(Box::new(String::from("payload"))));
    assert_ne!(code, sys::error_code(0));
    // Later callbacks return at once.
    assert_eq!(as_c(1, |_, _, _| unreachable!()), code);
    let payload = catch_unwind(AssertUnwindSafe(|| ffi::check("VecSet", code))).unwrap_err();
    assert_eq!(payload.downcast_ref::<String>().unwrap(), "payload");
    assert!(ffi::check("VecSet", sys::error_code(0)).is_ok());
}

#[test]
fn a_result_goes_to_the_place_that_c_gives() {
    type Closure = fn(&VectorRef, Int) -> Result<Real>;
    let session = Session::start();
    let object = standin::create(&[]);
    let ctx = Context::into_raw(
        (|_, n| {
            if n > 0 { Ok(2.5) } else { Err(Error::user("no".to_owned())) }
        }) as Closure,
    );
    let mut place = 1.0;
    // SAFETY: a live object, a valid place, a context of this closure.
    let codes = [1, 0].map(|n| unsafe { norm::<Closure>(object.cast(), &raw mut place, n, ctx) });
    assert_eq!((codes[0], place), (sys::error_code(0), 2.5));
    assert!(ffi::check("VecNorm", codes[1]).is_err());
    // SAFETY: as above, once.
    unsafe { Context::<Closure>::free(ctx) };
    // SAFETY: gives the reference of this test to a handle.
    drop(unsafe { Vector::from_raw(object.cast()) });
    drop(session);
}

/// The monitors of scopes, which one closure within the solver calls.
#[test]
fn a_monitor_of_a_scope_is_called_until_the_scope_ends() {
    type All = Box<dyn FnMut(&VectorRef, usize, Real) -> Result<()>>;
    let session = Session::start();
    let object = standin::create(&[]);
    // SAFETY: a live object, of which this test has a reference.
    let solver = unsafe { VectorRef::from_ptr_mut(object.cast()) };
    let mut installed: Option<All> = None;
    let mut seen = Vec::new();
    for round in 0..2 {
        let scope = Scope::default();
        let mut monitors = MonitorScope::default();
        let install = |_: &mut VectorRef, all: All| {
            assert!(installed.replace(all).is_none(), "once");
            Ok(())
        };
        let note = |_: &VectorRef, iteration, _| {
            seen.push((round, iteration));
            Ok(())
        };
        monitors.add(solver, &scope, note, install).unwrap();
        let all = installed.as_mut().unwrap();
        all(solver, 4, 0.5).unwrap();
        drop(monitors);
        drop(scope);
        // The solver calls on.
        installed.as_mut().unwrap()(solver, 5, 0.5).unwrap();
    }
    assert_eq!(seen, [(0, 4), (1, 4)]);
    drop(installed);
    // SAFETY: gives the reference of this test to a handle.
    drop(unsafe { Vector::from_raw(object.cast()) });
    drop(session);
}
