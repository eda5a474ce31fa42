//! Takes over what petsc-sys found out about PETSc, as cfgs and as metadata for dependents.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    mark_repository();
    petsc_sys_build::run(petsc_sys_build::emit)
}

/// Sets the cfg `in_repository` where README and book are beside the package, which they are not when it is published.
fn mark_repository() {
    println!("cargo::rustc-check-cfg=cfg(in_repository)");
    if Path::new("../docs/src").is_dir() {
        println!("cargo::rustc-cfg=in_repository");
    }
}
