//! Twin of `c/empty.c`: starts and ends PETSc, the part that the other twins have in common.

fn main() -> std::process::ExitCode {
    petsc_rs::run(|_| Ok(()))
}
