//! Slices of arrays, and the table that keeps others out.

use std::cell::RefCell;
use std::sync::Arc;

use super::standin::{self, Fake, Session};
use crate::callback::compose;
use crate::ffi::{Access, Borrow, Region};
use crate::runtime::registry;
use crate::vector::{ArrayMut, ArrayRead, VectorRef};
use crate::{Scalar, Vector};

fn vector(entries: usize) -> (*mut Fake, Vector) {
    let entries: Vec<Scalar> = (0..entries).map(|i| (i as f64).into()).collect();
    let object = standin::create(&entries);
    // SAFETY: a new object, whose reference goes to the handle.
    (object, unsafe { Vector::from_raw(object.cast()) })
}

#[test]
fn handles_of_one_vector_share_its_borrows() {
    let session = Session::start();
    let (_, mut x) = vector(3);
    let mut y = x.share().unwrap();
    let (a, b) = (x.array().unwrap(), y.array().unwrap());
    assert_eq!((a[2], b.len()), (b[2], 3));
    drop(b);
    assert!(y.array_mut().is_err());
    assert!(y.set(crate::Scalar::from(0.0)).is_err());
    assert_eq!(a[2], crate::Scalar::from(2.0));
    drop(a);
    let mut a = x.array_mut().unwrap();
    a[1] = crate::Scalar::from(7.0);
    assert!(
        y.array().is_err() && y.array_mut().is_err() && y.set(crate::Scalar::from(0.0)).is_err()
    );
    a[2] = a[1];
    drop(a);
    y.set(crate::Scalar::from(9.0)).unwrap();
    assert_eq!(x.array().unwrap()[0], crate::Scalar::from(9.0));
    drop((x, y));
    drop(session);
}

#[test]
fn no_entries_are_an_empty_slice_at_null() {
    let session = Session::start();
    let (_, mut x) = vector(0);
    assert!(x.array().unwrap().is_empty());
    assert!(x.array_mut().unwrap().is_empty());
    drop(x);
    drop(session);
}

#[test]
fn more_guards_than_fit_in_place_work() {
    let session = Session::start();
    let vectors: Vec<_> = (1..12).map(|n| vector(n).1).collect();
    let mut guards: Vec<ArrayRead<'_>> = vectors.iter().map(|x| x.array().unwrap()).collect();
    for i in [3, 0, 5] {
        guards.swap_remove(i);
    }
    guards.extend(vectors.iter().map(|x| x.array().unwrap()));
    assert!(guards.iter().all(|guard| guard[0] == crate::Scalar::from(0.0)));
    drop(guards);
    assert!(!crate::ffi::any_borrow());
    drop(vectors);
    drop(session);
}

/// A forgotten guard keeps the object, so that its memory is not lent to another one.
#[test]
fn a_forgotten_guard_keeps_its_object() {
    let session = Session::start();
    let (object, mut x) = vector(2);
    #[expect(clippy::mem_forget, reason = "the subject")]
    std::mem::forget(x.array_mut().unwrap());
    assert!(x.array().is_err());
    drop(x);
    // SAFETY: the guard's reference.
    assert_eq!(unsafe { standin::references(object) }, 1);
    // SAFETY: as above; so that Miri finds no leak.
    drop(unsafe { Vector::from_raw(object.cast()) });
    drop(session);
}

#[test]
fn a_writer_of_shared_memory_excludes_readers_of_another_object() {
    let session = Session::start();
    let ((_, mut x), (_, y)) = (vector(4), vector(1));
    let part = x.array().unwrap().as_ptr();
    let lent =
        Borrow::enter_region(&y, Region::object(y.as_ptr()).with_array(part, 2), Access::Write)
            .unwrap();
    assert!(x.array().is_err() && x.set(crate::Scalar::from(0.0)).is_err());
    drop(lent);
    x.array_mut().unwrap()[0] = crate::Scalar::from(1.0);
    drop((x, y));
    drop(session);
}

thread_local! {
    static LATE: RefCell<Option<(ArrayMut<'static>, Vector)>> = const { RefCell::new(None) };
}

/// Guards and handles in a thread-local go after the tables, at the end of a thread.
#[test]
fn guards_outlive_the_table_of_their_thread() {
    let here = Arc::new(());
    let there = Arc::clone(&here);
    let thread = std::thread::spawn(|| {
        // Known before the tables, so it goes after them.
        LATE.with(|_| ());
        registry::start(0);
        registry::acquire();
        let (object, x) = vector(2);
        // SAFETY: a live object.
        unsafe { compose(object.cast(), c"there", there) }.unwrap();
        // SAFETY: the handle stays beside the guard, and goes after it.
        let x_ref = unsafe { VectorRef::from_ptr_mut(object.cast()) };
        LATE.set(Some((x_ref.array_mut().unwrap(), x)));
    });
    thread.join().unwrap();
    assert_eq!(Arc::strong_count(&here), 1, "the object is gone");
}
