//! I2: two owners of one buffer would alias.
use petsc_rs::prelude::*;

fn check(x: &Vector, a: &Matrix, ksp: &Ksp) {
    let _: Vector = x.clone();
    let _: Matrix = a.clone();
    let _: Ksp = ksp.clone();
}

fn main() {}
