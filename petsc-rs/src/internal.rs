//! Items of petsc-rs that slepc-rs needs, in addition to [`ffi`](crate::ffi),
//! [`callback`](crate::callback) and the macros `call!`, `petsc_object!`, `c_enum!`,
//! `converged_reasons!` and `type_names!`, which resolve `sys` where they are used.
//!
//! Not part of the public interface: any item may change or be removed in any release without
//! notice. The two crates are released together and require each other's exact version.

pub use crate::object::{Value, check_composed, debug, destroy_alone, reference, type_among};
pub use crate::runtime::{
    DropMode, Entry, NotCollective, Part, PartOf, drop_mode, give, keep, keep_like, put_off,
    record_drop, register, unregister,
};
pub use crate::solver::method::{cut_operators, leave_method, leave_method_by};

use crate::error::{Error, ErrorCode, Result};
use crate::sys;

/// Checks that two objects live on the same ranks. Optimized PETSc omits this check.
///
/// # Errors
/// `ARG_NOTSAMECOMM` if they live on different ranks.
pub fn check_same_ranks(a: sys::PetscObject, b: sys::PetscObject) -> Result<()> {
    crate::comm::check_same_ranks(a, b)
}

/// Returns whether `flag` is true on any rank of an object's communicator. All ranks can then
/// decide alike on a collective call. Collective.
///
/// # Errors
/// The errors of `MPI_Allreduce`.
pub fn any_rank(object: sys::PetscObject, flag: bool) -> Result<bool> {
    crate::comm::any_rank(object, flag)
}

/// Creates an error that is the same on all ranks.
#[must_use]
pub fn collective(code: ErrorCode, text: impl Into<String>) -> Error {
    Error::collective(code, text)
}

/// Creates an error that is the same on all ranks, with `source` as its source.
#[must_use]
pub fn collective_error<E>(code: ErrorCode, source: E) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    Error::collective(code, source.to_string()).with_source(source)
}
