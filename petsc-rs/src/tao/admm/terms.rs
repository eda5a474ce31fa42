//! The closures of both terms, and the C functions that call them.

use std::cell::Cell;

use super::TaoRef;
use crate::Real;
use crate::callback::{Replaceable, trampoline};
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::sys;
use crate::tao::parts::{Jacobian, ObjectiveAndGradient, Parts};
use crate::tao::sizes::{Length, Shape};
use crate::vector::VectorRef;

/// One term: its value with the gradient, its Hessian, and its matrix in the constraint.
#[derive(Default)]
pub(in crate::tao) struct Term {
    pub(super) objective: Replaceable<ObjectiveAndGradient>,
    pub(super) hessian: Replaceable<Jacobian>,
    pub(super) constraint: Replaceable<Jacobian>,
    pub(super) hessian_shape: Cell<Option<Shape>>,
    pub(super) constraint_shape: Cell<Option<Shape>>,
}

/// Settings of one instance of the method. A change of the type creates another instance.
#[derive(Default)]
pub(in crate::tao) struct Terms {
    pub(super) misfit: Term,
    pub(super) regularizer: Term,
    pub(super) rhs: Cell<Option<Length>>,
    /// Identity of the instance.
    pub(super) of: sys::PetscObjectId,
    pub(super) solved: Cell<bool>,
}

trampoline! {
    of Parts: fn misfit_objective[c"TAO ADMM misfit"](
        tao: &TaoRef, x: &VectorRef; -> Real; g: &mut VectorRef
    ) = |all| all.admm().misfit.objective.run(|f| f(tao, x, g))
}

trampoline! {
    of Parts: fn regularizer_objective[c"TAO ADMM regularizer"](
        tao: &TaoRef, x: &VectorRef; -> Real; g: &mut VectorRef
    ) = |all| all.admm().regularizer.objective.run(|f| f(tao, x, g))
}

trampoline! {
    of Parts: fn misfit_hessian[c"TAO ADMM Hessian of the misfit"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    ) = |all| all.admm().misfit.hessian.run(|f| f(tao, x, a, p))
}

trampoline! {
    of Parts: fn regularizer_hessian[c"TAO ADMM Hessian of the regularizer"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    ) = |all| all.admm().regularizer.hessian.run(|f| f(tao, x, a, p))
}

trampoline! {
    of Parts: fn misfit_constraint[c"TAO ADMM constraint of the misfit"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    ) = |all| constraint(&all.admm().misfit, tao, x, a, p)
}

trampoline! {
    of Parts: fn regularizer_constraint[c"TAO ADMM constraint of the regularizer"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    ) = |all| constraint(&all.admm().regularizer, tao, x, a, p)
}

/// C also calls this for an identity matrix, which has no closure.
fn constraint(
    term: &Term,
    tao: &TaoRef,
    x: &VectorRef,
    a: &mut MatrixRef,
    p: &mut MatrixRef,
) -> Result<()> {
    if !term.constraint.is_set() {
        return Ok(());
    }
    term.constraint.run(|f| f(tao, x, a, p))
}
