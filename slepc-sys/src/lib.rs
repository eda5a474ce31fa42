//! Raw bindings to SLEPc.
//!
//! bindgen generates the bindings from all declarations of `slepc.h`. The crate also re-exports
//! `petsc-sys`: SLEPc's functions use PETSc's types, so a program needs only one `sys`. A small C
//! shim (`PetscRs*`) provides what bindgen cannot generate. The safe interface is the crate
//! `slepc-rs`.

#![expect(missing_docs, reason = "the names are SLEPc's own; its manual pages document them")]
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

/// The MPI types of `mpi-sys`, under the names that the headers use.
mod mpi_types {
    pub(crate) use petsc_sys::mpi_sys::*;
}

pub use petsc_sys::*;

include!(env!("SLEPC_BINDINGS"));
