//! Fast Fourier transforms of arrays that are distributed over ranks.
//!
//! [`RowFft`] transforms each row of a table. The rows are distributed, and no message is needed.
//! [`Fft`] transforms along all axes of an array of two or more dimensions. Each rank has a slab of
//! the first axis. The plan transforms all other axes on each rank, exchanges data with one
//! all-to-all, and transforms the first axis. Any number of ranks and any sizes are supported,
//! including prime sizes and fewer rows than ranks. [`PencilFft`] distributes the array over a
//! process grid, in pencils or in boxes like those of a DMDA, and exchanges data among the ranks of
//! each line of the grid. [`RealFft`] transforms real arrays.
//!
//! Except for the real arrays of [`RealFft`], the data are slices of complex numbers, in real and
//! in complex builds of PETSc. In complex builds, the slices may be the arrays of PETSc vectors.
//! Each rank computes its transforms with `rustfft`. With [`Kernel::Fftw`], FFTW computes the whole
//! transform, if PETSc was built with it. A plan keeps its kernels and buffers and can be used any
//! number of times.
//!
//! ```
//! use petsc_fft::{Complex64, Fft};
//! # petsc_rs::doctest(|comm| {
//! let mut fft = Fft::new(comm, &[5, 4, 3])?;
//! // The cosine along the second axis has two frequencies, 1 and 4 − 1.
//! let wave = |i: usize| (std::f64::consts::TAU * i as f64 / 4.0).cos();
//! let slab = fft.input();
//! let data: Vec<_> = (0..slab.len())
//!     .map(|i| Complex64::from(wave(slab.global_index(i) / 3 % 4)))
//!     .collect();
//! let mut spectrum = vec![Complex64::default(); fft.output().len()];
//! fft.forward(&data, &mut spectrum)?;
//! for (i, value) in spectrum.iter().enumerate() {
//!     let peak = matches!(fft.output().global_index(i), 3 | 9);
//!     assert!((value.norm() - if peak { 30.0 } else { 0.0 }).abs() < 1e-12);
//! }
//! let mut back = vec![Complex64::default(); data.len()];
//! fft.backward(&spectrum, &mut back)?;
//! assert!(back.iter().zip(&data).all(|(a, b)| (a - b).norm() < 1e-14));
//! # Ok(()) })
//! ```

mod block;
mod exchange;
mod fftw;
mod lines;
mod pencil;
mod plan;
mod real;
mod route;
mod rows;
mod scaling;
mod slab;
mod transpose;

pub use block::Block;
pub use fftw::Kernel;
pub use num_complex::Complex64;
pub use pencil::{PencilBuilder, PencilFft};
pub use plan::{Builder, Fft, Output};
pub use real::RealFft;
pub use rows::RowFft;
pub use scaling::{Scaling, wave_number};
pub use slab::Slab;

use petsc_rs::{Error, ErrorCode, Result};

/// Checks the sizes of the arrays passed to a plan.
fn check_len(what: &str, found: usize, expected: usize) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    let text = format!("the {what} has {found} entries on this rank: use {expected}");
    Err(Error::new(ErrorCode::ARG_SIZ, text))
}
