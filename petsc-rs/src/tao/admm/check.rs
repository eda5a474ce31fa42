//! What C does not ask before it calls and multiplies.

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

/// Where an optimiser within finds the one around it. PETSc hangs it there when the method is made, and the cycle
/// of references would keep both alive for good if there were no solve.
const PARENT: &CStr = c"TaoGetADMMParentTao_ADMM";

const WITHIN: Within = Within {
    around: "admm",
    methods: &nested::OF_ONE_POINT,
};

/// The time in which optimisers within know the one around them.
pub(in crate::tao) struct ParentLink([sys::Tao; 2]);

impl Drop for ParentLink {
    fn drop(&mut self) {
        for solver in self.0 {
            // SAFETY: the optimiser around it is borrowed for longer, and holds it.
            let _ =
                unsafe { sys::PetscObjectCompose(solver.cast(), PARENT.as_ptr(), ptr::null_mut()) };
        }
    }
}

impl TaoRef {
    /// Takes the cycle of references away that comes with the method.
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

    /// Before a solve from `x`.
    pub(in crate::tao) fn guard_admm(&mut self, x: &VectorRef) -> Result<Option<ParentLink>> {
        if !self.is_type("admm")? {
            return Ok(None);
        }
        let (terms, ctx) = self.admm_terms()?;
        if terms.solved.replace(true) {
            let text = "the method admm solves once, since PETSc adds the penalty to the Hessians again: make a new optimiser";
            return Err(Error::collective(ErrorCode::ORDER, text));
        }
        let length = sizes::length(x)?;
        if let Some(c) = terms.rhs.get().filter(|c| *c != length) {
            return Err(sizes::differs("entries of the right-hand side", c, length));
        }
        let formula = self.admm_regularizer_type()? == AdmmRegularizer::SoftThreshold;
        let shell = self.admm_regularizer_solver()?.is_type("shell")?;
        missing_unless(
            terms.misfit.objective.is_set(),
            "a misfit (set_admm_misfit)",
        )?;
        terms.misfit.check_sizes(length)?;
        terms.regularizer.check_sizes(length)?;
        let hessian = terms.misfit.hessian.is_set();
        self.admm_misfit_solver()?
            .ready_within(x, &WITHIN, hessian)?;
        if !formula && !shell {
            let said = terms.regularizer.objective.is_set();
            missing_unless(said, "a regulariser (set_admm_regularizer)")?;
            let hessian = terms.regularizer.hessian.is_set();
            self.admm_regularizer_solver()?
                .ready_within(x, &WITHIN, hessian)?;
        }
        self.install_admm_constraints(ctx)?;
        let within = self.parent_link()?;
        for solver in within.0 {
            // SAFETY: live objects and a NUL-terminated name; dropping `within` takes it away.
            unsafe {
                call!(PetscObjectCompose(
                    solver.cast(),
                    PARENT.as_ptr(),
                    self.object_ptr()
                ))
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
    /// PETSc puts vectors like the constraint where vectors like the solution belong: all are square.
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
                        &format!("{side} of the {what}"),
                        found,
                        length,
                    ));
                }
            }
        }
        Ok(())
    }
}
