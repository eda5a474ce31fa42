//! Small uses of SLEPc beside the bridge: partition of networks, principal components, exponentials of matrices.

mod cooling;
mod partition;
mod pca;

pub use cooling::Slab;
pub use partition::{Partition, Weight, partition};
pub use pca::{Pca, principal_components};
