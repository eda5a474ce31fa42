//! Magnetic resonance images from k-space: phantom, several coils, undersampling.
//!
//! A scanner measures the Fourier transform of the image of each coil, and in a short scan only a
//! part of it. [`Encoding`] maps the image to the samples and has an adjoint; the ranks share rows
//! or coils. [`sense`] and [`total_variation`] compute the image with PETSc's conjugate gradients.

mod encoding;
mod gradient;
mod phantom;
mod quality;
mod sampling;
mod solve;

pub use encoding::{Encoding, Share};
pub use gradient::Gradient;
pub use phantom::{coil, phantom};
pub use quality::{Summary, gather, psnr, summary};
pub use sampling::{Measured, made_mask};
pub use solve::{Variation, sense, total_variation};
