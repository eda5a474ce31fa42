//! Raw bindings to PETSc.
//!
//! bindgen generates the bindings from all declarations of `petsc.h`. C enumerations become integer
//! constants; MPI types are those of `mpi-sys`, and complex scalars those of `num-complex`. A small
//! C shim (`PetscRs*`) provides what bindgen cannot generate: macros, inline functions, and
//! functions with scalars passed by value. The safe interface is the crate `petsc-rs`.

#![expect(missing_docs, reason = "the names are PETSc's own; its manual pages document them")]
#![allow(
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unused_qualifications,
    unnameable_types,
    clippy::all,
    clippy::pedantic,
    rustdoc::all,
    improper_ctypes,
    reason = "generated names and text; which of these lints fire depends on PETSc's release"
)]

/// The MPI types of `mpi-sys`, under the names that PETSc's headers use.
mod mpi_types {
    pub(crate) use mpi_sys::*;
    pub(crate) type FILE = std::ffi::c_void;
    pub(crate) type __va_list_tag = std::ffi::c_void;
    pub(crate) type __builtin_va_list = *mut std::ffi::c_void;
}

pub use mpi_sys;

#[cfg(all(petsc_scalar = "complex", petsc_precision = "double"))]
pub type PetscScalar = num_complex::Complex<f64>;
#[cfg(all(petsc_scalar = "complex", petsc_precision = "single"))]
pub type PetscScalar = num_complex::Complex<f32>;
#[cfg(petsc_precision = "double")]
pub type PetscComplex = num_complex::Complex<f64>;
#[cfg(petsc_precision = "single")]
pub type PetscComplex = num_complex::Complex<f32>;

include!(env!("PETSC_BINDINGS"));

/// Converts a number to an error code: `PetscErrorCode` is an `int` or an enumeration, depending on
/// the build.
pub const fn error_code(number: i32) -> PetscErrorCode {
    number as PetscErrorCode
}

/// Converts an error code to its number.
pub const fn error_number(code: PetscErrorCode) -> i32 {
    code as i32
}
