//! Functions that C calls. Each finds its closure in the context of the optimizer.

use super::parts::Parts;
use super::{ConvergedReason, TaoRef};
use crate::callback::{self, Lent as _, trampoline};
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Real, call, sys};

trampoline! {
    of Parts: fn gradient[c"TAO gradient"](tao: &TaoRef, x: &VectorRef, y: &mut VectorRef)
        = |all| all.gradient.run(|f| f(tao, x, y))
}

trampoline! {
    of Parts: fn residual[c"TAO residual"](tao: &TaoRef, x: &VectorRef, y: &mut VectorRef)
        = |all| all.residual.run(|f| f(tao, x, y))
}

trampoline! {
    of Parts: fn constraints[c"TAO constraints"](tao: &TaoRef, x: &VectorRef, y: &mut VectorRef)
        = |all| all.constraints.run(|f| f(tao, x, y))
}

trampoline! {
    of Parts: fn equality[c"TAO equality constraints"](tao: &TaoRef, x: &VectorRef, y: &mut VectorRef)
        = |all| all.equality.run(|f| f(tao, x, y))
}

trampoline! {
    of Parts: fn inequality[c"TAO inequality constraints"](tao: &TaoRef, x: &VectorRef, y: &mut VectorRef)
        = |all| all.inequality.run(|f| f(tao, x, y))
}

// Where C passes one matrix twice, the handles do not claim exclusive access.
trampoline! {
    of Parts: fn hessian[c"TAO Hessian"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    ) = |all| all.hessian.run(|f| f(tao, x, a, p))
}

trampoline! {
    of Parts: fn residual_jacobian[c"TAO Jacobian of the residual"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    ) = |all| all.residual_jacobian.run(|f| f(tao, x, a, p))
}

trampoline! {
    of Parts: fn jacobian[c"TAO Jacobian"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    ) = |all| all.jacobian.run(|f| f(tao, x, a, p))
}

trampoline! {
    of Parts: fn equality_jacobian[c"TAO Jacobian of the equality constraints"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    ) = |all| all.equality_jacobian.run(|f| f(tao, x, a, p))
}

trampoline! {
    of Parts: fn inequality_jacobian[c"TAO Jacobian of the inequality constraints"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    ) = |all| all.inequality_jacobian.run(|f| f(tao, x, a, p))
}

trampoline! {
    of Parts: fn objective_and_gradient[c"TAO objective and gradient"](
        tao: &TaoRef, x: &VectorRef; -> Real; g: &mut VectorRef
    ) = |all| all.objective_and_gradient.run(|f| f(tao, x, g))
}

trampoline! {
    of Parts: fn regularizer[c"TAO regularizer"](
        tao: &TaoRef, x: &VectorRef; -> Real; g: &mut VectorRef
    ) = |all| all.regularizer.run(|f| f(tao, x, g))
}

trampoline! {
    of Parts: fn objective[c"TAO objective"](tao: &TaoRef, x: &VectorRef; -> Real;)
        = |all| all.objective.run(|f| f(tao, x))
}

trampoline! {
    of Parts: fn bounds[c"TAO bounds"](tao: &TaoRef, lower: &mut VectorRef, upper: &mut VectorRef)
        = |all| all.bounds.run(|f| f(tao, lower, upper))
}

trampoline! {
    of Parts: fn regularizer_hessian[c"TAO Hessian of the regularizer"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef
    ) = |all| all.regularizer_hessian.run(|f| f(tao, x, a))
}

trampoline! {
    of Parts: fn state_jacobian[c"TAO Jacobian with respect to the states"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef, inverse: Option<&mut MatrixRef>
    ) = |all| all.state_jacobian.run(|f| f(tao, x, a, p, inverse))
}

trampoline! {
    of Parts: fn design_jacobian[c"TAO Jacobian with respect to the design variables"](
        tao: &TaoRef, x: &VectorRef, a: &mut MatrixRef
    ) = |all| all.design_jacobian.run(|f| f(tao, x, a))
}

trampoline! {
    of Parts: fn update[c"TAO update"](tao: &TaoRef, iteration: usize)
        = |all| all.update.run(|f| f(tao, iteration))
}

trampoline! {
    of Parts: fn test[c"TAO convergence test"](tao: &TaoRef) = |all| answer(all, tao)
}

/// Runs the convergence test. The limits of iterations and evaluations apply independent of the
/// closure: some methods store as many evaluations as the limit allows, and write outside their
/// arrays beyond it.
fn answer(parts: &Parts, tao: &TaoRef) -> Result<()> {
    let mut reason = parts.test.run(|f| f(tao))?;
    if reason == ConvergedReason::Iterating {
        let limits = tao.tolerances()?;
        let evaluations = tao.evaluations()?;
        if tao.status()?.iterations >= limits.max_iterations {
            reason = ConvergedReason::IterationLimit;
        } else if limits
            .max_evaluations
            .is_some_and(|most| evaluations > most)
        {
            reason = ConvergedReason::FunctionCount;
        }
    }
    // SAFETY: a live optimizer.
    unsafe { call!(TaoSetConvergedReason(tao.as_ptr(), reason.to_raw())) }
}

/// PETSc passes no context to this function.
pub(super) unsafe extern "C" fn solve(tao: sys::Tao) -> sys::PetscErrorCode {
    callback::guard(c"TAO shell", || {
        // SAFETY: PETSc passes a live optimizer for this call.
        let tao = unsafe { <&mut TaoRef>::lend(tao) }?;
        let (parts, _) = tao.parts()?;
        parts.solve.run(|f| f(tao))
    })
}
