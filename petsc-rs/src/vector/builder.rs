//! Builder of vectors with a chosen type, block size and options prefix.

use std::ffi::CString;

use petsc_macros::wraps;

use super::{Vector, VectorType};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::check_block_size;
use crate::{call, create, ffi, sys};

/// Parameters of a new vector. See [`Vector::builder`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct VectorBuilder<'a> {
    comm: &'a Comm,
    local: Option<usize>,
    global: Option<usize>,
    block_size: usize,
    kind: VectorType<'a>,
    prefix: Option<&'a str>,
    options: bool,
}

impl Vector {
    /// Returns a builder for a vector of zeros with a chosen block size, type or options prefix.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let x = petsc_rs::Vector::builder(comm).global_len(12).block_size(3).build()?;
    /// assert_eq!((x.len()?, x.block_size()?), (12, 3));
    /// # Ok(()) })
    /// ```
    pub fn builder(comm: &Comm) -> VectorBuilder<'_> {
        VectorBuilder {
            comm,
            local: None,
            global: None,
            block_size: 1,
            kind: VectorType::STANDARD,
            prefix: None,
            options: false,
        }
    }
}

impl<'a> VectorBuilder<'a> {
    /// Sets the number of entries on this rank, which may differ between ranks. Default: PETSc
    /// distributes the entries evenly.
    pub fn local_len(mut self, n: usize) -> Self {
        self.local = Some(n);
        self
    }

    /// Sets the global number of entries. Default: the sum of the local numbers.
    pub fn global_len(mut self, n: usize) -> Self {
        self.global = Some(n);
        self
    }

    /// Sets the number of entries in a block. Default: 1.
    pub fn block_size(mut self, size: usize) -> Self {
        self.block_size = size;
        self
    }

    /// Sets the type. Default: [`VectorType::STANDARD`].
    pub fn kind(mut self, kind: VectorType<'a>) -> Self {
        self.kind = kind;
        self
    }

    /// Sets the options prefix. Default: none.
    pub fn options_prefix(mut self, prefix: &'a str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// Reads options such as `-vec_type mpi` and applies them after all other settings. Default:
    /// options are not read.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// petsc.options().insert_str("-vec_type unknown")?;
    /// let x = Vector::builder(petsc.world()).global_len(8).from_options().build();
    /// assert_eq!(x.unwrap_err().code(), petsc_rs::ErrorCode::ARG_UNKNOWN_TYPE);
    /// # Ok(()) })
    /// ```
    #[wraps(VecSetFromOptions)]
    pub fn from_options(mut self) -> Self {
        self.options = true;
        self
    }

    /// Creates the vector, filled with zeros. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if no size was given or the type is `nest`; `ARG_SIZ` or `ARG_INCOMP` if the
    /// local and global sizes do not agree; `ARG_UNKNOWN_TYPE` for a type that is not registered.
    ///
    /// # Examples
    /// See [`Vector::builder`].
    #[wraps(VecCreate, VecSetSizes, VecSetType)]
    #[track_caller]
    pub fn build(self) -> Result<Vector> {
        if self.local.is_none() && self.global.is_none() {
            return Err(Error::argument("a vector needs a local or a global length"));
        }
        check_block_size(self.block_size, self.local.unwrap_or(0))?;
        check_block_size(self.block_size, self.global.unwrap_or(0))?;
        let local = self.local.map_or(Ok(ffi::DECIDE), ffi::petsc_int)?;
        let global = self.global.map_or(Ok(ffi::DECIDE), ffi::petsc_int)?;
        let block_size = ffi::petsc_int(self.block_size)?;
        let prefix: Option<CString> = self.prefix.map(ffi::c_string).transpose()?;
        // SAFETY: a live communicator; C creates an object.
        let mut x: Vector = unsafe { create!(VecCreate(self.comm.as_raw(), _)) }?;
        // SAFETY: a live vector without block size.
        unsafe { call!(VecSetBlockSize(x.as_ptr(), block_size)) }?;
        // SAFETY: a live vector without sizes.
        unsafe { call!(VecSetSizes(x.as_ptr(), local, global)) }?;
        if let Some(prefix) = prefix {
            // SAFETY: a live vector; PETSc copies the text.
            unsafe { call!(VecSetOptionsPrefix(x.as_ptr(), prefix.as_ptr())) }?;
        }
        if self.kind == VectorType::NEST {
            return Err(nest_without_parts());
        }
        // SAFETY: a live vector with sizes and a NUL-terminated name.
        unsafe { call!(VecSetType(x.as_ptr(), self.kind.as_ptr())) }?;
        if self.options {
            // SAFETY: a live vector with sizes.
            unsafe { call!(VecSetFromOptions(x.as_ptr())) }?;
            if x.is_nest()? {
                return Err(nest_without_parts());
            }
        }
        x.set_zero()?;
        Ok(x)
    }
}

/// Returns the error for the type `nest`: a nested vector without parts has a length but no array.
fn nest_without_parts() -> Error {
    Error::new(ErrorCode::ARG_WRONG, "a nested vector needs parts; create it with Vector::nest")
}
