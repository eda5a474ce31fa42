//! The interface between Rust and C: calls, strings, slices, integers, array borrows.
//!
//! Hidden from the documentation: for petsc-rs and slepc-rs only.

mod borrow;
mod call;
mod cstr;
mod int;
mod lends;
mod locks;
mod output;
pub mod range;
mod region;
mod slice;

pub(crate) use borrow::Alone;
pub use borrow::{
    Borrow, Borrows, any_borrow, ask_guards, check_no_guard, check_no_matrix, check_no_writer,
    check_readable, check_region, check_solver, check_writable, no_array,
};
pub use call::{check, check_of};
pub use cstr::{c_string, str_from_ptr};
pub use int::{
    DECIDE, DEFAULT, DEFAULT_REAL, check_index, check_indices, index_to_usize, lengths_differ,
    petsc_int, raw_bool, same_len, size, to_bool,
};
pub(crate) use lends::lends;
pub use locks::Locks;
pub use output::{Created, Out, Output, Text};
pub use region::{Access, Region};
pub use slice::{slice, slice_mut};
