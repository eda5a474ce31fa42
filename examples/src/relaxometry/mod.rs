//! T2 relaxometry: fits of decaying exponentials to the echoes of each voxel.

mod batch;
mod fit;
mod model;
mod one;
mod read;
mod smooth;
mod stream;
mod synthetic;
mod write;

pub use fit::{Engine, Flag, Maps, Settings, Voxels, fit, noise_threshold};
pub use model::{Bounds, Model, log_linear};
pub use one::{OneVoxel, Workshop};
pub use read::{Scan, read, read_mask};
pub use smooth::{Slice, Smoothed, Smoothness, fit_slice};
pub use stream::{SliceWriter, Slices};
pub use synthetic::Synthetic;
pub use write::write_nifti;
