//! Components of block vectors: component `c` consists of the entries `c`, `c + bs`, `c + 2·bs`, …
//! for the block size `bs`.

use petsc_macros::wraps;

use super::{InsertMode, Norm, VectorRef};
use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Real, Scalar, call, ffi, get, sys};

impl VectorRef {
    fn component(&self, component: usize) -> Result<Int> {
        let component = ffi::petsc_int(component)?;
        ffi::check_index(component, &(0..ffi::petsc_int(self.block_size()?)?))?;
        Ok(component)
    }

    /// Computes a norm of one component. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a component outside the block; `SUP` for [`Norm::Frobenius`].
    #[wraps(VecStrideNorm)]
    pub fn stride_norm(&self, component: usize, norm: Norm) -> Result<Real> {
        if norm == Norm::Frobenius {
            return Err(Error::new(
                ErrorCode::SUP,
                "the Frobenius norm is for matrices; use Norm::Two",
            ));
        }
        let start = self.component(component)?;
        self.check_readable()?;
        // SAFETY: a live vector and a component of its block; these norms write one real.
        unsafe { get!(VecStrideNorm(self.as_ptr(), start, norm.to_raw(), _)) }
    }

    /// Returns the largest real part of one component and its global index, or `None` if the vector
    /// is empty. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a component outside the block.
    #[wraps(VecStrideMax)]
    pub fn stride_max(&self, component: usize) -> Result<Option<(Int, Real)>> {
        let start = self.component(component)?;
        self.check_readable()?;
        if self.is_empty()? {
            return Ok(None);
        }
        // SAFETY: a live vector, a component of its block.
        unsafe { get!(VecStrideMax(self.as_ptr(), start, _, _)) }.map(Some)
    }

    /// Returns the smallest real part of one component and its global index, or `None` if the
    /// vector is empty. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a component outside the block.
    #[wraps(VecStrideMin)]
    pub fn stride_min(&self, component: usize) -> Result<Option<(Int, Real)>> {
        let start = self.component(component)?;
        self.check_readable()?;
        if self.is_empty()? {
            return Ok(None);
        }
        // SAFETY: a live vector, a component of its block.
        unsafe { get!(VecStrideMin(self.as_ptr(), start, _, _)) }.map(Some)
    }

    /// Computes the sum of one component. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a component outside the block.
    #[wraps(VecStrideSum)]
    pub fn stride_sum(&self, component: usize) -> Result<Scalar> {
        let start = self.component(component)?;
        self.check_readable()?;
        // SAFETY: a live vector, a component of its block.
        unsafe { get!(VecStrideSum(self.as_ptr(), start, _)) }
    }

    /// Multiplies one component by `alpha`. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a component outside the block; `ARG_WRONGSTATE` if the array is
    /// borrowed.
    #[wraps(VecStrideScale)]
    pub fn stride_scale(&mut self, component: usize, alpha: Scalar) -> Result<()> {
        let start = self.component(component)?;
        self.check_writable()?;
        // SAFETY: a live vector and a component of its block; the scalar lives for the call.
        unsafe { call!(PetscRsVecStrideScale(self.as_ptr(), start, &raw const alpha)) }
    }

    /// Sets all entries of one component to `alpha`. Logically collective.
    #[wraps(VecStrideSet, errors = stride_scale)]
    pub fn stride_set(&mut self, component: usize, alpha: Scalar) -> Result<()> {
        let start = self.component(component)?;
        self.check_writable()?;
        // SAFETY: a live vector and a component of its block; the scalar lives for the call.
        unsafe { call!(PetscRsVecStrideSet(self.as_ptr(), start, &raw const alpha)) }
    }

    /// Gathers one component of the block vector `blocked` into `self`. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a component outside the block, or if `self` has the wrong length;
    /// `ARG_IDN` if both vectors are the same; `SUP` if `blocked` is nested.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Scalar, ScalarExt, Vector};
    /// let mut x = Vector::builder(comm).local_len(4).block_size(2).build()?;
    /// x.stride_set(1, Scalar::from_real(7.0))?;
    /// let mut part = Vector::with_local_len(comm, 2)?;
    /// part.stride_gather(&x, 1, InsertMode::Insert)?;
    /// assert_eq!(part.array()?[0].real(), 7.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecStrideGather)]
    pub fn stride_gather(
        &mut self,
        blocked: &Self,
        component: usize,
        mode: InsertMode,
    ) -> Result<()> {
        let start = blocked.component(component)?;
        self.check_distinct(blocked)?;
        blocked.refuse_nest("VecStrideGather")?;
        blocked.check_readable()?;
        self.check_writable()?;
        // SAFETY: live vectors, a component of the block; PETSc checks the lengths in every build.
        unsafe { call!(VecStrideGather(blocked.as_ptr(), start, self.as_ptr(), mode.to_raw())) }
    }

    /// Scatters `part` into one component of `self`. Collective.
    #[wraps(VecStrideScatter, errors = stride_gather)]
    pub fn stride_scatter(
        &mut self,
        part: &Self,
        component: usize,
        mode: InsertMode,
    ) -> Result<()> {
        let start = self.component(component)?;
        self.check_distinct(part)?;
        self.refuse_nest("VecStrideScatter")?;
        part.check_readable()?;
        self.check_writable()?;
        // SAFETY: live vectors, a component of the block; PETSc checks the lengths in every build.
        unsafe { call!(VecStrideScatter(part.as_ptr(), start, self.as_ptr(), mode.to_raw())) }
    }

    /// Gathers all components of this vector into `parts`. Collective.
    ///
    /// The components are assigned to the parts in order: each part with block size `b` receives
    /// the next `b` components.
    ///
    /// # Errors
    /// `ARG_INCOMP` if the block sizes of the parts do not add up to that of this vector; `ARG_SIZ`
    /// if a part has the wrong length on this rank; `ARG_IDN` if two of the vectors are the same.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Scalar, ScalarExt, Vector};
    /// let mut x = Vector::builder(comm).local_len(4).block_size(2).build()?;
    /// x.stride_set(1, Scalar::from_real(7.0))?;
    /// let (mut even, mut odd) = (Vector::with_local_len(comm, 2)?, Vector::with_local_len(comm, 2)?);
    /// x.stride_gather_all(&mut [&mut even, &mut odd], InsertMode::Insert)?;
    /// assert_eq!((even.array()?[1].real(), odd.array()?[1].real()), (0.0, 7.0));
    /// # Ok(()) })
    /// ```
    #[wraps(VecStrideGatherAll)]
    pub fn stride_gather_all(&self, parts: &mut [&mut Self], mode: InsertMode) -> Result<()> {
        self.check_readable()?;
        for part in parts.iter() {
            part.check_writable()?;
        }
        let mut list = self.stride_parts(parts.iter().map(|part| &**part))?;
        // SAFETY: live, distinct vectors; the parts have as many components together as this one and the
        // lengths that go with them, which PETSc does not check.
        unsafe { call!(VecStrideGatherAll(self.as_ptr(), list.as_mut_ptr(), mode.to_raw())) }
    }

    /// Scatters `parts` into the components of this vector, the reverse of
    /// [`stride_gather_all`](Self::stride_gather_all). Collective.
    #[wraps(VecStrideScatterAll, errors = stride_gather_all)]
    pub fn stride_scatter_all(&mut self, parts: &[&Self], mode: InsertMode) -> Result<()> {
        self.check_writable()?;
        for part in parts {
            part.check_readable()?;
        }
        let mut list = self.stride_parts(parts.iter().copied())?;
        // SAFETY: as in `stride_gather_all`.
        unsafe { call!(VecStrideScatterAll(list.as_mut_ptr(), self.as_ptr(), mode.to_raw())) }
    }

    /// Checks the parts and returns them for C.
    fn stride_parts<'a>(&self, parts: impl Iterator<Item = &'a Self>) -> Result<Vec<sys::Vec>> {
        let (block, blocks) = (self.block_size()?, self.local_len()? / self.block_size()?);
        let (mut components, mut list) = (0, Vec::new());
        for part in parts {
            self.check_distinct(part)?;
            if list.contains(&part.as_ptr()) {
                return Err(Error::new(ErrorCode::ARG_IDN, "two parts are the same vector"));
            }
            let size = part.block_size()?;
            ffi::same_len(
                "number of entries of a part on this rank",
                blocks * size,
                part.local_len()?,
            )?;
            components += size;
            list.push(part.as_ptr());
        }
        if components != block {
            return Err(Error::new(
                ErrorCode::ARG_INCOMP,
                format!("the parts have {components} components, but the vector has {block}"),
            ));
        }
        Ok(list)
    }
}
