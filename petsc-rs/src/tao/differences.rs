//! Hessians that C creates with a pointer to the optimizer but without a reference: finite
//! differences of gradients (`-tao_mf_hessian`), and the Hessian of the inner optimizer of `brgn`.
//! A program can keep such a Hessian after the optimizer is destroyed, and the pointer is then
//! invalid.

use std::ptr;

use super::TaoRef;
use super::parts::Hessian;
use crate::error::Result;
use crate::matrix::link::{self, Link};
use crate::matrix::{Matrix, MatrixRef};
use crate::object::Object as _;
use crate::vector::VectorRef;
use crate::{call, ffi, sys};

impl TaoRef {
    /// Called after the setup of `brgn`, whose Hessian points to data of the method. Other methods
    /// have no such Hessian.
    pub(super) fn link_within(&self) -> Result<()> {
        if !self.is_type("brgn")? {
            return Ok(());
        }
        let (h, _, _) = self.brgn_subsolver()?.raw_hessian()?;
        // SAFETY: a live matrix, created by the setup.
        Link::tie(self, &unsafe { Matrix::retain(h) }?)
    }

    /// Called after the method was removed: invalidates its operators, but not the one that points
    /// to the optimizer itself.
    pub(super) fn cut_within(&self) -> Result<()> {
        link::cut(self, self.raw_differences()?)
    }

    /// Called after options are read, which may have created such an operator.
    pub(super) fn link_differences(&self) -> Result<()> {
        let Some(h) = self.raw_differences()? else {
            return Ok(());
        };
        // SAFETY: a live matrix.
        Link::tie(self, &unsafe { Matrix::retain(h) }?)
    }

    /// Called before a solve for `x`: since 3.25 the options create the operator with a type but
    /// without sizes. C reads the options of an inner optimizer.
    pub(super) fn size_differences(&self, x: &VectorRef) -> Result<()> {
        self.link_differences()?;
        let Some(h) = self.raw_differences()? else {
            return Ok(());
        };
        // SAFETY: a live matrix.
        if !unsafe { MatrixRef::from_ptr(h) }.is_type("mffd")? {
            return Ok(());
        }
        let (n, len) = (ffi::petsc_int(x.local_len()?)?, ffi::petsc_int(x.len()?)?);
        // SAFETY: a live matrix; C refuses sizes other than those that it has.
        unsafe { call!(MatSetSizes(h, n, n, len, len)) }?;
        // SAFETY: a live matrix with sizes (above).
        unsafe { call!(MatSetUp(h)) }
    }

    /// Returns the Hessian if it is the operator of `-tao_mf_hessian`.
    fn raw_differences(&self) -> Result<Option<sys::Mat>> {
        let (h, _, function) = self.raw_hessian()?;
        let differences: Hessian = sys::TaoDefaultComputeHessianMFFD;
        let made_by_option = function.is_some_and(|f| ptr::fn_addr_eq(f, differences));
        Ok(Some(h).filter(|h| made_by_option && !h.is_null()))
    }
}
