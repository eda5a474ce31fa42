//! Finds PETSc, generates the bindings and compiles the C shim.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use petsc_sys_build::{Config, Error, bindings, cfgs, locate, mpi, vendored};

/// Functions that take a scalar by value: `shim/petsc_shim.c` has each of them by pointer.
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
    for name in locate::VARIABLES {
        println!("cargo::rerun-if-env-changed={name}");
    }
    if env::var_os("DOCS_RS").is_some() {
        let config = Config::for_docs();
        config.emit_metadata();
        cfgs::emit(&config.cfgs());
        println!(
            "cargo::rustc-env=PETSC_BINDINGS={}",
            manifest_dir().join("bindings/docsrs.rs").display()
        );
        return Ok(());
    }
    let config = find()?;
    if config.version.is_untested() {
        println!(
            "cargo::warning=PETSc {} is newer than the newest tested release",
            config.version
        );
    }
    for dir in &config.include_dirs {
        println!(
            "cargo::rerun-if-changed={}",
            dir.join("petscconf.h").display()
        );
    }
    mpi::check(&config)?;
    config.emit_metadata();
    cfgs::emit(&config.cfgs());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("bindings.rs");
    let by_value: Vec<&str> = BY_VALUE
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .collect();
    bindings::generate(
        bindings::Library::Petsc,
        &config,
        Path::new("wrapper.h"),
        &[manifest_dir()],
        &by_value,
        &out,
    )?;
    println!("cargo::rustc-env=PETSC_BINDINGS={}", out.display());
    // After a change of the shim: PETSC_RS_UPDATE_BINDINGS=1 cargo build -p petsc-sys, with real PETSc 3.18.
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
        .file("shim/petsc_shim.c")
        .includes(&config.include_dirs)
        .opt_level(2)
        .compile("petsc_rs_shim");
    println!(
        "cargo::rustc-link-search=native={}",
        config.lib_dir.display()
    );
    println!("cargo::rustc-link-lib={}", config.lib_name);
    println!(
        "cargo::rustc-link-arg=-Wl,-rpath,{}",
        config.lib_dir.display()
    );
    Ok(())
}

/// The PETSc to use: with the feature `vendored`, unless `PETSC_DIR` names one, the one built from source.
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
        .map_err(|e| Error::Vendored {
            reason: e.to_string(),
        })?;
    locate::inspect(&prefix, None, "feature `vendored`")
}

fn manifest_dir() -> PathBuf {
    PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
}
