//! What the applications of the parallel-computing workshop are made of.

pub mod app;
pub mod bratu;
pub mod gwas;
pub mod heat;
pub mod learning;
pub mod matpower;
pub mod mpi_basics;
pub mod mri;
pub mod network;
pub mod picture;
pub mod relaxometry;
pub mod stencil;
#[cfg(feature = "slepc")]
pub mod structure;
pub mod wave;
