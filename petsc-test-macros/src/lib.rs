//! The attribute macro of petsc-test.
