//! The session: initialization, registration of live objects, destruction that cannot hang, and
//! finalization.

mod abi;
mod agreement;
mod builder;
mod given;
mod launcher;
#[cfg(all(test, miri))]
#[path = "../../../tests/miri/mod.rs"]
mod miri;
mod petsc;
mod queue;
mod registry;
mod run;
mod session;

pub use builder::Builder;
pub(crate) use given::{check_dm, compose, id, keep_while_running, reaches_what_runs, wholes_of};
pub use given::{give, put_off};
pub use petsc::Petsc;
pub use queue::NotCollective;
pub(crate) use queue::{leave, note_failure, note_left};
pub use registry::LeakedHandle;
pub use registry::{
    DropMode, Entry, Part, PartOf, drop_mode, keep, keep_like, record_drop, register, unregister,
};
pub(crate) use registry::{
    Hold, acquire, begin, end, epoch, has_parts_of_method, is_idle, is_part, owners, rank, release,
};
pub use run::{doctest, doctest_session, run, run_with_error};
