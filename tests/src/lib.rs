//! Ports of PETSc tutorials.
