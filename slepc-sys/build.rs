//! Finds the SLEPc of the PETSc in use, generates the bindings and compiles the C shim.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use petsc_sys_build::{Config, Error, bindings, mpi, slepc};

/// Functions that take a scalar by value: `shim/slepc_shim.c` has those in use by pointer.
const BY_VALUE: &str = include_str!("shim/by_value.txt");

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Error> {
    for path in ["build.rs", "wrapper.h", "shim"] {
        println!("cargo::rerun-if-changed={path}");
    }
    for name in slepc::VARIABLES.iter().chain(&["DOCS_RS"]) {
        println!("cargo::rerun-if-env-changed={name}");
    }
    petsc_sys_build::emit()?;
    if env::var_os("DOCS_RS").is_some() {
        let kept = manifest_dir().join("bindings/docsrs.rs");
        println!("cargo::rustc-env=SLEPC_BINDINGS={}", kept.display());
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
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("bindings.rs");
    let by_value: Vec<&str> = BY_VALUE
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .collect();
    bindings::generate(
        bindings::Library::Slepc,
        &config,
        Path::new("wrapper.h"),
        &[manifest_dir()],
        &by_value,
        &out,
    )?;
    println!("cargo::rustc-env=SLEPC_BINDINGS={}", out.display());
    // After a change of the shim: PETSC_RS_UPDATE_BINDINGS=1 cargo build -p slepc-sys, with real SLEPc 3.18.
    println!("cargo::rerun-if-env-changed=PETSC_RS_UPDATE_BINDINGS");
    if env::var_os("PETSC_RS_UPDATE_BINDINGS").is_some() {
        let kept = manifest_dir().join("bindings/docsrs.rs");
        std::fs::copy(&out, &kept).map_err(|e| Error::Write {
            path: kept,
            reason: e.to_string(),
        })?;
    }
    cc::Build::new()
        .compiler(mpi::mpicc())
        .file("shim/slepc_shim.c")
        .includes(&config.include_dirs)
        .opt_level(2)
        // SLEPc's private headers.
        .flag_if_supported("-Wno-unused-parameter")
        .compile("slepc_rs_shim");
    println!(
        "cargo::rustc-link-search=native={}",
        found.lib_dir.display()
    );
    println!("cargo::rustc-link-lib={}", found.lib_name);
    println!(
        "cargo::rustc-link-arg=-Wl,-rpath,{}",
        found.lib_dir.display()
    );
    Ok(())
}

fn manifest_dir() -> PathBuf {
    PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
}
