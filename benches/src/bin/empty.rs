//! Rust version of `c/empty.c`: starts and ends PETSc, as the other benchmarks also do.

fn main() -> std::process::ExitCode {
    petsc_rs::run(|_| Ok(()))
}
