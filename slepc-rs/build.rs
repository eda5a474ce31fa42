//! Takes over what petsc-rs and slepc-sys found out about PETSc and SLEPc, as cfgs and as metadata for dependents.

use std::process::ExitCode;

fn main() -> ExitCode {
    match petsc_sys_build::emit() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}
