//! Takes over what petsc-rs knows about PETSc, as cfgs.

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
