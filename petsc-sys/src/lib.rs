//! Raw bindings to PETSc.
//!
//! Everything of `petsc.h` as bindgen reads it, with C enums as integer constants, MPI's types from
//! `mpi-sys`, complex scalars from `num-complex`, and a small C shim (`PetscRs*`) for what bindgen
//! cannot reach: macros, inline functions, and scalars passed by value. The safe layer is the crate
//! `petsc-rs`.

#![expect(
    missing_docs,
    reason = "the names are PETSc's own; its manual pages document them"
)]
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

/// MPI's types as `mpi-sys` declares them, under the names that PETSc's headers use.
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

/// An error code by its number: `PetscErrorCode` is an `int` or an enum, depending on the build.
pub const fn error_code(number: i32) -> PetscErrorCode {
    number as PetscErrorCode
}

/// The number of an error code.
pub const fn error_number(code: PetscErrorCode) -> i32 {
    code as i32
}
