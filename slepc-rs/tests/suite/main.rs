//! Tests of slepc-rs on 1, 2 and 3 ranks, one module a subject.

#![expect(clippy::panic, reason = "a test fails by panicking")]

mod callbacks;
mod eps;
mod misuse;
mod problems;
mod session;
mod st;

petsc_test::main!();
