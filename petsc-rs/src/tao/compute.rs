//! Evaluation of the objective and its derivatives, and the norm of gradients.

use std::ptr;

use petsc_macros::{getter, wraps};

use super::{TaoRef, sizes};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::{Matrix, MatrixRef};
use crate::vector::{Norm, VectorRef};
use crate::{Object as _, Real, ScalarExt as _, call, comm, ffi, sys};

impl TaoRef {
    /// Computes `f(x)` with the closures that are set. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if no closure is set; any error of the closure.
    #[wraps(TaoComputeObjective)]
    pub fn compute_objective(&self, x: &VectorRef) -> Result<Real> {
        x.check_readable()?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        let (tao, mut value) = (self.held()?, 0.0);
        // SAFETY: live objects and a valid out-pointer; `x` is not written to.
        unsafe { call!(TaoComputeObjective(*tao, x.as_ptr(), &raw mut value)) }?;
        Ok(value)
    }

    /// Computes `f(x)` and `g ← ∇f(x)` with the closures that are set. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if no closure is set; `ARG_SIZ` if `g` does not have the layout of `x`; any
    /// error of the closures.
    #[wraps(TaoComputeObjectiveAndGradient)]
    pub fn compute_objective_and_gradient(&self, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        self.check_pair(x, g)?;
        let _locks = ffi::Locks::note([x.as_ptr(), g.as_ptr()])?;
        let (tao, x, g, mut f) = (self.held()?, x.as_ptr(), g.as_ptr(), 0.0);
        // SAFETY: live vectors of one length and a valid out-pointer; none of their entries are
        // borrowed.
        unsafe { call!(TaoComputeObjectiveAndGradient(*tao, x, &raw mut f, g)) }?;
        Ok(f)
    }

    /// Computes `g ← ∇f(x)` with the closures that are set. Collective.
    #[wraps(TaoComputeGradient, errors = compute_objective_and_gradient)]
    pub fn compute_gradient(&self, x: &VectorRef, g: &mut VectorRef) -> Result<()> {
        self.check_pair(x, g)?;
        let _locks = ffi::Locks::note([x.as_ptr(), g.as_ptr()])?;
        // SAFETY: live vectors of one length; none of their entries are borrowed.
        unsafe { call!(TaoComputeGradient(*self.held()?, x.as_ptr(), g.as_ptr())) }
    }

    /// Computes `h ← ∇²f(x)` and the matrix `p` of the preconditioner with the closure that is set.
    /// Collective.
    ///
    /// The matrices may be those of the optimizer, see [`hessian`](Self::hessian).
    ///
    /// # Errors
    /// `ORDER` if no closure is set; `ARG_SIZ` if a matrix does not have the sizes of `x`; any
    /// error of the closure.
    #[wraps(TaoComputeHessian)]
    pub fn compute_hessian(&self, x: &VectorRef, h: &MatrixRef, p: &MatrixRef) -> Result<()> {
        if !self.has_hessian()? {
            let text = "the optimizer has no Hessian: call set_hessian first";
            return Err(Error::collective(ErrorCode::ORDER, text));
        }
        x.check_readable()?;
        h.check_same_layout(p)?;
        h.check_square()?;
        h.check_right(x)?;
        let _locks = ffi::Locks::note([x.as_ptr()])?;
        let (tao, h, p) = (self.as_ptr(), h.as_ptr(), p.as_ptr());
        // SAFETY: live objects that fit (above); no entries of the vector are mutably borrowed.
        unsafe { call!(TaoComputeHessian(tao, x.as_ptr(), h, p)) }
    }

    /// Returns the matrices of [`set_hessian`](Self::set_hessian): the Hessian and the matrix of
    /// the preconditioner.
    #[wraps(TaoGetHessian, not_collective)]
    #[track_caller]
    pub fn hessian(&self) -> Result<Option<(Matrix, Matrix)>> {
        let (h, p, _) = self.raw_hessian()?;
        if h.is_null() || p.is_null() {
            return Ok(None);
        }
        // SAFETY: a live matrix.
        let h = unsafe { Matrix::operator_of(self, h) }?;
        // SAFETY: as above.
        let p = unsafe { Matrix::operator_of(self, p) }?;
        Ok(Some((h, p)))
    }

    /// Sets the inner product of gradients: `‖g‖² = gᵀMg` with a symmetric positive definite `M`.
    /// Logically collective. Default: the identity.
    ///
    /// # Errors
    /// `ARG_SIZ` if the matrix is not square. [`solve`](Self::solve) checks that the matrix has the
    /// sizes of the solution.
    #[wraps(TaoSetGradientNorm)]
    pub fn set_gradient_norm(&mut self, m: &MatrixRef) -> Result<()> {
        m.check_square()?;
        let shape = sizes::shape(m, m)?;
        comm::check_same_ranks(self.object_ptr(), m.object_ptr())?;
        // SAFETY: live objects, of which the optimizer takes a reference.
        unsafe { call!(TaoSetGradientNorm(*self.busy()?, m.as_ptr())) }?;
        self.note(|sizes| sizes.gradient_norm = Some(shape))
    }

    /// Computes the norm of a gradient in the [inner product](Self::set_gradient_norm) that is set.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the gradient does not have the sizes of the matrix of the inner product.
    #[wraps(TaoGetGradientNorm)]
    pub fn gradient_norm(&self, g: &VectorRef) -> Result<Real> {
        let raw = self.raw_gradient_norm()?;
        if raw.is_null() {
            return g.norm(Norm::Two);
        }
        // The matrix product may call a closure, which may set another matrix.
        // SAFETY: a live matrix.
        let m = unsafe { Matrix::retain(raw) }?;
        let mut mg = g.duplicate()?;
        m.mult(g, &mut mg)?;
        Ok(g.dot(&mg)?.real().sqrt())
    }

    #[getter(TaoGetGradientNorm)]
    pub(super) fn raw_gradient_norm() -> sys::Mat;

    /// Computes `g ← ∇f(x)` with finite differences of the function, with one evaluation for each
    /// variable. Collective.
    #[wraps(TaoDefaultComputeGradient, errors = compute_objective_and_gradient)]
    pub fn compute_gradient_by_differences(&self, x: &VectorRef, g: &mut VectorRef) -> Result<()> {
        self.check_pair(x, g)?;
        let _locks = ffi::Locks::note([x.as_ptr(), g.as_ptr()])?;
        let (x, g, none) = (x.as_ptr(), g.as_ptr(), ptr::null_mut());
        // SAFETY: live vectors of one length; none of their entries are borrowed; the context is
        // not used.
        unsafe { call!(TaoDefaultComputeGradient(*self.held()?, x, g, none)) }
    }

    fn check_pair(&self, x: &VectorRef, g: &VectorRef) -> Result<()> {
        x.check_readable()?;
        g.check_writable()?;
        x.check_distinct(g)?;
        ffi::same_len("length of the gradient", x.len()?, g.len()?)?;
        x.check_same_layout(g)
    }
}
