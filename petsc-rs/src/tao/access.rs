//! What the optimiser holds: vectors, its linear solver, its approximation of the Hessian.

use std::ptr;

use super::{TaoRef, parts};
use crate::error::{Error, ErrorCode, Result};
use crate::ksp::KspRef;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Object as _, Real, call, ffi, sys};

const QUASI_NEWTON: [&str; 4] = ["bqnls", "bqnkls", "bqnktr", "bqnktl"];

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

    /// The approximation of the Hessian that the methods `bqnls`, `bqnkls`, `bqnktr`, `bqnktl` build. Not
    /// collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other methods.
    #[doc(alias = "TaoGetLMVMMatrix")]
    pub fn lmvm_matrix(&self) -> Result<&MatrixRef> {
        let kind = self.type_name()?.unwrap_or_default();
        // PETSc reads private data of these methods before it looks at the type.
        if !QUASI_NEWTON.contains(&kind.as_str()) {
            return Err(Error::new(
                ErrorCode::ARG_WRONG,
                format!("the method {kind} has no approximation of the Hessian to show"),
            ));
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimiser of such a type and a valid out-pointer.
        unsafe { call!(TaoGetLMVMMatrix(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: the optimiser keeps it while it is borrowed.
        Ok(unsafe { MatrixRef::from_ptr(raw) })
    }

    /// Computes `x ← B⁻¹·b` with the [approximation](Self::lmvm_matrix) of the Hessian. After a solve. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other methods; `ORDER` before a solve; `ARG_SIZ` if a vector is not like the solution.
    #[doc(alias = "MatSolve")]
    pub fn lmvm_solve(&self, b: &VectorRef, x: &mut VectorRef) -> Result<()> {
        let matrix = self.lmvm_matrix()?;
        let Some(solution) = self.solution()? else {
            return Err(Error::new(ErrorCode::ORDER, "there was no solve yet"));
        };
        self.check_pair(b, x)?;
        ffi::same_len("entries of the vectors", solution.len()?, b.len()?)?;
        solution.check_same_local_len(b)?;
        let _locks = ffi::Locks::note([b.as_ptr(), x.as_ptr()])?;
        // SAFETY: a live matrix that the solve set up, and vectors that fit (above).
        unsafe { call!(MatSolve(matrix.as_ptr(), b.as_ptr(), x.as_ptr())) }
    }

    /// Sets the approximation of the Hessian from which `lmvm` and `blmvm` start. Before the first solve.
    /// Logically collective. Default: a multiple of the identity.
    ///
    /// # Errors
    /// `ARG_WRONG` for other methods; `ORDER` after the first solve. That it fits is checked by
    /// [`solve`](Self::solve).
    #[doc(alias = "TaoLMVMSetH0")]
    pub fn set_lmvm_h0(&mut self, h0: &MatrixRef) -> Result<()> {
        if !self.is_type("lmvm")? {
            self.expect_type("blmvm")?;
        }
        if self.solution()?.is_some() {
            let text = "the start of the approximation is set before the first solve";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        h0.check_square()?;
        let shape = parts::shape(h0, h0)?;
        // SAFETY: live objects, of which the optimiser takes a reference.
        unsafe { call!(TaoLMVMSetH0(self.as_ptr(), h0.as_ptr())) }?;
        self.note(|sizes| sizes.start = Some(shape))
    }

    /// Whether the next solve goes on with what the method learnt in this one. Logically collective. Default:
    /// no. Option: `-tao_recycle_history`.
    ///
    /// # Errors
    /// What `TaoSetRecycleHistory` returns.
    #[doc(alias = "TaoSetRecycleHistory")]
    pub fn set_recycle_history(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live optimiser.
        unsafe { call!(TaoSetRecycleHistory(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// Whether the next solve goes on with what the method learnt in this one. Not collective.
    ///
    /// # Errors
    /// What `TaoGetRecycleHistory` returns.
    #[doc(alias = "TaoGetRecycleHistory")]
    pub fn recycle_history(&self) -> Result<bool> {
        let mut on = ffi::raw_bool(false);
        // SAFETY: a live optimiser and a valid out-pointer.
        unsafe { call!(TaoGetRecycleHistory(self.as_ptr(), &raw mut on)) }?;
        Ok(ffi::to_bool(on))
    }

    /// The same as [`set_recycle_history`](Self::set_recycle_history) for `lmvm` and `blmvm`, which have a setting of
    /// their own. Logically collective. Default: no. Options: `-tao_lmvm_recycle`, `-tao_blmvm_recycle`.
    ///
    /// # Errors
    /// `ARG_WRONG` for other methods.
    #[doc(alias = "TaoLMVMRecycle")]
    pub fn set_lmvm_recycle(&mut self, on: bool) -> Result<()> {
        if !self.is_type("lmvm")? {
            self.expect_type("blmvm")?;
        }
        // SAFETY: a live optimiser of a type whose data the call writes (above).
        unsafe { call!(TaoLMVMRecycle(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// Computes `f(x)` by the functions that were set. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if there is none; the function's own error.
    #[doc(alias = "TaoComputeObjective")]
    pub fn compute_objective(&self, x: &VectorRef) -> Result<Real> {
        x.check_readable()?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        let mut value = 0.0;
        // SAFETY: live objects and a valid out-pointer; nobody writes to `x`.
        unsafe {
            call!(TaoComputeObjective(
                self.as_ptr(),
                x.as_ptr(),
                &raw mut value
            ))
        }?;
        Ok(value)
    }

    /// Computes `f(x)` and `g ← ∇f(x)` by the functions that were set. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if there are none; `ARG_SIZ` if `g` is not like `x`; the functions' own errors.
    #[doc(alias = "TaoComputeObjectiveAndGradient")]
    pub fn compute_objective_and_gradient(&self, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        self.check_pair(x, g)?;
        let _locks = ffi::Locks::note([x.as_ptr(), g.as_ptr()])?;
        let mut value = 0.0;
        // SAFETY: live vectors of one length and a valid out-pointer; nobody holds slices of them.
        unsafe {
            call!(TaoComputeObjectiveAndGradient(
                self.as_ptr(),
                x.as_ptr(),
                &raw mut value,
                g.as_ptr()
            ))
        }?;
        Ok(value)
    }

    /// Computes `g ← ∇f(x)` by differences of the function, one evaluation for each variable. Collective.
    ///
    /// # Errors
    /// As [`compute_objective_and_gradient`](Self::compute_objective_and_gradient).
    #[doc(alias = "TaoDefaultComputeGradient")]
    pub fn compute_gradient_by_differences(&self, x: &VectorRef, g: &mut VectorRef) -> Result<()> {
        self.check_pair(x, g)?;
        let _locks = ffi::Locks::note([x.as_ptr(), g.as_ptr()])?;
        // SAFETY: live vectors of one length; nobody holds slices of them; the context is not used.
        unsafe {
            call!(TaoDefaultComputeGradient(
                self.as_ptr(),
                x.as_ptr(),
                g.as_ptr(),
                ptr::null_mut()
            ))
        }
    }

    fn check_pair(&self, x: &VectorRef, g: &VectorRef) -> Result<()> {
        x.check_readable()?;
        g.check_writable()?;
        x.check_distinct(g)?;
        ffi::same_len("entries of the gradient", x.len()?, g.len()?)?;
        x.check_same_local_len(g)
    }
}
