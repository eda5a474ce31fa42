//! What a callback is lent stays in the callback.
use petsc_rs::{KspRef, prelude::*};
use std::cell::Cell;
use std::rc::Rc;

fn check(ksp: &mut Ksp) -> Result<()> {
    let kept: Rc<Cell<Option<&'static KspRef>>> = Rc::default();
    ksp.add_monitor(move |ksp, _, _| {
        kept.set(Some(ksp));
        Ok(())
    })
}

fn main() {}
