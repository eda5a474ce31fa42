//! Consistency check at initialization: the C shim, the Rust bindings and the library loaded must
//! agree.

use std::mem::size_of;

use crate::error::{Error, ErrorCode, Result};
use crate::sys;

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
    for (what, c, rust) in [
        ("sizeof(PetscInt)", abi.size_int, size_of::<sys::PetscInt>()),
        (
            "sizeof(PetscScalar)",
            abi.size_scalar,
            size_of::<sys::PetscScalar>(),
        ),
        (
            "sizeof(PetscReal)",
            abi.size_real,
            size_of::<sys::PetscReal>(),
        ),
        (
            "sizeof(PetscBool)",
            abi.size_bool,
            size_of::<sys::PetscBool>(),
        ),
        (
            "sizeof(PetscErrorCode)",
            abi.size_error_code,
            size_of::<sys::PetscErrorCode>(),
        ),
        (
            "sizeof(InsertMode)",
            abi.size_enum,
            size_of::<sys::InsertMode>(),
        ),
        (
            "sizeof(MPI_Comm)",
            abi.size_comm,
            size_of::<sys::mpi_sys::MPI_Comm>(),
        ),
    ] {
        #[expect(
            clippy::useless_conversion,
            reason = "size_t is u64 or usize by platform"
        )]
        let c = usize::try_from(c).unwrap_or(usize::MAX);
        if c != rust {
            return Err(mismatch(&format!("{what} is {c} in C and {rust} in Rust")));
        }
    }
    for (what, c, rust) in [
        (
            "NORM_INFINITY",
            i64::from(abi.norm_infinity),
            i64::from(sys::NORM_INFINITY),
        ),
        (
            "INSERT_VALUES",
            i64::from(abi.insert_values),
            i64::from(sys::INSERT_VALUES),
        ),
        (
            "ADD_VALUES",
            i64::from(abi.add_values),
            i64::from(sys::ADD_VALUES),
        ),
        (
            "MAT_FINAL_ASSEMBLY",
            i64::from(abi.final_assembly),
            i64::from(sys::MAT_FINAL_ASSEMBLY),
        ),
        (
            "KSP_CONVERGED_RTOL",
            i64::from(abi.ksp_converged_rtol),
            i64::from(sys::KSP_CONVERGED_RTOL),
        ),
        (
            "KSP_DIVERGED_ITS",
            i64::from(abi.ksp_diverged_its),
            i64::from(sys::KSP_DIVERGED_ITS),
        ),
    ] {
        if c != rust {
            return Err(mismatch(&format!("{what} is {c} in C and {rust} in Rust")));
        }
    }
    let (mut major, mut minor, mut subminor) = (0, 0, 0);
    // SAFETY: valid out-pointers; the last one may be NULL. Needs no initialized PETSc.
    let code = unsafe {
        sys::PetscGetVersionNumber(
            &raw mut major,
            &raw mut minor,
            &raw mut subminor,
            std::ptr::null_mut(),
        )
    };
    if code == 0
        && (i64::from(abi.version_major), i64::from(abi.version_minor)) != (int(major), int(minor))
    {
        return Err(mismatch(&format!(
            "the headers belong to PETSc {}.{}, but the library loaded is {major}.{minor}.{subminor}",
            abi.version_major, abi.version_minor
        )));
    }
    Ok(())
}
fn int(value: sys::PetscInt) -> i64 {
    i64::from(value)
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
