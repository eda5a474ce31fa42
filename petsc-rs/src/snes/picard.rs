//! Picard iteration.

use std::ffi::CStr;

use petsc_macros::wraps;

use super::SnesRef;
use crate::callback::trampoline;
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{call, sys};

pub(super) const PICARD: &CStr = c"petsc-rs.snes.picard";

/// Both closures, because C has one context for them.
struct Picard {
    b: Box<RightHandSide>,
    a: Box<Operator>,
}

type RightHandSide = dyn FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()>;
type Operator = dyn FnMut(&SnesRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()>;

impl SnesRef {
    /// Sets the problem `A(x)·x = b(x)` for Picard iteration. Each iteration solves a linear system
    /// with `A` and `b` at the last iterate. Logically collective.
    ///
    /// `b(snes, x, y)` computes `y ← b(x)`. `a(snes, x, a, p)` computes the operator and the matrix
    /// of the preconditioner, which may be the same matrix. With `-snes_mf_operator`, the solver
    /// uses Newton's method with `A` as preconditioner. The closures replace the closure of
    /// [`set_function`](Self::set_function) and are stored in the same place.
    #[wraps(SNESSetPicard)]
    pub fn set_picard<B, A>(
        &mut self,
        residual: &VectorRef,
        b: B,
        operator: &MatrixRef,
        p: &MatrixRef,
        a: A,
    ) -> Result<()>
    where
        B: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
        A: FnMut(&SnesRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let both = Picard { b: Box::new(b), a: Box::new(a) };
        let ctx = self.put(PICARD, both)?;
        // SAFETY: live objects; `ctx` is a key for what both functions expect.
        unsafe {
            call!(PetscRsSNESSetPicard(
                *self.busy()?,
                residual.as_ptr(),
                Some(b_shim),
                operator.as_ptr(),
                p.as_ptr(),
                Some(a_shim),
                ctx
            ))
        }
    }
}

trampoline! {
    keyed of Picard: fn b_shim[c"SNES Picard right-hand side"](snes: &SnesRef, x: &VectorRef, y: &mut VectorRef)
        = |f| snes.pass_on_domain_error((f.b)(snes, x, y))
}

trampoline! {
    keyed of Picard: fn a_shim[c"SNES Picard operator"](
        snes: &SnesRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    ) = |f| (f.a)(snes, x, a, p)
}
