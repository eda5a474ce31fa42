//! Checks before a solve that all required functions are set and that all sizes fit.

use super::TaoRef;
use super::parts::Parts;
use super::sizes::{Length, Sizes};
use super::types::{self, Needs};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::{Object as _, call, comm, ffi, sys};

pub(super) fn missing(kind: &str, what: &str) -> Error {
    Error::collective(
        ErrorCode::ORDER,
        format!("the method {kind} needs {what}, which was not set"),
    )
}

/// Returns whether the layout of the matrix is that of the solution.
fn has_rows(a: &MatrixRef, solution: Length) -> Result<bool> {
    let (mut rows, mut columns) = (0, 0);
    // SAFETY: a live matrix and valid out-pointers.
    unsafe { call!(MatGetLocalSize(a.as_ptr(), &raw mut rows, &raw mut columns)) }?;
    let wanted = ffi::petsc_int(solution.0)?;
    Ok(rows == wanted && columns == wanted)
}

/// Requirements and sizes of a method that passed the checks.
pub(super) struct Ready {
    pub(super) needs: Needs,
    sizes: Sizes,
}

impl Ready {
    /// Records the requirements and sizes before C sets up the method.
    pub(super) fn begin(self, parts: &Parts) {
        parts.last.replace(Some(self.sizes));
        parts.begun.set(Some(self.needs));
    }
}

impl TaoRef {
    /// Checks that all functions of the method are set and fit a solution of this length.
    pub(super) fn check_parts(&self, parts: &Parts, solution: Length) -> Result<Ready> {
        let kind = self.type_name()?.unwrap_or_default();
        let needs = types::needs(&kind);
        self.check_needs(parts, &kind, needs)?;
        if kind == "pdipm" && solution.1 == 0 {
            let text = "the method pdipm needs at least one variable";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        self.check_matrices(needs, solution)?;
        let mut sizes = *parts.sizes.borrow();
        sizes.solution = Some(solution);
        sizes.check(needs)?;
        let last = parts.last.borrow();
        let last = last.as_ref().unwrap_or(&sizes);
        let residuals = last.residual.is_some() && last.residual != sizes.residual;
        if last.solution != sizes.solution || residuals {
            let text = "the number of variables or residuals cannot change after the setup: create a new optimizer";
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        Ok(Ready { needs, sizes })
    }

    /// Before 3.26, `ipm` creates its vectors only if there is no gradient from another method.
    fn interior_comes_first(&self, parts: &Parts, kind: &str) -> Result<()> {
        if cfg!(petsc_ge_3_26) || parts.begun.get().is_some() || self.gradient()?.is_none() {
            return Ok(());
        }
        Err(Error::collective(
            ErrorCode::SUP,
            format!(
                "this PETSc does not support the method {kind} after another method: create a new optimizer"
            ),
        ))
    }

    /// Checks the operations of the matrices: C calls them through function pointers of the matrix
    /// type, which may be NULL.
    fn check_matrices(&self, needs: Needs, solution: Length) -> Result<()> {
        let [hessian, equality, inequality] = self.raw_matrices()?;
        // SAFETY: NULL, or a live matrix, of which the optimizer keeps a reference.
        let matrix = |raw: sys::Mat| (!raw.is_null()).then(|| unsafe { MatrixRef::from_ptr(raw) });
        if needs.bounds {
            let function = "MatGetRow, with which interior-point methods read their matrices";
            let read = [hessian, equality, inequality];
            for a in read.into_iter().filter_map(matrix) {
                a.check_operation(sys::MATOP_GET_ROW, function)?;
            }
        }
        if let Some(h) = matrix(hessian).filter(|_| needs.bounds) {
            // The matrix of -tao_fd_hessian gets its sizes only when it is first computed.
            if !has_rows(h, solution)? {
                return Err(Error::collective(
                    ErrorCode::SUP,
                    "interior-point methods read the layout of the Hessian before they compute it: call set_hessian",
                ));
            }
        }
        Ok(())
    }

    fn check_needs(&self, parts: &Parts, kind: &str, needs: Needs) -> Result<()> {
        if kind.is_empty() {
            let text = "the optimizer has no method: call set_type first";
            return Err(Error::collective(ErrorCode::ORDER, text));
        }
        if needs.out_of_reach {
            let text = format!("the method {kind} needs settings that are not wrapped");
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        if needs.one_rank && comm::size_of_object(self.object_ptr())? > 1 {
            let text = format!(
                "the method {kind} runs on one rank only: create the optimizer on Petsc::self_comm()"
            );
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        if kind == "ipm" {
            self.interior_comes_first(parts, kind)?;
        }
        if needs.states && !parts.options_read.get() {
            // Otherwise the number of steps in an iteration is zero.
            let text = format!(
                "the method {kind} gets its defaults in set_from_options: call it after set_type"
            );
            return Err(Error::collective(ErrorCode::ORDER, text));
        }
        let (equality, inequality) = (parts.equality.is_set(), parts.inequality.is_set());
        let (constraints, residual) = (parts.constraints.is_set(), parts.residual.is_set());
        let jacobians = parts.state_jacobian.is_set() && parts.design_jacobian.is_set();
        let divided = jacobians && constraints && parts.sizes.borrow().state.is_some();
        let checks = [
            (needs.hessian && !self.has_hessian()?, "a Hessian (set_hessian, or -tao_fd_hessian)"),
            (needs.residual && !residual, "residuals (set_residual)"),
            (
                needs.residual_jacobian && !parts.residual_jacobian.is_set(),
                "the Jacobian of the residuals (set_residual_jacobian)",
            ),
            (
                parts.regularizer.is_set() != parts.regularizer_hessian.is_set(),
                "the regularizer or its Hessian (set both or neither)",
            ),
            (
                needs.complementarity && !(constraints && parts.jacobian.is_set()),
                "constraints and their Jacobian (set_constraints, set_jacobian)",
            ),
            (kind == "almm" && !(equality || inequality), "equality or inequality constraints"),
            (
                needs.states && !divided,
                "constraints, states and design variables, and both Jacobians (set_constraints, \
                 set_state_design, set_state_jacobian, set_design_jacobian)",
            ),
            (
                needs.general && equality != parts.equality_jacobian.is_set(),
                "the equality constraints or their Jacobian (set both or neither)",
            ),
            (
                needs.general && inequality != parts.inequality_jacobian.is_set(),
                "the inequality constraints or their Jacobian (set both or neither)",
            ),
        ];
        if let Some((_, what)) = checks.into_iter().find(|(absent, _)| *absent) {
            return Err(missing(kind, what));
        }
        Ok(())
    }
}
