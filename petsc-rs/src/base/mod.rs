//! PETSc's *Sys* classes, and the mechanisms that all classes share: sessions, communicators,
//! errors, options, viewers, logging, handles and callbacks. The modules of this folder use no
//! classes that other folders of the crate define.

pub(crate) mod c_enum;
pub mod callback;
pub(crate) mod comm;
pub(crate) mod error;
#[doc(hidden)]
pub mod ffi;
pub(crate) mod file;
pub mod log;
pub mod object;
pub mod options;
pub mod random;
pub(crate) mod runtime;
pub(crate) mod scalar;
pub(crate) mod type_names;
pub mod viewer;
