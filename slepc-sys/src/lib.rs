//! Raw bindings to SLEPc.
//!
//! Everything of `slepc.h` as bindgen reads it, and all of `petsc-sys`, so that one `sys` serves both:
//! SLEPc's functions take PETSc's types. A small C shim (`PetscRs*`) reaches what bindgen cannot. The
//! safe layer is the crate `slepc-rs`.

#![expect(
    missing_docs,
    reason = "the names are SLEPc's own; its manual pages document them"
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
    reason = "generated names and text; which of these lints fire depends on SLEPc's release"
)]

/// MPI's types as `mpi-sys` declares them, under the names that the headers use.
mod mpi_types {
    pub(crate) use petsc_sys::mpi_sys::*;
}

pub use petsc_sys::*;

include!(env!("SLEPC_BINDINGS"));
