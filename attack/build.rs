//! Takes over what petsc-rs knows about PETSc, as cfgs.

use std::process::ExitCode;

fn main() -> ExitCode {
    petsc_sys_build::run(petsc_sys_build::emit)
}
