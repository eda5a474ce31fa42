//! Jacobians from finite differences of the function.

use std::ptr;

use petsc_macros::wraps;

use super::{SnesRef, colors};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::options::Options;
use crate::vector::VectorRef;
use crate::{call, ffi, get_raw, sys};

/// Operators that are applied with finite differences of the function, without a matrix; see
/// [`SnesRef::set_matrix_free`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MatrixFree {
    /// No operator.
    No,
    /// The Jacobian. The matrix of the preconditioner is computed as usual. Option:
    /// `-snes_mf_operator`.
    Operator,
    /// The Jacobian and the matrix of the preconditioner: no matrix is assembled. Option:
    /// `-snes_mf`.
    All,
}

/// Called before solvers, including inner ones, read options. Operators of version 2 also point to
/// their solver, and cannot be guarded because of the way PETSc creates them.
pub(crate) fn check_version_option() -> Result<()> {
    let options = Options::of_program();
    // Called before each solve, and few programs use this option.
    if !options.text()?.contains("snes_mf_version") {
        return Ok(());
    }
    let all = options.all()?;
    let mut set = all.iter().filter(|(name, _)| name.ends_with("snes_mf_version"));
    if set.all(|(_, value)| value.as_deref() == Some("1")) {
        return Ok(());
    }
    let text = "-snes_mf_version 2 is not supported, because its operators may outlive the solver: use version 1";
    Err(Error::collective(ErrorCode::SUP, text))
}

impl SnesRef {
    /// Sets whether the Jacobian is applied with finite differences of the function. Logically
    /// collective. Default: no.
    #[wraps(SNESSetUseMatrixFree)]
    pub fn set_matrix_free(&mut self, which: MatrixFree) -> Result<()> {
        let operator = ffi::raw_bool(which == MatrixFree::Operator);
        let all = ffi::raw_bool(which != MatrixFree::No);
        // SAFETY: a live solver.
        unsafe { call!(SNESSetUseMatrixFree(*self.busy()?, operator, all)) }
    }

    /// Returns the operators applied with finite differences, see
    /// [`set_matrix_free`](Self::set_matrix_free).
    #[wraps(SNESGetUseMatrixFree, not_collective)]
    pub fn matrix_free(&self) -> Result<MatrixFree> {
        // SAFETY: a live solver.
        let (operator, all) = unsafe { get_raw!(SNESGetUseMatrixFree(self.as_ptr(), _, _)) }?;
        Ok(if ffi::to_bool(operator) {
            MatrixFree::Operator
        } else if ffi::to_bool(all) {
            MatrixFree::All
        } else {
            MatrixFree::No
        })
    }

    /// Computes the Jacobian with finite differences and a coloring: columns of the same color have
    /// no entries in the same row, and share one evaluation of the function. Logically collective.
    /// Option: `-snes_fd_color`.
    ///
    /// The coloring comes from the DM, if it has one that fits `p`, or from the nonzero pattern of
    /// `p`. Replaces a closure for the Jacobian.
    ///
    /// # Errors
    /// The errors of `SNESSetJacobian`. The solve fails if `p` is not assembled.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Norm, Scalar, ScalarExt, Snes};
    /// let mut a = Matrix::builder(comm).global_size(4, 4).build()?;
    /// for i in a.ownership_range()? {
    ///     a.set_value(i, i, Scalar::from_real(1.0), InsertMode::Insert)?;
    /// }
    /// a.assemble()?;
    /// let (mut x, f) = a.vectors()?;
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_function(&f, |_, x, f| {
    ///     f.pointwise_mult(x, x)?;
    ///     f.shift(Scalar::from_real(-9.0))
    /// })?;
    /// snes.set_jacobian_fd_coloring(&a, &a)?;
    /// x.set(Scalar::from_real(2.0))?;
    /// let _ = snes.solve(None, &mut x)?;
    /// assert!((x.norm(Norm::Infinity)? - 3.0).abs() < 1e-6);
    /// # Ok(()) })
    /// ```
    #[doc(alias("SNESComputeJacobianDefaultColor", "MatFDColoring"))]
    pub fn set_jacobian_fd_coloring(&mut self, a: &MatrixRef, p: &MatrixRef) -> Result<()> {
        // C would pass an earlier context to its own function, which interprets it as a coloring.
        // Therefore a closure calls that function.
        self.set_jacobian(a, p, |snes, x, a, p| {
            x.check_readable()?;
            snes.prepare_default_colors(x, p)?;
            let none = ptr::null_mut();
            // SAFETY: live objects, those of the callback; without a context, PETSc colors `p` itself, or uses what
            // it kept of `p` as it is now (above).
            unsafe {
                call!(SNESComputeJacobianDefaultColor(
                    snes.as_ptr(),
                    VectorRef::as_ptr(x),
                    a.as_ptr(),
                    p.as_ptr(),
                    none
                ))
            }?;
            colors::remember(p)
        })
    }

    /// Computes the Jacobian with finite differences, one column after another. Suitable for tests
    /// of small problems. Logically collective. Option: `-snes_fd`.
    ///
    /// Replaces a closure for the Jacobian.
    ///
    /// # Errors
    /// The errors of `SNESSetJacobian`.
    #[wraps(SNESComputeJacobianDefault)]
    pub fn set_jacobian_fd(&mut self, a: &MatrixRef, p: &MatrixRef) -> Result<()> {
        self.set_jacobian(a, p, |snes, x, a, p| {
            x.check_readable()?;
            let (a, p) = (a.as_ptr(), p.as_ptr());
            let none = ptr::null_mut();
            // SAFETY: live objects, those of the callback; the function has no context.
            unsafe { call!(SNESComputeJacobianDefault(snes.as_ptr(), x.as_ptr(), a, p, none)) }
        })
    }
}
