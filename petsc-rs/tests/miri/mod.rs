//! Tests for Miri, which cannot call C: what petsc-rs stands on, over objects made of Rust.
//!
//! The functions of PETSc that are called here are defined in `standin`, under PETSc's names. Everything else is the
//! crate itself. See `ci/miri.sh`.

mod borrows;
mod callbacks;
mod handles;
mod registry;
mod standin;
