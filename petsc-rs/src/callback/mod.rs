//! Rust closures that PETSc calls.
//!
//! PETSc owns the closure and frees it through the destructor that its API has
//! ([`Context`]); the panic or error of a closure crosses C as an error code and comes out of the
//! call that PETSc was asked to do ([`guard`]). What C calls is written by one macro, `trampoline!`.

mod context;
mod guard;
mod monitors;
mod table;
mod trampoline;

pub use context::{Context, Scope, Shared, compose, hand_over};
pub(crate) use context::{context_drop, counted, hold};
pub(crate) use guard::discard;
pub use guard::{Failure, failure_pending, guard, guard_with, is_inside, take_failure};
pub use monitors::{MonitorScope, Monitors};
pub use table::{Key, Keyed};
pub(crate) use trampoline::trampoline;
pub use trampoline::{Given, Lent, check_lent};
