//! Raw bindings to PETSc.
