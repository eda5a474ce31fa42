//! What the optimiser holds: vectors and its linear solver.

use std::ptr;

use super::TaoRef;
use crate::error::Result;
use crate::ksp::KspRef;
use crate::vector::VectorRef;
use crate::{call, sys};

impl TaoRef {
    /// The optimiser's own solution, of the last or current solve; `None` before the first. Not collective.
    ///
    /// # Errors
    /// What `TaoGetSolution` returns.
    #[doc(alias = "TaoGetSolution")]
    pub fn solution(&self) -> Result<Option<&VectorRef>> {
        let raw = self.raw_solution()?;
        // SAFETY: the optimiser keeps a reference while it is borrowed.
        Ok((!raw.is_null()).then(|| unsafe { VectorRef::from_ptr(raw) }))
    }

    /// The same, to change it: for [`set_shell_solve`](Self::set_shell_solve).
    ///
    /// # Errors
    /// What `TaoGetSolution` returns.
    pub fn solution_mut(&mut self) -> Result<Option<&mut VectorRef>> {
        let raw = self.raw_solution()?;
        // SAFETY: as for `solution`; the optimiser is borrowed mutably.
        Ok((!raw.is_null()).then(|| unsafe { VectorRef::from_ptr_mut(raw) }))
    }

    pub(super) fn raw_solution(&self) -> Result<sys::Vec> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimiser and a valid out-pointer.
        unsafe { call!(TaoGetSolution(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    /// The gradient of the last or current solve, `None` before the first and for methods without one. Not
    /// collective.
    ///
    /// # Errors
    /// What `TaoGetGradient` returns.
    #[doc(alias = "TaoGetGradient")]
    pub fn gradient(&self) -> Result<Option<&VectorRef>> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimiser and a valid out-pointer; NULL for what is not asked.
        unsafe {
            call!(TaoGetGradient(
                self.as_ptr(),
                &raw mut raw,
                ptr::null_mut(),
                ptr::null_mut()
            ))
        }?;
        // SAFETY: as for `solution`.
        Ok((!raw.is_null()).then(|| unsafe { VectorRef::from_ptr(raw) }))
    }

    /// The bounds of the variables, `None` before the first solve unless they were set as vectors, and without any.
    /// Not collective.
    ///
    /// # Errors
    /// What `TaoGetVariableBounds` returns.
    #[doc(alias = "TaoGetVariableBounds")]
    pub fn variable_bounds(&self) -> Result<Option<(&VectorRef, &VectorRef)>> {
        let (mut l, mut u) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live optimiser and valid out-pointers.
        unsafe { call!(TaoGetVariableBounds(self.as_ptr(), &raw mut l, &raw mut u)) }?;
        if l.is_null() || u.is_null() {
            return Ok(None);
        }
        // SAFETY: as for `solution`.
        let lower = unsafe { VectorRef::from_ptr(l) };
        // SAFETY: as above.
        let upper = unsafe { VectorRef::from_ptr(u) };
        Ok(Some((lower, upper)))
    }

    /// The multipliers of equalities and inequalities, of `ipm` and `pdipm` after a solve. Not collective.
    ///
    /// # Errors
    /// What `TaoGetDualVariables` returns.
    #[doc(alias = "TaoGetDualVariables")]
    pub fn dual_variables(&self) -> Result<(Option<&VectorRef>, Option<&VectorRef>)> {
        let (mut e, mut i) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live optimiser and valid out-pointers.
        unsafe { call!(TaoGetDualVariables(self.as_ptr(), &raw mut e, &raw mut i)) }?;
        // SAFETY: as for `solution`.
        let lend = |raw: sys::Vec| (!raw.is_null()).then(|| unsafe { VectorRef::from_ptr(raw) });
        Ok((lend(e), lend(i)))
    }

    /// The linear solver, `None` for methods without one. Not collective.
    ///
    /// # Errors
    /// What `TaoGetKSP` returns.
    #[doc(alias = "TaoGetKSP")]
    pub fn ksp(&self) -> Result<Option<&KspRef>> {
        let raw = self.raw_ksp()?;
        // SAFETY: the optimiser keeps it while it is borrowed; replacing it needs `&mut`.
        Ok((!raw.is_null()).then(|| unsafe { KspRef::from_ptr(raw) }))
    }

    /// The linear solver, to change it.
    ///
    /// # Errors
    /// What `TaoGetKSP` returns.
    pub fn ksp_mut(&mut self) -> Result<Option<&mut KspRef>> {
        let raw = self.raw_ksp()?;
        // SAFETY: as for `ksp`; the optimiser is borrowed mutably.
        Ok((!raw.is_null()).then(|| unsafe { KspRef::from_ptr_mut(raw) }))
    }

    fn raw_ksp(&self) -> Result<sys::KSP> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimiser and a valid out-pointer.
        unsafe { call!(TaoGetKSP(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }
}
