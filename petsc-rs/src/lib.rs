//! PETSc for Rust.
