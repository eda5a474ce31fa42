//! Before a solve: everything that the method calls is there, and fits.

use super::TaoRef;
use super::kind::{self, Needs};
use super::parts::Parts;
use super::sizes::Length;
use crate::error::{Error, ErrorCode, Result};
use crate::{Object as _, comm};

pub(super) fn missing(kind: &str, what: &str) -> Error {
    Error::collective(
        ErrorCode::ORDER,
        format!("the method {kind} needs {what}, which was not set"),
    )
}

impl TaoRef {
    /// Everything that the method calls is there, and fits a solution of this length.
    pub(super) fn check_parts(&self, parts: &Parts, solution: Length) -> Result<()> {
        let kind = self.type_name()?.unwrap_or_default();
        let needs = kind::needs(&kind);
        self.check_needs(parts, &kind, needs)?;
        let mut sizes = *parts.sizes.borrow();
        sizes.solution = Some(solution);
        sizes.check(needs.states)?;
        let mut first = parts.first.borrow_mut();
        let first = first.get_or_insert(sizes);
        let (was, is) = (
            (first.solution, first.residual),
            (sizes.solution, sizes.residual),
        );
        if was != is && (was.0 != is.0 || was.1.is_some()) {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                "the optimiser was set up for another number of variables or residuals: make a new one",
            ));
        }
        *first = sizes;
        Ok(())
    }

    fn check_needs(&self, parts: &Parts, kind: &str, needs: Needs) -> Result<()> {
        if needs.out_of_reach {
            return Err(Error::collective(
                ErrorCode::SUP,
                format!("the method {kind} cannot be set up from Rust"),
            ));
        }
        if needs.one_rank && comm::size_of_object(self.object_ptr())? > 1 {
            return Err(Error::collective(
                ErrorCode::SUP,
                format!(
                    "the method {kind} is for one rank: make the optimiser on Petsc::self_comm()"
                ),
            ));
        }
        if needs.hessian && !self.has_hessian()? {
            return Err(missing(kind, "a Hessian (set_hessian, or -tao_fd_hessian)"));
        }
        if needs.residual && !parts.residual.is_set() {
            return Err(missing(kind, "residuals (set_residual)"));
        }
        if needs.residual_jacobian && !parts.residual_jacobian.is_set() {
            return Err(missing(
                kind,
                "the Jacobian of the residuals (set_residual_jacobian)",
            ));
        }
        if parts.regularizer.is_set() != parts.regularizer_hessian.is_set() {
            return Err(missing(
                kind,
                "both regulariser and its Hessian, or neither,",
            ));
        }
        if needs.complementarity && !(parts.constraints.is_set() && parts.jacobian.is_set()) {
            return Err(missing(
                kind,
                "constraints and their Jacobian (set_constraints, set_jacobian)",
            ));
        }
        if needs.states {
            if !parts.options_read.get() {
                // The number of steps within an iteration would be zero.
                return Err(Error::collective(
                    ErrorCode::ORDER,
                    format!(
                        "the method {kind} gets its defaults by set_from_options: call it after set_type"
                    ),
                ));
            }
            let all = parts.constraints.is_set()
                && parts.state_jacobian.is_set()
                && parts.design_jacobian.is_set()
                && parts.sizes.borrow().state.is_some();
            if !all {
                return Err(missing(
                    kind,
                    "constraints, states and design variables, and the Jacobian by each of them (set_constraints, \
                     set_state_design, set_state_jacobian, set_design_jacobian)",
                ));
            }
        }
        if needs.general {
            let (e, i) = (parts.equality.is_set(), parts.inequality.is_set());
            if e != parts.equality_jacobian.is_set() {
                return Err(missing(
                    kind,
                    "both equalities and their Jacobian, or neither,",
                ));
            }
            if i != parts.inequality_jacobian.is_set() {
                return Err(missing(
                    kind,
                    "both inequalities and their Jacobian, or neither,",
                ));
            }
        }
        Ok(())
    }
}
