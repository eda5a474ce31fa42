//! Fast Fourier transforms of arrays that are distributed over ranks.
//!
//! [`RowFft`] transforms each row of a table; the rows are dealt out and no message is needed. [`Fft`]
//! transforms along all axes of an array of two, three or more dimensions: each rank has a slab of the first axis,
//! transforms the axes it has in full, exchanges by one all-to-all, and transforms the first. Any number of ranks
//! and any sizes will do: primes, and fewer rows than ranks. [`PencilFft`] does the same over a grid of ranks, in
//! pencils or in the boxes of a DMDA, with exchanges along the lines of the grid; [`RealFft`] for real arrays.
//!
//! The data are complex numbers in slices, whatever PETSc's scalars are; in complex builds these may be the arrays of
//! vectors. Kernels on a rank are those of `rustfft`; with [`Kernel::Fftw`] the whole transform is that of FFTW, where
//! PETSc has it. A plan is made once and used often: it keeps its kernels and its buffers.
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

/// The sizes of arrays given to a plan.
fn check_len(what: &str, found: usize, expected: usize) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    let text = format!("the {what} has {found} entries on this rank instead of {expected}");
    Err(Error::new(ErrorCode::ARG_SIZ, text))
}
