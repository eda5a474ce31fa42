//! Runs bindgen over the headers of PETSc or SLEPc.

use std::path::{Path, PathBuf};

use bindgen::EnumVariation;

use crate::config::{Config, ScalarKind};
use crate::error::Error;
use crate::mpi;

/// Library whose headers bindgen reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// All declarations of `petsc*.h`, with the types they need.
    Petsc,
    /// The declarations of `slepc*.h`; the types of PETSc are those of `petsc-sys`.
    Slepc,
}

/// Generates the bindings of a `-sys` crate from its `wrapper.h`, and passes the path of the file
/// to the crate in the variable `PETSC_BINDINGS` or `SLEPC_BINDINGS`. The build script of the crate
/// calls this function. `by_value` lists, one per line, the functions that take a scalar by value.
/// The C shim provides these functions.
///
/// If `PETSC_RS_UPDATE_BINDINGS` is set, the function also updates `bindings/docsrs.rs`. This
/// update is necessary after a change of the shim; make it with PETSc (and SLEPc) 3.18 with real
/// scalars.
///
/// # Errors
/// [`Error::NoLibclang`], [`Error::NoMpi`], [`Error::Bindgen`], [`Error::Write`].
pub fn write(library: Library, config: &Config, by_value: &str) -> Result<(), Error> {
    let folder = |name| PathBuf::from(std::env::var_os(name).unwrap_or_default());
    let (own, out) = (folder("CARGO_MANIFEST_DIR"), folder("OUT_DIR"));
    let out = out.join("bindings.rs");
    let by_value: Vec<&str> =
        by_value.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    generate(library, config, &own, &by_value, &out)?;
    emit_path(library, &out);
    println!("cargo::rerun-if-env-changed=PETSC_RS_UPDATE_BINDINGS");
    if std::env::var_os("PETSC_RS_UPDATE_BINDINGS").is_some() {
        let kept = own.join(KEPT);
        std::fs::copy(&out, &kept)
            .map_err(|e| Error::Write { path: kept, reason: e.to_string() })?;
    }
    Ok(())
}

/// Passes the path of the bindings in the repository to the crate. With these bindings, the
/// documentation is built without PETSc.
pub fn use_kept(library: Library) {
    let own = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    emit_path(library, &own.join(KEPT));
}

const KEPT: &str = "bindings/docsrs.rs";

fn emit_path(library: Library, path: &Path) {
    let variable = match library {
        Library::Petsc => "PETSC_BINDINGS",
        Library::Slepc => "SLEPC_BINDINGS",
    };
    println!("cargo::rustc-env={variable}={}", path.display());
}

/// Reads `own/wrapper.h`, which includes `petsc.h` or `slepc.h`, and writes the bindings to `out`.
///
/// C enumerations become integer constants and not Rust enumerations, because a newer PETSc may add
/// values. The types of MPI are left to `mpi-sys`, complex scalars to `num-complex`. Functions
/// listed in `blocklist` take a scalar by value. bindgen cannot guarantee the calling convention of
/// complex numbers, so the C shim provides these functions with pointers.
fn generate(
    library: Library,
    config: &Config,
    own: &Path,
    blocklist: &[&str],
    out: &Path,
) -> Result<(), Error> {
    // Loading can be repeated; bindgen would panic where this call returns an error.
    let version = std::panic::catch_unwind(bindgen::clang_version).map_err(|payload| {
        let reason = payload.downcast_ref::<String>().cloned().unwrap_or_default();
        Error::NoLibclang { reason }
    })?;
    drop(version);
    let mut include_dirs = config.include_dirs.clone();
    include_dirs.extend(mpi::include_dirs(&mpi::mpicc())?);
    include_dirs.push(own.to_owned());
    let mut builder = bindgen::Builder::default()
        .header(own.join("wrapper.h").display().to_string())
        .clang_args(include_dirs.iter().map(|d| format!("-I{}", d.display())))
        .blocklist_type(
            "_?MPI_.*|ompi_.*|MPIR?_.*|_+G_.*|FILE|_IO_.*|va_list|__va_list_tag|__builtin_va_list",
        )
        .blocklist_item("MPI_.*|OMPI_.*|MPIX?_.*|ompi_.*|FP_.*|M_.*")
        .raw_line("#[allow(unused_imports, reason = \"not every MPI names all of them\")]")
        .raw_line("use crate::mpi_types::*;")
        .default_enum_style(EnumVariation::Consts)
        .prepend_enum_name(false)
        .translate_enum_integer_types(false)
        .layout_tests(false)
        .derive_debug(false)
        .merge_extern_blocks(true)
        .generate_comments(true)
        .formatter(bindgen::Formatter::None);
    builder = match library {
        Library::Petsc => builder
            .allowlist_file(".*/petsc[^/]*\\.h")
            .allowlist_function("Petsc(ObjectDelayedDestroy|GarbageCleanup|ObjectState[GS]et)"),
        Library::Slepc => builder.allowlist_file(".*/slepc[^/]*\\.h").allowlist_recursively(false),
    };
    if config.scalar == ScalarKind::Complex {
        builder = builder.blocklist_type("PetscScalar|PetscComplex|__BindgenComplex");
    } else {
        builder = builder.blocklist_type("PetscComplex|__BindgenComplex");
    }
    for function in blocklist {
        builder = builder.blocklist_function(function);
    }
    let bindings = builder.generate().map_err(|e| Error::Bindgen { reason: e.to_string() })?;
    bindings
        .write_to_file(out)
        .map_err(|e| Error::Write { path: out.into(), reason: e.to_string() })
}
