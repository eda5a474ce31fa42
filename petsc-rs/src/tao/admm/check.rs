//! Checks for `admm` before a solve: that all functions are set and all matrices have matching
//! sizes. C does not check this.

use std::ffi::CStr;
use std::ptr;

use super::terms::Term;
use super::{AdmmRegularizer, TaoRef};
use crate::error::{Error, ErrorCode, Result};
use crate::tao::check;
use crate::tao::nested::{self, Within};
use crate::tao::sizes::{self, Length};
use crate::vector::VectorRef;
use crate::{Object as _, call, sys};

/// Name under which an inner optimizer stores its outer optimizer. PETSc composes it when the
/// method is created. Without a solve, the cycle of references would keep both from being freed.
const PARENT: &CStr = c"TaoGetADMMParentTao_ADMM";

const WITHIN: Within = Within { around: "admm", methods: &nested::OF_ONE_POINT };

/// While this exists, the inner optimizers have a reference to the outer one.
pub(in crate::tao) struct ParentLink([sys::Tao; 2]);

impl Drop for ParentLink {
    fn drop(&mut self) {
        for solver in self.0 {
            // SAFETY: the outer optimizer is borrowed for longer, and owns the inner ones.
            let _ =
                unsafe { sys::PetscObjectCompose(solver.cast(), PARENT.as_ptr(), ptr::null_mut()) };
        }
    }
}

impl TaoRef {
    /// Removes the cycle of references that the method creates.
    pub(in crate::tao) fn release_admm(&self) -> Result<()> {
        if self.is_type("admm")? {
            drop(self.parent_link()?);
        }
        Ok(())
    }

    fn parent_link(&self) -> Result<ParentLink> {
        Ok(ParentLink([
            self.admm_misfit_solver()?.as_ptr(),
            self.admm_regularizer_solver()?.as_ptr(),
        ]))
    }

    /// Called before a solve from `x`.
    pub(in crate::tao) fn guard_admm(&mut self, x: &VectorRef) -> Result<Option<ParentLink>> {
        if !self.is_type("admm")? {
            return Ok(None);
        }
        let (terms, ctx) = self.admm_terms()?;
        if terms.solved.replace(true) {
            let text = "the method admm can solve only once, because PETSc would add the penalty to the Hessians again: create a new optimizer";
            return Err(Error::collective(ErrorCode::ORDER, text));
        }
        let length = sizes::length(x)?;
        if let Some(c) = terms.rhs.get().filter(|c| *c != length) {
            return Err(sizes::differs("length of the right-hand side", c, length));
        }
        let formula = self.admm_regularizer_type()? == AdmmRegularizer::SoftThreshold;
        let shell = self.admm_regularizer_solver()?.is_type("shell")?;
        missing_unless(terms.misfit.objective.is_set(), "a misfit (set_admm_misfit)")?;
        terms.misfit.check_sizes(length)?;
        terms.regularizer.check_sizes(length)?;
        let hessian = terms.misfit.hessian.is_set();
        self.admm_misfit_solver()?.ready_within(x, &WITHIN, hessian)?;
        if !formula && !shell {
            let said = terms.regularizer.objective.is_set();
            missing_unless(said, "a regularizer (set_admm_regularizer)")?;
            let hessian = terms.regularizer.hessian.is_set();
            self.admm_regularizer_solver()?.ready_within(x, &WITHIN, hessian)?;
        }
        self.install_admm_constraints(ctx)?;
        let within = self.parent_link()?;
        for solver in within.0 {
            // SAFETY: live objects and a NUL-terminated name; dropping `within` removes the
            // reference.
            unsafe {
                call!(PetscObjectCompose(solver.cast(), PARENT.as_ptr(), self.object_ptr()))
            }?;
        }
        Ok(Some(within))
    }
}

fn missing_unless(there: bool, what: &str) -> Result<()> {
    if there {
        return Ok(());
    }
    Err(check::missing("admm", what))
}

impl Term {
    /// Checks that all matrices are square: PETSc uses vectors of the constraint and of the
    /// solution interchangeably.
    fn check_sizes(&self, length: Length) -> Result<()> {
        for (what, shape) in [
            ("Hessian", self.hessian_shape.get()),
            ("matrix of the constraint", self.constraint_shape.get()),
        ] {
            let Some((rows, columns)) = shape else {
                continue;
            };
            for (side, found) in [("rows", rows), ("columns", columns)] {
                if found != length {
                    return Err(sizes::differs(
                        &format!("number of {side} of the {what}"),
                        found,
                        length,
                    ));
                }
            }
        }
        Ok(())
    }
}
