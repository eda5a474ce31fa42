//! Common parts of the solver classes: creation and options, dimensions and tolerances,
//! convergence, results, and callbacks.
//!
//! Each module of a class ([`eps`](crate::eps), [`svd`](crate::svd), [`pep`](crate::pep), …)
//! defines aliases of these types for its solver.

mod bases;
mod callbacks;
mod hermitian;
mod matrices;
mod outcome;
mod pairs;
mod refinement;
mod regions;
mod settings;
mod stopping;
mod threshold;
mod vectors;
mod views;

pub(crate) use bases::{bases, dense, lend_basis, lend_dense};
pub use callbacks::Progress;
pub(crate) use callbacks::{check_order, eigen_callbacks};
pub(crate) use hermitian::{check_hermitian, check_skew_hermitian};
pub use matrices::OneConverged;
pub(crate) use matrices::matrices;
pub use outcome::{Converged, Reason};
pub(crate) use outcome::{Failed, has_failed, solving};
pub use pairs::{Eigenpair, Eigenpairs, Eigensolver, Eigenvector};
pub(crate) use pairs::{call_with_nulls, eigenpairs, left_vectors, raw_pair};
pub(crate) use refinement::refining;
pub use refinement::{Refine, RefineScheme, Refinement};
pub(crate) use regions::regions;
pub use settings::{CurrentDimensions, CurrentTolerances, Dimensions, Tolerances};
pub(crate) use settings::{choose, restart_fraction, settings, tolerance};
pub(crate) use stopping::stopping_tests;
pub use stopping::{Stopping, StoppingTest};
pub(crate) use threshold::threshold;
#[cfg(petsc_ge_3_23)]
pub(crate) use threshold::{ask_threshold, has_asked_threshold};
pub(crate) use vectors::standardize;
pub(crate) use views::views;
