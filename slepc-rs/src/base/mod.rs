//! Common parts of all classes: the session, creation and options, conversion of eigenvalues,
//! references to operators, and guards of borrowed parts of C objects.

mod basics;
mod complex;
pub(crate) mod lent;
mod operators;
pub(crate) mod session;

pub(crate) use basics::{basics, one_of, prefixed};
pub(crate) use complex::{comparison, order, read, scalars, value};
pub(crate) use operators::{
    Composed, before, check_fit, check_space, forget, held, held_as, hold, hold_as, object_held,
    raw_structure,
};
