//! Finds the SLEPc that belongs to the PETSc in use, generates the bindings and compiles the C
//! shim.

use std::env;
use std::process::ExitCode;

use petsc_sys_build::{Config, Error, bindings, emit_link, header, mpi, slepc};

/// Functions that take a scalar by value; `shim/by_value.c` provides those in use with pointers.
const BY_VALUE: &str = include_str!("shim/by_value.txt");

fn main() -> ExitCode {
    petsc_sys_build::run(script)
}

fn script() -> Result<(), Error> {
    for path in ["build.rs", "wrapper.h", "shim"] {
        println!("cargo::rerun-if-changed={path}");
    }
    for name in slepc::VARIABLES.iter().chain(&["DOCS_RS"]) {
        println!("cargo::rerun-if-env-changed={name}");
    }
    petsc_sys_build::emit()?;
    if env::var_os("DOCS_RS").is_some() {
        bindings::use_kept(bindings::Library::Slepc);
        return Ok(());
    }
    let mut config = Config::from_metadata()?;
    let found = slepc::locate(&config)?;
    for dir in &found.include_dirs {
        let header = dir.join("slepcconf.h");
        println!("cargo::rerun-if-changed={}", header.display());
    }
    slepc::emit_metadata(&found);
    config.include_dirs.splice(0..0, found.include_dirs);
    // Checks that SLEPc omits, and workarounds, need the fields of its objects.
    header::find("slepc/private/epsimpl.h", &config.include_dirs)?;
    bindings::write(bindings::Library::Slepc, &config, BY_VALUE)?;
    cc::Build::new()
        .compiler(mpi::mpicc())
        .file("shim/slepc_shim.c")
        .includes(&config.include_dirs)
        .opt_level(2)
        // For SLEPc's private headers.
        .flag_if_supported("-Wno-unused-parameter")
        .compile("slepc_rs_shim");
    emit_link(&found.lib_dir, &found.lib_name);
    Ok(())
}
