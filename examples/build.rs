//! Defines the cfgs of petsc-rs for PETSc, and whether the compiler supports AVX-512.

use std::process::ExitCode;

fn main() -> ExitCode {
    println!("cargo:rustc-check-cfg=cfg(has_avx512)");
    if autocfg::AutoCfg::new().is_ok_and(|compiler| compiler.probe_rustc_version(1, 89)) {
        println!("cargo:rustc-cfg=has_avx512");
    }
    petsc_sys_build::run(petsc_sys_build::emit)
}
