//! Nonlinear least squares: `min ½‖r(x)‖²` with `brgn`, `min ‖r(x)‖²` with `pounders`.

use std::ffi::c_void;

use petsc_macros::{getter, setting, wraps};

use super::nested::{OF_ONE_POINT, Within};
use super::parts::Parts;
use super::{Tao, TaoRef, shims, sizes};
#[cfg(petsc_ge_3_24)]
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::object::{Loan, type_among};
use crate::vector::{Vector, VectorRef};
use crate::{Int, Object as _, Real, ScalarExt as _, call, ffi, sys};

#[cfg(petsc_ge_3_24)]
c_enum! {
    /// Regularization term of `brgn`, see [`TaoRef::set_brgn_regularization`].
    #[doc(alias = "TaoBRGNRegularizationType")]
    BrgnRegularization of TaoBRGNRegularizationType;
    /// The closure of [`TaoRef::set_brgn_regularizer`].
    User = TAOBRGN_REGULARIZATION_USER,
    /// `½λ‖xₖ − xₖ₋₁‖²`.
    L2Prox = TAOBRGN_REGULARIZATION_L2PROX,
    /// `½λ‖x‖²`.
    L2Pure = TAOBRGN_REGULARIZATION_L2PURE,
    /// `λ‖D·x‖₁`, smoothed near zero.
    L1Dict = TAOBRGN_REGULARIZATION_L1DICT,
    /// Levenberg–Marquardt: the diagonal of `JᵀJ`, with a weight that depends on the success of the
    /// steps.
    LevenbergMarquardt = TAOBRGN_REGULARIZATION_LM,
}

impl TaoRef {
    /// Sets the residuals: `f(tao, x, r)` computes `r ← r(x)`. PETSc uses the vector `residual` as
    /// `r`. Replaces an earlier closure. Logically collective.
    ///
    /// # Examples
    /// A line fit through three points, without derivatives:
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Tao, TaoType, Vector};
    /// // On one rank.
    /// let mut x = Vector::new(comm, 2)?;
    /// let residual = Vector::new(comm, 3)?;
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_type(TaoType::POUNDERS)?;
    /// tao.set_residual(&residual, |_, x, r| {
    ///     let x = x.array()?;
    ///     for (t, r) in r.array_mut()?.iter_mut().enumerate() {
    ///         let t = t as f64;
    ///         *r = x[0] + x[1] * t - (1.0 + 2.0 * t);
    ///     }
    ///     Ok(())
    /// })?;
    /// let _ = tao.solve(&mut x)?;
    /// assert!((x.array()?[1] - 2.0).abs() < 1e-5);
    /// # Ok(()) })
    /// ```
    #[wraps(TaoSetResidualRoutine)]
    pub fn set_residual<F>(&mut self, residual: &VectorRef, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let length = sizes::length(residual)?;
        let (parts, ctx) = self.parts()?;
        let (tao, shim) = (self.busy()?, Some(shims::residual as _));
        // SAFETY: live objects, of which the optimizer takes a reference; it keeps the context.
        unsafe { call!(TaoSetResidualRoutine(*tao, residual.as_ptr(), shim, ctx)) }?;
        parts.residual.set(Box::new(f));
        self.note(|sizes| sizes.residual = Some(length))
    }

    /// Sets the Jacobian of the residuals: `f(tao, x, j, p)` computes `j ← r'(x)` and the matrix
    /// `p` of the preconditioner. `j` and `p` may be the same matrix. Replaces an earlier closure.
    /// Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the matrices differ in size. [`solve`](Self::solve) checks that they fit.
    #[wraps(TaoSetJacobianResidualRoutine)]
    pub fn set_residual_jacobian<F>(&mut self, j: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let shape = sizes::shape(j, p)?;
        let (parts, ctx) = self.parts()?;
        let (tao, shim) = (self.busy()?, Some(shims::residual_jacobian as _));
        let (j, p) = (j.as_ptr(), p.as_ptr());
        // SAFETY: live objects, of which the optimizer takes references; it keeps the context.
        unsafe { call!(TaoSetJacobianResidualRoutine(*tao, j, p, shim, ctx)) }?;
        parts.residual_jacobian.set(Box::new(f));
        self.note(|sizes| sizes.residual_jacobian = Some(shape))
    }

    /// Sets weights of the squared residuals for `pounders`: `min Σ wᵢ·rᵢ(x)²`. The weights are
    /// copied. Default: all are 1.
    ///
    /// With a weight vector, PETSc would build its model from this objective, but measure progress
    /// with `Σ wᵢ²·rᵢ(x)²`. The weights are therefore passed to PETSc as
    /// [pairs](Self::set_residual_weight_pairs), for which PETSc uses `Σ wᵢ·rᵢ(x)²` in both cases.
    ///
    /// # Errors
    /// The errors of [`set_residual_weight_pairs`](Self::set_residual_weight_pairs).
    /// [`solve`](Self::solve) checks that there is one weight for each residual.
    #[wraps(TaoSetResidualWeights, not_collective)]
    pub fn set_residual_weights(&mut self, weights: &VectorRef) -> Result<()> {
        let length = sizes::length(weights)?;
        let numbers: Vec<Int> = weights.ownership_range()?.collect();
        let values: Vec<Real> = weights.array()?.iter().map(|w| w.real()).collect();
        self.set_residual_weight_pairs(&numbers, &numbers, &values)?;
        self.note(|sizes| sizes.residual_weights = Some(length))
    }

    /// Sets weights of products of residuals for `pounders`: `min Σ wₖ·rᵢ(x)·rⱼ(x)` over the pairs
    /// `(i, j)` of `rows` and `columns`, for example from an inverse covariance matrix. Pairs that
    /// are not listed have weight 0. Replaces earlier weights. Not collective: `pounders` runs on
    /// one rank only.
    ///
    /// # Errors
    /// `ARG_SIZ` if the slices differ in length; `ARG_OUTOFRANGE` for a negative index.
    /// [`solve`](Self::solve) checks that the indices are less than the number of residuals.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Tao, TaoType, Vector};
    /// // On one rank: x − 1 counts three times as much as x − 5.
    /// let (mut x, residual) = (Vector::new(comm, 1)?, Vector::new(comm, 2)?);
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_type(TaoType::POUNDERS)?;
    /// tao.set_residual(&residual, |_, x, r| {
    ///     let x = x.array()?[0];
    ///     r.array_mut()?.copy_from_slice(&[x - 1.0, x - 5.0]);
    ///     Ok(())
    /// })?;
    /// tao.set_residual_weight_pairs(&[0, 1], &[0, 1], &[3.0, 1.0])?;
    /// let _ = tao.solve(&mut x)?;
    /// assert!((x.array()?[0] - 2.0).abs() < 1e-6);
    /// # Ok(()) })
    /// ```
    #[wraps(TaoSetResidualWeights)]
    pub fn set_residual_weight_pairs(
        &mut self,
        rows: &[Int],
        columns: &[Int],
        weights: &[Real],
    ) -> Result<()> {
        crate::not_collective!();
        ffi::same_len("number of column indices", rows.len(), columns.len())?;
        ffi::same_len("number of weights", rows.len(), weights.len())?;
        ffi::check_indices(rows, &(0..Int::MAX))?;
        ffi::check_indices(columns, &(0..Int::MAX))?;
        let largest = rows.iter().chain(columns).max().copied();
        let n = ffi::petsc_int(rows.len())?;
        // PETSc treats an empty list of weights as no weights.
        let (rows, columns) = (rows.as_ptr().cast_mut(), columns.as_ptr().cast_mut());
        let values = weights.as_ptr().cast_mut();
        let none = std::ptr::null_mut();
        let tao = self.busy()?;
        // SAFETY: a live optimizer, and `n` numbers behind each pointer, which PETSc copies.
        unsafe { call!(TaoSetResidualWeights(*tao, none, n, rows, columns, values)) }?;
        drop(tao);
        let reach = largest.map_or(Ok(0), |last| ffi::size(last).map(|last| last + 1))?;
        self.parts()?.0.weighted.set(reach);
        self.note(|sizes| sizes.residual_weights = None)
    }

    /// Checks the indices of weighted residuals: PETSc does not.
    pub(super) fn guard_pounders(&self, parts: &Parts) -> Result<()> {
        let reach = parts.weighted.get();
        let found = parts.sizes.borrow().residual.map_or(0, |length| length.1);
        if reach <= found || !self.is_type("pounders")? {
            return Ok(());
        }
        let last = reach - 1;
        let text = format!("residual {last} has a weight, but there are only {found} residuals");
        Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text))
    }

    /// Returns the inner optimizer of `brgn`.
    ///
    /// Its options have the prefix `tao_brgn_subsolver_`. Its type may be any method that uses only
    /// value, gradient and Hessian.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `brgn`.
    #[wraps(TaoBRGNGetSubsolver, not_collective)]
    #[track_caller]
    pub fn brgn_subsolver(&self) -> Result<Tao> {
        // SAFETY: a live optimizer.
        unsafe { Tao::part_of_method(self, self.raw_brgn_subsolver()?) }
    }

    #[getter(TaoBRGNGetSubsolver)]
    #[types("brgn")]
    fn raw_brgn_subsolver() -> sys::Tao;

    /// Returns the diagonal that the regularization `lm` of `brgn` adds to `JᵀJ`, `None` for other
    /// regularizations and before a solve.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `brgn`; the errors of `TaoBRGNGetDampingVector`.
    #[wraps(TaoBRGNGetDampingVector, not_collective)]
    #[track_caller]
    pub fn brgn_damping(&self) -> Result<Option<Loan<'_, Vector>>> {
        // SAFETY: NULL, or a live vector.
        Ok(unsafe { Vector::retain_nullable(self.raw_brgn_damping()?) }?.map(Loan::new))
    }

    #[getter(TaoBRGNGetDampingVector)]
    #[types("brgn")]
    fn raw_brgn_damping() -> sys::Vec;

    /// The regularization term of `brgn`.
    ///
    /// Since PETSc 3.24; earlier releases have the option only.
    #[cfg(petsc_ge_3_24)]
    #[setting(TaoBRGNSetRegularizationType)]
    #[types("brgn")]
    #[option("-tao_brgn_regularization_type", default = "`l2prox`")]
    pub fn set_brgn_regularization(brgn_regularization: BrgnRegularization);

    /// The weight of the regularization term of `brgn`.
    #[setting(TaoBRGNSetRegularizerWeight)]
    #[types("brgn")]
    #[option("-tao_brgn_regularizer_weight", default = "1e-4")]
    pub fn set_brgn_regularizer_weight(brgn_regularizer_weight: Real);

    /// The smoothing parameter ε of the L1 norm of `brgn`: `|t| ≈ √(t² + ε²) − ε`.
    #[setting(TaoBRGNSetL1SmoothEpsilon)]
    #[types("brgn")]
    #[option("-tao_brgn_l1_smooth_epsilon", default = "1e-6")]
    pub fn set_brgn_l1_smooth_epsilon(brgn_l1_smooth_epsilon: Real);

    /// Sets the dictionary matrix `D` of the L1 regularization `‖D·x‖₁` of `brgn`. Logically
    /// collective. Default: the identity.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `brgn`. [`solve`](Self::solve) checks that the matrix fits.
    #[wraps(TaoBRGNSetDictionaryMatrix)]
    pub fn set_brgn_dictionary(&mut self, dictionary: &MatrixRef) -> Result<()> {
        type_among(self, &["brgn"], "set_brgn_dictionary")?;
        let shape = sizes::shape(dictionary, dictionary)?;
        let d = dictionary.as_ptr();
        // SAFETY: live objects, of which the optimizer takes a reference.
        unsafe { call!(TaoBRGNSetDictionaryMatrix(*self.busy()?, d)) }?;
        self.note(|sizes| sizes.dictionary = Some(shape))
    }

    /// Sets the regularization term of `brgn` for the regularization type `user`: `f(tao, x, g)`
    /// returns the value of the term and computes its gradient into `g`, and `h(tao, x, m)`
    /// computes its Hessian into `m`, a copy of `hessian`. Replaces earlier closures. Logically
    /// collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `brgn`.
    #[wraps(TaoBRGNSetRegularizerObjectiveAndGradientRoutine, TaoBRGNSetRegularizerHessianRoutine)]
    pub fn set_brgn_regularizer<F, H>(&mut self, f: F, hessian: &MatrixRef, h: H) -> Result<()>
    where
        F: FnMut(&TaoRef, &VectorRef, &mut VectorRef) -> Result<Real> + 'static,
        H: FnMut(&TaoRef, &VectorRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        type_among(self, &["brgn"], "set_brgn_regularizer")?;
        let shape = sizes::shape(hessian, hessian)?;
        let (parts, ctx) = self.parts()?;
        let (tao, matrix) = (self.busy()?, hessian.as_ptr());
        let shim = Some(shims::regularizer_hessian as _);
        parts.regularizer.set(Box::new(f));
        parts.regularizer_hessian.set(Box::new(h));
        self.install_regularizer(ctx)?;
        // SAFETY: live objects, of which the optimizer takes a reference; it keeps the context.
        unsafe { call!(TaoBRGNSetRegularizerHessianRoutine(*tao, matrix, shim, ctx)) }?;
        self.note(|sizes| sizes.regularizer_hessian = Some(shape))
    }

    /// Checks the inner optimizer, for which PETSc sets value, gradient and Hessian at one point,
    /// independent of its method. Also checks the regularization term of type `user`, which C calls
    /// even if it is not set.
    pub(super) fn guard_brgn(&mut self, x: &VectorRef) -> Result<()> {
        const WITHIN: Within = Within { around: "brgn", methods: &OF_ONE_POINT };
        if !self.is_type("brgn")? {
            return Ok(());
        }
        self.brgn_subsolver()?.ready_within(x, &WITHIN, true)?;
        let (parts, ctx) = self.parts()?;
        if parts.regularizer.is_set() {
            return Ok(());
        }
        self.install_regularizer(ctx)
    }

    fn install_regularizer(&self, ctx: *mut c_void) -> Result<()> {
        let (tao, shim) = (self.as_ptr(), Some(shims::regularizer as _));
        // SAFETY: a live optimizer, which owns the context; a missing closure is an error.
        unsafe { call!(TaoBRGNSetRegularizerObjectiveAndGradientRoutine(tao, shim, ctx)) }
    }
}
