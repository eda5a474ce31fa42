//! Emits the configuration of PETSc, which petsc-rs publishes, as cfgs.

use std::process::ExitCode;

fn main() -> ExitCode {
    petsc_sys_build::run(petsc_sys_build::emit)
}
