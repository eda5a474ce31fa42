//! I4: a shared reference must not reach another thread either.
use petsc_rs::prelude::*;

fn sync<T: Sync>(_: &T) {}

fn check(petsc: &Petsc, comm: &Comm, x: &Vector, a: &Matrix, ksp: &Ksp) {
    sync(petsc);
    sync(comm);
    sync(x);
    sync(a);
    sync(ksp);
}

fn main() {}
