//! C functions that PETSc calls as callbacks of an optimizer. Each calls its closure, which it
//! finds in the context of the optimizer.

use super::parts::Parts;
use super::{ConvergedReason, TaoRef};
use crate::callback::{self, Lent as _, trampoline};
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Real, call, sys};

/// Defines the functions that call the closure of their name in [`Parts`].
macro_rules! shims {
    ($(
        $name:ident[$what:literal](
            $($arg:ident: $ty:ty),* $(; -> $out:ty; $($more:ident: $more_ty:ty),*)?
        );
    )*) => {$(
        trampoline! {
            of Parts: fn $name[$what](
                tao: &TaoRef, $($arg: $ty),* $(; -> $out; $($more: $more_ty),*)?
            ) = |all| all.$name.run(|f| f(tao, $($arg,)* $($($more),*)?))
        }
    )*};
}

// Where C passes one matrix twice, the handles do not claim exclusive access.
shims! {
    objective[c"TAO objective"](x: &VectorRef; -> Real;);
    gradient[c"TAO gradient"](x: &VectorRef, g: &mut VectorRef);
    objective_and_gradient[c"TAO objective and gradient"](
        x: &VectorRef; -> Real; g: &mut VectorRef
    );
    hessian[c"TAO Hessian"](x: &VectorRef, h: &mut MatrixRef, p: &mut MatrixRef);
    residual[c"TAO residual"](x: &VectorRef, r: &mut VectorRef);
    residual_jacobian[c"TAO Jacobian of the residual"](
        x: &VectorRef, j: &mut MatrixRef, p: &mut MatrixRef
    );
    regularizer[c"TAO regularizer"](x: &VectorRef; -> Real; g: &mut VectorRef);
    regularizer_hessian[c"TAO Hessian of the regularizer"](x: &VectorRef, h: &mut MatrixRef);
    bounds[c"TAO bounds"](lower: &mut VectorRef, upper: &mut VectorRef);
    constraints[c"TAO constraints"](x: &VectorRef, c: &mut VectorRef);
    jacobian[c"TAO Jacobian"](x: &VectorRef, j: &mut MatrixRef, p: &mut MatrixRef);
    equality[c"TAO equality constraints"](x: &VectorRef, c: &mut VectorRef);
    equality_jacobian[c"TAO Jacobian of the equality constraints"](
        x: &VectorRef, j: &mut MatrixRef, p: &mut MatrixRef
    );
    inequality[c"TAO inequality constraints"](x: &VectorRef, c: &mut VectorRef);
    inequality_jacobian[c"TAO Jacobian of the inequality constraints"](
        x: &VectorRef, j: &mut MatrixRef, p: &mut MatrixRef
    );
    state_jacobian[c"TAO Jacobian with respect to the states"](
        x: &VectorRef, j: &mut MatrixRef, p: &mut MatrixRef, inverse: Option<&mut MatrixRef>
    );
    design_jacobian[c"TAO Jacobian with respect to the design variables"](
        x: &VectorRef, j: &mut MatrixRef
    );
    update[c"TAO update"](iteration: usize);
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
        let (limits, evaluations) = (tao.tolerances()?, tao.evaluations()?);
        let too_many = |most| evaluations > most;
        if tao.status()?.iterations >= limits.max_iterations {
            reason = ConvergedReason::IterationLimit;
        } else if limits.max_evaluations.is_some_and(too_many) {
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
