//! Tests of petsc-rs on 1, 2 and 3 ranks, one module a subject.

#![expect(clippy::panic, reason = "a test fails by panicking")]

#[cfg(feature = "autodiff")]
mod autodiff;
mod book;
mod callbacks;
mod comm;
mod damaged_files;
mod dm;
mod index_set;
mod ksp;
mod lent;
mod log;
mod matrix;
mod matrix_factor;
mod matrix_fft;
mod matrix_market;
mod matrix_ops;
mod matrix_parts;
mod matrix_shell;
mod object;
mod options;
mod outcome;
mod ownership;
mod pc;
mod random;
mod scatter;
mod session;
mod settings;
mod shared;
mod snes;
mod star_forest;
mod tao;
mod ts;
mod unchecked;
mod vector;
mod viewer;

petsc_test::main!();
