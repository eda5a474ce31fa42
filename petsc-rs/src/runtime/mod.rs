//! The session: initialise, count what lives, destroy in an order that cannot hang, finalise.

mod abi;
mod agreement;
mod launcher;
mod registry;
mod run;
mod session;

pub use registry::LeakedHandle;
pub(crate) use registry::{
    DropMode, Hold, acquire, drop_mode, epoch, note_failure, rank, record_drop, register, release,
    unregister,
};
pub use run::{doctest, doctest_session, run};
pub use session::{Builder, Petsc};
