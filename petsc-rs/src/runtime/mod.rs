//! The session: initialise, count what lives, destroy in an order that cannot hang, finalise.

mod abi;
mod agreement;
mod builder;
mod launcher;
#[cfg(all(test, miri))]
#[path = "../../tests/miri/mod.rs"]
mod miri;
mod petsc;
mod queue;
mod registry;
mod run;
mod session;

pub use builder::Builder;
pub use petsc::Petsc;
pub use queue::NotCollective;
pub(crate) use queue::{leave, note_failure, note_left};
pub use registry::LeakedHandle;
pub use registry::{
    DropMode, Entry, PartOf, drop_mode, keep, keep_like, record_drop, register, unregister,
};
pub(crate) use registry::{
    Hold, acquire, begin, end, epoch, is_idle, is_part, is_within, rank, release,
};
pub use run::{doctest, doctest_session, run, run_with_error};
