//! What handles keep, and how they go.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use super::standin::{self, Fake, Session};
use crate::callback::compose;
use crate::runtime::{self, queue, registry};
use crate::{Object as _, Vector, object, sys};

fn handle(object: *mut Fake) -> Vector {
    // SAFETY: the tests give a reference of theirs.
    unsafe { Vector::from_raw(object.cast()) }
}

/// A whole with one part, each a handle; the whole owns a reference of the part.
fn whole_and_part() -> (*mut Fake, Vector, Vector) {
    let (whole, part) = (standin::create(&[]), standin::create(&[]));
    standin::set_part(whole, part);
    let whole_handle = handle(whole);
    // SAFETY: a live object, and a function for objects of its class.
    let part_handle =
        unsafe { Vector::part_by(&whole_handle, part.cast(), standin::part) }.unwrap();
    (whole, whole_handle, part_handle)
}

#[test]
fn a_part_keeps_its_whole() {
    let session = Session::start();
    for share in [false, true] {
        let (object, whole, mut part) = whole_and_part();
        drop(whole);
        if share {
            part = part.share().unwrap();
        }
        // SAFETY: kept by the part.
        assert_eq!(unsafe { standin::references(object) }, 1);
        assert!(runtime::is_part(part.object_ptr()));
        assert!(runtime::wholes_of(part.object_ptr()).unwrap().contains(&object.cast()));
        // SAFETY: a live object.
        assert!(unsafe { runtime::is_idle(part.object_ptr()) }.unwrap());
        // SAFETY: as above.
        unsafe { object::reference(object.cast()) }.unwrap();
        // SAFETY: as above. Somebody else has the whole now, and may be using the part.
        assert!(!unsafe { runtime::is_idle(part.object_ptr()) }.unwrap());
        // SAFETY: the reference taken above.
        unsafe { object::release(object.cast()) };
        drop(part);
        assert_eq!(standin::alive(), 0);
    }
    drop(session);
}

#[test]
fn a_part_of_a_part_keeps_the_whole() {
    let session = Session::start();
    let objects = [(); 3].map(|()| standin::create(&[]));
    standin::set_part(objects[0], objects[1]);
    standin::set_part(objects[1], objects[2]);
    let first = handle(objects[0]);
    // SAFETY: live objects, and a function for objects of their class.
    let second = unsafe { Vector::part_by(&first, objects[1].cast(), standin::part) }.unwrap();
    // SAFETY: as above.
    let third = unsafe { Vector::part_by(&second, objects[2].cast(), standin::part) }.unwrap();
    drop((first, second));
    assert!(runtime::wholes_of(third.object_ptr()).unwrap().contains(&objects[0].cast()));
    // SAFETY: a live object.
    assert!(unsafe { runtime::is_idle(third.object_ptr()) }.unwrap());
    drop(third);
    assert_eq!(standin::alive(), 0);
    drop(session);
}

/// A destructor that C calls while a handle goes may own handles, and look at the table.
#[test]
fn a_destructor_may_own_handles() {
    struct Owner(Option<Vector>, sys::PetscObject);
    impl Drop for Owner {
        fn drop(&mut self) {
            let inner = self.0.take().unwrap().share().unwrap();
            assert!(!runtime::is_part(inner.object_ptr()));
            // SAFETY: its memory is there until its destructor returns.
            assert!(unsafe { object::reference(self.1) }.is_err(), "is being destroyed");
        }
    }
    let session = Session::start();
    let (object, whole, part) = whole_and_part();
    let owner = Owner(Some(handle(standin::create(&[]))), object.cast());
    // SAFETY: a live object.
    unsafe { compose(object.cast(), c"owner", owner) }.unwrap();
    drop(whole);
    drop(part);
    assert_eq!(standin::alive(), 0);
    drop(session);
}

#[test]
fn an_unwinding_rank_leaves_shared_objects_for_later() {
    let session = Session::start();
    for (ranks, left) in [(1, 0), (2, 2)] {
        standin::set_ranks(ranks);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let (_, whole, part) = whole_and_part();
            let _handles = (whole, part);
            std::panic::resume_unwind(Box::new(()));
        }));
        assert!(outcome.is_err());
        assert_eq!(standin::alive(), left);
        queue::empty();
        assert_eq!(standin::alive(), 0);
    }
    drop(session);
}

#[test]
fn handles_of_an_earlier_session_touch_nothing() {
    let session = Session::start();
    let (object, whole, part) = whole_and_part();
    registry::set_phase(registry::Phase::Abandoned);
    drop(whole);
    registry::start(0);
    // SAFETY: nobody destroyed it.
    let references = unsafe { standin::references(object) };
    registry::set_phase(registry::Phase::Abandoned);
    drop(part);
    assert_eq!(references, 2);
    // SAFETY: the objects of this test, which nobody has any more.
    unsafe { standin::forget(object) };
    drop(session);
}

thread_local! {
    static LATE: RefCell<Option<Rc<(Vector, Vector)>>> = const { RefCell::new(None) };
}

#[test]
fn handles_outlive_the_registry_of_their_thread() {
    std::thread::spawn(|| {
        // Known before the tables, so it goes after them.
        LATE.with(|_| ());
        registry::start(0);
        registry::acquire();
        let (_, whole, part) = whole_and_part();
        LATE.set(Some(Rc::new((whole, part))));
    })
    .join()
    .unwrap();
}
