//! The solver's own vectors and matrices.

use std::ptr;

use petsc_macros::wraps;

use super::SnesRef;
use crate::error::Result;
use crate::matrix::Matrix;
use crate::object::Loan;
use crate::vector::{Vector, VectorRef};
use crate::{call, sys};

macro_rules! vectors {
    ($($(#[$doc:meta])* $name:ident: $function:ident, $text:literal;)*) => {
        impl SnesRef {$(
            $(#[$doc])*
            /// Not collective.
            ///
            /// # Errors
            #[doc = concat!("What `", $text, "` returns.")]
            #[doc(alias = $text)]
            #[track_caller]
            pub fn $name(&self) -> Result<Option<Loan<'_, Vector>>> {
                crate::not_collective!();
                let mut raw = ptr::null_mut();
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { call!($function(self.as_ptr(), &raw mut raw)) }?;
                // SAFETY: NULL, or a live vector.
                let found = unsafe { Vector::retain_nullable(raw) }?;
                Ok(found.map(Loan::new))
            }
        )*}
    };
}

vectors! {
    /// The vector of the solution, in a monitor the current iterate; none before the first solve.
    solution: SNESGetSolution, "SNESGetSolution";
    /// The last step; none before the first solve.
    solution_update: SNESGetSolutionUpdate, "SNESGetSolutionUpdate";
    /// The right-hand side of the last solve, if it had one.
    rhs: SNESGetRhs, "SNESGetRhs";
}

impl SnesRef {
    /// The vector of the function's values, `F(x)` at the last iterate. Collective if PETSc has to make
    /// it, which it does when there is a grid or a solution.
    ///
    /// # Errors
    /// What `SNESGetFunction` returns.
    #[wraps(SNESGetFunction)]
    #[track_caller]
    pub fn residual(&self) -> Result<Option<Loan<'_, Vector>>> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer; the others may be NULL.
        unsafe {
            call!(SNESGetFunction(
                self.as_ptr(),
                &raw mut raw,
                ptr::null_mut(),
                ptr::null_mut()
            ))
        }?;
        // SAFETY: NULL, or a live vector.
        let found = unsafe { Vector::retain_nullable(raw) }?;
        Ok(found.map(Loan::new))
    }

    /// The Jacobian and the matrix for its preconditioner; none before they are set or made. Not
    /// collective.
    ///
    /// # Errors
    /// What `SNESGetJacobian` returns.
    #[wraps(SNESGetJacobian)]
    #[track_caller]
    pub fn jacobian(&self) -> Result<Option<(Matrix, Matrix)>> {
        crate::not_collective!();
        let (mut a, mut p) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver and valid out-pointers; the others may be NULL.
        unsafe {
            call!(SNESGetJacobian(
                self.as_ptr(),
                &raw mut a,
                &raw mut p,
                ptr::null_mut(),
                ptr::null_mut()
            ))
        }?;
        if a.is_null() || p.is_null() {
            return Ok(None);
        }
        // SAFETY: a live matrix.
        let a = unsafe { Matrix::operator_of(self, a) }?;
        // SAFETY: as above.
        let p = unsafe { Matrix::operator_of(self, p) }?;
        Ok(Some((a, p)))
    }

    /// Sets the vector that [`solve_in_place`](Self::solve_in_place) starts from and writes to; the solver counts
    /// a reference. Collective.
    ///
    /// # Errors
    /// What `SNESSetSolution` returns.
    #[wraps(SNESSetSolution)]
    pub fn set_solution(&mut self, x: &VectorRef) -> Result<()> {
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(SNESSetSolution(*self.busy()?, x.as_ptr())) }
    }
}
