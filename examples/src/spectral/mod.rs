//! Small applications of SLEPc: partitioning of networks, principal components, matrix
//! exponentials.

mod cooling;
mod partition;
mod pca;

pub use cooling::Slab;
pub use partition::{Partition, Weight, partition};
pub use pca::{Pca, principal_components};
