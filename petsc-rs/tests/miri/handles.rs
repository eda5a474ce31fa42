//! Handles: references to types without size, and counted references of objects.

use super::standin::{self, Session};
use crate::vector::VectorRef;
use crate::{Object as _, Vector};

#[test]
fn borrowed_handles_claim_no_memory() {
    let session = Session::start();
    let object = standin::create(&[crate::Scalar::from(1.0), crate::Scalar::from(2.0)]);
    // SAFETY: a live object.
    let (a, b) =
        unsafe { (VectorRef::from_ptr_mut(object.cast()), VectorRef::from_ptr_mut(object.cast())) };
    // C writes into the object while both are alive, and each still leads to it.
    for _ in 0..2 {
        a.set(crate::Scalar::from(3.0)).unwrap();
        b.set(crate::Scalar::from(4.0)).unwrap();
        // SAFETY: alive.
        assert_eq!(unsafe { standin::references(object) }, 1);
    }
    assert!(a.same_object(b));
    assert_eq!(a.array().unwrap()[1], crate::Scalar::from(4.0));
    // SAFETY: the reference of this test, through the pointer that a handle gives.
    drop(unsafe { Vector::from_raw(a.as_ptr()) });
    drop(session);
}

#[test]
fn swapping_borrowed_handles_moves_nothing() {
    let session = Session::start();
    let (one, two) = ([crate::Scalar::from(1.0)], [crate::Scalar::from(2.0)]);
    let [mut x, mut y] = [&one, &two].map(|entries| {
        // SAFETY: a new object, whose reference goes to the handle.
        unsafe { Vector::from_raw(standin::create(entries).cast()) }
    });
    std::mem::swap(&mut *x, &mut *y);
    assert_eq!((x.array().unwrap()[0], y.array().unwrap()[0]), (one[0], two[0]));
    // Owned handles are pointers, and do move.
    std::mem::swap(&mut x, &mut y);
    assert_eq!((x.array().unwrap()[0], y.array().unwrap()[0]), (two[0], one[0]));
    drop((x, y));
    drop(session);
}

#[test]
fn each_handle_holds_one_reference() {
    let session = Session::start();
    let object = standin::create(&[crate::Scalar::from(1.0)]);
    // SAFETY: the reference of this test goes to the handle.
    let x = unsafe { Vector::from_raw(object.cast()) };
    let y = x.share().unwrap();
    drop(x);
    // SAFETY: alive, as `y` is.
    assert_eq!(unsafe { standin::references(object) }, 1);
    let z = y.share().unwrap();
    let raw = y.into_raw();
    drop(z);
    // SAFETY: the reference that `into_raw` gave.
    let x = unsafe { Vector::from_raw(raw) };
    assert_eq!((x.array().unwrap()[0], standin::alive()), (crate::Scalar::from(1.0), 1));
    drop(x);
    assert_eq!(standin::alive(), 0);
    drop(session);
}

#[test]
fn what_a_call_holds_lives_until_it_returns() {
    let session = Session::start();
    let object = standin::create(&[]);
    // SAFETY: the reference of this test goes to the handle.
    let x = unsafe { Vector::from_raw(object.cast()) };
    let held = x.held().unwrap();
    // The only handle goes inside of the call.
    drop(x);
    // SAFETY: held.
    assert_eq!(unsafe { standin::references(object) }, 1);
    assert_eq!(*held, object.cast());
    drop(held);
    assert_eq!(standin::alive(), 0);
    drop(session);
}
