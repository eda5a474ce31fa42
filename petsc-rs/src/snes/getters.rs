//! Access to the solver's vectors and matrices.

use std::ptr;

use petsc_macros::wraps;

use super::SnesRef;
use crate::error::Result;
use crate::matrix::Matrix;
use crate::object::Loan;
use crate::vector::{Vector, VectorRef};
use crate::{call, get_raw, sys};

macro_rules! vectors {
    ($($(#[$doc:meta])* $name:ident: $function:ident, $text:literal;)*) => {
        impl SnesRef {$(
            $(#[$doc])*
            /// Not collective.
            ///
            /// # Errors
            #[doc = concat!("The errors of `", $text, "`.")]
            #[doc(alias = $text)]
            #[track_caller]
            pub fn $name(&self) -> Result<Option<Loan<'_, Vector>>> {
                crate::not_collective!();
                // SAFETY: a live solver.
                let raw = unsafe { get_raw!($function(self.as_ptr(), _)) }?;
                // SAFETY: NULL, or a live vector.
                let found = unsafe { Vector::retain_nullable(raw) }?;
                Ok(found.map(Loan::new))
            }
        )*}
    };
}

vectors! {
    /// Returns the solution vector, in a monitor the current iterate; `None` before the first
    /// solve.
    solution: SNESGetSolution, "SNESGetSolution";
    /// Returns the last step, `None` before the first solve.
    solution_update: SNESGetSolutionUpdate, "SNESGetSolutionUpdate";
    /// Returns the right-hand side of the last solve, if it had one.
    rhs: SNESGetRhs, "SNESGetRhs";
}

impl SnesRef {
    /// Returns the vector of the function values `F(x)` at the last iterate. Collective if the
    /// vector does not exist yet: PETSc then creates it from the DM or the solution vector.
    #[wraps(SNESGetFunction)]
    #[track_caller]
    pub fn residual(&self) -> Result<Option<Loan<'_, Vector>>> {
        let none = ptr::null_mut();
        // SAFETY: a live solver; the others may be NULL.
        let raw = unsafe { get_raw!(SNESGetFunction(self.as_ptr(), _, ptr::null_mut(), none)) }?;
        // SAFETY: NULL, or a live vector.
        let found = unsafe { Vector::retain_nullable(raw) }?;
        Ok(found.map(Loan::new))
    }

    /// Returns the Jacobian and the matrix of its preconditioner, `None` before they are set or
    /// created.
    #[wraps(SNESGetJacobian, not_collective)]
    #[track_caller]
    pub fn jacobian(&self) -> Result<Option<(Matrix, Matrix)>> {
        let (f, ctx) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver; the others may be NULL.
        let (a, p) = unsafe { get_raw!(SNESGetJacobian(self.as_ptr(), _, _, f, ctx)) }?;
        if a.is_null() || p.is_null() {
            return Ok(None);
        }
        // SAFETY: a live matrix.
        let a = unsafe { Matrix::operator_of(self, a) }?;
        // SAFETY: as above.
        let p = unsafe { Matrix::operator_of(self, p) }?;
        Ok(Some((a, p)))
    }

    /// Sets the vector that [`solve_in_place`](Self::solve_in_place) uses for the initial guess and the
    /// solution. The solver takes a reference. Collective.
    #[wraps(SNESSetSolution)]
    pub fn set_solution(&mut self, x: &VectorRef) -> Result<()> {
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(SNESSetSolution(*self.busy()?, x.as_ptr())) }
    }
}
