//! Nested vectors: vectors of vectors (`VECNEST`).

use std::ptr;

use petsc_macros::{getter, wraps};

use super::{Vector, VectorRef};
use crate::comm::Comm;
use crate::error::{Error, Result};
use crate::object::Loan;
use crate::object::LoanMut;
use crate::{create, ffi, get, sys};

impl Vector {
    /// Creates a nested vector that shares the entries of `parts`. Collective.
    ///
    /// The parts remain accessible through their own handles.
    ///
    /// # Errors
    /// `ARG_WRONG` without parts; `ARG_IDN` if a part occurs twice; `ARG_NOTSAMECOMM` if a part is
    /// on a different communicator.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Vector};
    /// let (mut u, p) = (Vector::new(comm, 4)?, Vector::new(comm, 2)?);
    /// let x = Vector::nest(comm, &[&u, &p])?;
    /// u.set(Scalar::from_real(1.0))?;
    /// assert_eq!(x.sum()?.real(), 4.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecCreateNest)]
    #[track_caller]
    pub fn nest(comm: &Comm, parts: &[&Self]) -> Result<Self> {
        if parts.is_empty() {
            return Err(Error::argument("a nested vector needs at least one part"));
        }
        for (i, part) in parts.iter().enumerate() {
            part.check_on(comm)?;
            for other in &parts[..i] {
                part.check_distinct(other)?;
            }
        }
        let n = ffi::petsc_int(parts.len())?;
        let mut list: Vec<sys::Vec> = parts.iter().map(|p| p.as_ptr()).collect();
        // SAFETY: a live communicator, `n` live vectors, which PETSc counts, NULL for index sets of
        // its choice; C creates an object.
        unsafe { create!(VecCreateNest(comm.as_raw(), n, ptr::null_mut(), list.as_mut_ptr(), _)) }
    }
}

impl VectorRef {
    /// Returns the number of parts of a nested vector.
    #[getter(VecNestGetSize, errors = "`SUP` if the vector is not nested")]
    pub fn nest_len() -> usize;

    /// Returns part `i` of a nested vector, counting from 0.
    ///
    /// # Errors
    /// `SUP` if the vector is not nested; `ARG_OUTOFRANGE` if there is no part `i`.
    #[wraps(VecNestGetSubVec, not_collective)]
    #[track_caller]
    pub fn sub_vector(&self, i: usize) -> Result<Loan<'_, Vector>> {
        let raw = self.part(i)?;
        // SAFETY: a live vector.
        Ok(Loan::new(unsafe { Vector::retain(raw) }?))
    }

    /// Returns part `i` of a nested vector for writing, counting from 0.
    #[wraps(VecNestGetSubVec, errors = sub_vector)]
    #[track_caller]
    pub fn sub_vector_mut(&mut self, i: usize) -> Result<LoanMut<'_, Vector>> {
        let raw = self.part(i)?;
        // SAFETY: a live vector.
        Ok(LoanMut::new(unsafe { Vector::retain(raw) }?))
    }

    fn part(&self, i: usize) -> Result<sys::Vec> {
        let i = ffi::petsc_int(i)?;
        ffi::check_index(i, &(0..ffi::petsc_int(self.nest_len()?)?))?;
        // SAFETY: a nested vector (`nest_len` succeeded), an index in range.
        unsafe { get!(VecNestGetSubVec(self.as_ptr(), i, _)) }
    }
}
