//! Tests of slepc-rs on 1, 2 and 3 ranks, one module a subject.

#![expect(clippy::panic, reason = "a test fails by panicking")]

mod attacked;
mod bv;
mod by_method;
mod callbacks;
mod ds;
mod eps;
mod lme;
mod methods;
mod mfn;
mod misuse;
mod nep;
mod pep;
mod power;
mod problems;
mod refusals;
mod region;
mod session;
mod st;
mod svd;

petsc_test::main!();
