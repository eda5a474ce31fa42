//! The objective function and its derivatives.

use std::cell::RefCell;
use std::ptr;
use std::rc::Rc;

use petsc_macros::wraps;

use super::{TaoRef, shims, sizes};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::{Matrix, MatrixRef};
use crate::pc::PcType;
use crate::vector::VectorRef;
use crate::{Object as _, Real, call};

impl TaoRef {
    /// Sets the objective: `f(tao, x)` returns `f(x)`, with the same value on all ranks. Replaces
    /// an earlier closure. Logically collective.
    #[wraps(TaoSetObjective)]
    pub fn set_objective<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, &VectorRef) -> Result<Real> + 'static,
    {
        let (parts, ctx) = self.parts()?;
        parts.objective.set(Box::new(f));
        // SAFETY: a live optimizer, which owns the context as long as it lives.
        unsafe { call!(TaoSetObjective(*self.busy()?, Some(shims::objective), ctx)) }
    }

    /// Sets the gradient: `f(tao, x, g)` computes `g ← ∇f(x)`. Replaces an earlier closure.
    /// Logically collective. Options: `-tao_fd_gradient` uses finite differences instead,
    /// `-tao_test_gradient` compares the gradient with them.
    #[wraps(TaoSetGradient)]
    pub fn set_gradient<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let (parts, ctx) = self.parts()?;
        parts.gradient.set(Box::new(f));
        let (tao, shim) = (self.as_ptr(), Some(shims::gradient as _));
        // SAFETY: a live optimizer, which makes its own vector for NULL and keeps the context.
        unsafe { call!(TaoSetGradient(tao, ptr::null_mut(), shim, ctx)) }
    }

    /// Sets the objective and the gradient in one closure: `f(tao, x, g)` returns `f(x)`, with the
    /// same value on all ranks, and computes `g ← ∇f(x)`. Replaces an earlier closure. Logically
    /// collective.
    ///
    /// # Examples
    /// Minimizes `Σ (xᵢ - 3)²`:
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Tao, Vector};
    /// let mut x = Vector::new(comm, 4)?;
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_objective_and_gradient(|_, x, g| {
    ///     for (g, x) in g.array_mut()?.iter_mut().zip(x.array()?.iter()) {
    ///         *g = 2.0 * (x - 3.0);
    ///     }
    ///     let norm = g.norm(petsc_rs::Norm::Two)?;
    ///     Ok(norm * norm / 4.0)
    /// })?;
    /// let _ = tao.solve(&mut x)?;
    /// assert!((x.norm(petsc_rs::Norm::Infinity)? - 3.0).abs() < 1e-6);
    /// # Ok(()) })
    /// ```
    #[wraps(TaoSetObjectiveAndGradient)]
    pub fn set_objective_and_gradient<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, &VectorRef, &mut VectorRef) -> Result<Real> + 'static,
    {
        let (parts, ctx) = self.parts()?;
        parts.objective_and_gradient.set(Box::new(f));
        let (tao, shim) = (self.as_ptr(), Some(shims::objective_and_gradient as _));
        // SAFETY: a live optimizer, which makes its own vector for NULL and keeps the context.
        unsafe { call!(TaoSetObjectiveAndGradient(tao, ptr::null_mut(), shim, ctx)) }
    }

    /// Sets the Hessian: `f(tao, x, h, p)` computes `h ← ∇²f(x)` and the matrix `p` from which the
    /// preconditioner is built. `h` and `p` may be the same matrix. Replaces an earlier closure.
    /// Logically collective. Options: `-tao_fd_hessian` and `-tao_mf_hessian` use finite
    /// differences instead, `-tao_test_hessian` compares the Hessian with them.
    ///
    /// # Errors
    /// `ARG_SIZ` if the matrices differ in size. [`solve`](Self::solve) checks that they fit the
    /// solution.
    ///
    /// # Examples
    /// Newton's method needs one iteration for `‖x - 3‖²`, whose Hessian is `2·I`:
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{Tao, TaoType};
    /// # let mut h = Matrix::builder(comm).global_size(4, 4).build()?;
    /// # for i in h.ownership_range()? {
    /// #     h.set_value(i, i, 2.0, InsertMode::Insert)?;
    /// # }
    /// # h.assemble()?; // 2·I
    /// # let (mut x, _) = h.vectors()?;
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_type(TaoType::NLS)?;
    /// tao.set_objective_and_gradient(|_, x, g| {
    ///     g.copy_from(x)?;
    ///     g.shift(-3.0)?;
    ///     let value = g.dot(g)?;
    ///     g.scale(2.0)?;
    ///     Ok(value)
    /// })?;
    /// tao.set_hessian(&h, &h, |_, _, h, _| {
    ///     h.zero_entries()?;
    ///     h.shift(2.0)
    /// })?;
    /// assert_eq!(tao.solve(&mut x)?.iterations, 1);
    /// assert!((x.norm(Norm::Infinity)? - 3.0).abs() < 1e-6);
    /// # Ok(()) })
    /// ```
    #[wraps(TaoSetHessian)]
    pub fn set_hessian<F>(&mut self, h: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let shape = sizes::shape(h, p)?;
        h.check_square()?;
        let (parts, ctx) = self.parts()?;
        let (tao, shim) = (self.busy()?, Some(shims::hessian as _));
        // SAFETY: live objects, of which the optimizer takes references; it keeps the context.
        unsafe { call!(TaoSetHessian(*tao, h.as_ptr(), p.as_ptr(), shim, ctx)) }?;
        parts.hessian.set(Box::new(f));
        parts.products.set(false);
        self.note(|sizes| sizes.hessian = Some(shape))
    }

    /// Sets the Hessian as a matrix-free operator: `f(x, v, y)` computes `y ← ∇²f(x)·v`.
    /// Collective.
    ///
    /// `like` is a vector with the layout of the solution.
    ///
    /// A preconditioner that needs the entries of the Hessian is replaced by `none`. Many methods
    /// have such a preconditioner by default. Active-set methods extract submatrices of the
    /// Hessian, and therefore require `-tao_subset_type matrixfree`.
    ///
    /// # Errors
    /// The errors of `MatCreateShell` and `TaoSetHessian`.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Tao, TaoType, Vector};
    /// let mut x = Vector::new(comm, 4)?;
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_type(TaoType::NLS)?;
    /// tao.set_objective_and_gradient(|_, x, g| {
    ///     g.copy_from(x)?;
    ///     g.shift(-3.0)?;
    ///     let norm = g.norm(Norm::Two)?;
    ///     Ok(norm * norm / 2.0)
    /// })?;
    /// tao.set_hessian_product(&x, |_, v, y| y.copy_from(v))?;
    /// assert_eq!(tao.solve(&mut x)?.iterations, 1);
    /// # Ok(()) })
    /// ```
    pub fn set_hessian_product<F>(&mut self, like: &VectorRef, mut f: F) -> Result<()>
    where
        F: FnMut(&VectorRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let point = Rc::new(RefCell::new(like.duplicate()?));
        let there = Rc::clone(&point);
        let n = like.local_len()?;
        let h = Matrix::shell(&like.comm()?, n, n, move |v, y| f(&there.borrow(), v, y)).build()?;
        self.set_hessian(&h, &h, move |_, x, h, _| {
            let Ok(mut point) = point.try_borrow_mut() else {
                let text = "the product with the Hessian is running: it cannot compute the Hessian";
                return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
            };
            point.copy_from(x)?;
            drop(point);
            // Informs preconditioners that the operator changed.
            h.assemble()
        })?;
        self.parts()?.0.products.set(true);
        Ok(())
    }

    /// These preconditioners need more than matrix-vector products.
    pub(super) fn drop_preconditioner(&mut self) -> Result<()> {
        if !self.parts()?.0.products.get() {
            return Ok(());
        }
        let Some(ksp) = self.ksp()? else {
            return Ok(());
        };
        let mut pc = ksp.pc()?;
        let kind = pc.type_name()?;
        let needs_entries = ["ilu", "icc", "bjacobi", "asm", "sor", "lu", "cholesky", "gamg"];
        if kind.is_none_or(|kind| needs_entries.contains(&kind.as_str())) {
            pc.set_type(PcType::NONE)?;
        }
        Ok(())
    }
}
