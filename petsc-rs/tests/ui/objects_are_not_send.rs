//! I4: PETSc belongs to one thread.
use petsc_rs::prelude::*;

fn send<T: Send>(_: T) {}

fn check(petsc: Petsc, comm: Comm, x: Vector, a: Matrix, ksp: Ksp) {
    send(petsc);
    send(comm);
    send(x);
    send(a);
    send(ksp);
}

fn main() {}
