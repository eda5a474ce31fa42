//! Callbacks: Rust closures that PETSc calls.
//!
//! PETSc owns the closure and frees it with the destructor that its API provides ([`Context`]). The
//! panic or error of a closure passes through C as an error code. The method that called PETSc then
//! resumes the panic or returns the error ([`guard`]). The macro `trampoline!` defines all
//! functions that C calls.

mod attached;
mod context;
mod guard;
mod monitors;
mod replaceable;
mod table;
mod trampoline;

pub use attached::{Attached, composed};
pub use context::{Context, Scope, Shared, compose, hand_over};
pub(crate) use context::{context_drop, counted, hold};
pub(crate) use guard::discard;
pub use guard::{Failure, failure_pending, guard, guard_with, is_inside, take_failure};
pub use monitors::{MonitorScope, Monitors};
pub(crate) use replaceable::Replaceable;
pub use table::{Key, Keyed};
pub(crate) use trampoline::trampoline;
pub use trampoline::{Given, Lent, check_lent};
