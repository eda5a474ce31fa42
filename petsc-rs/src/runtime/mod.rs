//! The session: initialise, count what lives, destroy in an order that cannot hang, finalise.

mod abi;
mod agreement;
mod launcher;
mod registry;
mod run;
mod session;

pub use registry::LeakedHandle;
pub(crate) use registry::{
    DropMode, acquire, drop_mode, note_failure, rank, record_drop, register, release, unregister,
};
pub use run::{doctest, run};
pub use session::{Builder, Petsc};
