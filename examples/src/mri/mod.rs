//! Magnetic resonance images from k-space: the phantom, several coils, missing samples.
//!
//! A scanner measures the Fourier transform of what each of its coils sees, and where time is short only a part of it.
//! [`Encoding`] is that map from the image to the samples, with its adjoint, shared by ranks in one of two ways;
//! [`sense`] and [`total_variation`] find the image by PETSc's conjugate gradients.

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
