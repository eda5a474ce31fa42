//! Takes over what petsc-sys found out about PETSc, as cfgs and as metadata for dependents.

use std::process::ExitCode;

fn main() -> ExitCode {
    petsc_sys_build::run(petsc_sys_build::emit)
}
