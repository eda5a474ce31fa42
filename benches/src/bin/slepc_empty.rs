//! Rust version of `c/slepc_empty.c`: starts and ends PETSc and SLEPc.

fn main() -> std::process::ExitCode {
    slepc_rs::run(|_| Ok(()))
}
