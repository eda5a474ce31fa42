//! I1: a closure that stays on a grid cannot borrow from its surroundings.
use petsc_rs::dm::{GridMut, GridRead};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, Snes};

fn check(snes: &mut Snes) -> Result<()> {
    let mut calls = 0;
    let f = |_: &DmdaRef, _: &GridRead<'_, Scalar>, _: &mut GridMut<'_, Scalar>| {
        calls += 1;
        Ok(())
    };
    snes.set_function_local(f)
}

fn main() {}
