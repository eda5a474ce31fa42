//! Jacobians by differences of the function.

use std::ptr;

use petsc_macros::wraps;

use super::{SnesRef, colors};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::options::Options;
use crate::vector::VectorRef;
use crate::{call, ffi, sys};

/// Which operators are applied by differences of the function, without a matrix; see
/// [`SnesRef::set_matrix_free`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MatrixFree {
    /// None.
    No,
    /// The Jacobian; the matrix for the preconditioner is computed as ever. Option:
    /// `-snes_mf_operator`.
    Operator,
    /// The Jacobian, and there is no matrix at all. Option: `-snes_mf`.
    All,
}

/// Before a nonlinear solver is created, also one within another solver: whoever holds its matrix-free operator may
/// do so longer than the solver lives, which C does not count.
pub(crate) fn guard_matrix_free() -> Result<()> {
    // SAFETY: PETSc runs, as there is a communicator; registers a constructor.
    unsafe { call!(PetscRsSNESGuardMatrixFree()) }
}

/// Before solvers read options, also those within others: the second version of the matrix-free operators has a
/// pointer to its solver as well, and is made in a way that nobody can guard.
pub(crate) fn check_version_option() -> Result<()> {
    let options = Options::of_program();
    // Asked before each solve, where hardly anybody has this option.
    if !options.text()?.contains("snes_mf_version") {
        return Ok(());
    }
    let all = options.all()?;
    let mut set = all
        .iter()
        .filter(|(name, _)| name.ends_with("snes_mf_version"));
    if set.all(|(_, value)| value.as_deref() == Some("1")) {
        return Ok(());
    }
    let text = "-snes_mf_version 2 is not offered: its operators may not outlive the solver, and nothing ensures that";
    Err(Error::collective(ErrorCode::SUP, text))
}

impl SnesRef {
    /// Whether the Jacobian is applied by differences of the function. Logically collective. Default: no.
    ///
    /// # Errors
    /// What `SNESSetUseMatrixFree` returns.
    #[wraps(SNESSetUseMatrixFree)]
    pub fn set_matrix_free(&mut self, which: MatrixFree) -> Result<()> {
        let operator = ffi::raw_bool(which == MatrixFree::Operator);
        let all = ffi::raw_bool(which != MatrixFree::No);
        // SAFETY: a live solver.
        unsafe { call!(SNESSetUseMatrixFree(*self.busy()?, operator, all)) }
    }

    /// See [`set_matrix_free`](Self::set_matrix_free). Not collective.
    ///
    /// # Errors
    /// What `SNESGetUseMatrixFree` returns.
    #[wraps(SNESGetUseMatrixFree)]
    pub fn matrix_free(&self) -> Result<MatrixFree> {
        crate::not_collective!();
        let (mut operator, mut all) = (ffi::raw_bool(false), ffi::raw_bool(false));
        // SAFETY: a live solver and valid out-pointers.
        unsafe {
            call!(SNESGetUseMatrixFree(
                self.as_ptr(),
                &raw mut operator,
                &raw mut all
            ))
        }?;
        Ok(if ffi::to_bool(operator) {
            MatrixFree::Operator
        } else if ffi::to_bool(all) {
            MatrixFree::All
        } else {
            MatrixFree::No
        })
    }

    /// Computes the Jacobian by differences of the function along colours: columns that share no row are
    /// taken together. The nonzero pattern is that of `p`, or of the grid. Replaces a closure for the
    /// Jacobian. Logically collective. Option: `-snes_fd_color`.
    ///
    /// # Errors
    /// What `SNESSetJacobian` returns; the solve fails if `p` is not assembled.
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
    /// snes.set_jacobian_by_colors(&a, &a)?;
    /// x.set(Scalar::from_real(2.0))?;
    /// let _ = snes.solve(None, &mut x)?;
    /// assert!((x.norm(Norm::Infinity)? - 3.0).abs() < 1e-6);
    /// # Ok(()) })
    /// ```
    #[doc(alias("SNESComputeJacobianDefaultColor", "MatFDColoring"))]
    pub fn set_jacobian_by_colors(&mut self, a: &MatrixRef, p: &MatrixRef) -> Result<()> {
        // C would hand an earlier context to its own function, which takes it for a colouring: hence a
        // closure that calls it.
        self.set_jacobian(a, p, |snes, x, a, p| {
            x.check_readable()?;
            snes.prepare_default_colors(x, p)?;
            let none = ptr::null_mut();
            // SAFETY: live objects, those of the callback; without a context, PETSc colours `p` itself, or uses what
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

    /// Computes the Jacobian by differences of the function, one column after another: for tests of
    /// small problems. Replaces a closure for the Jacobian. Logically collective. Option: `-snes_fd`.
    ///
    /// # Errors
    /// What `SNESSetJacobian` returns.
    #[wraps(SNESComputeJacobianDefault)]
    pub fn set_jacobian_by_columns(&mut self, a: &MatrixRef, p: &MatrixRef) -> Result<()> {
        self.set_jacobian(a, p, |snes, x, a, p| {
            x.check_readable()?;
            let (a, p) = (a.as_ptr(), p.as_ptr());
            let none = ptr::null_mut();
            // SAFETY: live objects, those of the callback; the function has no context.
            unsafe {
                call!(SNESComputeJacobianDefault(
                    snes.as_ptr(),
                    x.as_ptr(),
                    a,
                    p,
                    none
                ))
            }
        })
    }
}
