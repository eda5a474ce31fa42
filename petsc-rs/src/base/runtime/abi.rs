//! Consistency check at initialization: the C shim, the Rust bindings and the library loaded must
//! agree.

use std::mem::size_of;

use crate::error::{Error, ErrorCode, Result};
use crate::{Int, get, sys};

/// Compares sizes and enumeration values between C and Rust, and the release of the headers with
/// that of the library.
///
/// # Errors
/// `LIB` with both values.
pub(super) fn check() -> Result<()> {
    let mut abi = std::mem::MaybeUninit::<sys::PetscRsAbi>::zeroed();
    // SAFETY: a valid out-pointer; the shim fills every field.
    unsafe { sys::PetscRsAbiGet(abi.as_mut_ptr()) };
    // SAFETY: integers only, zeroed and then filled.
    let abi = unsafe { abi.assume_init() };
    // As text, because the integer types of C differ.
    macro_rules! values {
        ($($what:literal: $c:ident = $rust:expr;)*) => {
            [$(($what, abi.$c.to_string(), $rust.to_string())),*]
        };
    }
    for (what, c, rust) in values! {
        "sizeof(PetscInt)": size_int = size_of::<sys::PetscInt>();
        "sizeof(PetscScalar)": size_scalar = size_of::<sys::PetscScalar>();
        "sizeof(PetscReal)": size_real = size_of::<sys::PetscReal>();
        "sizeof(PetscBool)": size_bool = size_of::<sys::PetscBool>();
        "sizeof(PetscErrorCode)": size_error_code = size_of::<sys::PetscErrorCode>();
        "sizeof(InsertMode)": size_enum = size_of::<sys::InsertMode>();
        "sizeof(MPI_Comm)": size_comm = size_of::<sys::mpi_sys::MPI_Comm>();
        "NORM_INFINITY": norm_infinity = sys::NORM_INFINITY;
        "INSERT_VALUES": insert_values = sys::INSERT_VALUES;
        "ADD_VALUES": add_values = sys::ADD_VALUES;
        "MAT_FINAL_ASSEMBLY": final_assembly = sys::MAT_FINAL_ASSEMBLY;
        "KSP_CONVERGED_RTOL": ksp_converged_rtol = sys::KSP_CONVERGED_RTOL;
        "KSP_DIVERGED_ITS": ksp_diverged_its = sys::KSP_DIVERGED_ITS;
    } {
        if c != rust {
            return Err(mismatch(&format!("{what} is {c} in C and {rust} in Rust")));
        }
    }
    let none = std::ptr::null_mut();
    // SAFETY: the last argument may be NULL. Needs no initialized PETSc.
    let (major, minor, subminor): (Int, Int, Int) =
        unsafe { get!(PetscGetVersionNumber(_, _, _, none)) }?;
    let library = format!("{major}.{minor}");
    if format!("{}.{}", abi.version_major, abi.version_minor) != library {
        return Err(mismatch(&format!(
            "the headers belong to PETSc {}.{}, but the library loaded is {library}.{subminor}",
            abi.version_major, abi.version_minor
        )));
    }
    Ok(())
}

fn mismatch(what: &str) -> Error {
    Error::new(
        ErrorCode::LIB,
        format!(
            "the PETSc library loaded is not the one that this program was compiled for: {what}. \
             Check LD_LIBRARY_PATH and PETSC_DIR, then rebuild with `cargo clean -p petsc-sys`"
        ),
    )
}
