//! The library of the applications of the parallel-computing workshop.

pub mod app;
pub mod bratu;
pub mod digits;
#[cfg(feature = "slepc")]
pub mod eigen;
pub mod gwas;
pub mod heat;
pub mod lanes;
pub mod learning;
pub mod matpower;
pub mod mpi_basics;
pub mod mri;
pub mod network;
pub mod picture;
pub mod relaxometry;
#[cfg(feature = "slepc")]
pub mod spectral;
mod start;
pub mod stencil;
#[cfg(feature = "slepc")]
pub mod structure;
pub mod wave;

/// The chapters of the book that use this library. Every Rust block is compiled and run as a test.
#[cfg(doctest)]
mod documentation {
    #[doc = include_str!("../../docs/src/t2-mapping.md")]
    mod t2_mapping {}
    #[doc = include_str!("../../docs/src/bratu.md")]
    mod bratu {}
    #[doc = include_str!("../../docs/src/wave.md")]
    mod wave {}
    #[doc = include_str!("../../docs/src/fft-mri.md")]
    mod fft_mri {}
    #[doc = include_str!("../../docs/src/gwas.md")]
    mod gwas {}
    #[doc = include_str!("../../docs/src/learning.md")]
    mod learning {}
}
