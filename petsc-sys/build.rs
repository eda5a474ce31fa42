//! Finds PETSc, generates the bindings and compiles the C shim.

use std::env;
use std::process::ExitCode;

use petsc_sys_build::{Config, Error, bindings, cfgs, emit_link, header, locate, mpi, vendored};

/// Functions that take a scalar by value; `shim/by_value.c` provides them with pointers.
const BY_VALUE: &str = include_str!("shim/by_value.txt");

fn main() -> ExitCode {
    petsc_sys_build::run(script)
}

fn script() -> Result<(), Error> {
    for path in ["build.rs", "wrapper.h", "shim"] {
        println!("cargo::rerun-if-changed={path}");
    }
    for name in locate::VARIABLES {
        println!("cargo::rerun-if-env-changed={name}");
    }
    if env::var_os("DOCS_RS").is_some() {
        let config = Config::for_docs();
        config.emit_metadata();
        cfgs::emit(&config.cfgs());
        bindings::use_kept(bindings::Library::Petsc);
        return Ok(());
    }
    let config = find()?;
    if config.version.is_untested() {
        println!("cargo::warning=PETSc {} is newer than the newest tested release", config.version);
    }
    for dir in &config.include_dirs {
        println!("cargo::rerun-if-changed={}", dir.join("petscconf.h").display());
    }
    // Checks that PETSc omits, and workarounds, need the fields of its objects.
    header::find("petsc/private/vecimpl.h", &config.include_dirs)?;
    mpi::check(&config)?;
    config.emit_metadata();
    cfgs::emit(&config.cfgs());
    bindings::write(bindings::Library::Petsc, &config, BY_VALUE)?;
    cc::Build::new()
        .compiler(mpi::mpicc())
        .file("shim/petsc_shim.c")
        .includes(&config.include_dirs)
        .opt_level(2)
        .force_frame_pointer(false)
        .compile("petsc_rs_shim");
    emit_link(&config.lib_dir, &config.lib_name);
    Ok(())
}

/// Finds the PETSc to use: with the feature `vendored`, the one built from source, unless
/// `PETSC_DIR` is set.
fn find() -> Result<Config, Error> {
    if env::var_os("CARGO_FEATURE_VENDORED").is_none() || env::var_os("PETSC_DIR").is_some() {
        return locate::locate();
    }
    for name in vendored::VARIABLES {
        println!("cargo::rerun-if-env-changed={name}");
    }
    let mut report = vendored::report_from_build_script();
    let prefix = vendored::Request::default()
        .ensure(&mut report)
        .map_err(|e| Error::Vendored { reason: e.to_string() })?;
    locate::inspect(&prefix, None, "feature `vendored`")
}
