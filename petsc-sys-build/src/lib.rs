//! Finds PETSc for build scripts.
