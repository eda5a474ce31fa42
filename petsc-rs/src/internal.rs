//! What slepc-rs needs of the inside of petsc-rs, beside [`ffi`](crate::ffi),
//! [`callback`](crate::callback) and the macros `call!`, `petsc_object!`, `c_enum!`, `converged_reasons!`
//! and `type_names!`, which look up `sys` where they are used.
//!
//! No part of the interface: anything here may change or go in any release, without a word. The two
//! crates are released together and require each other's exact version.

pub use crate::object::{
    Value, check_composed, cut_operators, debug, destroy_alone, leave_method, leave_method_by,
    reference, type_among,
};
pub use crate::runtime::{
    DropMode, Entry, NotCollective, Part, PartOf, drop_mode, give, keep, keep_like, put_off,
    record_drop, register, unregister,
};

use crate::error::{Error, ErrorCode, Result};
use crate::sys;

/// For methods that combine objects: optimized PETSc believes that they live on the same ranks.
///
/// # Errors
/// `ARG_NOTSAMECOMM` if they do not.
pub fn check_same_ranks(a: sys::PetscObject, b: sys::PetscObject) -> Result<()> {
    crate::comm::check_same_ranks(a, b)
}

/// Whether `flag` is set on any rank of an object: for choices that lead to collective calls. Collective.
///
/// # Errors
/// The errors of `MPI_Allreduce`.
pub fn any_rank(object: sys::PetscObject, flag: bool) -> Result<bool> {
    crate::comm::any_rank(object, flag)
}

/// An error that arises equally on all ranks.
#[must_use]
pub fn collective(code: ErrorCode, text: impl Into<String>) -> Error {
    Error::collective(code, text)
}

/// An error that arises equally on all ranks, with what lies behind it.
#[must_use]
pub fn collective_error<E>(code: ErrorCode, source: E) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    Error::collective(code, source.to_string()).with_source(source)
}
